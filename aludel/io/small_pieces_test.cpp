// Bytes that come in many small pieces: what is there already must not be gone over for each.
#include <algorithm>
#include <ctime>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/io/codec.h"
#include "aludel/io/http_response.h"
#include "aludel/io/json_stream.h"
#include "aludel/io/lines.h"

namespace aludel::io {
namespace {

/// Gives out one byte at a time.
class ByteByByte final : public ByteReader {
 public:
  explicit ByteByByte(std::size_t size) : left_(size) {}

  Result<std::size_t> read(std::span<char> out) override {
    if (left_ == 0) return std::size_t{0};
    --left_;
    out[0] = 'x';
    return std::size_t{1};
  }

 private:
  std::size_t left_;
};

/// A large member and a number of empty ones.
std::string members(const CodecSpec& codec, std::size_t count) {
  std::string bytes = codec.compress(std::string(count * 4000, 'x'), 1);
  const std::string empty = codec.compress("", 1);
  for (std::size_t i = 0; i < count; ++i) {
    bytes += empty;
  }
  return bytes;
}

std::size_t read_body(std::string_view coding, std::size_t count) {
  const std::string block = fmt::format("HTTP/1.1 200 OK\r\nContent-Encoding: {}\r\n\r\n{}", coding,
                                        members(*find_codec(coding), count));
  return parse_http_response(block, 1U << 30).value().body.size() / 4000;
}

std::size_t decompress_members(std::string_view name, std::size_t count) {
  const CodecSpec& codec = *find_codec(name);
  return decompress(codec, members(codec, count), 1U << 30).value().size() / 4000;
}

std::size_t read_line(std::size_t count) {
  LineReader lines(std::make_unique<ByteByByte>(count * 100));
  std::string_view line;
  return lines.next(line).value() ? line.size() / 100 : 0;
}

std::size_t read_value(std::size_t count) {
  auto values = JsonStream::open(std::make_unique<ByteByByte>(count * 100), 1U << 30).value();
  std::string_view text;
  return values.next(text).value() ? text.size() / 100 : 0;
}

std::size_t read_whole(std::size_t count) {
  ByteByByte bytes(count * 100);
  return read_all(bytes, 1U << 30).value().size() / 100;
}

struct Pieces {
  const char* name;
  std::size_t (*read)(std::size_t count);  // returns the count
};

constexpr Pieces kPieces[] = {
    {"BodyOfGzipMembers", [](std::size_t count) { return read_body("gzip", count); }},
    {"BodyOfZstdFrames", [](std::size_t count) { return read_body("zstd", count); }},
    {"GzipMembers", [](std::size_t count) { return decompress_members("gzip", count); }},
    {"ZstdFrames", [](std::size_t count) { return decompress_members("zstd", count); }},
    {"Line", read_line},
    {"JsonValue", read_value},
    {"WholeFile", read_whole},
};

void PrintTo(const Pieces& pieces, std::ostream* out) {  // part of the test's name
  *out << pieces.name;
}

double seconds_of(const Pieces& pieces, std::size_t count) {
  const std::clock_t start = std::clock();
  EXPECT_EQ(pieces.read(count), count);
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

class SmallPiecesTimed : public testing::TestWithParam<Pieces> {};

TEST_P(SmallPiecesTimed, TakeTimeInProportionToTheirNumber) {
  constexpr std::size_t kCount = 8000;
  double seconds = seconds_of(GetParam(), kCount);
  double seconds_of_quarter = seconds_of(GetParam(), kCount / 4);
  // Four times the quarter, and what a busy machine adds; what is over is measured again.
  for (int repeat = 0; repeat < 3 && seconds > 7 * seconds_of_quarter + 0.1; ++repeat) {
    seconds = std::min(seconds, seconds_of(GetParam(), kCount));
    seconds_of_quarter = std::max(seconds_of_quarter, seconds_of(GetParam(), kCount / 4));
  }
  EXPECT_LT(seconds, 7 * seconds_of_quarter + 0.1);
}

INSTANTIATE_TEST_SUITE_P(All, SmallPiecesTimed, testing::ValuesIn(kPieces));

}  // namespace
}  // namespace aludel::io
