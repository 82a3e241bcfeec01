// Reads any bytes as rules of `aludel corpus recover`; each rule that was read can be read again by
// itself, and its bounds leave something to match.
#include <cstddef>
#include <cstdint>
#include <string>

#include "aludel/base/check.h"
#include "aludel/curate/cascade/recover.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto rules = aludel::curate::parse_recover_rules({text});
  if (!rules) return 0;
  for (const aludel::curate::RecoverRule& rule : rules.value()) {
    const auto again = aludel::curate::parse_recover_rule(rule.text);
    ALUDEL_CHECK(again.has_value(), "a rule that was read can be read");
    ALUDEL_CHECK(rule.least <= rule.most, "no rule is empty by its bounds");
  }
  return 0;
}
