#include <algorithm>
#include <array>
#include <string>

#include "aludel/safety/pii/checksums.h"
#include "aludel/safety/pii/context.h"
#include "aludel/safety/pii/rules.h"

namespace aludel::safety {
namespace {

constexpr std::size_t kReachBytes = 64;  // from the word "passport" to the number

// What stands between the word and a number that has no letter of its own.
constexpr auto kLabels = std::to_array<std::string_view>(
    {"number", "numbers", "no",    "num",  "nr",   "id", "is", "was", "of", "the",
     "has",    "with",    "bears", "号码", "號碼", "号", "號", "为",  "為", "是"});

bool is_alphanumeric(char c) {
  return is_ascii_digit(c) || is_ascii_letter(c);
}

/// "E12345678", "EA1234567", "C01X00T47", "12AB34567": eight or nine letters and digits.
bool has_number_shape(std::string_view token) {
  const auto digits = std::ranges::count_if(token, is_ascii_digit);
  return (token.size() == 8 || token.size() == 9) && digits >= 5 &&
         digits < static_cast<std::ptrdiff_t>(token.size());
}

/// Nine digits may be anything: only labels may stand before them.
bool follows_at_once(std::string_view between) {
  for (std::size_t at = 0; at < between.size();) {
    const std::string_view rest = between.substr(at);
    const auto* label = std::ranges::find_if(kLabels, [&](std::string_view word) {
      return has_word(rest.substr(0, word.size()), std::span(&word, 1));
    });
    if (label != kLabels.end()) {
      at += label->size();
      continue;
    }
    if (is_alphanumeric(rest[0])) return false;
    ++at;
  }
  return true;
}

bool is_inside_word(std::string_view text, std::size_t begin) {
  return begin > 0 && is_ascii_word(text[begin - 1]) && is_ascii_letter(text[begin]);
}

void judge_announced_passport(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  if (is_inside_word(candidate.text, candidate.begin)) return;
  const std::string_view rest = line_after(candidate.text, candidate.end, kReachBytes + 9);
  for (std::size_t at = 0; at < rest.size();) {
    if (!is_alphanumeric(rest[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < rest.size() && (is_ascii_word(rest[end]) || rest[end] == '-')) {
      ++end;
    }
    const std::string_view token = rest.substr(at, end - at);
    const bool is_nine_digits = token.size() == 9 && std::ranges::all_of(token, is_ascii_digit);
    if (at <= kReachBytes &&
        (has_number_shape(token) || (is_nine_digits && follows_at_once(rest.substr(0, at))))) {
      found.push_back({candidate.end + at, candidate.end + end, PiiKind::passport});
    }
    at = end;
  }
}

/// The two lines of 44 characters at the foot of a passport's page.
void judge_machine_readable(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  constexpr std::size_t kLine = 44;
  constexpr std::size_t kNumber = 9;
  const std::string_view text = candidate.text;
  std::size_t second = candidate.end;
  while (second < text.size() && (text[second] == '\r' || text[second] == '\n')) {
    ++second;
  }
  const std::string_view line = text.substr(second, kLine);
  const bool is_line = line.size() == kLine && std::ranges::all_of(line, [](char c) {
                         return is_ascii_digit(c) || (c >= 'A' && c <= 'Z') || c == '<';
                       });
  if (second == candidate.end || !is_line || !is_ascii_digit(line[kNumber])) return;
  if (mrz_check_digit(line.substr(0, kNumber)) != line[kNumber] - '0') return;
  found.push_back({candidate.begin, second + kLine, PiiKind::passport});
}

constexpr std::array<PiiRule, 2> kPassportRules = {
    {{"[Pp][Aa][Ss][Ss][Pp][Oo][Rr][Tt]|护照|護照", judge_announced_passport},
     {"P[A-Z<][A-Z]{3}[A-Z<]{39}", judge_machine_readable}}};

}  // namespace

std::span<const PiiRule> passport_rules() {
  return kPassportRules;
}

}  // namespace aludel::safety
