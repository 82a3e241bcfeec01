#include "aludel/io/json_stream.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/byte_order_mark.h"
#include "aludel/base/json_record.h"
#include "aludel/io/utf16_reader.h"

namespace aludel::io {
namespace {

constexpr std::size_t kStreamChunkBytes = std::size_t{128} << 10;
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kBetween = " \t\r\n,[]\xEF\xBB\xBF";  // values, and no part of one
constexpr std::string_view kLittleEndianMark = "\xFF\xFE";
constexpr std::string_view kBigEndianMark = "\xFE\xFF";

/// A stream whose first bytes were read already, and the error, if any, that ended them.
class WithHead final : public ByteReader {
 public:
  WithHead(std::string head, Status end, std::unique_ptr<ByteReader> rest)
      : head_(std::move(head)), end_(std::move(end)), rest_(std::move(rest)) {}

  Result<std::size_t> read(std::span<char> out) override {
    if (at_ == head_.size()) {
      ALUDEL_TRY(end_);
      return rest_->read(out);
    }
    const std::size_t count = head_.copy(out.data(), out.size(), at_);
    at_ += count;
    return count;
  }

 private:
  std::string head_;
  std::size_t at_ = 0;
  Status end_;
  std::unique_ptr<ByteReader> rest_;
};

/// Where the brackets stand, text after text.
struct Nesting {
  std::size_t depth = 0;
  bool in_string = false;
  bool is_escaped = false;

  /// Goes over a byte; whether it ends the value.
  bool ends_at(char c) {
    if (in_string) {
      if (is_escaped) {
        is_escaped = false;
      } else if (c == '\\') {
        is_escaped = true;
      } else if (c == '"') {
        in_string = false;
      }
      return false;
    }
    if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && depth > 0) {
      return --depth == 0;
    }
    return false;
  }
};

char first_of(std::string_view text, std::string_view blanks) {
  const std::size_t at = text.find_first_not_of(blanks);
  return at == std::string_view::npos ? '\0' : text[at];
}

/// The layout of a stream whose first value is an object, from its brace on.
JsonLayout layout_from_object(std::string_view head) {
  Nesting nesting;
  for (std::size_t at = 0; at < head.size(); ++at) {
    if (nesting.ends_at(head[at])) {
      const char next = first_of(head.substr(at + 1), " \t\r");
      return next == '{' || next == ',' ? JsonLayout::values : JsonLayout::lines;
    }
    if (head[at] != '\n') continue;
    if (nesting.in_string) return JsonLayout::lines;  // the line is broken
    // A line that was cut off is followed by a record, an object that goes on by a member.
    const char next = first_of(head.substr(at), kBlanks);
    return next == '{' || next == '\0' ? JsonLayout::lines : JsonLayout::values;
  }
  return JsonLayout::lines;
}

/// Whether a record has a text that is not empty under a name or a path of names.
bool has_text(const Json& record, std::string_view key) {
  if (!record.is_object()) return false;
  if (const Json* value = record.find(key))
    return value->is_string() && !value->as_string().empty();
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) return false;
  const Json* inner = record.find(key.substr(0, dot));
  return inner != nullptr && has_text(*inner, key.substr(dot + 1));
}

/// The bytes of the string that begins at `at`, between its quotation marks, or up to the end.
std::string_view string_at(std::string_view json, std::size_t at) {
  Nesting nesting;
  std::size_t end = at;
  do {
    nesting.ends_at(json[end++]);
  } while (end < json.size() && nesting.in_string);
  const std::size_t size = nesting.in_string ? end - at - 1 : end - at - 2;
  return json.substr(at + 1, size);
}

