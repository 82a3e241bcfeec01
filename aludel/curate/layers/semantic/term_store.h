#pragma once

// The terms of a corpus's documents, in files of one shard each.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "aludel/curate/layers/semantic/embedding.h"
#include "aludel/curate/layers/semantic/member_groups.h"
#include "aludel/exec/shuffle.h"

namespace aludel::curate::semantic {

inline constexpr std::size_t kTermBytes = 8;  // bucket 4, weight 4

std::string_view term_record(exec::RecordBuilder& record, const TermWeight& term);
TermWeight term_of(exec::RecordParser& record);

/// Terms of the members of one group, scaled, as they are asked for: a file is read at the member's
/// place, and at most kKeptBytes are kept, besides the two that were asked for last. One caller at
/// a time.
class GroupTerms {
 public:
  /// `terms` is the output of term_record()s without partitions, a task for each shard. The
  /// arguments outlive it.
  GroupTerms(io::FileSystem& files, const exec::StageOutput& terms,
             const text::TermStatistics& statistics)
      : files_(files), terms_(terms), statistics_(statistics) {}

  /// Cosine of two members by their numbers in the group. Errors: those of reading.
  Result<double> cosine_of(const std::vector<Member>& group, std::size_t a, std::size_t b);

  /// For the next group.
  void clear();

 private:
  static constexpr std::size_t kKeptBytes = std::size_t{16} << 20;

  Status load(const Member& member, std::size_t number);

  io::FileSystem& files_;
  const exec::StageOutput& terms_;
  const text::TermStatistics& statistics_;
  std::unordered_map<std::size_t, std::vector<TermWeight>> kept_;  // by number in the group
  std::size_t kept_bytes_ = 0;
};

}  // namespace aludel::curate::semantic
