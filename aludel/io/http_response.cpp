#include "aludel/io/http_response.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/io/http_body.h"

namespace aludel::io {
namespace {

constexpr std::string_view kBlank = " \t";

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower_ascii(x) == lower_ascii(y); });
}

/// The number of a status line, 0 when it is none.
int status_of(std::string_view line) {
  line = trim_blanks(line);
  if (!equal_without_case(line.substr(0, 5), "http/")) return 0;
  const std::string_view rest = trim_blanks(line.substr(std::min(line.find(' '), line.size())));
  int status = 0;
  const auto end =
      std::from_chars(rest.data(), rest.data() + std::min<std::size_t>(3, rest.size()), status);
  return end.ec == std::errc() && status >= 100 ? status : 0;
}

/// Takes empty lines and interim replies off, up to the status line that counts.
void skip_interim_replies(std::string_view& block) {
  while (true) {
    block.remove_prefix(std::min(block.find_first_not_of("\r\n"), block.size()));
    std::string_view rest = block;
    const int status = status_of(take_line(rest));
    if (status < 100 || status > 199 || status == 101) return;
    read_headers(rest);
    rest.remove_prefix(std::min(rest.find_first_not_of("\r\n"), rest.size()));
    std::string_view next = rest;
    if (status_of(take_line(next)) == 0) return;
    block = rest;
  }
}

/// The values of a list, without the blanks around them; a comma within quotes ends none.
std::vector<std::string_view> split_list(std::string_view list) {
  std::vector<std::string_view> values;
  bool is_quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= list.size(); ++i) {
    if (i < list.size() && list[i] == '"') {
      is_quoted = !is_quoted;
    } else if (i == list.size() || (list[i] == ',' && !is_quoted)) {
      values.push_back(trim_blanks(list.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  return values;
}

/// "text/html" of one value; "" for what is no type, and for those that say nothing.
std::string essence_of(std::string_view value) {
  if (value.starts_with('"')) value.remove_prefix(1);
  std::string essence = lower_ascii(trim_blanks(value.substr(0, value.find_first_of("; \t\"", 1))));
  const std::size_t slash = essence.find('/');
  const bool is_type = slash != std::string::npos && slash > 0 && slash + 1 < essence.size();
  // MIME Sniffing, 5.1: types that servers send for files they do not know.
  const bool says_nothing =
      essence == "*/*" || essence == "unknown/unknown" || essence == "application/unknown";
  if (!is_type || says_nothing) return "";
  return essence;
}

/// "; charset=gbk" of a value, as it is written there; "" without one.
std::string_view charset_of(std::string_view value) {
  for (std::size_t at = value.find(';'); at != std::string_view::npos;
       at = value.find(';', at + 1)) {
    const std::string_view parameter = value.substr(at, value.find(';', at + 1) - at);
    const std::string_view name = trim_blanks(parameter.substr(1, parameter.find('=') - 1));
    if (equal_without_case(name, "charset")) return parameter;
  }
  return "";
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
  while (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

std::string_view trim_blanks(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
  const std::size_t end = text.find_last_not_of(kBlank);
  return begin == text.size() ? std::string_view() : text.substr(begin, end + 1 - begin);
}

Headers read_headers(std::string_view& text) {
  std::vector<Header> fields;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    if (kBlank.find(line[0]) != std::string_view::npos && !fields.empty()) {
      std::string& value = fields.back().value;
      value.append(value.empty() ? "" : " ").append(trim_blanks(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    fields.push_back({std::string(trim_blanks(line.substr(0, colon))),
                      std::string(trim_blanks(line.substr(colon + 1)))});
  }
  Headers headers;
  for (Header& field : fields) {
    headers.add(std::move(field.name), std::move(field.value));
  }
  return headers;
}

std::string effective_content_type(std::string_view joined) {
  std::string_view type;
  std::string_view charset;
  for (const std::string_view value : split_list(joined)) {
    const std::string essence = essence_of(value);
    if (essence.empty()) continue;
    const std::string_view own = charset_of(value);
    if (!own.empty() || essence != essence_of(type)) charset = own;
    type = value;
  }
  std::string effective(type);
  if (charset_of(type).empty()) effective += charset;
  return effective;
}

std::string media_type(std::string_view content_type) {
  return essence_of(effective_content_type(content_type));
}

bool is_page_type(std::string_view media_type) {
  return media_type == "text/html" || media_type == "application/xhtml+xml" ||
         media_type == "text/plain";
}

namespace {

/// Takes the body, without the codings that the headers name and those that they do not.
Status take_body(HttpResponse& response, std::string bytes, std::uint64_t max_body_bytes) {
  HttpBody body{.bytes = std::move(bytes), .defect = {}};
  for (const std::string_view field : {"transfer-encoding", "content-encoding"}) {
    ALUDEL_TRY(undo_codings(body, response.headers.joined(field), max_body_bytes));
  }
  const std::string type = media_type(response.headers.joined("content-type"));
  if (type.empty() || is_page_type(type)) ALUDEL_TRY(undo_unnamed_codings(body, max_body_bytes));
  response.body = std::move(body.bytes);
  response.defect = body.defect;
  return Ok{};
}

Error too_large(std::size_t bytes, std::uint64_t max_body_bytes) {
  return {Code::resource_exhausted,
          fmt::format("[http] a body of {} bytes, at most {} are read", bytes, max_body_bytes)};
}

}  // namespace

Result<HttpResponse> parse_http_response(std::string block, std::uint64_t max_body_bytes) {
  HttpResponse response;
  std::string_view rest = block;
  skip_interim_replies(rest);
  const std::string_view line = take_line(rest);
  response.status = status_of(line);
  if (response.status == 0) {
    return Error{Code::corrupt_data,
                 fmt::format("[http] a status line was expected, not '{}'", line.substr(0, 40))};
  }
  response.headers = read_headers(rest);
  if (rest.size() > max_body_bytes) return too_large(rest.size(), max_body_bytes);
  block.erase(0, block.size() - rest.size());
  ALUDEL_TRY(take_body(response, std::move(block), max_body_bytes));
  return response;
}

Result<HttpResponse> parse_http_response(std::string_view head, std::string body,
                                         std::uint64_t max_body_bytes) {
  HttpResponse response;
  std::string_view rest = head;
  response.status = status_of(take_line(rest));
  const bool is_final = response.status >= 200 || response.status == 101;
  if (is_final) response.headers = read_headers(rest);
  if (!is_final || !rest.empty()) {
    return parse_http_response(body.insert(0, head), max_body_bytes);
  }
  if (body.size() > max_body_bytes) return too_large(body.size(), max_body_bytes);
  ALUDEL_TRY(take_body(response, std::move(body), max_body_bytes));
  return response;
}

}  // namespace aludel::io
