#pragma once

// Documents that another one replaces, and the stage that finds them by address: of several
// captures the newest stays. Two layers need it.

#include <string_view>
#include <vector>

#include "aludel/curate/learn/corpus.h"

namespace aludel::curate {

/// A document that falls, by its number in the shard, and the one that stays instead.
struct Replaced {
  std::uint32_t document;
  Hash128 id;
  Hash128 kept;
};

constexpr std::size_t kReplacedBytes = 36;  // of its record, in an output by shard
constexpr std::size_t kAddressBytes = 48;   // of address_record()

std::string_view replaced_record(exec::RecordBuilder& record, const Replaced& replaced);

/// The replaced documents of a shard, as they were written.
Result<std::vector<Replaced>> read_replaced(const CorpusFit& fit, const exec::StageOutput& output,
                                            std::size_t shard);

/// A page with an address. Its partition is that of address.high.
std::string_view address_record(exec::RecordBuilder& record, const Hash128& address,
                                std::uint64_t time, const Place& place, const Hash128& id);

/// Of the pages of an address in such an output, all but the newest, of equally new ones the first
/// in the corpus, as Replaced by shard.
Result<exec::StageResult> older_captures_stage(const CorpusFit& fit, const exec::StageResult& from,
                                               std::size_t output);

}  // namespace aludel::curate
