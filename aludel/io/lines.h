#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "aludel/io/file_system.h"

namespace aludel::io {

/// Lines of a stream, in memory bounded by the longest line allowed. One caller at a time.
class LineReader {
 public:
  explicit LineReader(std::unique_ptr<ByteReader> bytes,
                      std::size_t max_line_bytes = std::size_t{256} << 20);

  /// The next line without its "\n" (a "\r" stays) and without the byte order mark of the stream;
  /// the view lives until the next call. False at the end. Errors: those of the stream;
  /// resource_exhausted for a line that is too long (last_error_was_line), after which the next
  /// call goes on with the line that follows it.
  Result<bool> next(std::string_view& line);

  /// Whether the error of next() concerns one line only. Its code does not tell: a stream can fail
  /// with resource_exhausted, too.
  bool last_error_was_line() const { return last_error_was_line_; }

  /// Leaves out the rest of the line that the stream stands in, at most `limit_bytes` of it. False
  /// where the line, or the stream, does not end within them. It is no line that is counted.
  Result<bool> skip_rest_of_line(std::uint64_t limit_bytes);

  /// Number of the line that next() gave last, from 1.
  std::uint64_t line_number() const { return line_number_; }

  /// How many bytes of the stream lie before the line that next() gave last, and before the one
  /// that it gives next. Lines that are too long count like all others.
  std::uint64_t line_begin() const { return line_begin_; }

  std::uint64_t position() const { return position_; }

 private:
  Result<bool> refill();
  void take(std::size_t bytes);
  std::string_view without_mark(std::string_view line) const;

  std::unique_ptr<ByteReader> bytes_;
  std::size_t max_line_bytes_;
  std::string buffer_;
  std::size_t begin_ = 0;  // buffer_[begin_, end_) is not given out yet
  std::size_t end_ = 0;
  std::uint64_t position_ = 0;  // of buffer_[begin_] in the stream
  std::uint64_t line_begin_ = 0;
  std::uint64_t line_number_ = 0;
  bool last_error_was_line_ = false;
};

}  // namespace aludel::io
