#include "aludel/curate/run/spooled_corpus.h"

#include <fmt/format.h>

#include "aludel/base/stop.h"
#include "aludel/curate/document/packed_id.h"

namespace aludel::curate {
namespace {

constexpr std::uint64_t kShardBytes = std::uint64_t{16} << 20;  // enough tasks for the threads

}  // namespace

std::string SpooledCorpus::path(std::size_t shard) const {
  return io::join_path(folder_, fmt::format("documents-{:05}.jsonl.zst", shard));
}

Status SpooledCorpus::add(const Document& document) {
  if (!writer_ || shard_bytes_ >= kShardBytes) {
    ALUDEL_TRY(close());
    writer_.emplace(ALUDEL_TRY(io::JsonlWriter::create(files_, path(shards_))));
    ++shards_;
    shard_bytes_ = 0;
  }
  shard_bytes_ += document.text.size();
  text_bytes_ += document.text.size();
  return writer_->write(to_json(document));
}

Status SpooledCorpus::close() {
  if (!writer_) return Ok{};
  ALUDEL_TRY(writer_->commit());
  writer_.reset();
  return Ok{};
}

Status SpooledCorpus::read(std::size_t shard, const VisitDocument& visit) const {
  auto reader = ALUDEL_TRY(io::JsonlReader::open(files_, path(shard)));
  Place place{static_cast<std::uint32_t>(shard), 0};
  Json json;
  while (ALUDEL_TRY(reader.next(json))) {
    if (stop_requested()) return Error{Code::cancelled, "stopped"};
    const Document document = ALUDEL_TRY(document_from_json(std::move(json)));
    ALUDEL_TRY(visit({document, place, packed_id(document.id)}));
    ++place.document;
  }
  return Ok{};
}

Result<bool> SpooledCorpus::next(Document& document) {
  Json json;
  for (; reading_ < shards_; ++reading_) {
    if (!reader_) reader_ = ALUDEL_TRY(io::JsonlReader::open(files_, path(reading_)));
    if (ALUDEL_TRY(reader_->next(json))) {
      document = ALUDEL_TRY(document_from_json(std::move(json)));
      return true;
    }
    reader_.reset();
  }
  return false;
}

}  // namespace aludel::curate
