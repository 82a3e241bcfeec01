#include "aludel/text/tokenizer/held_out.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <numeric>

#include "aludel/text/words.h"

namespace aludel::text {
namespace {

constexpr std::size_t kRunWords = 13;
constexpr std::size_t kMostRuns = std::size_t{1} << 23;

template <class Use>
void for_each_run(std::string_view text, Use use) {
  const WindowHashes windows(word_hashes(text));
  for (std::size_t i = 0; i + kRunWords <= windows.symbols(); ++i) {
    use(windows.window(i, kRunWords));
  }
}

}  // namespace

void HeldOut::add(std::string_view text) {
  const auto document = static_cast<std::uint32_t>(documents_++);
  for_each_run(text, [&](std::uint64_t hash) {
    if (is_kept(hash)) runs_.push_back({hash, document});
  });
  while (runs_.size() > kMostRuns) {
    thin_out();
  }
}

void HeldOut::thin_out() {
  mask_ = mask_ * 2 + 1;
  std::erase_if(runs_, [&](const Run& run) { return !is_kept(run.hash); });
}

void HeldOut::finish() {
  std::ranges::sort(runs_, [](const Run& a, const Run& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.document < b.document;
  });
  slots_.assign(std::bit_ceil(runs_.size() * 2 + 2), 0);
  is_seen_.assign(runs_.size(), 0);
  std::vector<std::uint32_t> first(runs_.size());
  std::vector<std::size_t> counts(documents_ + 1, 0);
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const bool is_first = i == 0 || runs_[i - 1].hash != runs_[i].hash;
    first[i] = is_first ? static_cast<std::uint32_t>(i) : first[i - 1];
    if (is_first) slots_[slot_of(runs_[i].hash)] = static_cast<std::uint32_t>(i) + 1;
    ++counts[runs_[i].document + 1];
  }
  std::partial_sum(counts.begin(), counts.end(), counts.begin());
  first_of_ = counts;
  of_document_.resize(runs_.size());
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    of_document_[counts[runs_[i].document]++] = first[i];
  }
}

/// The slot of the hash, or the free one where it would stand.
std::size_t HeldOut::slot_of(std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = (hash >> 20U) & mask;
  while (slots_[slot] != 0 && runs_[slots_[slot] - 1].hash != hash) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void HeldOut::see(std::string_view text) {
  if (runs_.empty()) return;
  for_each_run(text, [&](std::uint64_t hash) {
    if (!is_kept(hash)) return;
    const std::uint32_t run = slots_[slot_of(hash)];
    if (run != 0) std::atomic_ref(is_seen_[run - 1]).store(1, std::memory_order_relaxed);
  });
}

double HeldOut::seen(std::size_t document) const {
  const std::size_t begin = first_of_[document];
  const std::size_t end = first_of_[document + 1];
  std::size_t count = 0;
  for (std::size_t i = begin; i < end; ++i) {
    count += is_seen_[of_document_[i]];
  }
  return begin == end ? 0 : static_cast<double>(count) / static_cast<double>(end - begin);
}

}  // namespace aludel::text
