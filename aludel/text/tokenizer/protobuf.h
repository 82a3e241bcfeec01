#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aludel/base/result.h"

namespace aludel::text {

/// One field of a protobuf message: a number for the wire types varint, fixed64 and fixed32, bytes
/// for a string, a message or a packed list.
struct ProtobufField {
  std::uint32_t number = 0;
  std::uint64_t value = 0;
  std::string_view bytes;

  float as_float() const;
};

/// Walks the fields of one message. Source: protobuf.dev/programming-guides/encoding.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view message) : rest_(message) {}

  /// The next field, or nothing at the end. Errors: corrupt_data for a field that runs over the
  /// end, a varint of more than 10 bytes or a group.
  Result<std::optional<ProtobufField>> next();

 private:
  Result<std::uint64_t> read_varint();
  Result<std::string_view> take(std::uint64_t size_bytes);

  std::string_view rest_;
};

/// Appends fields to a message.
class ProtobufWriter {
 public:
  void add_integer(std::uint32_t number, std::int64_t value);
  void add_float(std::uint32_t number, float value);
  void add_bytes(std::uint32_t number, std::string_view bytes);

  const std::string& message() const { return out_; }

 private:
  void add_varint(std::uint64_t value);

  std::string out_;
};

}  // namespace aludel::text
