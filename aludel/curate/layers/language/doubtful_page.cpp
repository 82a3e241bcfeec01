#include "aludel/curate/layers/language/doubtful_page.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

namespace aludel::curate {
namespace {

using safety::SafetyClass;

constexpr std::array kPromised = {SafetyClass::sexually_explicit, SafetyClass::illegal_activities,
                                  SafetyClass::substance_abuse, SafetyClass::cybersecurity};
constexpr int kUnmistakable = 5;
constexpr std::size_t kLeastPhrases = 2;

}  // namespace

Result<DoubtfulPages> DoubtfulPages::create() {
  return DoubtfulPages(ALUDEL_TRY(safety::Lexicon::create()));
}

bool DoubtfulPages::is_unsafe(std::string_view title, std::string_view text) const {
  std::set<std::uint32_t> phrases;
  for (const std::string_view part : {title, text}) {
    for (const safety::LexiconHit& hit : lexicon_.find(part)) {
      if (std::ranges::find(kPromised, hit.which) == kPromised.end()) continue;
      if (hit.weight >= kUnmistakable) return true;
      phrases.insert(hit.phrase);
      if (phrases.size() >= kLeastPhrases) return true;
    }
  }
  return false;
}

}  // namespace aludel::curate
