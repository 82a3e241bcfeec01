#pragma once

// Copies of texts and of addresses in a corpus that no process sees as a whole.

#include <vector>

#include "aludel/curate/layers/exact_dedup/duplicates.h"
#include "aludel/curate/layers/shared/scope.h"
#include "aludel/curate/learn/corpus.h"

namespace aludel::curate::exact_dedup {

enum class Addresses : std::uint8_t { ignored, compared };

/// What documents are compared by.
struct Comparison {
  Addresses addresses = Addresses::compared;
  Scope scope = Scope::global;
};

/// What is known of one document. A settled one is newer than every other.
Copy copy_of(const Document& document, const Comparison& by);

/// A document that falls, and why: "duplicate" or "duplicate_url".
struct FallenCopy {
  std::uint32_t document;  // number in the shard
  Hash128 id;
  Hash128 kept;
  std::string_view reason;
};

/// What find_duplicates() finds, as stages: 64 bytes a document are sorted by text, 48 by address.
class DuplicateStages {
 public:
  static Result<DuplicateStages> run(const CorpusFit& fit, const Comparison& by);

  /// The documents of a shard that fall, in order.
  Result<std::vector<FallenCopy>> fallen(const CorpusFit& fit, std::size_t shard) const;

  /// The ids of all documents of a shard in order, a record each.
  exec::RecordReader ids(const CorpusFit& fit, std::size_t shard) const;

  /// Of all that the stages left.
  std::string fingerprint() const { return texts_.fingerprint + addresses_.fingerprint; }

 private:
  exec::StageResult copies_;
  exec::StageResult texts_;
  exec::StageResult addresses_;
};

}  // namespace aludel::curate::exact_dedup
