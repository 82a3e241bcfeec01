#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/curate/read_part.h"
#include "aludel/io/binary.h"
#include "aludel/io/codec.h"
#include "aludel/io/format.h"
#include "aludel/io/json_stream.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kFormatsWithMagic[] = {"warc", "parquet", "epub", "pdf"};

/// The first bytes of a file, as they are stored and without their compression.
struct Head {
  std::string stored;
  std::string content;
  bool is_compressed = false;
};

Result<std::string> first_bytes(io::ByteReader& reader) {
  std::string bytes(io::kJsonHeadBytes, '\0');
  bytes.resize(ALUDEL_TRY(io::read_full(reader, bytes)));
  return bytes;
}

/// Whether what a compressed file holds is looked at, too.
enum class Look : std::uint8_t { stored, content };

Result<Head> read_head(io::FileSystem& files, const std::string& path, Look look) {
  Head head;
  const auto stored = ALUDEL_TRY(files.open(path));
  head.stored = ALUDEL_TRY(first_bytes(*stored));
  head.is_compressed = io::sniff_codec(head.stored) != nullptr;
  if (!head.is_compressed) head.content = head.stored;
  if (!head.is_compressed || look == Look::stored) return head;
  const auto content = ALUDEL_TRY(io::open_decompressed(files, path));
  auto bytes = first_bytes(*content);
  // Who reads the file counts its damage; nothing is known of what it holds.
  if (!bytes && bytes.error().code != Code::corrupt_data) return std::move(bytes).error();
  if (bytes) head.content = std::move(bytes).value();
  return head;
}

/// The format that the bytes show, whatever the file is named; empty where they show none.
std::string_view format_of_content(std::string_view content, std::string_view named,
                                   const SourceConfig& source) {
  for (const io::FormatSpec* format : io::all_formats()) {
    const bool is_ours =
        std::ranges::find(kFormatsWithMagic, format->name) != std::ranges::end(kFormatsWithMagic);
    if (is_ours && format->sniff != nullptr && format->sniff(content)) return format->name;
  }
  const bool may_be_records = named.empty() || named == "text" || named == "html";
  return may_be_records && io::begins_with_record(content, source.text_key) ? "jsonl" : "";
}

}  // namespace

Result<FileShape> shape_of(io::FileSystem& files, const io::FileInfo& info,
                           const SourceConfig& source) {
  const std::string_view named = io::ending_of(info.path).format;
  FileShape shape;
  shape.format = source.format == "auto" ? std::string(named) : source.format;
  shape.is_remote = !info.version.empty() || io::is_web_address(info.path);
  if (shape.is_remote && shape.format != "jsonl") return shape;
  const Head head =
      ALUDEL_TRY(read_head(files, info.path, shape.is_remote ? Look::stored : Look::content));
  shape.unread_compression = io::unread_compression(head.stored);
  if (source.format == "auto" && !shape.is_remote) {
    const std::string_view found = format_of_content(head.content, named, source);
    if (!found.empty() && found != named) {
      log_warning("{}: {} by its name and {} by its bytes; read as {}", io::file_name_of(info.path),
                  named.empty() ? "unknown" : named, found, found);
      shape.format = found;
    }
  }
  shape.is_stream = head.is_compressed || (shape.format == "jsonl" &&
                                           io::json_layout(head.content) != io::JsonLayout::lines);
  return shape;
}

}  // namespace aludel::curate
