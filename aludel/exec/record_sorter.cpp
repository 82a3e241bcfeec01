#include "aludel/exec/record_sorter.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/check.h"

namespace aludel::exec {
namespace {

constexpr std::size_t kLeastRecords = 2;
constexpr std::size_t kMostRecords = std::size_t{1} << 31;
constexpr std::size_t kMostChunks = 16;  // sorted on their own, by as many threads
constexpr std::size_t kChunkRecords = std::size_t{1} << 16;
constexpr std::size_t kLeastBlock = std::size_t{16} << 10;
constexpr std::size_t kMostBlock = std::size_t{1} << 20;

}  // namespace

RecordSorter::RecordSorter(SortPlace place, std::string name, RecordOrder order)
    : place_(std::move(place)), name_(std::move(name)), order_(order) {
  ALUDEL_CHECK(order.key_bytes >= sizeof(std::uint64_t) && order.record_bytes >= order.key_bytes,
               "keys of eight bytes or more");
  ALUDEL_CHECK(order.equal == EqualKeys::kept ||
                   order.record_bytes >= order.key_bytes + sizeof(std::uint64_t),
               "a sum behind the key");
  capacity_bytes_ =
      order.record_bytes *
      std::clamp(place_.memory_bytes / (order.record_bytes + sizeof(SortedRecords::Place)),
                 kLeastRecords, kMostRecords);
}

RecordSorter::~RecordSorter() {
  for (const std::string& run : runs_) {
    static_cast<void>(place_.files->remove(run));
  }
}

Status RecordSorter::add(std::string_view record) {
  ALUDEL_CHECK(record.size() == order_.record_bytes, "a record of another size");
  if (memory_.size() >= capacity_bytes_) ALUDEL_TRY(spill());
  // Memory of the stated size is taken once, instead of by doubling past it.
  if (memory_.size() * 2 > capacity_bytes_) memory_.reserve(capacity_bytes_);
  memory_.insert(memory_.end(), record.begin(), record.end());
  return Ok{};
}

/// Gives the memory and the order of its records away.
std::unique_ptr<SortedRecords> RecordSorter::sort_memory() {
  using Place = SortedRecords::Place;
  const std::size_t count = memory_.size() / order_.record_bytes;
  const std::size_t chunks = place_.threads == nullptr
                                 ? 1
                                 : std::clamp<std::size_t>(count / kChunkRecords, 1, kMostChunks);
  std::unique_ptr<SortedRecords> sorted(new SortedRecords(order_));
  sorted->memory_ = std::exchange(memory_, {});
  sorted->chunks_.resize(chunks);
  const auto record_at = [&](std::size_t index) {
    return sorted->memory_.data() + index * order_.record_bytes;
  };
  const auto sort_chunk = [&](std::size_t chunk) {
    const std::size_t begin = count * chunk / chunks;
    const std::size_t end = count * (chunk + 1) / chunks;
    std::vector<Place> places;
    places.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      places.push_back({SortedRecords::prefix_of(record_at(i)), static_cast<std::uint32_t>(i)});
    }
    std::ranges::sort(places, [&](const Place& a, const Place& b) {
      if (a.prefix != b.prefix) return a.prefix < b.prefix;
      const int by_key = std::memcmp(record_at(a.index), record_at(b.index), order_.key_bytes);
      return by_key != 0 ? by_key < 0 : a.index < b.index;
    });
    sorted->chunks_[chunk].places = std::move(places);
  };
  if (place_.threads == nullptr) {
    sort_chunk(0);
  } else {
    place_.threads->parallel_for(chunks, sort_chunk);
  }
  return sorted;
}

Status RecordSorter::spill() {
  if (runs_.empty()) ALUDEL_TRY(place_.files->make_folders(place_.folder));
  std::string path = io::join_path(place_.folder, fmt::format("{}.{}.run", name_, runs_.size()));
  const auto writer =
      ALUDEL_TRY(RecordWriter::create(*place_.files, path, {order_.record_bytes, 1}, kMostBlock));
  runs_.push_back(std::move(path));
  const auto sorted = sort_memory();
  ALUDEL_TRY(sorted->start());
  std::string_view record;
  while (ALUDEL_TRY(sorted->next(record))) {
    ALUDEL_TRY(writer->write(0, record));
  }
  ALUDEL_TRY(writer->commit());
  memory_ = std::move(sorted->memory_);  // is used again
  memory_.clear();
  return Ok{};
}

Result<std::unique_ptr<SortedRecords>> RecordSorter::finish() {
  const std::size_t block_bytes =
      std::clamp(place_.memory_bytes / 2 / (runs_.size() + 1), kLeastBlock, kMostBlock);
  auto sorted = sort_memory();
  sorted->files_ = place_.files;
  sorted->paths_ = std::exchange(runs_, {});
  for (const std::string& path : sorted->paths_) {
    sorted->readers_.emplace_back(*place_.files, std::span(&path, 1),
                                  RecordLayout{order_.record_bytes, 1}, 0, block_bytes);
  }
  ALUDEL_TRY(sorted->start());
  return sorted;
}

}  // namespace aludel::exec
