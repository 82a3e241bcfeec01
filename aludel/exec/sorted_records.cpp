#include "aludel/exec/sorted_records.h"

#include <algorithm>
#include <cstring>

namespace aludel::exec {

SortedRecords::~SortedRecords() {
  for (const std::string& path : paths_) {
    static_cast<void>(files_->remove(path));  // scratch: it goes with its folder at the latest
  }
}

std::uint64_t SortedRecords::prefix_of(const char* record) {
  std::uint64_t prefix;
  std::memcpy(&prefix, record, sizeof prefix);
  return __builtin_bswap64(prefix);
}

Status SortedRecords::start() {
  for (std::size_t run = 0; run < readers_.size() + chunks_.size(); ++run) {
    heap_.push_back({.run = run});
    if (!ALUDEL_TRY(read(heap_.back()))) heap_.pop_back();
  }
  std::ranges::make_heap(heap_, [this](const Head& a, const Head& b) { return is_after(a, b); });
  return Ok{};
}

/// Moves a head on to the next record of its run; false at the run's end.
Result<bool> SortedRecords::read(Head& head) {
  if (head.run < readers_.size()) {
    std::string_view record;
    if (!ALUDEL_TRY(readers_[head.run].next(record))) return false;
    head.prefix = prefix_of(record.data());
    head.record = record.data();
    return true;
  }
  Chunk& chunk = chunks_[head.run - readers_.size()];
  if (chunk.at == chunk.places.size()) return false;
  const Place& place = chunk.places[chunk.at++];
  head.prefix = place.prefix;
  head.record = memory_.data() + place.index * order_.record_bytes;
  return true;
}

/// Of equal keys, the one that was added first comes first.
bool SortedRecords::is_after(const Head& a, const Head& b) const {
  if (a.prefix != b.prefix) return a.prefix > b.prefix;
  const int order = std::memcmp(a.record, b.record, order_.key_bytes);
  return order != 0 ? order > 0 : a.run > b.run;
}

/// Replaces the first head by the next of its run.
Status SortedRecords::advance() {
  const auto after = [this](const Head& a, const Head& b) { return is_after(a, b); };
  std::ranges::pop_heap(heap_, after);
  if (ALUDEL_TRY(read(heap_.back()))) {
    std::ranges::push_heap(heap_, after);
  } else {
    heap_.pop_back();
  }
  return Ok{};
}

void SortedRecords::add_to_current(const char* record) {
  char* const sum_bytes = current_.data() + order_.key_bytes;
  std::uint64_t sum;
  std::uint64_t more;
  std::memcpy(&sum, sum_bytes, sizeof sum);
  std::memcpy(&more, record + order_.key_bytes, sizeof more);
  sum += more;
  std::memcpy(sum_bytes, &sum, sizeof sum);
}

Result<bool> SortedRecords::next(std::string_view& record) {
  if (heap_.empty()) return false;
  std::memcpy(current_.data(), heap_.front().record, order_.record_bytes);
  ALUDEL_TRY(advance());
  while (order_.equal == EqualKeys::summed && !heap_.empty() &&
         std::memcmp(heap_.front().record, current_.data(), order_.key_bytes) == 0) {
    add_to_current(heap_.front().record);
    ALUDEL_TRY(advance());
  }
  record = std::string_view(current_.data(), current_.size());
  return true;
}

}  // namespace aludel::exec