/// The same of a record that is cut: of its members before the cut.
bool has_text_before_cut(std::string_view json, std::string_view key) {
  std::size_t depth = 0;
  std::size_t path_depth = 1;  // of the members among which the next name of the path may be
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') {
      if (depth-- <= path_depth) return false;  // the object of that name had no such member
    }
    if (c != '"') continue;
    const std::string_view name = string_at(json, at);
    at += name.size() + 1;
    const std::string_view rest = json.substr(std::min(at + 1, json.size()));
    if (depth != path_depth || first_of(rest, kBlanks) != ':') continue;
    const std::size_t value = json.find_first_not_of(" \t\r\n:", at + 1);
    if (value == std::string_view::npos) return false;
    if (name == key) return json[value] == '"' && !string_at(json, value).empty();
    if (json[value] != '{' || !key.starts_with(name) || key[name.size()] != '.') continue;
    key.remove_prefix(name.size() + 1);
    ++path_depth;
  }
  return false;
}

/// How many bytes the value has that begins here; npos where it is cut.
std::size_t size_of_value(std::string_view json) {
  Nesting nesting;
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (nesting.ends_at(json[at])) return at + 1;
  }
  return std::string_view::npos;
}

}  // namespace

bool begins_with_record(std::string_view head, std::string_view text_key) {
  constexpr int kValues = 8;
  const JsonLayout layout = json_layout(head);
  const std::string_view between = layout == JsonLayout::values ? kBetween : kBlanks;
  head = without_byte_order_mark(head);
  for (int i = 0; i < kValues; ++i) {
    head.remove_prefix(std::min(head.find_first_not_of(between), head.size()));
    if (!head.starts_with('{')) return false;
    const std::size_t size = layout == JsonLayout::lines ? head.find('\n') : size_of_value(head);
    const std::string_view value = head.substr(0, size);
    head.remove_prefix(value.size());
    if (const auto record = parse_record(value)) {
      if (has_text(record.value(), text_key)) return true;
    } else if (head.empty() && size_of_value(value) == std::string_view::npos) {
      return has_text_before_cut(value, text_key);
    }
  }
  return false;
}

JsonLayout json_layout(std::string_view head) {
  if (head.starts_with(kLittleEndianMark) || head.starts_with(kBigEndianMark)) {
    return JsonLayout::utf16;
  }
  head = without_byte_order_mark(head);
  head.remove_prefix(std::min(head.find_first_not_of(kBlanks), head.size()));
  if (head.starts_with('{')) return layout_from_object(head);
  if (!head.starts_with('[')) return JsonLayout::lines;
  const char first = first_of(head.substr(1), kBlanks);
  return first == '{' || first == ']' ? JsonLayout::values : JsonLayout::lines;
}

JsonStream::JsonStream(std::unique_ptr<ByteReader> bytes, std::size_t max_value_bytes,
                       JsonLayout layout)
    : lines_(layout == JsonLayout::lines ? std::move(bytes) : nullptr, max_value_bytes),
      bytes_(layout == JsonLayout::lines ? nullptr : std::move(bytes)),
      layout_(layout),
      max_value_bytes_(max_value_bytes) {}

Result<JsonStream> JsonStream::open(std::unique_ptr<ByteReader> bytes,
                                    std::size_t max_value_bytes) {
  std::string head(kJsonHeadBytes, '\0');
  std::size_t size = 0;
  Status end = Ok{};  // what comes before damage is read
  for (std::size_t count = 1; count > 0 && size < head.size(); size += count) {
    auto read = bytes->read(std::span(head).subspan(size));
    count = read ? read.value() : 0;
    if (!read) end = std::move(read).error();
  }
  head.resize(size);
  const JsonLayout layout = json_layout(head);
  if (layout != JsonLayout::utf16) {
    return JsonStream(std::make_unique<WithHead>(std::move(head), std::move(end), std::move(bytes)),
                      max_value_bytes, layout);
  }
  const Utf16Order order =
      head.starts_with(kLittleEndianMark) ? Utf16Order::little_endian : Utf16Order::big_endian;
  head.erase(0, kLittleEndianMark.size());
  bytes = std::make_unique<WithHead>(std::move(head), std::move(end), std::move(bytes));
  return open(decode_utf16(std::move(bytes), order), max_value_bytes);
}

