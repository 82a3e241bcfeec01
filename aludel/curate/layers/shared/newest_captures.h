#pragma once

// Documents that another document replaces, and the stage that finds them by address: it keeps the
// newest of several captures. Two layers use it.

#include <string_view>
#include <vector>

#include "aludel/curate/learn/corpus.h"

namespace aludel::curate {

/// A document to drop, by its number in the shard, and the document to keep instead.
struct Replaced {
  std::uint32_t document;
  Hash128 id;
  Hash128 kept;
};

constexpr std::size_t kReplacedBytes = 36;  // size of its record, in an output by shard
constexpr std::size_t kAddressBytes = 48;   // size of address_record()

std::string_view replaced_record(exec::RecordBuilder& record, const Replaced& replaced);

/// Reads the replaced documents of a shard, in the order of writing.
Result<std::vector<Replaced>> read_replaced(const CorpusFit& fit, const exec::StageOutput& output,
                                            std::size_t shard);

/// Writes the record of a page with an address. The caller partitions by address.high.
std::string_view address_record(exec::RecordBuilder& record, const Hash128& address,
                                std::uint64_t time, const Place& place, const Hash128& id);

/// Runs a stage over such records. For each address, writes every capture except the one to keep
/// (the newest; on a tie the first in corpus order) as a Replaced record, partitioned by shard.
Result<exec::StageResult> older_captures_stage(const CorpusFit& fit, const exec::StageResult& from,
                                               std::size_t output);

}  // namespace aludel::curate
