#include "aludel/exec/sorted_records.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace aludel::exec {
namespace {

/// The first eight bytes as a number; a shorter record is filled with zeros.
std::uint64_t prefix_of(std::string_view record) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < sizeof prefix; ++i) {
    const char byte = i < record.size() ? record[i] : '\0';
    prefix = prefix << 8 | static_cast<unsigned char>(byte);
  }
  return prefix;
}

}  // namespace

Result<std::unique_ptr<SortedRecords>> SortedRecords::sort(io::FileSystem& files,
                                                           RecordReader reader,
                                                           std::size_t size_bytes,
                                                           const SortRoom& room) {
  std::unique_ptr<SortedRecords> sorted(new SortedRecords(files, size_bytes, room));
  ALUDEL_TRY(sorted->read_all(reader));
  return sorted;
}

SortedRecords::~SortedRecords() {
  for (const Spill& spill : spills_) {
    static_cast<void>(files_.remove(spill.path));  // scratch: it goes with its folder at the latest
  }
}

Status SortedRecords::read_all(RecordReader& reader) {
  const std::uint64_t most =
      std::clamp<std::uint64_t>(room_.memory_bytes / (size_bytes_ + sizeof(Entry)), 2,
                                std::numeric_limits<std::uint32_t>::max());
  std::string_view record;
  while (ALUDEL_TRY(reader.next(record))) {
    if (entries_.size() == most) ALUDEL_TRY(spill());
    add(record);
  }
  if (spills_.empty()) {
    sort_memory();
    return Ok{};
  }
  if (!entries_.empty()) ALUDEL_TRY(spill());
  return open_spills();
}

void SortedRecords::add(std::string_view record) {
  entries_.push_back({prefix_of(record), static_cast<std::uint32_t>(entries_.size())});
  bytes_ += record;
}

void SortedRecords::sort_memory() {
  std::ranges::sort(entries_, [this](const Entry& a, const Entry& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : record_of(a) < record_of(b);
  });
}

Status SortedRecords::spill() {
  sort_memory();
  const std::string path = fmt::format("{}.{}", room_.spill_path, spills_.size());
  spills_.push_back({path, nullptr, ""});
  constexpr std::size_t kBufferBytes = std::size_t{1} << 16;
  auto writer = ALUDEL_TRY(RecordWriter::create(files_, path, {size_bytes_, 1}, kBufferBytes));
  for (const Entry& entry : entries_) {
    ALUDEL_TRY(writer->write(0, record_of(entry)));
  }
  ALUDEL_TRY(writer->commit());
  entries_.clear();
  bytes_.clear();
  return Ok{};
}

Status SortedRecords::open_spills() {
  entries_.shrink_to_fit();
  bytes_.shrink_to_fit();
  for (std::size_t i = 0; i < spills_.size(); ++i) {
    const std::string paths[] = {spills_[i].path};
    spills_[i].reader =
        std::make_unique<RecordReader>(files_, paths, RecordLayout{size_bytes_, 1}, 0);
    ALUDEL_TRY(advance(i));
  }
  return Ok{};
}

/// Puts a spill's next record into the heap; false at its end.
Result<bool> SortedRecords::advance(std::size_t spill) {
  std::string_view record;
  if (!ALUDEL_TRY(spills_[spill].reader->next(record))) return false;
  spills_[spill].record = record;
  heap_.push_back(spill);
  std::ranges::push_heap(heap_, [this](std::size_t a, std::size_t b) {
    return spills_[a].record > spills_[b].record;
  });
  return true;
}

Result<bool> SortedRecords::next(std::string_view& record) {
  if (spills_.empty()) {
    if (at_ == entries_.size()) return false;
    record = record_of(entries_[at_++]);
    return true;
  }
  if (heap_.empty()) return false;
  std::ranges::pop_heap(heap_, [this](std::size_t a, std::size_t b) {
    return spills_[a].record > spills_[b].record;
  });
  const std::size_t least = heap_.back();
  heap_.pop_back();
  last_ = spills_[least].record;
  ALUDEL_TRY(advance(least));
  record = last_;
  return true;
}

}  // namespace aludel::exec