JsonStream JsonStream::of_lines(std::unique_ptr<ByteReader> bytes, std::size_t max_value_bytes) {
  return JsonStream(std::move(bytes), max_value_bytes, JsonLayout::lines);
}

Result<bool> JsonStream::next(std::string_view& text) {
  if (layout_ != JsonLayout::lines) return next_object(text);
  while (ALUDEL_TRY(lines_.next(text))) {
    if (text.find_first_not_of(" \t\r") != std::string_view::npos) return true;
  }
  return false;
}

Result<bool> JsonStream::skip_rest_of_line(std::uint64_t limit_bytes) {
  return lines_.skip_rest_of_line(limit_bytes);
}

bool JsonStream::last_error_was_value() const {
  return layout_ == JsonLayout::lines ? lines_.last_error_was_line() : last_error_was_value_;
}

std::uint64_t JsonStream::value_begin() const {
  return layout_ == JsonLayout::lines ? lines_.line_begin() : begin_;
}

std::uint64_t JsonStream::position() const {
  return layout_ == JsonLayout::lines ? lines_.position() : position_;
}

std::uint64_t JsonStream::number() const {
  return layout_ == JsonLayout::lines ? lines_.line_number() : number_;
}

std::string JsonStream::place() const {
  return fmt::format("{} {}", layout_ == JsonLayout::lines ? "line" : "value", number());
}

std::string_view JsonStream::pending() const {
  return std::string_view(chunk_).substr(at_, end_ - at_);
}

/// Whether there are bytes to look at; false at the end.
Result<bool> JsonStream::has_pending() {
  if (at_ < end_) return true;
  chunk_.resize(kStreamChunkBytes);
  end_ = ALUDEL_TRY(bytes_->read(chunk_));
  at_ = 0;
  return end_ > 0;
}

/// Takes bytes into the value.
void JsonStream::keep(std::size_t bytes) {
  const std::size_t room = max_value_bytes_ - value_.size();
  value_.append(pending().substr(0, std::min(bytes, room)));
  is_too_long_ = is_too_long_ || bytes > room;
  at_ += bytes;
  position_ += bytes;
}

/// Goes to the next value; false at the end.
Result<bool> JsonStream::find_value() {
  while (ALUDEL_TRY(has_pending())) {
    const std::size_t size = pending().size();
    const std::size_t found = std::min(pending().find_first_not_of(kBetween), size);
    at_ += found;
    position_ += found;
    if (found < size) return true;
  }
  return false;
}

/// An object; one that the stream's end cuts is given as it is, and no parser takes it.
Status JsonStream::gather_object() {
  Nesting nesting;
  for (bool is_whole = false; !is_whole && ALUDEL_TRY(has_pending());) {
    std::size_t bytes = 0;
    while (bytes < pending().size() && !is_whole) {
      is_whole = nesting.ends_at(pending()[bytes++]);
    }
    keep(bytes);
  }
  return Ok{};
}

/// What is no object ends with its line, or where an object begins.
Status JsonStream::gather_other() {
  for (bool is_whole = false; !is_whole && ALUDEL_TRY(has_pending());) {
    const std::size_t bytes = std::min(pending().find_first_of("\n{"), pending().size());
    is_whole = bytes < pending().size();
    keep(bytes);
  }
  return Ok{};
}

Result<bool> JsonStream::next_object(std::string_view& text) {
  last_error_was_value_ = false;
  if (!ALUDEL_TRY(find_value())) return false;
  value_.clear();
  is_too_long_ = false;
  begin_ = position_;
  ++number_;
  ALUDEL_TRY(pending().starts_with('{') ? gather_object() : gather_other());
  if (is_too_long_) {
    last_error_was_value_ = true;
    return Error{Code::resource_exhausted,
                 fmt::format("{}: longer than {} bytes", place(), max_value_bytes_)};
  }
  text = value_;
  return true;
}

}  // namespace aludel::io
