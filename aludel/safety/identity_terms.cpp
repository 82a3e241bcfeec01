#include "aludel/safety/identity_terms.h"

#include <algorithm>
#include <span>

namespace aludel::safety {

std::span<const EmbeddedFile> all_identity_terms();  // generated

Result<IdentityTerms> IdentityTerms::create() {
  return IdentityTerms(ALUDEL_TRY(WordLists::create(all_identity_terms())));
}

std::vector<std::string_view> IdentityTerms::find(const text::FoldedText& folded) const {
  std::vector<std::string_view> found;
  for (const ListedWord& term : terms_.find(folded)) {
    found.push_back(term.list);
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace aludel::safety
