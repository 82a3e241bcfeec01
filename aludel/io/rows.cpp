#include "aludel/io/rows.h"

#include <utility>

#include "aludel/io/formats/jsonl.h"
#include "aludel/io/formats/parquet.h"

namespace aludel::io {
namespace {

class JsonlRows final : public RowReader {
 public:
  explicit JsonlRows(JsonlReader reader) : reader_(std::move(reader)) {}

  Result<bool> next(Json& row) override { return reader_.next(row); }

  bool last_error_was_row() const override { return reader_.last_error_was_line(); }

  std::uint64_t row_number() const override { return reader_.line_number(); }

 private:
  JsonlReader reader_;
};

class JsonlRowWriter final : public RowWriter {
 public:
  explicit JsonlRowWriter(JsonlWriter writer) : writer_(std::move(writer)) {}

  Status write(const Json& row) override { return writer_.write(row); }

  Status commit() override { return writer_.commit(); }

 private:
  JsonlWriter writer_;
};

}  // namespace

bool is_parquet_path(std::string_view path) {
  return file_name_of(path).ends_with(".parquet");
}

Result<std::unique_ptr<RowReader>> open_rows(FileSystem& files, const std::string& path,
                                             std::span<const Column> columns) {
  if (is_parquet_path(path)) return open_parquet(files, path, columns);
  return std::unique_ptr<RowReader>(
      std::make_unique<JsonlRows>(ALUDEL_TRY(JsonlReader::open(files, path))));
}

Result<std::unique_ptr<RowWriter>> create_rows(FileSystem& files, const std::string& path,
                                               std::span<const Column> columns) {
  if (is_parquet_path(path)) return create_parquet(files, path, columns);
  return std::unique_ptr<RowWriter>(
      std::make_unique<JsonlRowWriter>(ALUDEL_TRY(JsonlWriter::create(files, path))));
}

}  // namespace aludel::io
