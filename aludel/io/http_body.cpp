#include "aludel/io/http_body.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/io/codec.h"
#include "aludel/io/http_response.h"

namespace aludel::io {
namespace {

constexpr int kMostCodings = 4;  // a gzip file can decode to itself for ever

void note(HttpBody& body, std::string_view defect) {
  if (body.defect.empty()) body.defect = defect;
}

struct Dechunked {
  std::string bytes;
  bool complete = false;
  bool any = false;  // whether at least one chunk was sound
};

/// Undoes the chunked coding; what follows a wrong chunk is kept as it is.
Dechunked dechunk(std::string_view coded) {
  Dechunked result;
  while (!coded.empty()) {
    const std::string_view rest = coded;
    const std::string_view line = trim_blanks(take_line(coded));
    std::uint64_t size = 0;
    const auto number = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    const std::string_view extension =
        trim_blanks(line.substr(static_cast<std::size_t>(number.ptr - line.data())));
    const bool is_size = number.ec == std::errc() && (extension.empty() || extension[0] == ';');
    if (is_size && size == 0) {
      result.any = result.complete = true;
      return result;
    }
    if (is_size && size >= coded.size()) {  // the message was cut inside a chunk
      result.any = true;
      result.bytes += coded;
      return result;
    }
    const std::string_view chunk = coded.substr(0, size);
    coded.remove_prefix(is_size ? size : 0);
    if (coded.starts_with('\r')) coded.remove_prefix(1);
    if (!is_size || !coded.starts_with('\n')) {
      result.bytes += rest;
      return result;
    }
    coded.remove_prefix(1);
    result.any = true;
    result.bytes += chunk;
  }
  return result;
}

void undo_chunks(HttpBody& body) {
  Dechunked result = dechunk(body.bytes);
  if (!result.any) {
    if (!body.bytes.empty()) note(body, "not chunked");  // stored without its chunks
    return;
  }
  if (!result.complete) note(body, "wrong chunks");
  body.bytes = std::move(result.bytes);
}

struct Decoded {
  std::string bytes;
  bool is_whole = false;
};

/// Undoes one content coding; what was decoded before damage is kept.
Result<Decoded> decode(const CodecSpec& codec, std::string_view coded, std::uint64_t limit) {
  const auto decoder = codec.make_decoder();
  std::string bytes;
  std::size_t size = 0;
  const auto decode_some = [&](std::string_view some) {
    // Only a full buffer grows: a body of many small members would be filled with zeros for each.
    if (bytes.size() == size) bytes.resize(size + std::max<std::size_t>(size, 16384));
    return decoder->decode(some, {bytes.data() + size, bytes.size() - size});
  };
  const auto decoded = [&](bool is_whole) -> Result<Decoded> {
    if (size > limit) {
      return Error{Code::resource_exhausted,
                   fmt::format("[http] the body decodes to more than {} bytes", limit)};
    }
    bytes.resize(size);
    return Decoded{std::move(bytes), is_whole};
  };
  while (!coded.empty()) {
    const auto step = decode_some(coded);
    const bool stuck = step && step.value().read == 0 && step.value().written == 0;
    if (!step || (stuck && !step.value().member_ended)) return decoded(false);
    size += step.value().written;
    coded.remove_prefix(step.value().read);
    if (size > limit) return decoded(false);
    if (!step.value().member_ended) continue;
    // Only gzip and zstd go on after a member's end; other bytes there are a server's mistake.
    if (codec.sniff == nullptr || !codec.sniff(coded)) return decoded(true);
    decoder->reset();
  }
  // All was read: take what the decoder still holds.
  while (size <= limit) {
    const auto step = decode_some({});
    if (!step || (step.value().written == 0 && !step.value().member_ended)) break;
    size += step.value().written;
    if (step.value().member_ended) return decoded(true);
  }
  return decoded(false);
}

/// Whether bytes may be zlib's; "x^2" may be, too, so only decoding tells.
bool may_be_zlib(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != '\x78') return false;
  return (0x78 * 256 + static_cast<unsigned char>(bytes[1])) % 31 == 0;
}

/// The codec of bytes that a field calls `name`: magic bytes first, since names are often wrong.
const CodecSpec* codec_of(std::string_view name, std::string_view bytes) {
  if (const CodecSpec* codec = sniff_codec(bytes)) return codec;
  if (name == "gzip" && may_be_zlib(bytes)) return find_codec("deflate");
  return find_codec(name);
}

/// A coding's name in lower case, without quotes, parameters and the "x-" of old names.
std::string coding_name(std::string_view text) {
  std::string name = lower_ascii(trim_blanks(text.substr(0, text.find(';'))));
  std::erase(name, '"');
  if (name.starts_with("x-")) name.erase(0, 2);  // x-gzip is gzip by RFC 9110 8.4.1.3
  return name == "brotli" ? "br" : name;
}

Status undo_coding(HttpBody& body, const std::string& name, std::uint64_t limit) {
  if (body.bytes.empty()) return Ok{};
  if (find_codec(name) == nullptr) {
    note(body, "content coding unknown");
    return Ok{};
  }
  const CodecSpec& codec = *codec_of(name, body.bytes);
  auto decoded = ALUDEL_TRY(decode(codec, body.bytes, limit));
  if (decoded.bytes.empty() && !decoded.is_whole) {
    const bool has_magic = codec.sniff != nullptr && codec.sniff(body.bytes);
    note(body, has_magic ? "cut" : "content coding absent");
    if (has_magic) body.bytes.clear();
    return Ok{};
  }
  if (!decoded.is_whole) note(body, "cut");
  body.bytes = std::move(decoded.bytes);
  return Ok{};
}

}  // namespace

Status undo_codings(HttpBody& body, std::string_view value, std::uint64_t limit) {
  for (int undone = 0; !value.empty() && undone < kMostCodings;) {
    const std::size_t comma = value.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const std::string name = coding_name(value.substr(begin));
    value = value.substr(0, begin == 0 ? 0 : comma);
    if (name.empty() || name == "identity" || name == "none") continue;
    ++undone;
    if (name == "chunked") {
      undo_chunks(body);
    } else {
      ALUDEL_TRY(undo_coding(body, name, limit));
    }
  }
  return Ok{};
}

Status undo_unnamed_codings(HttpBody& body, std::uint64_t limit) {
  for (int undone = 0; undone < kMostCodings; ++undone) {
    const CodecSpec* codec = sniff_codec(body.bytes);
    if (codec == nullptr && may_be_zlib(body.bytes)) codec = find_codec("deflate");
    if (codec != nullptr) {
      auto decoded = ALUDEL_TRY(decode(*codec, body.bytes, limit));
      if (!decoded.is_whole && (codec->sniff == nullptr || decoded.bytes.empty())) break;
      note(body, decoded.is_whole ? "content coding not named" : "cut");
      body.bytes = std::move(decoded.bytes);
      continue;
    }
    if (body.bytes.empty() || std::isxdigit(static_cast<unsigned char>(body.bytes[0])) == 0) break;
    Dechunked result = dechunk(body.bytes);
    if (!result.complete || result.bytes.empty()) break;
    note(body, "chunks not named");
    body.bytes = std::move(result.bytes);
  }
  return Ok{};
}

}  // namespace aludel::io
