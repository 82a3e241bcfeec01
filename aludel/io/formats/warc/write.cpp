#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/io/digest.h"
#include "aludel/io/formats/warc.h"

namespace aludel::io {
namespace {

/// A UUID of the free-form version 8 made from a hash. Source: RFC 9562 section 5.8.
std::string record_id(std::string_view content) {
  std::string hex = hash128(content).hex();
  hex[12] = '8';
  hex[16] = "89ab"[hex[16] % 4];
  const std::string_view view = hex;
  return fmt::format("<urn:uuid:{}-{}-{}-{}-{}>", view.substr(0, 8), view.substr(8, 4),
                     view.substr(12, 4), view.substr(16, 4), view.substr(20));
}

/// A value that cannot end its line.
std::string one_line(std::string_view value) {
  std::string line(value);
  for (char& c : line) {
    if (c == '\r' || c == '\n') c = ' ';
  }
  return line;
}

}  // namespace

Result<WarcWriter> WarcWriter::create(FileSystem& files, const std::string& path) {
  return WarcWriter(ALUDEL_TRY(files.create(path)), codec_of_path(path));
}

Status WarcWriter::write_info(std::string_view date, const std::vector<Header>& fields) {
  std::string block;
  for (const Header& field : fields) {
    block += fmt::format("{}: {}\r\n", one_line(field.name), one_line(field.value));
  }
  return write_record("warcinfo",
                      {{"WARC-Date", std::string(date)},
                       {"Content-Type", "application/warc-fields"},
                       {"WARC-Block-Digest", sha1_digest(block)}},
                      block);
}

Status WarcWriter::write_response(std::string_view uri, std::string_view date,
                                  std::string_view http_head, std::string_view body) {
  const std::string block = std::string(http_head).append(body);
  return write_record("response",
                      {{"WARC-Date", std::string(date)},
                       {"WARC-Target-URI", std::string(uri)},
                       {"Content-Type", "application/http; msgtype=response"},
                       {"WARC-Payload-Digest", sha1_digest(body)},
                       {"WARC-Block-Digest", sha1_digest(block)}},
                      block);
}

Status WarcWriter::write_record(std::string_view type, const std::vector<Header>& headers,
                                std::string_view block) {
  std::string text;
  for (const Header& header : headers) {
    text += fmt::format("{}: {}\r\n", header.name, one_line(header.value));
  }
  text += fmt::format("Content-Length: {}\r\n\r\n{}\r\n\r\n", block.size(), block);
  const std::string record = fmt::format("WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: {}\r\n{}",
                                         type, record_id(std::string(type) + text), text);
  const std::string member =
      codec_ == nullptr ? record : codec_->compress(record, codec_->default_level);
  ALUDEL_TRY(file_->write(member));
  size_bytes_ += member.size();
  return Ok{};
}

}  // namespace aludel::io
