#include "aludel/base/json_record.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "aludel/base/byte_order_mark.h"
#include "aludel/base/json_escape.h"
#include "aludel/base/utf8.h"

namespace aludel {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_of_number(char c) {
  return is_digit(c) || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

/// What a word is by the grammar of numbers in JSON (RFC 8259, 6).
enum class NumberForm : std::uint8_t { none, whole, real };

NumberForm number_form(std::string_view word) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < word.size() && is_digit(word[at])) {
      ++at;
    }
    return at - begin;
  };
  if (word.starts_with('-')) ++at;
  const bool leads_with_zero = at < word.size() && word[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (leads_with_zero && whole > 1)) return NumberForm::none;
  if (at == word.size()) return NumberForm::whole;
  if (word[at] == '.') {
    ++at;
    if (digits() == 0) return NumberForm::none;
  }
  if (at < word.size() && (word[at] == 'e' || word[at] == 'E')) {
    ++at;
    if (at < word.size() && (word[at] == '+' || word[at] == '-')) ++at;
    if (digits() == 0) return NumberForm::none;
  }
  return at == word.size() ? NumberForm::real : NumberForm::none;
}

template <class Number>
std::optional<Number> whole_word_as(std::string_view word) {
  Number number{};
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

/// The number that a word stands for, or the word as text where no number holds it.
Json number_or_text(std::string_view word) {
  const NumberForm form = number_form(word);
  if (form == NumberForm::whole) {
    if (const auto integer = whole_word_as<std::int64_t>(word)) return *integer;
  } else if (form == NumberForm::real) {
    if (const auto number = whole_word_as<double>(word)) return *number;
  }
  return word;
}

bool has_equal_names(const Json::Object& members) {
  constexpr std::size_t kFew = 24;  // below it comparing all pairs is faster than sorting
  if (members.size() <= kFew) {
    for (std::size_t i = 1; i < members.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (members[i].first == members[j].first) return true;
      }
    }
    return false;
  }
  std::vector<std::string_view> names(members.size());
  std::ranges::transform(members, names.begin(), &Json::Member::first);
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

void keep_last_of_each_name(Json::Object& members) {
  if (!has_equal_names(members)) return;
  Json::Object last;
  std::unordered_set<std::string> seen;
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    if (seen.insert(member->first).second) last.push_back(std::move(*member));
  }
  std::ranges::reverse(last);
  members = std::move(last);
}

/// Reads one record of valid UTF-8. A function that returns false has set `trouble_`.
class RecordParser {
 public:
  explicit RecordParser(std::string_view text) : text_(text) {}

  Result<Json> parse() {
    Json record;
    skip_blanks();
    if (!read_record(record)) return error();
    skip_blanks();
    if (at_ < text_.size()) {
      fail("there is more behind the value");
      return error();
    }
    return record;
  }

 private:
  enum class Trouble : std::uint8_t { none, syntax, too_large };

  bool read_record(Json& out) {
    if (peek() != '{') return read_value(out, 1);
    ++at_;
    std::size_t members = 0;
    return read_members(out, [&](Json& value) {
      if (++members > kMaxRecordValues) return too_large();
      return read_top_member(value);
    });
  }

  /// A member of the record itself: as the text of its JSON where it is too deep or too large.
  bool read_top_member(Json& out) {
    const std::size_t begin = at_;
    const std::size_t values = values_;
    if (read_value(out, 1)) return true;
    if (trouble_ != Trouble::too_large) return false;
    trouble_ = Trouble::none;
    at_ = begin;
    values_ = values;
    if (!skip_container()) return false;
    out = text_.substr(begin, at_ - begin);
    return true;
  }

  bool read_value(Json& out, int depth) {
    const char c = peek();
    if (c == '"') {
      out = std::string();
      return read_string(out.as_string());
    }
    if (c == '{' || c == '[') {
      if (depth > kMaxRecordDepth) return too_large();
      ++at_;
      return c == '{' ? read_object(out, depth) : read_array(out, depth);
    }
    if (is_digit(c)) return read_number(out);
    for (const auto& [word, value] : kWords) {
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      out = value < 0 ? Json() : Json(value > 0);
      return true;
    }
    if (c == '-') return read_number(out);
    return fail(at_ < text_.size() ? "a value was expected" : "the record is cut off");
  }

  /// Words that are values; -1 stands for null.
  static constexpr std::pair<std::string_view, int> kWords[] = {
      {"true", 1}, {"false", 0}, {"null", -1}, {"NaN", -1}, {"Infinity", -1}, {"-Infinity", -1}};

