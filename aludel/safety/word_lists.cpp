#include "aludel/safety/word_lists.h"

#include <algorithm>
#include <string>

namespace aludel::safety {

text::FoldedText fold_for_lists(std::string_view text) {
  // Not for phrases: dialects differ by the form of their characters.
  return text::fold(text, text::FoldFor::values);
}

Result<WordLists> WordLists::create(std::span<const EmbeddedFile> files) {
  std::vector<std::string> words;
  std::vector<std::string_view> lists;
  for (const EmbeddedFile& file : files) {
    for (std::size_t begin = 0; begin < file.text.size();) {
      const std::size_t end = std::min(file.text.find('\n', begin), file.text.size());
      const std::string_view line = file.text.substr(begin, end - begin);
      begin = end + 1;
      if (line.empty() || line.starts_with('#')) continue;
      words.emplace_back(fold_for_lists(line).text());
      lists.push_back(file.name);
    }
  }
  return WordLists(ALUDEL_TRY(PatternSet::of_literals(words)), std::move(lists));
}

std::vector<ListedWord> WordLists::find(const text::FoldedText& folded) const {
  const std::string_view text = folded.text();
  std::vector<ListedWord> found;
  for (const PatternHit& hit : patterns_.find(text)) {
    if (is_whole_word(text, hit)) found.push_back({hit.pattern, lists_[hit.pattern]});
  }
  return found;
}

}  // namespace aludel::safety
