#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/io/file_system.h"

// Decides which documents of its sources a run takes: all, the first ones (--limit), or a sample
// drawn by seed (--sample). Plans and layers both read a shard by read_shard(), so that they see
// the same documents.
namespace aludel::curate {

/// The documents of --sample: those whose ids have the smallest hashes with the seed.
class Sample {
 public:
  /// Takes all documents.
  Sample() = default;

  /// Draws config.sample documents out of all shards, which it reads for that. Takes all documents
  /// if there are not more. The sample is the same for any number of threads.
  static Result<Sample> draw(io::FileSystem& files, Threads& threads, const CurateConfig& config,
                             const std::vector<Shard>& shards);

  /// True if the sample has the document.
  bool takes(const Document& document) const;

  /// Returns a text that tells one sample from another; empty for all documents.
  std::string fingerprint() const;

 private:
  std::uint64_t seed_ = 0;
  std::uint64_t most_ = std::numeric_limits<std::uint64_t>::max();  // the largest hash taken
  bool is_all_ = true;
};

/// Shortens the list of shards to those that hold the first config.limit documents, and the last of
/// them to the documents that are left for it. Errors: those of reading.
Status cut_to_limit(io::FileSystem& files, const CurateConfig& config, std::vector<Shard>& shards);

/// True if the source has a document. Reads no further than to the first one.
Result<bool> yields_document(io::FileSystem& files, const CurateConfig& config, std::size_t source,
                             const std::vector<Shard>& shards);

/// The callbacks of read_shard(): for each document, and for the end of each part, where the reader
/// tells what it could not read.
struct ShardVisitor {
  std::function<Status(ReadDocument&)> document;
  std::function<Status(const FilePart&, const DocumentReader&, std::uint64_t not_sampled)> end_part;
};

/// Passes the documents of a shard that the run takes to the visitor, in order. Errors: those of
/// reading and of the visitor.
Status read_shard(io::FileSystem& files, const SourceConfig& source, const Shard& shard,
                  const Sample& sample, const ShardVisitor& visitor);

}  // namespace aludel::curate
