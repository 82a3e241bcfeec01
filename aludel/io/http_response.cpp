#include "aludel/io/http_response.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/io/codec.h"

namespace aludel::io {
namespace {

constexpr std::string_view kBlank = " \t";

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower_ascii(x) == lower_ascii(y); });
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
  const std::size_t end = text.find_last_not_of(kBlank);
  return begin == text.size() ? std::string_view() : text.substr(begin, end + 1 - begin);
}

/// The number of a status line, 0 when it is none.
int status_of(std::string_view line) {
  if (!line.starts_with("HTTP/")) return 0;
  const std::string_view rest = trim(line.substr(std::min(line.find(' '), line.size())));
  int status = 0;
  const auto end =
      std::from_chars(rest.data(), rest.data() + std::min<std::size_t>(3, rest.size()), status);
  return end.ec == std::errc() && status >= 100 ? status : 0;
}

struct Dechunked {
  std::string body;
  bool complete = false;
  bool any = false;  // whether at least one chunk was sound
};

/// Undoes the chunked coding; what follows a wrong chunk is kept as it is.
Dechunked dechunk(std::string_view coded) {
  Dechunked result;
  while (!coded.empty()) {
    const std::string_view rest = coded;
    const std::string_view line = trim(take_line(coded));
    std::uint64_t size = 0;
    const auto number = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    const std::string_view extension =
        line.substr(static_cast<std::size_t>(number.ptr - line.data()));
    const bool is_size = number.ec == std::errc() && (extension.empty() || extension[0] == ';');
    if (is_size && size == 0) {
      result.any = result.complete = true;
      return result;
    }
    if (is_size && size >= coded.size()) {  // the message was cut inside a chunk
      result.any = true;
      result.body += coded;
      return result;
    }
    const std::string_view chunk = coded.substr(0, size);
    coded.remove_prefix(is_size ? size : 0);
    if (coded.starts_with('\r')) coded.remove_prefix(1);
    if (!is_size || !coded.starts_with('\n')) {
      result.body += rest;
      return result;
    }
    coded.remove_prefix(1);
    result.any = true;
    result.body += chunk;
  }
  return result;
}

void undo_chunks(HttpResponse& response) {
  Dechunked result = dechunk(response.body);
  if (!result.any) {
    response.defect = response.body.empty() ? "" : "not chunked";  // stored without its chunks
    return;
  }
  if (!result.complete) response.defect = "wrong chunks";
  response.body = std::move(result.body);
}

struct Decoded {
  std::string body;
  std::string_view defect;
};

/// Undoes one content coding; what was decoded before damage is kept.
Result<Decoded> decode_body(const CodecSpec& codec, std::string_view coded, std::uint64_t limit) {
  const auto decoder = codec.make_decoder();
  std::string body;
  std::size_t size = 0;
  while (!coded.empty()) {
    body.resize(size + std::max<std::size_t>(size, 16384));
    const auto step = decoder->decode(coded, {body.data() + size, body.size() - size});
    const bool stuck = step && step.value().read == 0 && step.value().written == 0;
    if (!step || (stuck && !step.value().member_ended)) {
      body.resize(size);
      return Decoded{std::move(body), "cut"};
    }
    size += step.value().written;
    coded.remove_prefix(step.value().read);
    if (size > limit) {
      return Error{Code::resource_exhausted,
                   fmt::format("[http] the body decodes to more than {} bytes", limit)};
    }
    if (!step.value().member_ended) continue;
    body.resize(size);
    // Only gzip goes on after a member's end; other bytes there are a server's mistake.
    if (codec.sniff == nullptr || !codec.sniff(coded)) return Decoded{std::move(body), ""};
    decoder->reset();
  }
  // All was read: take what the decoder still holds.
  while (size <= limit) {
    body.resize(size + 16384);
    const auto step = decoder->decode({}, {body.data() + size, 16384});
    if (!step || (step.value().written == 0 && !step.value().member_ended)) break;
    size += step.value().written;
    if (!step.value().member_ended) continue;
    body.resize(size);
    return Decoded{std::move(body), ""};
  }
  body.resize(std::min<std::uint64_t>(size, limit));
  return Decoded{std::move(body), "cut"};
}

