#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "aludel/safety/pii/checksums.h"
#include "aludel/safety/pii/context.h"
#include "aludel/safety/pii/phone.h"
#include "aludel/safety/pii/rules.h"

namespace aludel::safety {
namespace {

constexpr std::size_t kMaximumGroups = 8;

constexpr auto kCardWords =
    std::to_array<std::string_view>({"card", "cards", "cc", "credit", "debit", "visa", "mastercard",
                                     "amex", "maestro", "卡号", "银行卡", "信用卡", "储蓄卡"});

std::vector<DigitGroup> digit_groups(std::string_view text, std::size_t begin, std::size_t end) {
  std::vector<DigitGroup> groups;
  for (std::size_t i = begin; i < end;) {
    if (!is_ascii_digit(text[i])) {
      ++i;
      continue;
    }
    const std::size_t first = i;
    while (i < text.size() && is_ascii_digit(text[i])) {
      ++i;
    }
    groups.push_back({first, i});
  }
  return groups;
}

bool is_bounded(std::string_view text, std::size_t begin, std::size_t end) {
  const char left = begin == 0 ? ' ' : text[begin - 1];
  const char right = end == text.size() ? ' ' : text[end];
  const char after = end + 1 < text.size() ? text[end + 1] : ' ';
  if (is_ascii_word(left) || left == '.' || left == '-' || left == '+') return false;
  if (is_ascii_word(right)) return false;
  return (right != '.' && right != '-') || !is_ascii_digit(after);
}

std::optional<PiiSpan> resident_id_at(const NumberShape& shape) {
  std::size_t end = shape.end();
  std::string id = shape.digits;
  const std::size_t count = shape.groups.size();
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (shape.separator(i) != " " && shape.separator(i) != "-") return std::nullopt;
  }
  if (count != 1 && (count != 3 || shape.groups[0].size() != 6 || shape.groups[1].size() != 8))
    return std::nullopt;
  const bool has_x = id.size() == 17 && end < shape.text.size() &&
                     (shape.text[end] == 'X' || shape.text[end] == 'x');
  if (has_x) id += shape.text[end++];
  if (!chinese_resident_id_is_valid(id) || !is_bounded(shape.text, shape.begin(), end))
    return std::nullopt;
  if (is_in_url(shape.text, shape.begin(), end)) return std::nullopt;
  return PiiSpan{shape.begin(), end, PiiKind::resident_id};
}

bool has_card_grouping(const NumberShape& shape) {
  const auto& groups = shape.groups;
  if (groups.size() == 1) return true;
  if (groups.size() > 5) return false;
  for (std::size_t i = 0; i + 1 < groups.size(); ++i) {
    if (shape.separator(i) != shape.separator(0)) return false;
  }
  const std::string_view between = shape.separator(0);
  if (between != " " && between != "-" && between != ".") return false;
  const bool is_even = std::ranges::all_of(groups.begin(), groups.end() - 1,
                                           [](const auto& g) { return g.size() == 4; }) &&
                       groups.size() >= 3 && groups.back().size() <= 4;
  const bool is_american_express =
      groups.size() == 3 && groups[0].size() == 4 && groups[1].size() == 6 && groups[2].size() >= 4;
  const bool is_union_pay = groups.size() == 2 && groups[0].size() == 6;
  return is_even || is_american_express || is_union_pay;
}

/// Whether the groups are a piece of a longer card number: a group of four stands beside them, or
/// the tail of a UnionPay number of 19 digits.
bool is_piece_of_card(const NumberShape& shape) {
  if (shape.groups.size() < 2) return false;
  const std::string_view text = shape.text;
  const char separator = shape.separator(0)[0];
  std::size_t after = 0;
  const std::string_view rest = text.substr(shape.end(), 6);
  while (after + 1 < rest.size() && rest[0] == separator && is_ascii_digit(rest[after + 1])) {
    ++after;
  }
  const std::string_view head = text.substr(0, shape.begin());
  std::size_t before = 0;
  while (before + 1 < head.size() && before < 5 && head.back() == separator &&
         is_ascii_digit(head[head.size() - 2 - before])) {
    ++before;
  }
  const bool is_short = shape.digits.size() < 16;
  return (is_short && (before == 4 || after == 4)) || (after > 0 && shape.digits.starts_with("62"));
}

std::optional<PiiSpan> card_at(const NumberShape& shape) {
  const std::string_view text = shape.text;
  const std::size_t size = shape.digits.size();
  if (size < 12 || size > 19 || !has_card_grouping(shape) || !luhn_is_valid(shape.digits) ||
      has_resident_id_shape(shape.digits))
    return std::nullopt;
  if (!is_bounded(text, shape.begin(), shape.end()) || is_in_url(text, shape.begin(), shape.end()))
    return std::nullopt;
  // One number in ten passes Luhn: beside a word for cards that is enough, else the issuer's range
  // must fit too, and the number be none of the round ones that programs count with.
  const bool is_named = has_word(line_before(text, shape.begin(), 48), kCardWords) ||
                        has_word(line_after(text, shape.end(), 24), kCardWords);
  const bool has_dots = shape.groups.size() > 1 && shape.separator(0) == ".";  // as versions have
  const bool is_plain = size >= 15 && !has_dots && card_prefix_is_valid(shape.digits) &&
                        shape.digits.find("00000") == std::string::npos;
  if ((!is_named && !is_plain) || is_piece_of_card(shape)) return std::nullopt;
  return PiiSpan{shape.begin(), shape.end(), PiiKind::bank_card};
}

/// "x459", "ext. 12", "转8001" after a telephone number.
std::size_t extension_end(std::string_view text, std::size_t end) {
  const std::string_view rest = text.substr(end, 16);
  for (const std::string_view mark : {"x", " x", " ext. ", " ext ", "转", " 转 "}) {
    if (!rest.starts_with(mark)) continue;
    std::size_t digits = mark.size();
    while (digits < rest.size() && is_ascii_digit(rest[digits])) {
      ++digits;
    }
    if (digits > mark.size() && digits <= mark.size() + 5) return end + digits;
  }
  return end;
}

std::optional<PiiSpan> phone_at(const NumberShape& shape) {
  if (shape.digits.size() < 7 || shape.digits.size() > 15) return std::nullopt;
  const std::size_t begin = phone_begin(shape);
  if (begin == std::string_view::npos) return std::nullopt;
  return PiiSpan{begin, extension_end(shape.text, shape.end()), PiiKind::phone};
}

/// The longest number of any kind that begins with group `first`; `used` gets its group count.
std::optional<PiiSpan> number_from(std::string_view text, std::span<const DigitGroup> groups,
                                   std::size_t& used) {
  NumberShape shape{text, {}, {}};
  std::optional<PiiSpan> best;
  for (std::size_t i = 0; i < std::min(groups.size(), kMaximumGroups); ++i) {
    shape.groups.push_back(groups[i]);
    shape.digits += text.substr(groups[i].begin, groups[i].size());
    if (shape.digits.size() > 19) break;
    std::optional<PiiSpan> found = resident_id_at(shape);
    if (!found) found = card_at(shape);
    if (!found) found = phone_at(shape);
    if (!found) continue;
    best = found;
    used = i + 1;
  }
  return best;
}

/// "DE65 0174 8907" and "GB52 EDLL 8591 6203": digits of an account, whose own rule judges them.
bool is_in_iban(std::string_view text, std::size_t begin) {
  const auto letters_end = [&](std::size_t end, std::size_t count) {
    if (end < count) return false;
    return std::ranges::all_of(text.substr(end - count, count), is_ascii_letter);
  };
  const std::string_view rest = text.substr(begin, 3);
  if (rest.size() == 3 && is_ascii_digit(rest[1]) && rest[2] == ' ' && letters_end(begin, 2)) {
    return true;
  }
  if (begin < 10 || text[begin - 1] != ' ' || !letters_end(begin - 1, 4)) return false;
  return text[begin - 6] == ' ' && is_ascii_digit(text[begin - 7]) &&
         is_ascii_digit(text[begin - 8]) && letters_end(begin - 8, 2);
}

void judge_numbers(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  if (is_in_iban(candidate.text, candidate.begin)) return;
  const auto groups = digit_groups(candidate.text, candidate.begin, candidate.end);
  for (std::size_t first = 0; first < groups.size();) {
    std::size_t used = 1;
    const auto span = number_from(candidate.text, std::span(groups).subspan(first), used);
    if (span) found.push_back(*span);
    first += used;
  }
}

constexpr std::array<PiiRule, 1> kNumberRules = {{{"[0-9][-0-9 ().+/]{5,}[0-9]", judge_numbers}}};

}  // namespace

std::span<const PiiRule> number_rules() {
  return kNumberRules;
}

}  // namespace aludel::safety
