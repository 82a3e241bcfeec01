#include "aludel/text/tokenizer/protobuf.h"

#include <bit>

namespace aludel::text {
namespace {

enum WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

Error corrupt_message(std::string_view what) {
  return Error{Code::corrupt_data, "[protobuf] " + std::string(what)};
}

std::uint64_t little_endian(std::string_view data) {
  std::uint64_t value = 0;
  for (std::size_t i = data.size(); i-- > 0;) {
    value = (value << 8) | static_cast<std::uint8_t>(data[i]);
  }
  return value;
}

}  // namespace

float ProtobufField::as_float() const {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value));
}

Result<std::uint64_t> ProtobufReader::read_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (rest_.empty()) return corrupt_message("a number runs over the end");
    const auto byte = static_cast<std::uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    if (shift < 64) value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  return corrupt_message("a number of more than 10 bytes");
}

Result<std::string_view> ProtobufReader::take(std::uint64_t size_bytes) {
  if (size_bytes > rest_.size()) return corrupt_message("a field runs over the end");
  const std::string_view taken = rest_.substr(0, size_bytes);
  rest_.remove_prefix(size_bytes);
  return taken;
}

Result<std::optional<ProtobufField>> ProtobufReader::next() {
  if (rest_.empty()) return std::optional<ProtobufField>();
  const std::uint64_t tag = ALUDEL_TRY(read_varint());
  ProtobufField field;
  field.number = static_cast<std::uint32_t>(tag >> 3);
  switch (tag & 7) {
    case WireType::varint:
      field.value = ALUDEL_TRY(read_varint());
      break;
    case WireType::fixed64:
      field.value = little_endian(ALUDEL_TRY(take(8)));
      break;
    case WireType::fixed32:
      field.value = little_endian(ALUDEL_TRY(take(4)));
      break;
    case WireType::bytes: {
      const std::uint64_t size_bytes = ALUDEL_TRY(read_varint());
      field.bytes = ALUDEL_TRY(take(size_bytes));
      break;
    }
    default:
      return corrupt_message("an unknown wire type");
  }
  return std::optional(field);
}

void ProtobufWriter::add_varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) {
    out_ += static_cast<char>((value & 0x7F) | 0x80);
  }
  out_ += static_cast<char>(value);
}

void ProtobufWriter::add_integer(std::uint32_t number, std::int64_t value) {
  add_varint(std::uint64_t{number} << 3 | WireType::varint);
  add_varint(static_cast<std::uint64_t>(value));
}

void ProtobufWriter::add_float(std::uint32_t number, float value) {
  add_varint(std::uint64_t{number} << 3 | WireType::fixed32);
  auto word = std::bit_cast<std::uint32_t>(value);
  for (int i = 0; i < 4; ++i, word >>= 8) {
    out_ += static_cast<char>(word & 0xFF);
  }
}

void ProtobufWriter::add_bytes(std::uint32_t number, std::string_view data) {
  add_varint(std::uint64_t{number} << 3 | WireType::bytes);
  add_varint(data.size());
  out_ += data;
}

}  // namespace aludel::text