Status undo_content_coding(HttpResponse& response, std::string_view name, std::uint64_t limit) {
  std::string coding = lower_ascii(trim(name));
  if (coding.empty() || coding == "identity" || coding == "none" || response.body.empty()) {
    return Ok{};
  }
  if (coding.starts_with("x-")) coding.erase(0, 2);  // x-gzip is gzip by RFC 9110 8.4.1.3
  const CodecSpec* codec = find_codec(coding);
  if (codec == nullptr) {
    return Error{Code::unsupported,
                 fmt::format("[http] unknown content coding '{}'", coding.substr(0, 40))};
  }
  auto decoded = ALUDEL_TRY(decode_body(*codec, response.body, limit));
  if (decoded.body.empty() && !decoded.defect.empty()) {
    const bool has_magic = codec->sniff != nullptr && codec->sniff(response.body);
    response.defect = has_magic ? "cut" : "content coding absent";
    if (has_magic) response.body.clear();
    return Ok{};
  }
  response.body = std::move(decoded.body);
  if (!decoded.defect.empty()) response.defect = decoded.defect;
  return Ok{};
}

}  // namespace

const std::string* Headers::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      all_, [name](const Header& header) { return equal_without_case(header.name, name); });
  return found == all_.end() ? nullptr : &found->value;
}

std::string Headers::joined(std::string_view name) const {
  std::string values;
  for (const Header& header : all_) {
    if (!equal_without_case(header.name, name)) continue;
    if (!values.empty()) values += ", ";
    values += header.value;
  }
  return values;
}

std::string_view Headers::get(std::string_view name) const {
  const std::string* value = find(name);
  return value == nullptr ? std::string_view() : *value;
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  std::uint64_t length = 0;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), length);
  if (number.ec != std::errc() || number.ptr != text.data() + text.size()) return std::nullopt;
  return length;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t newline = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, newline);
  text.remove_prefix(std::min(newline + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Headers read_headers(std::string_view& text) {
  std::vector<Header> fields;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    if (kBlank.find(line[0]) != std::string_view::npos && !fields.empty()) {
      fields.back().value.append(" ").append(trim(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    fields.push_back(
        {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  }
  Headers headers;
  for (Header& field : fields) {
    headers.add(std::move(field.name), std::move(field.value));
  }
  return headers;
}

std::string media_type(std::string_view content_type) {
  return lower_ascii(trim(content_type.substr(0, content_type.find_first_of(";, "))));
}

Result<HttpResponse> parse_http_response(std::string_view block, std::uint64_t max_body_bytes) {
  HttpResponse response;
  const std::string_view line = take_line(block);
  response.status = status_of(line);
  if (response.status == 0) {
    return Error{Code::corrupt_data,
                 fmt::format("[http] a status line was expected, not '{}'", line.substr(0, 40))};
  }
  response.headers = read_headers(block);
  if (block.size() > max_body_bytes) {
    return Error{Code::resource_exhausted,
                 fmt::format("[http] a body of {} bytes, at most {} are read", block.size(),
                             max_body_bytes)};
  }
  response.body = block;
  const std::string_view transfer = response.headers.get("transfer-encoding");
  if (media_type(transfer).find("chunked") != std::string::npos) undo_chunks(response);
  // Codings are undone in the reverse of the order they were applied and named in.
  std::string_view codings = response.headers.get("content-encoding");
  while (!codings.empty()) {
    const std::size_t comma = codings.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    ALUDEL_TRY(undo_content_coding(response, codings.substr(begin), max_body_bytes));
    codings = codings.substr(0, begin == 0 ? 0 : comma);
  }
  return response;
}

}  // namespace aludel::io
