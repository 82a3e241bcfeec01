#include "aludel/safety/identity_terms.h"

#include <algorithm>
#include <span>

#include "aludel/base/embedded.h"

namespace aludel::safety {

std::span<const EmbeddedFile> all_identity_terms();  // generated

Result<IdentityTerms> IdentityTerms::create() {
  std::vector<std::string> terms;
  std::vector<std::string_view> groups;
  for (const EmbeddedFile& file : all_identity_terms()) {
    const std::string_view text = file.text;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string_view line = text.substr(begin, end - begin);
      begin = end + 1;
      if (line.empty() || line.starts_with('#')) continue;
      terms.emplace_back(line);
      groups.push_back(file.name);
    }
  }
  return IdentityTerms(ALUDEL_TRY(PatternSet::of_literals(terms)), std::move(groups));
}

std::vector<std::string_view> IdentityTerms::find(std::string_view text) const {
  std::vector<std::string_view> found;
  for (const PatternHit& hit : patterns_.find(text)) {
    if (is_whole_word(text, hit)) found.push_back(groups_[hit.pattern]);
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace aludel::safety
