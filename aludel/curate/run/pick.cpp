#include "aludel/curate/run/pick.h"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/stop.h"

namespace aludel::curate {
namespace {

std::uint64_t sample_hash(std::uint64_t seed, const Document& document) {
  return hash64(document.id, seed);
}

/// The `count` smallest of many numbers. Keeps only these in memory.
class SmallestNumbers {
 public:
  explicit SmallestNumbers(std::size_t count) : count_(count) {}

  void add(std::uint64_t number) {
    if (heap_.size() == count_ && number >= heap_.front()) return;
    heap_.push_back(number);
    std::ranges::push_heap(heap_);
    if (heap_.size() <= count_) return;
    std::ranges::pop_heap(heap_);
    heap_.pop_back();
  }

  void add(const SmallestNumbers& other) {
    for (const std::uint64_t number : other.heap_) {
      add(number);
    }
  }

  bool is_full() const { return heap_.size() == count_; }

  /// Returns the largest of them. REQUIRES: a number was added.
  std::uint64_t largest() const { return heap_.front(); }

 private:
  std::size_t count_;
  std::vector<std::uint64_t> heap_;  // the largest first
};

}  // namespace

bool Sample::takes(const Document& document) const {
  return is_all_ || sample_hash(seed_, document) <= most_;
}

std::string Sample::fingerprint() const {
  return is_all_ ? std::string() : fmt::format("{} {}", seed_, most_);
}

Result<Sample> Sample::draw(io::FileSystem& files, Threads& threads, const CurateConfig& config,
                            const std::vector<Shard>& shards) {
  const auto seed = static_cast<std::uint64_t>(config.seed);
  const auto count = static_cast<std::size_t>(config.sample);
  SmallestNumbers all(count);
  std::mutex all_mutex;
  std::vector<Status> results(shards.size(), Status(Ok{}));
  threads.parallel_for(shards.size(), [&](std::size_t i) {
    SmallestNumbers smallest(count);
    ShardVisitor visitor;
    visitor.document = [&](ReadDocument& item) -> Status {
      if (stop_requested()) return Error{Code::cancelled, "stopped"};
      smallest.add(sample_hash(seed, item.document));
      return Ok{};
    };
    results[i] = read_shard(files, config.sources[shards[i].source], shards[i], Sample(), visitor);
    const std::lock_guard lock(all_mutex);
    all.add(smallest);
  });
  for (Status& result : results) {
    ALUDEL_TRY(std::move(result));
  }
  Sample sample;
  sample.seed_ = seed;
  sample.is_all_ = !all.is_full();
  if (all.is_full()) sample.most_ = all.largest();
  return sample;
}

Status cut_to_limit(io::FileSystem& files, const CurateConfig& config, std::vector<Shard>& shards) {
  auto left = static_cast<std::uint64_t>(config.limit);
  for (std::size_t i = 0; i < shards.size(); ++i) {
    std::uint64_t found = 0;
    ShardVisitor visitor;
    visitor.document = [&](ReadDocument&) -> Status {
      ++found;
      return stop_requested() ? Status(Error{Code::cancelled, "stopped"}) : Status(Ok{});
    };
    shards[i].most_documents = left;
    ALUDEL_TRY(read_shard(files, config.sources[shards[i].source], shards[i], Sample(), visitor));
    left -= found;
    if (left > 0) continue;
    shards.resize(i + 1);
    return Ok{};
  }
  return Ok{};
}

Result<bool> yields_document(io::FileSystem& files, const CurateConfig& config, std::size_t source,
                             const std::vector<Shard>& shards) {
  bool has_document = false;
  ShardVisitor visitor;
  visitor.document = [&](ReadDocument&) -> Status {
    has_document = true;
    return Ok{};
  };
  for (const Shard& shard : shards) {
    if (shard.source != source) continue;
    Shard first = shard;
    first.most_documents = 1;
    ALUDEL_TRY(read_shard(files, config.sources[source], first, Sample(), visitor));
    if (has_document) return true;
  }
  return false;
}

Status read_shard(io::FileSystem& files, const SourceConfig& source, const Shard& shard,
                  const Sample& sample, const ShardVisitor& visitor) {
  std::uint64_t left = shard.most_documents;
  for (const FilePart& part : shard.parts) {
    if (left == 0) break;
    const auto reader = ALUDEL_TRY(open_documents(files, source, part));
    std::uint64_t not_sampled = 0;
    ReadDocument item;
    while (left > 0 && ALUDEL_TRY(reader->next(item))) {
      --left;
      if (sample.takes(item.document)) {
        ALUDEL_TRY(visitor.document(item));
      } else {
        ++not_sampled;
      }
    }
    reader->end();
    if (visitor.end_part) ALUDEL_TRY(visitor.end_part(part, *reader, not_sampled));
  }
  return Ok{};
}

}  // namespace aludel::curate
