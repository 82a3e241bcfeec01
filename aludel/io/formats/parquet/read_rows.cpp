#ifdef ALUDEL_PARQUET
#include <algorithm>
#include <optional>
#include <vector>

#include <arrow/array.h>
#include <arrow/array/array_nested.h>
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

#include "aludel/base/utf8.h"
#include "aludel/io/formats/parquet.h"
#include "aludel/io/formats/parquet/arrow_file.h"

namespace aludel::io {
namespace {

constexpr std::int64_t kRowsOfBatch = 16;                       // documents may be of megabytes
constexpr std::int64_t kMaxArrowBytes = std::int64_t{1} << 30;  // whatever a file's footer claims
constexpr std::int64_t kMaxRowValues = std::int64_t{1} << 20;   // as a record of JSON
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

/// What bytes that are no text are in JSON: themselves, where a text is wanted, or their number.
enum class Bytes : std::uint8_t { as_text, as_number };

/// Makes JSON of the values of one row, and no more of them than memory should hold.
class RowValues {
 public:
  void set_bytes(Bytes bytes) { bytes_ = bytes; }

  /// One value as JSON; null where there is none.
  Json of(const arrow::Array& array, std::int64_t row) {
    if (array.IsNull(row)) return Json();
    ++values_;
    switch (array.type_id()) {
      case arrow::Type::STRING:
        return std::string_view(static_cast<const arrow::BinaryArray&>(array).GetView(row));
      case arrow::Type::LARGE_STRING:
        return std::string_view(static_cast<const arrow::LargeBinaryArray&>(array).GetView(row));
      case arrow::Type::BINARY:
        return bytes(static_cast<const arrow::BinaryArray&>(array).GetView(row));
      case arrow::Type::LARGE_BINARY:
        return bytes(static_cast<const arrow::LargeBinaryArray&>(array).GetView(row));
      case arrow::Type::LIST:
        return list(static_cast<const arrow::ListArray&>(array), row);
      case arrow::Type::LARGE_LIST:
        return list(static_cast<const arrow::LargeListArray&>(array), row);
      case arrow::Type::FIXED_SIZE_LIST:
        return list(static_cast<const arrow::FixedSizeListArray&>(array), row);
      case arrow::Type::MAP:
        return map(static_cast<const arrow::MapArray&>(array), row);
      case arrow::Type::STRUCT:
        return object(static_cast<const arrow::StructArray&>(array), row);
      default:
        return number(array, row);
    }
  }

 private:
  static Json number(const arrow::Array& array, std::int64_t row) {
    switch (array.type_id()) {
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
      default:
        return printed(array, row);
    }
  }

  static Json printed(const arrow::Array& array, std::int64_t row) {
    const auto scalar = array.GetScalar(row);
    if (!scalar.ok()) return Json();
    const auto& value = *scalar.ValueUnsafe();
    if (value.type->id() != arrow::Type::DICTIONARY) return value.ToString();
    const auto encoded = static_cast<const arrow::DictionaryScalar&>(value).GetEncodedValue();
    return encoded.ok() ? Json(encoded.ValueUnsafe()->ToString()) : Json();
  }

  /// Old writers mark no text as text.
  Json bytes(std::string_view value) const {
    const bool is_text = bytes_ == Bytes::as_text || is_valid_utf8(value);
    return is_text ? Json(value) : Json(fmt::format("{} bytes", value.size()));
  }

  bool has_room(std::int64_t values) const { return values_ + values <= kMaxRowValues; }

  template <class List>
  Json list(const List& array, std::int64_t row) {
    const std::int64_t count = array.value_length(row);
    if (!has_room(count)) return fmt::format("a list of {} values", count);
    Json items = Json::array();
    for (std::int64_t i = 0; i < count; ++i) {
      items.push_back(of(*array.values(), array.value_offset(row) + i));
    }
    return items;
  }

  Json map(const arrow::MapArray& array, std::int64_t row) {
    const std::int64_t count = array.value_length(row);
    if (!has_room(2 * count)) return fmt::format("a map of {} values", count);
    Json::Object members;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t at = array.value_offset(row) + i;
      const Json key = of(*array.keys(), at);
      members.emplace_back(key.is_string() ? key.as_string() : key.dump(), of(*array.items(), at));
    }
    return members;
  }

  Json object(const arrow::StructArray& array, std::int64_t row) {
    Json::Object members;
    for (int i = 0; i < array.num_fields(); ++i) {
      Json value = of(*array.field(i), row);
      if (!value.is_null()) members.emplace_back(array.type()->field(i)->name(), std::move(value));
    }
    return members;
  }

  Bytes bytes_ = Bytes::as_text;
  std::int64_t values_ = 0;
};

class ParquetRows final : public RowReader {
 public:
  ParquetRows(std::string path, std::span<const Column> columns, OtherColumns others)
      : path_(std::move(path)), columns_(columns.begin(), columns.end()), others_(others) {}

  Status open(FileSystem& files, std::uint64_t begin, std::uint64_t end) {
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
      const std::vector<int> wanted = choose_columns(*metadata);
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
    RowValues values;
    for (int i = 0; i < batch_->num_columns(); ++i) {
      const std::string& name = batch_->column_name(i);
      const auto known = std::ranges::find_if(columns_, [&name](const Column& column) {
        return column.name == name || column.name.starts_with(name + ".");
      });
      values.set_bytes(known == columns_.end() ? Bytes::as_number : Bytes::as_text);
      Json value = values.of(*batch_->column(i), at);
      if (value.is_null()) continue;
      const bool holds_json = known != columns_.end() && known->type == ColumnType::json;
      if (holds_json) parse_json_column(&value);
      row[name] = std::move(value);
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

  /// Indices of the columns of the file that are wanted. What is not named may be nested.
  std::vector<int> choose_columns(const parquet::FileMetaData& metadata) const {
    std::vector<int> chosen;
    const parquet::SchemaDescriptor& schema = *metadata.schema();
    for (int i = 0; i < schema.num_columns(); ++i) {
      const std::string name = schema.Column(i)->path()->ToDotString();
      const bool is_list = schema.Column(i)->max_repetition_level() > 0;
      const bool is_named =
          !is_list && std::ranges::find(columns_, name, &Column::name) != columns_.end();
      if (is_named || others_ == OtherColumns::read) chosen.push_back(i);
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
  OtherColumns others_;
  std::int64_t row_ = 0;
  std::uint64_t row_number_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_parquet(FileSystem& files, const std::string& path,
                                                std::span<const Column> columns,
                                                std::uint64_t begin, std::uint64_t end,
                                                OtherColumns others) {
  auto rows = std::make_unique<ParquetRows>(path, columns, others);
  ALUDEL_TRY(rows->open(files, begin, end));
  return std::unique_ptr<RowReader>(std::move(rows));
}

}  // namespace aludel::io
#endif
