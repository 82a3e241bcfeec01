#include "aludel/io/formats/jsonl.h"

#include <utility>

#include <fmt/format.h>

#include "aludel/io/codec.h"
#include "aludel/io/format.h"

namespace aludel::io {
namespace {

constexpr std::size_t kWriteBytes = std::size_t{64} << 10;

}  // namespace

Result<JsonlReader> JsonlReader::open(FileSystem& files, const std::string& path,
                                      std::size_t max_line_bytes) {
  return JsonlReader(LineReader(ALUDEL_TRY(open_decompressed(files, path)), max_line_bytes),
                     std::string(file_name_of(path)));
}

Result<bool> JsonlReader::next(Json& value) {
  last_error_was_line_ = false;
  std::string_view line;
  while (true) {
    const std::uint64_t before = lines_.line_number();
    auto more = lines_.next(line);
    if (!more) {
      last_error_was_line_ =
          more.error().code == Code::resource_exhausted && lines_.line_number() == before + 1;
      return std::move(more).error().with_context(path_);
    }
    if (!more.value()) return false;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) break;
  }
  auto parsed = parse_json(line);
  if (!parsed) {
    last_error_was_line_ = true;
    return std::move(parsed).error().with_context(
        fmt::format("{}: line {}", path_, lines_.line_number()));
  }
  value = std::move(parsed).value();
  return true;
}

Result<JsonlWriter> JsonlWriter::create(FileSystem& files, const std::string& path) {
  return JsonlWriter(ALUDEL_TRY(create_compressed(files, path)));
}

Status JsonlWriter::write(const Json& value) {
  value.append_to(lines_);
  lines_ += '\n';
  if (lines_.size() < kWriteBytes) return Ok{};
  ALUDEL_TRY(file_->write(lines_));
  lines_.clear();
  return Ok{};
}

Status JsonlWriter::commit() {
  ALUDEL_TRY(file_->write(lines_));
  lines_.clear();
  return file_->commit();
}

extern constinit const FormatSpec format_jsonl = {
    .name = "jsonl",
    .summary = "JSON Lines: one document a line, plain, .gz or .zst.",
    .source = "https://jsonlines.org",
    .extensions = ".jsonl .ndjson",
    .sniff = nullptr,
};

}  // namespace aludel::io