  bool read_number(Json& out) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_of_number(text_[at_])) {
      ++at_;
    }
    out = number_or_text(text_.substr(begin, at_ - begin));
    return true;
  }

  bool read_object(Json& out, int depth) {
    return read_members(out, [&](Json& value) { return count() && read_value(value, depth + 1); });
  }

  /// The members of an object, behind its brace.
  template <class ReadMember>
  bool read_members(Json& out, const ReadMember& read_member) {
    Json::Object members;
    while (true) {
      skip_blanks();
      if (take('}')) break;
      std::string name;
      if (peek() != '"') return fail("the name of a member was expected");
      if (!read_string(name)) return false;
      skip_blanks();
      if (!take(':')) return fail("a colon was expected");
      skip_blanks();
      if (!read_member(members.emplace_back(std::move(name), Json()).second)) return false;
      skip_blanks();
      if (!take(',') && peek() != '}') return fail("a comma or the object's end was expected");
    }
    keep_last_of_each_name(members);
    out = std::move(members);
    return true;
  }

  bool read_array(Json& out, int depth) {
    Json::Array items;
    while (true) {
      skip_blanks();
      if (take(']')) break;
      if (!count() || !read_value(items.emplace_back(), depth + 1)) return false;
      skip_blanks();
      if (!take(',') && peek() != ']') return fail("a comma or the array's end was expected");
    }
    out = std::move(items);
    return true;
  }

  bool read_string(std::string& out) {
    ++at_;
    while (true) {
      const std::size_t end = find_escaped(text_, at_);
      out.append(text_, at_, end - at_);
      at_ = end;
      if (at_ == text_.size()) return fail("the record is cut off");
      const char c = text_[at_++];
      if (c == '"') return true;
      if (c == '\\') {
        read_escape(out);
      } else {
        out += c;
      }
    }
  }

  void read_escape(std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const char c = peek();
    const std::size_t known = kLetters.find(c);
    if (at_ < text_.size() && known != std::string_view::npos) {
      ++at_;
      out += kMeanings[known];
      return;
    }
    const auto unit = c == 'u' ? utf16_unit(at_ + 1) : std::nullopt;
    if (!unit) {
      out += '\\';
      return;
    }
    at_ += 5;
    char32_t code_point = *unit;
    if (code_point >= 0xD800 && code_point < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
      const auto low = utf16_unit(at_ + 2);
      if (low && *low >= 0xDC00 && *low < 0xE000) {
        code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (*low - 0xDC00);
        at_ += 6;
      }
    }
    append_utf8(out, code_point);
  }

  /// Four hexadecimal digits.
  std::optional<char32_t> utf16_unit(std::size_t at) const {
    if (at + 4 > text_.size()) return std::nullopt;
    std::uint16_t unit = 0;
    const char* const begin = text_.data() + at;
    const auto read = std::from_chars(begin, begin + 4, unit, 16);
    if (read.ec != std::errc() || read.ptr != begin + 4) return std::nullopt;
    return unit;
  }

  /// Goes behind an object or array without making values of it.
  bool skip_container() {
    std::size_t depth = 0;
    while (true) {
      at_ = std::min(text_.find_first_of("\"[]{}", at_), text_.size());
      if (at_ == text_.size()) return fail("the record is cut off");
      const char c = text_[at_];
      if (c == '"') {
        if (!skip_string()) return false;
        continue;
      }
      ++at_;
      if (c == '[' || c == '{') {
        ++depth;
      } else if (--depth == 0) {
        return true;
      }
    }
  }

  bool skip_string() {
    ++at_;
    while ((at_ = text_.find_first_of("\"\\", at_)) < text_.size()) {
      if (text_[at_++] == '"') return true;
      ++at_;
    }
    at_ = text_.size();
    return fail("the record is cut off");
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) {
      ++at_;
    }
  }

  /// The byte that comes next; a zero byte at the end.
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool count() { return ++values_ <= kMaxRecordValues || too_large(); }

  bool too_large() {
    trouble_ = Trouble::too_large;
    return false;
  }

  bool fail(std::string_view what) {
    trouble_ = Trouble::syntax;
    what_ = what;
    return false;
  }

  Error error() const {
    if (trouble_ == Trouble::too_large) {
      return {Code::resource_exhausted, fmt::format("[json] more than {} values, or {} levels",
                                                    kMaxRecordValues, kMaxRecordDepth)};
    }
    return {Code::corrupt_data, fmt::format("[json] byte {}: {}", at_ + 1, what_)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;  // that members of the record hold
  Trouble trouble_ = Trouble::none;
  std::string_view what_;
};

}  // namespace

Result<Json> parse_record(std::string_view text) {
  text = without_byte_order_mark(text);
  if (is_valid_utf8(text)) return RecordParser(text).parse();
  return RecordParser(replace_invalid_utf8(text)).parse();
}

std::string scalar_text(const Json* value) {
  if (value == nullptr) return "";
  if (value->is_string()) return value->as_string();
  return value->is_number() || value->is_bool() ? value->dump() : "";
}

}  // namespace aludel
