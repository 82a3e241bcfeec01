#pragma once

// The plan that finds copies of texts and of addresses in a corpus.

#include <vector>

#include "aludel/curate/layers/exact_dedup/duplicates.h"
#include "aludel/curate/layers/shared/scope.h"
#include "aludel/curate/learn/corpus.h"

namespace aludel::curate::exact_dedup {

enum class Addresses : std::uint8_t { ignored, compared };

/// The properties by which documents are compared.
struct Comparison {
  Addresses addresses = Addresses::compared;
  Scope scope = Scope::global;
};

/// Returns what the comparison needs of one document. A settled document is newer than every other.
Copy copy_of(const Document& document, const Comparison& by);

/// A document to drop, and the reason: "duplicate" or "duplicate_url".
struct FallenCopy {
  std::uint32_t document;  // number in the shard
  Hash128 id;
  Hash128 kept;
  std::string_view reason;
};

/// The stages that find what find_duplicates() finds. They sort 64 bytes a document by text and 48
/// by address.
class DuplicateStages {
 public:
  /// Runs the stages.
  static Result<DuplicateStages> run(const CorpusFit& fit, const Comparison& by);

  /// Returns the documents of a shard to drop, in order.
  Result<std::vector<FallenCopy>> fallen(const CorpusFit& fit, std::size_t shard) const;

  /// Opens the ids of all documents of a shard, in order, one a record.
  exec::RecordReader ids(const CorpusFit& fit, std::size_t shard) const;

  /// Returns the fingerprint of all that the stages have written.
  std::string fingerprint() const { return texts_.fingerprint + addresses_.fingerprint; }

 private:
  exec::StageResult copies_;
  exec::StageResult texts_;
  exec::StageResult addresses_;
};

}  // namespace aludel::curate::exact_dedup
