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

// A corpus that no process sees as a whole: what the plan of a corpus layer is made of.
namespace aludel::curate {

/// Where a document stands; places are ordered as the corpus is.
struct Place {
  std::uint32_t shard = 0;
  std::uint32_t document = 0;  // number in the shard

  std::uint64_t number() const { return std::uint64_t{shard} << 32 | document; }

  static Place of(std::uint64_t number) {
    return {static_cast<std::uint32_t>(number >> 32), static_cast<std::uint32_t>(number)};
  }
};

struct CorpusDocument {
  const Document& document;
  Place place;
  Hash128 id;  // of the document, whose hexadecimal digits it is
};

using VisitDocument = std::function<Status(const CorpusDocument&)>;

/// Documents in shards. Concurrent calls: yes, of read() with different shards.
class Corpus {
 public:
  Corpus() = default;
  virtual ~Corpus() = default;
  Corpus(const Corpus&) = delete;
  Corpus& operator=(const Corpus&) = delete;

  virtual std::size_t shards() const = 0;

  /// About how many bytes of text there are: what partitions are planned by.
  virtual std::uint64_t text_bytes() const = 0;

  /// Shows the documents of a shard in order, numbered from 0; each time the same ones.
  virtual Status read(std::size_t shard, const VisitDocument& visit) const = 0;
};

/// What a plan works with.
struct CorpusFit {
  const Corpus& corpus;
  const exec::Shuffle& shuffle;
  std::string state_folder;  // in the run folder
};

/// Writes the findings of one shard.
using WriteFindings = std::function<Status(std::size_t shard, io::JsonlWriter& rows)>;

/// The last stage of a plan: a task for each shard, which writes its file of findings.
Status write_findings(const CorpusFit& fit, const std::string& inputs, const WriteFindings& write);

/// Work on the records of one partition in their order.
using SortedWork = std::function<Status(exec::StageTask&, exec::SortedRecords&)>;

/// A stage with a task for each partition of an output of the stage `from`.
Result<exec::StageResult> sorted_stage(const CorpusFit& fit, const std::string& name,
                                       const exec::StageResult& from, std::size_t output,
                                       std::vector<exec::RecordLayout> outputs,
                                       const SortedWork& work);

/// About how many documents of text there are, for planning partitions.
std::uint64_t likely_documents(const Corpus& corpus);

/// A layout with a partition for each shard.
exec::RecordLayout by_shard(const CorpusFit& fit, std::size_t size_bytes);

/// A layout with so many partitions that one of `bytes` of records fits into a task's memory.
exec::RecordLayout by_hash(const CorpusFit& fit, std::size_t size_bytes, std::uint64_t bytes);

}  // namespace aludel::curate
