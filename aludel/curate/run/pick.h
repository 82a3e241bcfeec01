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

// Which documents of its sources a run takes: all, the first ones (--limit), or some drawn by seed
// (--sample). Reading a shard has one owner here, so that fitting and judging see the same ones.
namespace aludel::curate {

/// The documents of --sample: those whose ids have the smallest hashes with the seed.
class Sample {
 public:
  /// All documents.
  Sample() = default;

  /// Draws config.sample documents out of all shards, which are read for it; all of them where
  /// there are not more. The same for any number of threads.
  static Result<Sample> draw(io::FileSystem& files, Threads& threads, const CurateConfig& config,
                             const std::vector<Shard>& shards);

  bool takes(const Document& document) const;

  /// Tells one sample from another; empty for all documents.
  std::string fingerprint() const;

 private:
  std::uint64_t seed_ = 0;
  std::uint64_t most_ = std::numeric_limits<std::uint64_t>::max();  // the largest hash taken
  bool is_all_ = true;
};

/// Shortens the shards to those that hold the first config.limit documents, and the last of them to
/// the documents that are left for it. Errors: those of reading.
Status cut_to_limit(io::FileSystem& files, const CurateConfig& config, std::vector<Shard>& shards);

/// Whether the source has a document at all; reads no further than to the first.
Result<bool> yields_document(io::FileSystem& files, const CurateConfig& config, std::size_t source,
                             const std::vector<Shard>& shards);

/// What to do with a document, and with what is left to say at the end of a part.
struct ShardVisitor {
  std::function<Status(ReadDocument&)> document;
  std::function<Status(const FilePart&, const DocumentReader&, std::uint64_t not_sampled)> end_part;
};

/// Shows the documents of a shard that the run takes, in their order.
Status read_shard(io::FileSystem& files, const SourceConfig& source, const Shard& shard,
                  const Sample& sample, const ShardVisitor& visitor);

}  // namespace aludel::curate
