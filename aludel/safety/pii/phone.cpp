#include "aludel/safety/pii/phone.h"

#include <algorithm>
#include <array>

#include "aludel/safety/pii/context.h"

namespace aludel::safety {
namespace {

constexpr auto kNotFound = std::string_view::npos;

// ITU-T E.164 country codes of two and three digits; 1 and 7 stand alone.
constexpr std::string_view kCountryCodes =
    " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64"
    " 65 66 81 82 84 86 90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227"
    " 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 248 249 250 251"
    " 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 291 297 298 299 350"
    " 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381 382 383 385"
    " 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596"
    " 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691"
    " 692 850 852 853 855 856 880 886 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975"
    " 976 977 992 993 994 995 996 998 ";

// Words that announce a telephone number whatever its shape, in the languages of many pages.
constexpr auto kPhoneWords = std::to_array<std::string_view>(
    {"phone",    "phones",        "telephone", "tel",       "mobile",    "mob",       "cell",
     "fax",      "cellphone",     "hotline",   "whatsapp",  "tel.",      "handy",     "telefon",
     "call me",  "call us",       "ring me",   "text me",   "fon",       "fone",      "telefax",
     "telefono", "teléfono",      "telefone",  "telefoon",  "téléphone", "tél",       "tlf",
     "celular",  "cellulare",     "movil",     "móvil",     "mobil",     "rufnummer", "durchwahl",
     "tollfree", "toll-free",     "toll free", "freephone", "helpline",  "тел",       "телефон",
     "факс",     "моб",           "电话",      "手机",      "传真",      "座机",      "热线",
     "致电",     "拨打",          "来电",      "联系方式",  "联系人",    "咨询",      "客服",
     "號碼",     "電話",          "手機",      "傳真",      "專線",      "전화",      "팩스",
     "携帯",     "フリーダイヤル"});

// Words that may announce one: believed only before several digit groups or the 0 of a trunk call.
constexpr auto kCallWords = std::to_array<std::string_view>(
    {"call", "calling", "dial", "contact", "reach", "sms", "answering", "desk", "messages to",
     "message on", "registered", "text me at", "联系", "号码"});

// Words that announce one as a label: "Desk: 467 3395", "467 3395 office".
constexpr auto kLabelWords = std::to_array<std::string_view>(
    {"phone", "tel", "office", "desk", "home", "work", "mobile", "cell", "fax"});

// Numbers of books, papers and things, which share the shapes.
constexpr auto kOtherNumberWords = std::to_array<std::string_view>(
    {"isbn",     "issn",    "doi",      "oclc", "lccn",   "pmid",   "pmc",
     "arxiv",    "ean",     "upc",      "asin", "serial", "patent", "rfc",
     "order no", "invoice", "tracking", "版本", "书号",   "订单",   "编号"});

// Numbers of persons that have rules of their own; beside these words a shape of no country's alone
// is believed less.
constexpr auto kAccountWords = std::to_array<std::string_view>(
    {"身份证", "证件号", "卡号", "账号", "账户", "identity number", "account number"});

bool starts_cleanly(std::string_view text, std::size_t begin) {
  if (begin == 0) return true;
  const char left = text[begin - 1];
  if (is_ascii_word(left)) return false;
  if (static_cast<unsigned char>(left) >= 0x80) {
    const std::string_view before = text.substr(0, begin);
    for (const std::string_view money : {"￥", "¥", "€", "£", "–", "−", "№"}) {
      if (before.ends_with(money)) return false;
    }
    return true;
  }
  return std::string_view(" \t\r\n([{<\"':,;|>*)").find(left) != kNotFound;
}

bool ends_cleanly(std::string_view text, std::size_t end) {
  if (end == text.size()) return true;
  const char right = text[end];
  const char next = end + 1 < text.size() ? text[end + 1] : ' ';
  if (is_ascii_word(right)) return right == 'x' && is_ascii_digit(next);
  if (right == '.' || right == ',' || right == '-' || right == ':' || right == '/') {
    return !is_ascii_digit(next);
  }
  return std::string_view("%*=+^@#").find(right) == kNotFound;
}

/// At most three characters between two groups, but for the blanks around a dash: "49 - (40) - 30".
bool all_separators(const NumberShape& shape, std::string_view allowed) {
  constexpr std::string_view kSpacedDash = " - ";
  for (std::size_t i = 0; i + 1 < shape.groups.size(); ++i) {
    const std::string_view between = shape.separator(i);
    const bool has_dash = between.find(kSpacedDash) != kNotFound;
    const std::size_t longest = has_dash ? kSpacedDash.size() + 1 : 3;
    if (between.find_first_not_of(allowed) != kNotFound || between.size() > longest) return false;
  }
  return true;
}

bool has_sizes(const NumberShape& shape, std::initializer_list<std::size_t> sizes) {
  return std::ranges::equal(shape.groups, sizes, {}, &DigitGroup::size);
}

bool is_varied(std::string_view digits) {
  std::string distinct(digits);
  std::ranges::sort(distinct);
  return std::unique(distinct.begin(), distinct.end()) - distinct.begin() >= 3;
}

// DEVIATION: any digit may begin the exchange, as in the numbers that data generators write.
bool is_north_american(std::string_view digits) {
  if (digits.size() == 11 && digits[0] == '1') digits.remove_prefix(1);
  return digits.size() == 10 && digits[0] >= '2' && is_varied(digits);
}

// 555 numbers are kept for fiction and directories.
bool is_fictional(std::string_view digits) {
  if (digits.size() == 11 && digits[0] == '1') digits.remove_prefix(1);
  return digits.size() == 10 && digits.substr(3, 3) == "555";
}

std::string_view without_country_86(std::string_view digits) {
  for (const std::string_view prefix : {"0086", "86"}) {
    if (digits.size() > 10 && digits.starts_with(prefix)) return digits.substr(prefix.size());
  }
  return digits;
}

bool is_chinese_mobile(std::string_view digits) {
  constexpr std::string_view kPrefixes =
      " 130 131 132 133 134 135 136 137 138 139 145 146 147 148 149 150 151 152 153 155 156 157 158"
      " 159 162 165 166 167 170 171 172 173 174 175 176 177 178 180 181 182 183 184 185 186 187 188"
      " 189 190 191 192 193 195 196 197 198 199 ";
  return digits.size() == 11 && is_varied(digits) &&
         kPrefixes.find(" " + std::string(digits.substr(0, 3)) + " ") != kNotFound;
}

// Area codes: 010, 02x of three digits; 03xx to 09xx of four; then 7 or 8 digits.
bool is_chinese_landline(const NumberShape& shape) {
  if (shape.groups.size() < 2) return false;
  std::size_t first = 0;
  std::string area = shape.digits.substr(0, shape.groups[0].size());
  if ((area == "86" || area == "0086") && shape.groups.size() > 2) {
    first = 1;
    area = shape.digits.substr(area.size(), shape.groups[1].size());
    if (area[0] != '0') area.insert(0, "0");
  }
  std::size_t local = 0;
  for (std::size_t i = first + 1; i < shape.groups.size(); ++i) {
    local += shape.groups[i].size();
  }
  if (shape.groups.size() - first > 3 || local < 7 || local > 8) return false;
  const bool is_short = area == "010" || (area.size() == 3 && area.starts_with("02"));
  const bool is_long = area.size() == 4 && area[0] == '0' && area[1] >= '3';
  const char begins = shape.digits[shape.digits.size() - local];
  return (is_short || is_long) && begins >= '2' && all_separators(shape, "-() ") &&
         shape.separator(first).find_first_of("-)") != kNotFound;
}

bool is_international(std::string_view digits) {
  if (digits.size() < 8 || digits.size() > 15 || !is_varied(digits)) return false;
  if (digits[0] == '1') return is_north_american(digits);
  if (digits.starts_with("86")) {
    return is_chinese_mobile(digits.substr(2)) || (digits.size() >= 11 && digits.size() <= 14);
  }
  if (digits[0] == '7') return digits.size() == 11;
  const auto is_known = [](std::string_view code) {
    return kCountryCodes.find(" " + std::string(code) + " ") != kNotFound;
  };
  return digits.size() >= 9 && (is_known(digits.substr(0, 2)) || is_known(digits.substr(0, 3)));
}

bool is_ip_shape(const NumberShape& shape) {
  return shape.groups.size() == 4 && all_separators(shape, ".") &&
         std::ranges::all_of(shape.groups, [](const DigitGroup& g) { return g.size() <= 3; });
}

bool is_date_or_range(const NumberShape& shape) {
  const auto is_year = [&](std::size_t i) {
    const std::string_view group = shape.text.substr(shape.groups[i].begin, shape.groups[i].size());
    return group.size() == 4 && (group.starts_with("19") || group.starts_with("20"));
  };
  const std::size_t count = shape.groups.size();
  return is_year(0) || (count == 3 && is_year(2)) || (count == 2 && is_year(1));
}

/// What announces the number: the line before it, or the label that ends the line above.
std::string_view announcement(const NumberShape& shape) {
  const std::string_view before = line_before(shape.text, shape.begin(), 32);
  if (before.find_first_not_of(" \t(+") != kNotFound) return before;
  const std::string_view above = shape.text.substr(0, shape.begin() - before.size());
  if (!above.ends_with(":\n")) return before;
  return line_before(above, above.size() - 1, 32);
}

bool is_labelled(const NumberShape& shape, std::string_view before) {
  const auto last = before.find_last_not_of(" \t(+");
  if (last != kNotFound && before[last] == ':' && has_word(before, kLabelWords)) return true;
  std::string_view after = line_after(shape.text, shape.end(), 8);
  after.remove_prefix(std::min(after.find_first_not_of(" -(,"), after.size()));
  return std::ranges::any_of(kLabelWords, [&](std::string_view label) {
    const bool is_cut = after.size() > label.size() && is_ascii_letter(after[label.size()]);
    return !is_cut && has_word(after.substr(0, label.size()), std::span(&label, 1));
  });
}

/// Whether more digits stand beside the groups: they are then part of some longer number.
bool is_part_of_more(const NumberShape& shape) {
  const std::string_view text = shape.text;
  const auto joins = [](char c) { return c == ' ' || c == '-' || c == '.'; };
  const std::size_t end = shape.end();
  const std::string_view head = text.substr(0, shape.begin());
  std::size_t joint = head.size();
  while (joint > 0 && head.size() - joint < 4 &&
         (joins(head[joint - 1]) || head[joint - 1] == ')')) {
    --joint;
  }
  const std::string_view between = head.substr(joint);
  const bool is_joint = between.size() == 1 || between.find_first_of("-)") != kNotFound;
  const bool before = joint > 0 && !between.empty() && is_joint && is_ascii_digit(head[joint - 1]);
  const bool after = end + 1 < text.size() && joins(text[end]) && is_ascii_digit(text[end + 1]);
  return before || after;
}

/// A national number of any country: believed only beside a word that announces it.
bool is_announced(const NumberShape& shape) {
  const std::size_t size = shape.digits.size();
  const std::size_t longest = shape.digits.starts_with("00") ? 15 : 12;
  if (size < 7 || size > longest || !is_varied(shape.digits) || is_fictional(shape.digits))
    return false;
  if (!all_separators(shape, " -.()/") || is_date_or_range(shape) || is_ip_shape(shape) ||
      is_part_of_more(shape))
    return false;
  // "972-3-561-3699" has a group of one digit; lists of numbers have several.
  const auto singles =
      std::ranges::count_if(shape.groups, [](const DigitGroup& g) { return g.size() < 2; });
  if (singles > 1 || shape.groups.back().size() < 2) return false;
  const std::string_view before = announcement(shape);
  if (has_word(before, kAccountWords)) return false;
  if (has_word(before, kPhoneWords) || is_labelled(shape, before)) return true;
  const bool has_trunk_zero = shape.groups.size() == 1 && size >= 9 && shape.digits[0] == '0';
  const bool is_grouped = shape.groups.size() > 1 && shape.groups.size() < 6;
  return (is_grouped || has_trunk_zero) && has_word(before, kCallWords);
}

/// "001-271-627-8898".
bool is_north_american_from_abroad(const NumberShape& shape) {
  return has_sizes(shape, {3, 3, 3, 4}) && shape.digits.starts_with("001") &&
         all_separators(shape, "-. ") && is_north_american(shape.digits.substr(2)) &&
         !is_fictional(shape.digits.substr(2));
}

/// "089/99529727": an area code and a number, as Germans write them. A date has fewer digits behind
/// the slash, and a file's number seldom a 0 before it.
bool is_german_landline(const NumberShape& shape) {
  if (shape.groups.size() < 2 || shape.separator(0).find('/') == kNotFound) return false;
  const std::size_t area = shape.groups[0].size();
  const std::size_t local = shape.digits.size() - area;
  return area >= 3 && area <= 5 && local >= 6 && local <= 9 && is_varied(shape.digits) &&
         shape.digits[0] == '0' && shape.digits[1] != '0' && shape.digits[area] != '0' &&
         shape.groups[1].size() >= 2 && all_separators(shape, " -/") && !is_part_of_more(shape);
}

/// "0800 133 133" and "1-800-574-574": numbers that cost the caller nothing.
bool is_toll_free(const NumberShape& shape) {
  const std::size_t size = shape.digits.size();
  const std::size_t first = shape.groups[0].size();
  if (shape.groups.size() < 2 || !is_varied(shape.digits) || is_part_of_more(shape)) return false;
  if (first == 4 && shape.digits.starts_with("0800")) {
    return size >= 9 && size <= 11 && all_separators(shape, " -/");
  }
  constexpr auto kCodes =
      std::to_array<std::string_view>({"1800", "1833", "1844", "1855", "1866", "1877", "1888"});
  const bool has_code = std::ranges::any_of(
      kCodes, [&](std::string_view code) { return shape.digits.starts_with(code); });
  return first == 1 && shape.groups[1].size() == 3 && has_code && size >= 10 && size <= 11 &&
         all_separators(shape, "-") && !is_fictional(shape.digits);
}

bool is_north_american_shape(const NumberShape& shape, bool is_parenthesised) {
  const bool is_long = has_sizes(shape, {1, 3, 3, 4}) && shape.digits[0] == '1';
  if (!has_sizes(shape, {3, 3, 4}) && !is_long) return false;
  const std::size_t first = is_long ? 1 : 0;
  const std::string_view a = shape.separator(first);
  const std::string_view b = shape.separator(first + 1);
  const bool is_bracketed =
      (is_parenthesised || (is_long && shape.separator(0).find('(') != kNotFound)) &&
      a.starts_with(")") && (b == "-" || b == "." || b == " ");
  return is_bracketed || (a == b && (a == "-" || a == "."));
}

}  // namespace

std::size_t phone_begin(const NumberShape& shape) {
  const std::string_view text = shape.text;
  std::size_t begin = shape.begin();
  bool is_parenthesised = begin > 0 && text[begin - 1] == '(';
  if (is_parenthesised && text.substr(shape.end() - 1, 1) != ")" &&
      text.substr(begin, shape.end() - begin).find(')') != kNotFound) {
    --begin;
  } else {
    is_parenthesised = false;
  }
  const bool has_plus = begin > 0 && text[begin - 1] == '+';
  if (has_plus) --begin;
  if (!starts_cleanly(text, begin) || !ends_cleanly(text, shape.end())) return kNotFound;
  if (is_in_url(text, begin, shape.end())) return kNotFound;
  const std::string_view before = line_before(text, begin, 32);
  if (has_word(before, kOtherNumberWords)) return kNotFound;
  if (has_plus) {
    const bool is_number = all_separators(shape, " -.()/") && is_international(shape.digits) &&
                           !is_fictional(shape.digits);
    return is_number ? begin : kNotFound;
  }
  if (is_north_american_shape(shape, is_parenthesised)) {
    return is_north_american(shape.digits) && !is_fictional(shape.digits) ? begin : kNotFound;
  }
  const bool is_mobile_shape = shape.groups.size() == 1 || has_sizes(shape, {3, 4, 4}) ||
                               has_sizes(shape, {2, 11}) || has_sizes(shape, {2, 3, 4, 4}) ||
                               has_sizes(shape, {4, 3, 4, 4}) || has_sizes(shape, {4, 11});
  if (is_mobile_shape && all_separators(shape, " -") &&
      is_chinese_mobile(without_country_86(shape.digits)))
    return begin;
  const bool has_shape = is_chinese_landline(shape) || is_german_landline(shape) ||
                         is_toll_free(shape) || is_north_american_from_abroad(shape);
  return has_shape || is_announced(shape) ? begin : kNotFound;
}

}  // namespace aludel::safety
