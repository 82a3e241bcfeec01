#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/safety/pii/context.h"
#include "aludel/safety/pii/rules.h"

// Sources: GA 36-2018 (civil plates: what may stand where); the State Council's notice of 2018 on
// rescue vehicles (应急). Plates of missions, the armed police (WJ) and the army follow other rules
// and are known by their looks.

namespace aludel::safety {
namespace {

// "最新A12345" holds no plate of Xinjiang: what makes another word of a province's character.
constexpr auto kOtherWords = std::to_array<std::string_view>(
    {"最新", "全新", "更新", "创新", "革新", "重新", "刷新", "崭新", "里云", "讯云", "华为云",
     "上云", "年青", "沥青", "安宁", "新贵", "珍贵", "昂贵"});

// Behind four places: police, learners, trailers, Hong Kong, missions, tests, rescue, …
constexpr auto kSuffixes =
    std::to_array<std::string_view>({"警", "学", "挂", "港", "澳", "领", "使", "试", "超", "应急"});

constexpr auto kProvinces = std::to_array<std::string_view>(
    {"京", "津", "沪", "渝", "冀", "豫", "云", "辽", "黑", "湘", "皖", "鲁", "新", "苏", "浙", "赣",
     "鄂", "桂", "甘", "晋", "蒙", "陕", "吉", "闽", "贵", "粤", "青", "藏", "川", "宁", "琼"});

// Between the parts of a plate.
constexpr auto kJoints = std::to_array<std::string_view>(
    {"·", "•", "・", "‧", "∙", "⋅", "．", "－", "—", "–", "\\.", "-", " "});

// What makes doubtful places a plate when it stands near.
constexpr auto kVehicleWords = std::to_array<std::string_view>({"车", "牌"});
constexpr auto kMissionWords = std::to_array<std::string_view>({"牌", "使馆"});

bool is_small_letter(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_alphanumeric(char c) {
  return is_ascii_digit(c) || is_ascii_letter(c);
}

/// I and O, which the standard does not give out: they look like 1 and 0.
bool is_unissued(char c) {
  return c == 'I' || c == 'O';
}

bool starts_with_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.starts_with(word); });
}

bool ends_with_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.ends_with(word); });
}

std::size_t after_joint(std::string_view text, std::size_t at) {
  for (std::string_view joint : kJoints) {
    if (joint.starts_with('\\')) joint.remove_prefix(1);  // the pattern's escape
    if (text.substr(at).starts_with(joint)) return at + joint.size();
  }
  return at;
}

std::size_t after_alphanumerics(std::string_view text, std::size_t at) {
  while (at < text.size() && is_alphanumeric(text[at])) {
    ++at;
  }
  return at;
}

std::size_t after_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_ascii_digit(text[at])) {
    ++at;
  }
  return at;
}

/// Whether one of the words stands near [begin, end), in its line.
bool is_near(std::string_view text, std::size_t begin, std::size_t end,
             std::span<const std::string_view> words) {
  constexpr std::size_t kReachBytes = 30;
  return has_word(line_before(text, begin, kReachBytes), words) ||
         has_word(line_after(text, end, kReachBytes), words);
}

/// Five places with at most two letters; six for new energy, its letter first or last; four and a
/// suffix.
bool is_number(std::string_view number, bool has_suffix) {
  const auto digits = std::ranges::count_if(number, is_ascii_digit);
  if (has_suffix) return number.size() == 4 && digits >= 2;
  if (number.size() == 5) return digits >= 3;
  if (number.size() != 6) return false;
  const auto is_energy = [](char c) { return lower_ascii(c) >= 'a' && lower_ascii(c) <= 'k'; };
  return (is_energy(number[0]) && std::ranges::all_of(number.substr(2), is_ascii_digit)) ||
         (is_energy(number[5]) && std::ranges::all_of(number.substr(0, 5), is_ascii_digit));
}

/// A province, the letter of an office, and a number.
void judge_civil(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  constexpr std::size_t kProvince = 3;  // bytes of its character
  const std::string_view text = candidate.text;
  std::size_t at = candidate.begin + kProvince;
  if (ends_with_any(text.substr(0, at), kOtherWords)) return;
  at += text[at] == ' ' ? 1U : 0U;
  const char office = text[at];
  at = after_joint(text, at + 1);
  const std::size_t number_end = after_alphanumerics(text, at);
  const std::string_view number = text.substr(at, number_end - at);
  const auto* suffix = std::ranges::find_if(
      kSuffixes, [&](std::string_view word) { return text.substr(number_end).starts_with(word); });
  const bool has_suffix = suffix != kSuffixes.end() && number.size() == 4;
  const std::size_t end = number_end + (has_suffix ? suffix->size() : 0);
  if (!is_number(number, has_suffix)) return;
  if (!has_suffix && end < text.size() && text[end] == '_') return;
  // The office O is the police's of a province, on older plates. 云 is a cloud and a chat as well.
  const std::string_view plate = text.substr(candidate.begin, number_end - candidate.begin);
  const bool is_doubtful = office == 'I' || std::ranges::any_of(number, is_unissued) ||
                           plate[kProvince] == ' ' || std::ranges::any_of(plate, is_small_letter);
  if (is_doubtful && !is_near(text, candidate.begin, end, kVehicleWords)) return;
  found.push_back({candidate.begin, end, PiiKind::licence_plate});
}

