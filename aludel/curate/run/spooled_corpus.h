#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "aludel/curate/learn/corpus.h"
#include "aludel/curate/run/work_file.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Documents of a stream, kept in a folder so that a plan can go through them. Their ids are those
/// for plans (own_ids.h).
class SpooledCorpus final : public Corpus {
 public:
  SpooledCorpus(io::FileSystem& files, std::string folder)
      : files_(files), folder_(std::move(folder)) {}

  /// Called for all documents, in order, before any of the other functions.
  Status add(const Document& document);

  /// Ends adding.
  Status close();

  std::size_t shards() const override { return shards_; }

  std::uint64_t text_bytes() const override { return text_bytes_; }

  Status read(std::size_t shard, const VisitDocument& visit) const override;

  /// Gives the documents once more, in order; false behind the last. One caller at a time.
  Result<bool> next(Document& document);

  /// The shard of what next() gave last.
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
