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

/// The scaled terms of the members of one group, read on demand at the member's position in a file.
/// Holds at most kKeptBytes, besides the two members that were asked for last. One caller at a
/// time.
class GroupTerms {
 public:
  /// `terms` is an output of term_record()s with one partition and a task for each shard. The
  /// arguments must outlive it.
  GroupTerms(io::FileSystem& files, const exec::StageOutput& terms,
             const text::TermStatistics& statistics)
      : files_(files), terms_(terms), statistics_(statistics) {}

  /// Returns the cosine of two members by their numbers in the group. Errors: those of reading.
  Result<double> cosine_of(const std::vector<Member>& group, std::size_t a, std::size_t b);

  /// Forgets the terms, for the next group.
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
