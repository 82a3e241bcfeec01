#include <algorithm>
#include <array>
#include <optional>

#include "aludel/safety/pii/context.h"
#include "aludel/safety/pii/rules.h"

namespace aludel::safety {
namespace {

// "最新A12345" holds no plate of Xinjiang: what makes another word of a province's character.
constexpr auto kOtherWords = std::to_array<std::string_view>(
    {"最新", "全新", "更新", "创新", "革新", "重新", "刷新", "崭新", "里云", "讯云", "华为云",
     "上云", "年青", "沥青", "安宁", "新贵", "珍贵", "昂贵"});

// The last place of a plate of four characters: police, learners, trailers, Hong Kong, …
constexpr auto kSuffixes =
    std::to_array<std::string_view>({"警", "学", "挂", "港", "澳", "领", "试", "超"});

bool is_plate_letter(char c) {
  return c >= 'A' && c <= 'Z' && c != 'I' && c != 'O';
}

bool is_plate_character(char c) {
  return is_plate_letter(c) || is_ascii_digit(c);
}

bool ends_with_other_word(std::string_view before_and_province) {
  return std::ranges::any_of(
      kOtherWords, [&](std::string_view word) { return before_and_province.ends_with(word); });
}

/// Five places with at most two letters; six for new energy, D or F first or last; four and a
/// suffix. Source: GA 36-2018.
bool is_number(std::string_view number, bool has_suffix) {
  const auto digits = std::ranges::count_if(number, is_ascii_digit);
  if (has_suffix) return number.size() == 4 && digits >= 2;
  if (number.size() == 5) return digits >= 3;
  if (number.size() != 6) return false;
  const auto is_energy = [](char c) { return c >= 'A' && c <= 'K' && is_plate_letter(c); };
  const bool is_small = is_energy(number[0]) && is_plate_character(number[1]);
  return (is_small && std::ranges::all_of(number.substr(2), is_ascii_digit)) ||
         (is_energy(number[5]) && std::ranges::all_of(number.substr(0, 5), is_ascii_digit));
}

void judge_chinese(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  constexpr std::size_t kProvince = 3;  // bytes of its character
  const std::string_view text = candidate.text;
  if (ends_with_other_word(text.substr(0, candidate.begin + kProvince))) return;
  std::size_t at = candidate.begin + kProvince + 1;
  while (at < text.size() && !is_plate_character(text[at])) {
    ++at;  // the dot
  }
  std::size_t end = at;
  while (end < text.size() && is_plate_character(text[end])) {
    ++end;
  }
  const auto* suffix = std::ranges::find_if(
      kSuffixes, [&](std::string_view s) { return text.substr(end).starts_with(s); });
  const std::string_view number = text.substr(at, end - at);
  if (suffix != kSuffixes.end() && is_number(number, true)) {
    found.push_back({candidate.begin, end + suffix->size(), PiiKind::licence_plate});
    return;
  }
  if (end < text.size() && is_ascii_word(text[end])) return;
  if (is_number(number, false)) {
    found.push_back({candidate.begin, end, PiiKind::licence_plate});
  }
}

/// Bytes of the capital at `at`, those of German plates included, or 0.
std::size_t capital_size(std::string_view line, std::size_t at) {
  if (line[at] >= 'A' && line[at] <= 'Z') return 1;
  const std::string_view two = line.substr(at, 2);
  return two == "Ä" || two == "Ö" || two == "Ü" ? 2 : 0;
}

/// End of the plate that begins at `begin`: capitals and digits in up to three groups, four to
/// nine of them with both among them; nothing where there is none.
std::optional<std::size_t> plate_end(std::string_view line, std::size_t begin) {
  std::optional<std::size_t> end;
  std::size_t letters = 0;
  std::size_t digits = 0;
  std::size_t at = begin;
  for (int group = 0; group < 3; ++group) {
    const std::size_t first = at;
    while (at < line.size()) {
      const bool is_digit = is_ascii_digit(line[at]);
      const std::size_t size = is_digit ? 1 : capital_size(line, at);
      if (size == 0) break;
      ++(is_digit ? digits : letters);
      at += size;
    }
    const bool is_cut = at < line.size() && is_ascii_word(line[at]);
    if (at == first || is_cut || letters + digits > 9) break;
    if (letters >= 1 && digits >= 1 && letters + digits >= 4) end = at;
    if (at + 1 >= line.size() || (line[at] != ' ' && line[at] != '-')) break;
    ++at;
  }
  return end;
}

void judge_announced_plate(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  constexpr std::size_t kReachBytes = 32;
  constexpr std::size_t kLongest = 10;
  if (candidate.begin > 0 && is_ascii_word(candidate.text[candidate.begin - 1])) return;
  const std::string_view rest = line_after(candidate.text, candidate.end, kReachBytes + kLongest);
  for (std::size_t at = 0; at < std::min(rest.size(), kReachBytes); ++at) {
    if (at > 0 && (is_ascii_word(rest[at - 1]) || rest[at - 1] == '-')) continue;
    const auto end = plate_end(rest, at);
    if (!end) continue;
    found.push_back({candidate.end + at, candidate.end + *end, PiiKind::licence_plate});
    return;
  }
}

constexpr std::array<PiiRule, 2> kLicencePlateRules = {
    {{"(京|津|沪|渝|冀|豫|云|辽|黑|湘|皖|鲁|新|苏|浙|赣|鄂|桂|甘|晋|蒙|陕|吉|闽|贵|粤|青|藏|川|宁|"
      "琼)[A-HJ-NP-Z](·|•|・|‧|\\.|-| )?[A-HJ-NP-Z0-9]{4}",
      judge_chinese},
     {"[Ll]icen[sc]e ([Pp]late|[Tt]ag)s?|[Nn]umber [Pp]lates?|[Pp]late ([Nn]umber|[Nn]o)|"
      "[Rr]egistration [Pp]lates?|([Vv]ehicle|[Cc]ar) [Rr]egistration",
      judge_announced_plate}}};

}  // namespace

std::span<const PiiRule> licence_plate_rules() {
  return kLicencePlateRules;
}

}  // namespace aludel::safety
