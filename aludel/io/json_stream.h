#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aludel/io/lines.h"

// The one answer to how the JSON values of a file lie in it.
namespace aludel::io {

enum class JsonLayout : std::uint8_t {
  lines,   // one value a line
  values,  // one array of objects, or objects over several lines or several on one
  utf16    // either of them, in UTF-16 with a byte order mark
};

/// How many of a stream's first bytes tell its layout.
inline constexpr std::size_t kJsonHeadBytes = std::size_t{64} << 10;

/// The layout of a stream that begins with these bytes. What leaves a doubt is read by lines.
JsonLayout json_layout(std::string_view head);

/// The one answer to whether a file that no name calls JSON holds records: whether one of the first
/// values of these first bytes is an object with a text that is not empty under `text_key`, a name
/// or a path ("data.text"). An object that the head cuts is judged by its members before the cut.
bool begins_with_record(std::string_view head, std::string_view text_key);

/// The text of each JSON value of a stream, not yet parsed, in memory bounded by the longest one
/// allowed. Where the values do not lie on lines, the objects are the values: an array around them
/// and the commas between them are passed over. One caller at a time.
class JsonStream {
 public:
  /// From the stream's beginning, in the layout that it has. Errors: those of the stream.
  static Result<JsonStream> open(std::unique_ptr<ByteReader> bytes, std::size_t max_value_bytes);

  /// From the middle of a stream of lines on.
  static JsonStream of_lines(std::unique_ptr<ByteReader> bytes, std::size_t max_value_bytes);

  /// The next value's text, blank lines left out; the view lives until the next call. False at the
  /// end. Errors: those of the stream; resource_exhausted for a value that is too long
  /// (last_error_was_value), after which the next call goes on with the one that follows.
  Result<bool> next(std::string_view& text);

  /// See LineReader::last_error_was_line.
  bool last_error_was_value() const;

  /// See LineReader.
  Result<bool> skip_rest_of_line(std::uint64_t limit_bytes);

  /// How many bytes of the stream (of UTF-16: of its UTF-8) lie before the value given last, and
  /// before what comes next.
  std::uint64_t value_begin() const;
  std::uint64_t position() const;

  /// The value's line, or number in a stream without lines, from 1.
  std::uint64_t number() const;

  /// Where the value given last stands: "line 12" or "value 12".
  std::string place() const;

 private:
  JsonStream(std::unique_ptr<ByteReader> bytes, std::size_t max_value_bytes, JsonLayout layout);

  Result<bool> next_object(std::string_view& text);
  Result<bool> find_value();
  Status gather_object();
  Status gather_other();
  Result<bool> has_pending();
  std::string_view pending() const;
  void keep(std::size_t bytes);

  LineReader lines_;                   // of layout lines
  std::unique_ptr<ByteReader> bytes_;  // of layout values, from here on
  JsonLayout layout_;
  std::size_t max_value_bytes_;
  std::string chunk_;
  std::size_t at_ = 0;  // chunk_[at_, end_) is not looked at yet
  std::size_t end_ = 0;
  std::uint64_t position_ = 0;
  std::uint64_t begin_ = 0;
  std::uint64_t number_ = 0;
  std::string value_;
  bool is_too_long_ = false;
  bool last_error_was_value_ = false;
};

}  // namespace aludel::io
