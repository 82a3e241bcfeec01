#ifdef ALUDEL_PARQUET
#include <algorithm>
#include <optional>
#include <vector>

#include <arrow/array.h>
#include <arrow/memory_pool.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <arrow/util/type_traits.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include "aludel/io/formats/parquet.h"
#include "aludel/io/formats/parquet/arrow_file.h"

namespace aludel::io {
namespace {

constexpr std::int64_t kRowsOfBatch = 16;                       // documents may be of megabytes
constexpr std::int64_t kMaxArrowBytes = std::int64_t{1} << 30;  // whatever a file's footer claims
constexpr std::int64_t kColumnBufferBytes = std::int64_t{1} << 20;

/// libparquet reads a geometry column's reference system with a simdjson that would be ours here,
/// of another version (cmake/parquet.cmake).
arrow::Status refuse_geometry(const parquet::FileMetaData& metadata) {
  for (int i = 0; i < metadata.schema()->num_columns(); ++i) {
    const auto type = metadata.schema()->Column(i)->logical_type();
    if (type != nullptr && (type->is_geometry() || type->is_geography())) {
      return arrow::Status::NotImplemented("a column of geometry");
    }
  }
  return arrow::Status::OK();
}

template <class Array>
Json whole_number(const arrow::Array& array, std::int64_t row) {
  return static_cast<std::int64_t>(static_cast<const Array&>(array).Value(row));
}

/// One value as JSON; null where there is none.
Json value_of(const arrow::Array& array, std::int64_t row) {
  if (array.IsNull(row)) return Json();
  switch (array.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      return std::string_view(static_cast<const arrow::BinaryArray&>(array).GetView(row));
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      return std::string_view(static_cast<const arrow::LargeBinaryArray&>(array).GetView(row));
    case arrow::Type::INT64:
      return whole_number<arrow::Int64Array>(array, row);
    case arrow::Type::INT32:
      return whole_number<arrow::Int32Array>(array, row);
    case arrow::Type::INT16:
      return whole_number<arrow::Int16Array>(array, row);
    case arrow::Type::INT8:
      return whole_number<arrow::Int8Array>(array, row);
    case arrow::Type::UINT32:
      return whole_number<arrow::UInt32Array>(array, row);
    case arrow::Type::UINT16:
      return whole_number<arrow::UInt16Array>(array, row);
    case arrow::Type::UINT8:
      return whole_number<arrow::UInt8Array>(array, row);
    case arrow::Type::DOUBLE:
      return static_cast<const arrow::DoubleArray&>(array).Value(row);
    case arrow::Type::FLOAT:
      return static_cast<double>(static_cast<const arrow::FloatArray&>(array).Value(row));
    case arrow::Type::BOOL:
      return static_cast<const arrow::BooleanArray&>(array).Value(row);
    default: {
      const auto scalar = array.GetScalar(row);
      if (!scalar.ok()) return Json();
      const auto& value = *scalar.ValueUnsafe();
      if (value.type->id() != arrow::Type::DICTIONARY) return value.ToString();
      const auto encoded = static_cast<const arrow::DictionaryScalar&>(value).GetEncodedValue();
      return encoded.ok() ? Json(encoded.ValueUnsafe()->ToString()) : Json();
    }
  }
}

class ParquetRows final : public RowReader {
 public:
  explicit ParquetRows(std::string path) : path_(std::move(path)) {}

  Status open(FileSystem& files, std::span<const Column> columns, std::uint64_t begin,
              std::uint64_t end) {
    const auto file = ALUDEL_TRY(open_arrow_file(files, path_, trouble_));
    return guard([&]() -> arrow::Status {
      parquet::ReaderProperties properties(&pool_);
      properties.enable_buffered_stream();  // pages, not whole column chunks, stay in memory
      properties.set_buffer_size(kColumnBufferBytes);
      parquet::ArrowReaderProperties arrow_properties;
      arrow_properties.set_batch_size(kRowsOfBatch);
      arrow_properties.set_pre_buffer(false);
      arrow_properties.set_use_threads(false);
      parquet::arrow::FileReaderBuilder builder;
      ARROW_RETURN_NOT_OK(builder.Open(file, properties));
      ARROW_RETURN_NOT_OK(refuse_geometry(*builder.raw_reader()->metadata()));
      builder.memory_pool(&pool_)->properties(arrow_properties);
      ARROW_ASSIGN_OR_RAISE(reader_, builder.Build());
      const auto metadata = reader_->parquet_reader()->metadata();
      const std::vector<int> wanted = choose_columns(*metadata, columns);
      ARROW_ASSIGN_OR_RAISE(
          batches_, reader_->GetRecordBatchReader(choose_groups(*metadata, begin, end), wanted));
      return arrow::Status::OK();
    });
  }

