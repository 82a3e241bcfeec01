#include "aludel/io/rows.h"

#include <array>
#include <utility>
#include <vector>

#include "aludel/base/json_record.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/io/formats/parquet.h"

namespace aludel::io {
namespace {

constexpr std::string_view kParquetMagic = "PAR1";

class JsonlRows final : public RowReader {
 public:
  JsonlRows(JsonlReader reader, std::span<const Column> columns)
      : reader_(std::move(reader)), columns_(columns.begin(), columns.end()) {}

  Result<bool> next(Json& row) override {
    if (!ALUDEL_TRY(reader_.next(row))) return false;
    for (const Column& column : columns_) {
      if (column.type == ColumnType::json) parse_json_column(row.find(column.name));
    }
    return true;
  }

  bool last_error_was_row() const override { return reader_.last_error_was_line(); }

  std::uint64_t row_number() const override { return reader_.line_number(); }

 private:
  JsonlReader reader_;
  std::vector<Column> columns_;
};

/// The value as a file of JSON Lines has it in a column of this type.
Json as_column(Json value, ColumnType type) {
  if (value.is_null()) return value;
  if (type == ColumnType::number) return value.is_number() ? value : Json();
  if (type == ColumnType::text && value.is_string()) return value;
  return value.dump();
}

class JsonlRowWriter final : public RowWriter {
 public:
  JsonlRowWriter(JsonlWriter writer, std::span<const Column> columns)
      : writer_(std::move(writer)), columns_(columns.begin(), columns.end()) {}

  Status write(const Json& row) override { return writer_.write(as_row(row, columns_)); }

  Status commit() override { return writer_.commit(); }

 private:
  JsonlWriter writer_;
  std::vector<Column> columns_;
};

}  // namespace

Json as_row(Json row, std::span<const Column> columns) {
  if (columns.empty()) return row;
  Json::Object members;
  members.reserve(columns.size());
  for (const Column& column : columns) {
    Json* value = row.find(column.name);
    if (value == nullptr && column.is_optional) continue;
    Json missing = column.type == ColumnType::number ? Json() : Json("");
    members.emplace_back(std::string(column.name), value == nullptr
                                                       ? std::move(missing)
                                                       : as_column(std::move(*value), column.type));
  }
  return members;
}

void parse_json_column(Json* value) {
  if (value == nullptr || !value->is_string()) return;
  if (auto parsed = parse_record(value->as_string())) *value = std::move(parsed).value();
}

Result<bool> is_parquet_file(FileSystem& files, const std::string& path) {
  const auto bytes = ALUDEL_TRY(files.open(path));
  std::array<char, kParquetMagic.size()> head{};
  const std::size_t count = ALUDEL_TRY(read_full(*bytes, head));
  // A file that is cut short, or none at all, is what its name says.
  if (count < head.size()) return is_parquet_path(path);
  return std::string_view(head.data(), count) == kParquetMagic || is_parquet_path(path);
}

bool is_parquet_path(std::string_view path) {
  return file_name_of(path).ends_with(".parquet");
}

Result<std::unique_ptr<RowReader>> open_rows(FileSystem& files, const std::string& path,
                                             std::span<const Column> columns) {
  if (ALUDEL_TRY(is_parquet_file(files, path))) return open_parquet(files, path, columns);
  return std::unique_ptr<RowReader>(
      std::make_unique<JsonlRows>(ALUDEL_TRY(JsonlReader::open(files, path)), columns));
}

Result<std::unique_ptr<RowWriter>> create_rows(FileSystem& files, const std::string& path,
                                               std::span<const Column> columns) {
  if (is_parquet_path(path)) return create_parquet(files, path, columns);
  return std::unique_ptr<RowWriter>(
      std::make_unique<JsonlRowWriter>(ALUDEL_TRY(JsonlWriter::create(files, path)), columns));
}

}  // namespace aludel::io
