#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "aludel/curate/learn/corpus.h"
#include "aludel/curate/run/work_file.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// The documents of a stream, stored in a folder so that a plan can read them. Their ids are those
/// for plans (own_ids.h).
class SpooledCorpus final : public Corpus {
 public:
  SpooledCorpus(io::FileSystem& files, std::string folder)
      : files_(files), folder_(std::move(folder)) {}

  /// Adds a document. REQUIRES: all documents are added, in order, before any other function is
  /// called.
  Status add(const Document& document);

  /// Ends the adding of documents.
  Status close();

  std::size_t shards() const override { return shards_; }

  std::uint64_t text_bytes() const override { return text_bytes_; }

  Status read(std::size_t shard, const VisitDocument& visit) const override;

  /// Reads the documents again, in order. Returns false behind the last. One caller at a time.
  Result<bool> next(Document& document);

  /// Returns the shard of the document that next() read last.
  std::size_t shard() const { return reading_; }

 private:
  std::string path(std::size_t shard) const;

  io::FileSystem& files_;
  std::string folder_;
  std::size_t shards_ = 0;
  std::uint64_t text_bytes_ = 0;
  std::uint64_t shard_bytes_ = 0;
  std::optional<WorkFileWriter> writer_;
  std::size_t reading_ = 0;  // the shard that next() reads
  std::optional<WorkFileReader> reader_;
};

}  // namespace aludel::curate
