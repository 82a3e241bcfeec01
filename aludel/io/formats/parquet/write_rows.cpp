#ifdef ALUDEL_PARQUET
#include <vector>

#include <arrow/array.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "aludel/io/formats/parquet.h"
#include "aludel/io/formats/parquet/arrow_file.h"

namespace aludel::io {
namespace {

constexpr std::size_t kBatchBytes = std::size_t{4} << 20;
constexpr std::size_t kGroupBytes = std::size_t{64} << 20;

class ParquetRowWriter final : public RowWriter {
 public:
  ParquetRowWriter(std::string path, std::span<const Column> columns,
                   std::unique_ptr<ByteWriter> file)
      : path_(std::move(path)),
        columns_(columns.begin(), columns.end()),
        file_(std::move(file)),
        stream_(arrow_stream(*file_, trouble_)) {}

  Status open() {
    return guard([&]() -> arrow::Status {
      arrow::FieldVector fields;
      parquet::WriterProperties::Builder properties;
      properties.compression(parquet::Compression::ZSTD)->created_by("aludel");
      for (const Column& column : columns_) {
        const std::string name(column.name);
        const bool is_number = column.type == ColumnType::number;
        fields.push_back(arrow::field(name, is_number ? arrow::float64() : arrow::utf8()));
        builders_.push_back(is_number ? std::shared_ptr<arrow::ArrayBuilder>(
                                            std::make_shared<arrow::DoubleBuilder>())
                                      : std::make_shared<arrow::StringBuilder>());
        // Long texts that never repeat gain nothing from a dictionary.
        if (name == "text" || name == "id" || name == "url" || column.type == ColumnType::json) {
          properties.disable_dictionary(name);
        }
      }
      schema_ = arrow::schema(fields);
      ARROW_ASSIGN_OR_RAISE(
          writer_, parquet::arrow::FileWriter::Open(*schema_, arrow::default_memory_pool(), stream_,
                                                    properties.build()));
      return writer_->NewBufferedRowGroup();
    });
  }

  Status write(const Json& row) override {
    return guard([&]() -> arrow::Status {
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        ARROW_RETURN_NOT_OK(append(i, row.find(columns_[i].name)));
      }
      ++rows_;
      return batch_bytes_ < kBatchBytes ? arrow::Status::OK() : write_batch();
    });
  }

  Status commit() override {
    ALUDEL_TRY(guard([&]() -> arrow::Status {
      ARROW_RETURN_NOT_OK(write_batch());
      return writer_->Close();
    }));
    return file_->commit();
  }

 private:
  arrow::Status append(std::size_t i, const Json* value) {
    arrow::ArrayBuilder& builder = *builders_[i];
    const bool is_missing = value == nullptr || value->is_null();
    if (columns_[i].type == ColumnType::number) {
      batch_bytes_ += sizeof(double);
      if (is_missing || !value->is_number()) return builder.AppendNull();
      return static_cast<arrow::DoubleBuilder&>(builder).Append(value->as_number());
    }
    const bool is_text = columns_[i].type == ColumnType::text;
    if (is_missing || (is_text && !value->is_string())) return builder.AppendNull();
    auto& texts = static_cast<arrow::StringBuilder&>(builder);
    const std::string text = is_text ? value->as_string() : value->dump();
    batch_bytes_ += text.size();
    return texts.Append(text);
  }

  arrow::Status write_batch() {
    if (rows_ == 0) return arrow::Status::OK();
    arrow::ArrayVector arrays;
    for (const auto& builder : builders_) {
      ARROW_ASSIGN_OR_RAISE(auto array, builder->Finish());
      arrays.push_back(std::move(array));
    }
    const auto batch = arrow::RecordBatch::Make(schema_, rows_, std::move(arrays));
    if (group_bytes_ >= kGroupBytes) {
      ARROW_RETURN_NOT_OK(writer_->NewBufferedRowGroup());
      group_bytes_ = 0;
    }
    group_bytes_ += batch_bytes_;
    batch_bytes_ = 0;
    rows_ = 0;
    return writer_->WriteRecordBatch(*batch);
  }

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

  std::string path_;
  std::vector<Column> columns_;
  ArrowTrouble trouble_;
  std::unique_ptr<ByteWriter> file_;
  std::shared_ptr<arrow::io::OutputStream> stream_;
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<std::shared_ptr<arrow::ArrayBuilder>> builders_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
  std::int64_t rows_ = 0;        // in the batch
  std::size_t batch_bytes_ = 0;  // of its values
  std::size_t group_bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowWriter>> create_parquet(FileSystem& files, const std::string& path,
                                                  std::span<const Column> columns) {
  auto writer = std::make_unique<ParquetRowWriter>(path, columns, ALUDEL_TRY(files.create(path)));
  ALUDEL_TRY(writer->open());
  return std::unique_ptr<RowWriter>(std::move(writer));
}

}  // namespace aludel::io
#endif