  Result<bool> next(Json& row) override {
    while (batch_ == nullptr || row_ == batch_->num_rows()) {
      ALUDEL_TRY(guard([&] { return batches_->ReadNext(&batch_); }));
      row_ = 0;
      if (batch_ == nullptr) return false;
    }
    ++row_number_;
    row = Json::object();
    const std::int64_t at = row_++;
    const int columns = std::min(batch_->num_columns(), static_cast<int>(columns_.size()));
    for (int i = 0; i < columns; ++i) {
      Json value = value_of(*batch_->column(i), at);
      if (value.is_null()) continue;
      const Column& column = columns_[static_cast<std::size_t>(i)];
      if (column.type == ColumnType::json) parse_json_column(&value);
      row[column.name] = std::move(value);
    }
    return true;
  }

  bool last_error_was_row() const override { return false; }

  std::uint64_t row_number() const override { return row_number_; }

 private:
  /// Runs what calls Arrow: Parquet's own library throws.
  template <class Work>
  Status guard(const Work& work) {
    try {
      const arrow::Status status = work();
      if (!status.ok()) return arrow_error(path_, status, trouble_);
      return Ok{};
    } catch (const std::exception& thrown) {
      return arrow_error(path_, arrow::Status::Invalid(thrown.what()), trouble_);
    }
  }

  /// Indices of the columns of the file that are wanted, which columns_ then describes.
  std::vector<int> choose_columns(const parquet::FileMetaData& metadata,
                                  std::span<const Column> columns) {
    std::vector<int> chosen;
    const parquet::SchemaDescriptor& schema = *metadata.schema();
    for (int i = 0; i < schema.num_columns(); ++i) {
      const std::string name = schema.Column(i)->path()->ToDotString();
      const auto found = std::ranges::find(columns, name, &Column::name);
      const bool is_list = schema.Column(i)->max_repetition_level() > 0;
      if (found == columns.end() || is_list) continue;
      chosen.push_back(i);
      columns_.push_back(*found);
    }
    return chosen;
  }

  /// The row groups that begin in [begin, end), and the number of rows before them.
  std::vector<int> choose_groups(const parquet::FileMetaData& metadata, std::uint64_t begin,
                                 std::uint64_t end) {
    std::vector<int> chosen;
    for (int i = 0; i < metadata.num_row_groups(); ++i) {
      const auto group = metadata.RowGroup(i);
      if (group->num_columns() == 0) continue;
      const auto chunk = group->ColumnChunk(0);
      const std::int64_t place =
          chunk->has_dictionary_page() && chunk->dictionary_page_offset() > 0
              ? std::min(chunk->dictionary_page_offset(), chunk->data_page_offset())
              : chunk->data_page_offset();
      const auto first_byte = static_cast<std::uint64_t>(std::max<std::int64_t>(place, 0));
      if (first_byte >= begin && first_byte < end) {
        chosen.push_back(i);
      } else if (chosen.empty()) {
        row_number_ += static_cast<std::uint64_t>(std::max<std::int64_t>(group->num_rows(), 0));
      }
    }
    return chosen;
  }

  std::string path_;
  ArrowTrouble trouble_;
  arrow::CappedMemoryPool pool_{arrow::default_memory_pool(), kMaxArrowBytes};
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  std::vector<Column> columns_;
  std::int64_t row_ = 0;
  std::uint64_t row_number_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_parquet(FileSystem& files, const std::string& path,
                                                std::span<const Column> columns,
                                                std::uint64_t begin, std::uint64_t end) {
  auto rows = std::make_unique<ParquetRows>(path);
  ALUDEL_TRY(rows->open(files, columns, begin, end));
  return std::unique_ptr<RowReader>(std::move(rows));
}

}  // namespace aludel::io
#endif
