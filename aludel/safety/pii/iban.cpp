#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "aludel/safety/pii/checksums.h"
#include "aludel/safety/pii/context.h"
#include "aludel/safety/pii/rules.h"

namespace aludel::safety {
namespace {

void judge_iban(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  const std::string_view text = candidate.text;
  if (candidate.begin > 0 && is_ascii_word(text[candidate.begin - 1])) return;
  const int length = iban_length(text.substr(candidate.begin, 2));
  std::string iban;
  std::size_t end = candidate.begin;
  while (end < text.size() && std::cmp_less(iban.size(), length)) {
    const char c = text[end];
    const bool is_joint = (c == ' ' || c == '-') && iban.size() % 4 == 0;
    if (!is_joint && !is_ascii_digit(c) && !is_ascii_letter(c)) return;
    if (!is_joint) iban += c;
    ++end;
  }
  if (length == 0 || (end < text.size() && is_ascii_word(text[end])) || !iban_is_valid(iban))
    return;
  if (std::ranges::count_if(iban, is_ascii_digit) < 8) return;
  found.push_back({candidate.begin, end, PiiKind::iban});
}

constexpr std::array<PiiRule, 1> kIbanRules = {
    {{"[A-Za-z]{2}[0-9]{2}[ -]?[A-Za-z0-9]{4}[ -]?[A-Za-z0-9]{3}", judge_iban}}};

}  // namespace

std::span<const PiiRule> iban_rules() {
  return kIbanRules;
}

}  // namespace aludel::safety
