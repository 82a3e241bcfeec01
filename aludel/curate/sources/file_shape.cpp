#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/base/log.h"
#include "aludel/curate/sources/source_formats.h"
#include "aludel/io/binary.h"
#include "aludel/io/codec.h"
#include "aludel/io/format.h"
#include "aludel/io/json_stream.h"

namespace aludel::curate {
namespace {

/// Endings of files that a program still writes, or was stopped at: browsers, wget, curl, aria2,
/// rsync, rclone, FTP clients, Hadoop and this program.
constexpr std::string_view kUnfinishedEndings[] = {
    ".part",       ".partial",    ".tmp",      ".temp", ".crdownload", ".download",
    ".opdownload", ".incomplete", ".filepart", ".!qb",  ".aria2",      ".aludel-partial"};

/// Names of files that come with documents and never hold one.
constexpr std::string_view kCompanionNames[] = {
    ".ds_store", "thumbs.db", "desktop.ini", ".gitattributes",   ".gitignore",
    ".gitkeep",  "_success",  "_metadata",   "_common_metadata", "manifest-md5.txt",
    "md5sums",   "sha1sums",  "sha256sums",  "sha512sums"};
constexpr std::string_view kCompanionEndings[] = {".crc",    ".md5",    ".sha1",
                                                  ".sha256", ".sha512", ".sig"};
constexpr std::string_view kAppleDouble = "._";

bool ends_with_one_of(std::string_view name, std::span<const std::string_view> endings) {
  return std::ranges::any_of(endings, [name](std::string_view end) { return name.ends_with(end); });
}

/// True if rsync still writes it: ".pages.jsonl.Xy12zA".
bool is_unfinished_copy(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return name.starts_with('.') && name.size() - dot == 7 && dot > 1 &&
         !io::ending_of(name.substr(0, dot)).format.empty();
}

/// Returns the reason for which a file of that name is not read, whatever is in it; empty if it is
/// read.
std::string_view reason_of_name(std::string_view path) {
  const std::string lower = lower_ascii(io::file_name_of(path));
  const std::string_view name = std::string_view(lower).substr(lower.rfind('/') + 1);
  const bool is_of_a_job = lower.find("/_temporary/") != std::string::npos;  // Hadoop, Spark
  if (is_of_a_job || ends_with_one_of(name, kUnfinishedEndings) || is_unfinished_copy(name)) {
    return "unfinished_file";
  }
  const bool is_companion = name.starts_with(kAppleDouble) ||
                            ends_with_one_of(name, kCompanionEndings) ||
                            std::ranges::find(kCompanionNames, name) != std::end(kCompanionNames);
  return is_companion ? "companion_file" : "";
}

/// Marks the file as not read if this program was built without what the format needs.
void note_lack(FileShape& shape) {
  const SourceFormatSpec* format = find_source_format(shape.format);
  if (format == nullptr || format->lack == nullptr) return;
  shape.unread_because = format->lack();
  if (!shape.unread_because.empty()) shape.unread = kFormatNotBuilt;
}

/// True for a format that is cut at its lines. Whether a file of this format has lines, only its
/// bytes tell.
bool depends_on_lines(std::string_view format) {
  const SourceFormatSpec* found = find_source_format(format);
  return found != nullptr && found->cuts == Cuts::at_lines;
}

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

/// What is looked at: the stored bytes only, or also the content of a compressed file.
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
  // The reader of the file counts its damage later. Here its content is unknown.
  if (!bytes && bytes.error().code != Code::corrupt_data) return std::move(bytes).error();
  if (bytes) head.content = std::move(bytes).value();
  return head;
}

/// Returns the format that the name says; empty if no documents are read from such files.
std::string_view format_of_name(std::string_view path) {
  const std::string_view named = io::ending_of(path).format;
  return find_source_format(named) == nullptr ? "" : named;
}

/// Returns the format that the bytes show; empty if they show none that documents are read from.
/// Looks for JSON records only if the name says nothing, text or HTML (`named`).
std::string_view format_of_content(std::string_view content, std::string_view named,
                                   const SourceConfig& source) {
  const io::FormatSpec* shown = io::find_format("", content);
  if (shown != nullptr && find_source_format(shown->name) != nullptr) return shown->name;
  const bool may_be_records = named.empty() || named == "text" || named == "html";
  return may_be_records && io::begins_with_record(content, source.text_key) ? "jsonl" : "";
}

}  // namespace

Result<FileShape> shape_of(io::FileSystem& files, const io::FileInfo& info,
                           const SourceConfig& source) {
  const std::string_view named = format_of_name(info.path);
  FileShape shape;
  if (std::ranges::count(source.path, info.path) == 0) shape.unread = reason_of_name(info.path);
  if (!shape.unread.empty()) return shape;
  shape.format = source.format == "auto" ? std::string(named) : source.format;
  shape.is_remote = io::is_remote(info.path);
  if (shape.is_remote && !depends_on_lines(shape.format)) {
    note_lack(shape);
    return shape;
  }
  const Head head =
      ALUDEL_TRY(read_head(files, info.path, shape.is_remote ? Look::stored : Look::content));
  if (const auto packed = io::unread_compression(head.stored); !packed.empty()) {
    shape.unread = "unread_compression";
    shape.unread_because = io::unread_compression_error(info.path, packed).message;
    return shape;
  }
  if (source.format == "auto" && !shape.is_remote) {
    const std::string_view found = format_of_content(head.content, named, source);
    if (!found.empty() && found != named) {
      log_warning("{}: {} by its name and {} by its bytes; read as {}", io::file_name_of(info.path),
                  named.empty() ? "unknown" : named, found, found);
      shape.format = found;
    }
  }
  note_lack(shape);
  shape.is_stream = head.is_compressed || (depends_on_lines(shape.format) &&
                                           io::json_layout(head.content) != io::JsonLayout::lines);
  return shape;
}

}  // namespace aludel::curate