/// 使 and six digits, or six digits and 使: the country and the car.
void judge_mission(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  constexpr auto kVerbs = std::to_array<std::string_view>({"用", "得", "其", "我", "他", "人"});
  const std::string_view text = candidate.text;
  if (candidate.begin > 0 && is_ascii_word(text[candidate.begin - 1])) return;
  if (candidate.end < text.size() && is_ascii_word(text[candidate.end])) return;
  if (starts_with_any(text.substr(candidate.end), kVerbs)) return;
  if (!is_near(text, candidate.begin, candidate.end, kMissionWords)) return;
  found.push_back({candidate.begin, candidate.end, PiiKind::licence_plate});
}

/// WJ, a province or two digits, and a number.
void judge_armed_police(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  const std::string_view text = candidate.text;
  if (candidate.begin > 0 && is_ascii_word(text[candidate.begin - 1])) return;
  const bool has_province = std::ranges::any_of(kProvinces, [&](std::string_view province) {
    return candidate.view().find(province) != std::string_view::npos;
  });
  std::size_t end = after_digits(text, candidate.end);
  if (end == candidate.end && end < text.size() && is_ascii_letter(text[end])) ++end;
  if (end > candidate.end + 1 || (end < text.size() && is_ascii_word(text[end]))) return;
  if (!has_province && !is_near(text, candidate.begin, end, kVehicleWords)) return;
  found.push_back({candidate.begin, end, PiiKind::licence_plate});
}

/// End of an army plate at `at` ("VA12345", "军A12345", "民航A1234"), or nothing.
std::optional<std::size_t> army_plate_end(std::string_view line, std::size_t at) {
  std::size_t letters_begin = at;
  for (const std::string_view prefix : {"军", "民航"}) {
    if (line.substr(at).starts_with(prefix)) letters_begin = at + prefix.size();
  }
  std::size_t letters_end = letters_begin;
  while (letters_end < line.size() && is_ascii_letter(line[letters_end])) {
    ++letters_end;
  }
  if (letters_end - letters_begin != (letters_begin == at ? 2U : 1U)) return std::nullopt;
  const std::size_t digits_begin = after_joint(line, letters_end);
  const std::size_t end = after_digits(line, digits_begin);
  const std::size_t digits = end - digits_begin;
  const bool is_cut = end < line.size() && is_ascii_word(line[end]);
  if (is_cut || digits > 5 || digits < (letters_begin == at ? 5U : 4U)) return std::nullopt;
  return end;
}

/// What stands behind 车牌 and has no province.
void judge_announced(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  constexpr std::size_t kReachBytes = 24;
  constexpr std::size_t kLongest = 16;
  const std::string_view rest = line_after(candidate.text, candidate.end, kReachBytes + kLongest);
  for (std::size_t at = 0; at < std::min(rest.size(), kReachBytes); ++at) {
    if (at > 0 && is_ascii_word(rest[at - 1])) continue;
    const auto end = army_plate_end(rest, at);
    if (!end) continue;
    found.push_back({candidate.end + at, candidate.end + *end, PiiKind::licence_plate});
    return;
  }
}

}  // namespace

std::span<const PiiRule> chinese_plate_rules() {
  static const std::string joint = fmt::format("({})?", fmt::join(kJoints, "|"));
  static const std::string province = fmt::format("({})", fmt::join(kProvinces, "|"));
  static const std::string civil = province + " ?[A-Za-z]" + joint + "[A-Za-z0-9]{4}";
  static const std::string mission = "使" + joint + "[0-9]{3}" + joint + "[0-9]{3}";
  static const std::string mission_behind = "[0-9]{3}" + joint + "[0-9]{3}" + joint + "使";
  static const std::string armed_police =
      "WJ" + joint + "(" + province + "|[0-9]{2})" + joint + "[0-9]{4}";
  static const std::array<PiiRule, 5> rules = {{{civil, judge_civil},
                                                {mission, judge_mission},
                                                {mission_behind, judge_mission},
                                                {armed_police, judge_armed_police},
                                                {"车牌|号牌|牌照|军牌", judge_announced}}};
  return rules;
}

}  // namespace aludel::safety
