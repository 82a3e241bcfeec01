#include <vector>

#include "aludel/curate/sources/read_part.h"
#include "aludel/io/formats/parquet.h"

namespace aludel::curate {
namespace {

class ParquetDocuments final : public DocumentReader {
 public:
  ParquetDocuments(std::unique_ptr<io::RowReader> rows, const SourceConfig& source,
                   const FilePart& part)
      : rows_(std::move(rows)), source_(source), part_(part) {}

  Result<bool> next(ReadDocument& out) override {
    Json row;
    while (!done_) {
      const auto more = rows_->next(row);
      if (!more && more.error().code != Code::corrupt_data) return more.error();
      if (!more) ++problems_["damaged_file"];
      done_ = !more || !more.value();
      if (done_) break;
      auto document = document_from_json(std::move(row), keys_of(source_));
      if (!document) {
        const std::string reason = reason_of(document.error());
        if (problems_[reason]++ == 0) examples_[reason] = document.error().message;
      } else if (document.value().text.empty()) {
        ++problems_["empty"];
      } else if (document.value().text.size() > kMaxDocumentBytes) {
        ++problems_["too_large"];
      } else {
        out = {};
        out.document = std::move(document).value();
        out.size_bytes = out.document.text.size();
        adopt_row(source_, part_, rows_->row_number(), out.document);
        return true;
      }
    }
    return false;
  }

 private:
  std::unique_ptr<io::RowReader> rows_;
  const SourceConfig& source_;
  FilePart part_;
  bool done_ = false;
};

}  // namespace

Result<std::unique_ptr<DocumentReader>> open_parquet_documents(io::FileSystem& files,
                                                               const SourceConfig& source,
                                                               const FilePart& part) {
  // All columns are read, like all members of a JSON record: those that are not a document's become
  // metadata.
  const auto known = document_columns();
  std::vector<io::Column> columns(known.begin(), known.end());
  columns.insert(columns.end(), {{source.text_key}, {source.id_key}});
  auto rows =
      io::open_parquet(files, part.path, columns, part.begin, part.end, io::OtherColumns::read);
  if (rows) {
    return std::unique_ptr<DocumentReader>(
        std::make_unique<ParquetDocuments>(std::move(rows).value(), source, part));
  }
  const bool is_of_the_file = rows.error().code == Code::corrupt_data ||
                              (rows.error().code == Code::unsupported && io::has_parquet());
  if (!is_of_the_file) return std::move(rows).error();
  return std::unique_ptr<DocumentReader>(std::make_unique<UnreadableFile>("damaged_file"));
}

}  // namespace aludel::curate
