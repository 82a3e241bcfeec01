#include "aludel/base/json_bytes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>

#include "aludel/base/utf8.h"

namespace aludel {
namespace {

constexpr int kMostLevels = 1024;
constexpr std::uint64_t kMostReserved = 4096;  // values, whatever size damaged bytes may state

/// What a value begins with. Behind it: an integer's number; a real's eight bytes; a text's size
/// and bytes; an array's size and values; an object's size and, for each member, a text without its
/// kind and a value.
enum class Kind : std::uint8_t { null, no, yes, integer, real, text, array, object };

/// Appends seven bits a byte, the lowest first; the highest bit says that there are more.
void put_number(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) {
    out += static_cast<char>(number | 0x80U);
  }
  out += static_cast<char>(number);
}

void put_kind(std::string& out, Kind kind) {
  out += static_cast<char>(kind);
}

/// Appends an integer. Small ones of either sign are short: 0, -1, 1, -2 are 0, 1, 2, 3.
void put_integer(std::string& out, std::int64_t integer) {
  put_kind(out, Kind::integer);
  put_number(
      out, (static_cast<std::uint64_t>(integer) << 1) ^ static_cast<std::uint64_t>(integer >> 63));
}

void put_text(std::string& out, std::string_view text) {
  unsigned char high = 0;
  for (const char c : text) {
    high |= static_cast<unsigned char>(c);
  }
  if (high >= 0x80 && !is_valid_utf8(text)) return put_text(out, replace_invalid_utf8(text));
  put_number(out, text.size());
  out += text;
}

/// Returns the integer as which JSON gives a real back: "3" is what it has for 3.0.
std::optional<std::int64_t> integer_in_json(double real) {
  if (real != std::trunc(real) || (real == 0 && std::signbit(real))) return std::nullopt;
  std::array<char, 32> digits{};
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), real).ptr;
  std::int64_t integer = 0;
  const auto read = std::from_chars(digits.data(), end, integer);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return integer;
}

void put_real(std::string& out, double real) {
  if (!std::isfinite(real)) return put_kind(out, Kind::null);
  if (const auto integer = integer_in_json(real)) return put_integer(out, *integer);
  put_kind(out, Kind::real);
  std::array<char, sizeof real> bytes{};
  std::memcpy(bytes.data(), &real, sizeof real);
  out.append(bytes.data(), bytes.size());
}

class JsonBytesReader {
 public:
  explicit JsonBytesReader(std::string_view bytes) : left_(bytes) {}

  std::string_view left() const { return left_; }

  bool read(Json& value, int level) {
    if (left_.empty() || level > kMostLevels) return false;
    const auto kind = static_cast<Kind>(left_.front());
    left_.remove_prefix(1);
    switch (kind) {
      case Kind::null:
        value = Json();
        return true;
      case Kind::no:
      case Kind::yes:
        value = kind == Kind::yes;
        return true;
      case Kind::integer:
        return read_integer(value);
      case Kind::real:
        return read_real(value);
      case Kind::text:
        value = std::string();
        return read_text(value.as_string());
      case Kind::array:
        return read_array(value, level);
      case Kind::object:
        return read_object(value, level);
    }
    return false;
  }

 private:
  bool read_number(std::uint64_t& number) {
    number = 0;
    for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      number |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool read_integer(Json& value) {
    std::uint64_t number = 0;
    if (!read_number(number)) return false;
    value = static_cast<std::int64_t>((number >> 1) ^ (~(number & 1) + 1));
    return true;
  }

  bool read_real(Json& value) {
    double real = 0;
    if (left_.size() < sizeof real) return false;
    std::memcpy(&real, left_.data(), sizeof real);
    left_.remove_prefix(sizeof real);
    value = real;
    return true;
  }

  /// Reads how many bytes, values or members follow, which take a byte each or more.
  bool read_size(std::uint64_t& size) { return read_number(size) && size <= left_.size(); }

  bool read_text(std::string& text) {
    std::uint64_t size = 0;
    if (!read_size(size)) return false;
    text = left_.substr(0, static_cast<std::size_t>(size));
    left_.remove_prefix(static_cast<std::size_t>(size));
    return true;
  }

  bool read_array(Json& value, int level) {
    std::uint64_t size = 0;
    if (!read_size(size)) return false;
    value = Json::array();
    Json::Array& items = value.as_array();
    items.reserve(static_cast<std::size_t>(std::min(size, kMostReserved)));
    for (; size > 0; --size) {
      if (!read(items.emplace_back(), level + 1)) return false;
    }
    return true;
  }

  bool read_object(Json& value, int level) {
    std::uint64_t size = 0;
    if (!read_size(size)) return false;
    value = Json::object();
    Json::Object& members = value.as_object();
    members.reserve(static_cast<std::size_t>(std::min(size, kMostReserved)));
    for (; size > 0; --size) {
      Json::Member& member = members.emplace_back();
      if (!read_text(member.first) || !read(member.second, level + 1)) return false;
    }
    return true;
  }

  std::string_view left_;
};

}  // namespace

void append_json_bytes(std::string& out, const Json& value) {
  if (value.is_null()) {
    put_kind(out, Kind::null);
  } else if (value.is_bool()) {
    put_kind(out, value.as_bool() ? Kind::yes : Kind::no);
  } else if (value.is_integer()) {
    put_integer(out, value.as_integer());
  } else if (value.is_number()) {
    put_real(out, value.as_number());
  } else if (value.is_string()) {
    put_kind(out, Kind::text);
    put_text(out, value.as_string());
  } else if (value.is_array()) {
    put_kind(out, Kind::array);
    put_number(out, value.as_array().size());
    for (const Json& item : value.as_array()) {
      append_json_bytes(out, item);
    }
  } else {
    put_kind(out, Kind::object);
    put_number(out, value.as_object().size());
    for (const auto& [name, member] : value.as_object()) {
      put_text(out, name);
      append_json_bytes(out, member);
    }
  }
}

bool take_json_bytes(std::string_view& bytes, Json& value) {
  JsonBytesReader reader(bytes);
  const bool is_read = reader.read(value, 1);
  bytes = reader.left();
  return is_read;
}

}  // namespace aludel
