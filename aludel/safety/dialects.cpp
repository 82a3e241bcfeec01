#include "aludel/safety/dialects.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

namespace aludel::safety {

std::span<const EmbeddedFile> all_dialects();  // generated

namespace {

constexpr std::size_t kLeastWords = 2;

}  // namespace

Result<Dialects> Dialects::create() {
  return Dialects(ALUDEL_TRY(WordLists::create(all_dialects())));
}

std::vector<std::string_view> Dialects::find(const text::FoldedText& folded) const {
  std::map<std::string_view, std::set<std::uint32_t>> words;  // different ones, by dialect
  for (const ListedWord& found : words_.find(folded)) {
    words[found.list].insert(found.word);
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
