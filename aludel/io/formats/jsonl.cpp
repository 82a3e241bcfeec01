#include "aludel/io/formats/jsonl.h"

#include <utility>

#include <fmt/format.h>

#include "aludel/base/json_record.h"
#include "aludel/base/log.h"
#include "aludel/io/at_path.h"
#include "aludel/io/codec.h"
#include "aludel/io/format.h"

namespace aludel::io {
namespace {

constexpr std::size_t kWriteBytes = std::size_t{64} << 10;

}  // namespace

Result<JsonlReader> JsonlReader::open(FileSystem& files, const std::string& path,
                                      std::size_t max_line_bytes) {
  auto bytes = ALUDEL_TRY(open_decompressed(files, path));
  auto values = JsonStream::open(std::move(bytes), max_line_bytes);
  if (!values) return at_path(std::move(values).error(), path);
  return JsonlReader(std::move(values).value(), std::string(file_name_of(path)));
}

Result<bool> JsonlReader::next(Json& value) {
  last_error_was_line_ = false;
  std::string_view text;
  auto more = values_.next(text);
  if (!more) {
    last_error_was_line_ = values_.last_error_was_value();
    return at_path(std::move(more).error(), path_);
  }
  if (!more.value()) return false;
  auto parsed = parse_record(text);
  if (!parsed) {
    last_error_was_line_ = true;
    return std::move(parsed).error().with_context(fmt::format("{}: {}", path_, values_.place()));
  }
  value = std::move(parsed).value();
  return true;
}

Result<bool> JsonlReader::next_sound(Json& value) {
  while (true) {
    auto more = next(value);
    if (more && !more.value() && bad_lines_ > 0) {
      log_warning("{}: {} records left out that are no JSON; the first: {}", path_, bad_lines_,
                  first_bad_line_);
      bad_lines_ = 0;
    }
    if (more || !last_error_was_line_) return more;
    if (bad_lines_++ == 0) first_bad_line_ = more.error().message;
  }
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
    .summary = "JSON Lines: one document a line, plain, .gz or .zst; also one JSON array.",
    .source = "https://jsonlines.org",
    .extensions = ".jsonl .json .ndjson",
    .sniff = nullptr,
    .has_rows = true,
};

}  // namespace aludel::io
