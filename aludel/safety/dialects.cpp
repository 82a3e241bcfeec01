#include "aludel/safety/dialects.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "aludel/base/embedded.h"

namespace aludel::safety {

std::span<const EmbeddedFile> all_dialects();  // generated

namespace {

constexpr std::size_t kLeastWords = 2;

}  // namespace

Result<Dialects> Dialects::create() {
  std::vector<std::string> words;
  std::vector<std::string_view> dialects;
  for (const EmbeddedFile& file : all_dialects()) {
    const std::string_view text = file.text;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string_view line = text.substr(begin, end - begin);
      begin = end + 1;
      if (line.empty() || line.starts_with('#')) continue;
      words.emplace_back(line);
      dialects.push_back(file.name);
    }
  }
  return Dialects(ALUDEL_TRY(PatternSet::of_literals(words)), std::move(dialects));
}

std::vector<std::string_view> Dialects::find(std::string_view text) const {
  std::map<std::string_view, std::set<std::uint32_t>> words;  // different ones, by dialect
  for (const PatternHit& hit : patterns_.find(text)) {
    if (is_whole_word(text, hit)) words[dialects_[hit.pattern]].insert(hit.pattern);
  }
  std::size_t most = 0;
  for (const auto& [dialect, found] : words) {
    most = std::max(most, found.size());
  }
  std::vector<std::string_view> dialects;
  for (const auto& [dialect, found] : words) {
    if (found.size() >= kLeastWords && 2 * found.size() > most) dialects.push_back(dialect);
  }
  return dialects;
}

}  // namespace aludel::safety
