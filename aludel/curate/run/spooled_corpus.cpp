#include "aludel/curate/run/spooled_corpus.h"

#include <fmt/format.h>

#include "aludel/base/stop.h"
#include "aludel/curate/document/packed_id.h"

namespace aludel::curate {
namespace {

constexpr std::uint64_t kShardBytes = std::uint64_t{16} << 20;  // gives the threads enough tasks

}  // namespace

std::string SpooledCorpus::path(std::size_t shard) const {
  return io::join_path(folder_, fmt::format("{:05}.documents", shard));
}

Status SpooledCorpus::add(const Document& document) {
  if (!writer_ || shard_bytes_ >= kShardBytes) {
    ALUDEL_TRY(close());
    writer_.emplace(ALUDEL_TRY(WorkFileWriter::create(files_, path(shards_))));
    ++shards_;
    shard_bytes_ = 0;
  }
  shard_bytes_ += document.text.size();
  text_bytes_ += document.text.size();
  return writer_->write(document);
}

Status SpooledCorpus::close() {
  if (!writer_) return Ok{};
  ALUDEL_TRY(writer_->commit());
  writer_.reset();
  return Ok{};
}

Status SpooledCorpus::read(std::size_t shard, const VisitDocument& visit) const {
  auto reader = ALUDEL_TRY(WorkFileReader::open(files_, path(shard)));
  Place place{static_cast<std::uint32_t>(shard), 0};
  Document document;
  while (ALUDEL_TRY(reader.next(document))) {
    if (stop_requested()) return Error{Code::cancelled, "stopped"};
    ALUDEL_TRY(visit({document, place, packed_id(document.id)}));
    ++place.document;
  }
  return Ok{};
}

Result<bool> SpooledCorpus::next(Document& document) {
  for (; reading_ < shards_; ++reading_) {
    if (!reader_) reader_ = ALUDEL_TRY(WorkFileReader::open(files_, path(reading_)));
    if (ALUDEL_TRY(reader_->next(document))) return true;
    reader_.reset();
  }
  return false;
}

}  // namespace aludel::curate
