#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "aludel/base/hash.h"
#include "aludel/curate/document/document.h"
#include "aludel/exec/record_bytes.h"
#include "aludel/exec/shuffle.h"
#include "aludel/io/formats/jsonl.h"

// A corpus that is too large for one process, and the parts of a plan that learns of it.
namespace aludel::curate {

/// The position of a document. Places are ordered as the corpus is.
struct Place {
  std::uint32_t shard = 0;
  std::uint32_t document = 0;  // number in the shard

  std::uint64_t number() const { return std::uint64_t{shard} << 32 | document; }

  static Place of(std::uint64_t number) {
    return {static_cast<std::uint32_t>(number >> 32), static_cast<std::uint32_t>(number)};
  }
};

/// A document of a corpus, as a plan sees it.
struct CorpusDocument {
  const Document& document;
  Place place;
  Hash128 id;  // document.id, which is its 32 hexadecimal digits
};

using VisitDocument = std::function<Status(const CorpusDocument&)>;

/// Documents in shards. Concurrent calls: read() with different shards.
class Corpus {
 public:
  Corpus() = default;
  virtual ~Corpus() = default;
  Corpus(const Corpus&) = delete;
  Corpus& operator=(const Corpus&) = delete;

  virtual std::size_t shards() const = 0;

  /// Returns roughly how many bytes of text there are, to choose the number of partitions.
  virtual std::uint64_t text_bytes() const = 0;

  /// Passes the documents of a shard to `visit`, in order and numbered from 0. Each call passes the
  /// same ones.
  virtual Status read(std::size_t shard, const VisitDocument& visit) const = 0;
};

/// What a plan works with: the corpus, the shuffle, and the folder for its result.
struct CorpusFit {
  const Corpus& corpus;
  const exec::Shuffle& shuffle;
  std::string state_folder;  // relative to the run folder, e.g. "state/minhash_dedup"
};

/// Writes the findings of one shard.
using WriteFindings = std::function<Status(std::size_t shard, io::JsonlWriter& rows)>;

/// Runs the last stage of a plan: one task for each shard, which writes the shard's file of
/// findings.
Status write_findings(const CorpusFit& fit, const std::string& inputs, const WriteFindings& write);

/// Work on the sorted records of one partition.
using SortedWork = std::function<Status(exec::StageTask&, exec::SortedRecords&)>;

/// Runs a stage with one task for each partition of an output of the stage `from`.
Result<exec::StageResult> sorted_stage(const CorpusFit& fit, const std::string& name,
                                       const exec::StageResult& from, std::size_t output,
                                       std::vector<exec::RecordLayout> outputs,
                                       const SortedWork& work);

/// Returns roughly how many documents the corpus has, to choose the number of partitions.
std::uint64_t likely_documents(const Corpus& corpus);

/// Returns a layout with one partition for each shard.
exec::RecordLayout by_shard(const CorpusFit& fit, std::size_t size_bytes);

/// Returns a layout for `bytes` of records, with partitions that fit into a task's memory.
exec::RecordLayout by_hash(const CorpusFit& fit, std::size_t size_bytes, std::uint64_t bytes);

}  // namespace aludel::curate
