#include "aludel/text/ngram_lm/record_sorter.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "aludel/base/check.h"

namespace aludel::text {
namespace {

constexpr std::size_t kLeastRecords = 1024;
constexpr std::size_t kMostRecords = std::size_t{1} << 31;
constexpr std::size_t kMostChunks = 16;  // sorted on their own, by as many threads
constexpr std::size_t kChunkRecords = std::size_t{1} << 16;
constexpr std::size_t kLeastBlock = std::size_t{16} << 10;
constexpr std::size_t kMostBlock = std::size_t{1} << 20;

/// The first eight bytes as a number that orders as they do.
std::uint64_t prefix_of(const char* record) {
  std::uint64_t prefix;
  std::memcpy(&prefix, record, sizeof prefix);
  return __builtin_bswap64(prefix);
}

struct RecordPlace {
  std::uint64_t prefix;
  std::uint32_t index;
};

/// A part of a buffer in sorted order. It does not own the buffer.
class MemorySource final : public RecordSource {
 public:
  MemorySource(const char* buffer, std::size_t record_bytes, std::vector<RecordPlace> order)
      : buffer_(buffer), record_bytes_(record_bytes), order_(std::move(order)) {}

  Result<const char*> next() override {
    if (at_ == order_.size()) return static_cast<const char*>(nullptr);
    return buffer_ + order_[at_++].index * record_bytes_;
  }

 private:
  const char* buffer_;
  std::size_t record_bytes_;
  std::vector<RecordPlace> order_;
  std::size_t at_ = 0;
};

/// A run in a file.
class FileSource final : public RecordSource {
 public:
  FileSource(std::unique_ptr<io::ByteReader> reader, std::size_t record_bytes,
             std::size_t block_bytes)
      : reader_(std::move(reader)),
        record_bytes_(record_bytes),
        block_(std::max<std::size_t>(block_bytes / record_bytes, 1) * record_bytes) {}

  Result<const char*> next() override {
    if (at_ == end_) {
      end_ = ALUDEL_TRY(fill());
      at_ = 0;
      if (end_ == 0) return static_cast<const char*>(nullptr);
    }
    const char* record = block_.data() + at_;
    at_ += record_bytes_;
    return record;
  }

 private:
  Result<std::size_t> fill() {
    const std::size_t filled = ALUDEL_TRY(io::read_full(*reader_, block_));
    if (filled % record_bytes_ != 0) {
      return Error{Code::corrupt_data, "[sort] a run that ends inside of a record"};
    }
    return filled;
  }

  std::unique_ptr<io::ByteReader> reader_;
  std::size_t record_bytes_;
  std::vector<char> block_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

/// Merges sorted sources.
class MergeSource final : public RecordSource {
 public:
  MergeSource(RecordShape shape, EqualKeys equal,
              std::vector<std::unique_ptr<RecordSource>> sources)
      : shape_(shape), equal_(equal), sources_(std::move(sources)), current_(shape.record_bytes) {}

  Status start() {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      ALUDEL_TRY(push_from(i));
    }
    return Ok{};
  }

  Result<const char*> next() override {
    if (heap_.empty()) return static_cast<const char*>(nullptr);
    std::memcpy(current_.data(), heap_.front().record, shape_.record_bytes);
    ALUDEL_TRY(advance());
    while (equal_ == EqualKeys::summed && !heap_.empty() &&
           std::memcmp(heap_.front().record, current_.data(), shape_.key_bytes) == 0) {
      add_to_current(heap_.front().record);
      ALUDEL_TRY(advance());
    }
    return current_.data();
  }

 private:
  struct Head {
    std::uint64_t prefix;
    const char* record;
    std::size_t source;
  };

  /// Whether a comes after b, for a heap with the first on top.
  bool is_after(const Head& a, const Head& b) const {
    if (a.prefix != b.prefix) return a.prefix > b.prefix;
    const int order = std::memcmp(a.record, b.record, shape_.key_bytes);
    return order != 0 ? order > 0 : a.source > b.source;
  }

  Status push_from(std::size_t source) {
    const char* record = ALUDEL_TRY(sources_[source]->next());
    if (record == nullptr) return Ok{};
    heap_.push_back({prefix_of(record), record, source});
    std::push_heap(heap_.begin(), heap_.end(),
                   [this](const Head& a, const Head& b) { return is_after(a, b); });
    return Ok{};
  }

  /// Replaces the first head by the next of its source.
  Status advance() {
    const std::size_t source = heap_.front().source;
    const char* record = ALUDEL_TRY(sources_[source]->next());
    if (heap_.size() == 1) {
      if (record == nullptr) {
        heap_.clear();
      } else {
        heap_.front() = {prefix_of(record), record, source};
      }
      return Ok{};
    }
    const auto after = [this](const Head& a, const Head& b) { return is_after(a, b); };
    std::pop_heap(heap_.begin(), heap_.end(), after);
    heap_.pop_back();
    if (record == nullptr) return Ok{};
    heap_.push_back({prefix_of(record), record, source});
    std::push_heap(heap_.begin(), heap_.end(), after);
    return Ok{};
  }

  void add_to_current(const char* record) {
    std::uint64_t sum;
    std::uint64_t more;
    std::memcpy(&sum, current_.data() + shape_.key_bytes, sizeof sum);
    std::memcpy(&more, record + shape_.key_bytes, sizeof more);
    sum += more;
    std::memcpy(current_.data() + shape_.key_bytes, &sum, sizeof sum);
  }

  RecordShape shape_;
  EqualKeys equal_;
  std::vector<std::unique_ptr<RecordSource>> sources_;
  std::vector<Head> heap_;
  std::vector<char> current_;
};

/// All of a sorter's records; holds its buffer and files until it goes.
class WholeSource final : public RecordSource {
 public:
  WholeSource(io::FileSystem* files, std::vector<std::string> runs, std::vector<char> buffer)
      : files_(files), runs_(std::move(runs)), buffer_(std::move(buffer)) {}

  ~WholeSource() override {
    merged_.reset();
    for (const std::string& run : runs_) {
      // A file that stays behind is removed with its folder.
      static_cast<void>(files_->remove(run).has_value());
    }
  }

  Status start(std::unique_ptr<MergeSource> merged) {
    merged_ = std::move(merged);
    return merged_->start();
  }

  Result<const char*> next() override { return merged_->next(); }

 private:
  io::FileSystem* files_;
  std::vector<std::string> runs_;
  std::vector<char> buffer_;
  std::unique_ptr<MergeSource> merged_;
};

}  // namespace

RecordSorter::RecordSorter(SortPlace place, std::string name, RecordShape shape, EqualKeys equal)
    : place_(std::move(place)), name_(std::move(name)), shape_(shape), equal_(equal) {
  ALUDEL_CHECK(shape.key_bytes >= sizeof(std::uint64_t) && shape.record_bytes >= shape.key_bytes,
               "keys of eight bytes or more");
  ALUDEL_CHECK(
      equal == EqualKeys::kept || shape.record_bytes >= shape.key_bytes + sizeof(std::uint64_t),
      "a sum behind the key");
  capacity_ = std::clamp(place_.memory_bytes / (shape.record_bytes + sizeof(RecordPlace)),
                         kLeastRecords, kMostRecords);
}

RecordSorter::~RecordSorter() {
  for (const std::string& run : runs_) {
    static_cast<void>(place_.files->remove(run).has_value());
  }
}

Status RecordSorter::add(const char* record) {
  if (buffer_.size() >= capacity_ * shape_.record_bytes) ALUDEL_TRY(spill());
  // Memory of the stated size is taken once, instead of by doubling past it.
  if (buffer_.size() * 2 > capacity_ * shape_.record_bytes) {
    buffer_.reserve(capacity_ * shape_.record_bytes);
  }
  buffer_.insert(buffer_.end(), record, record + shape_.record_bytes);
  return Ok{};
}

/// The buffer as sorted chunks.
std::vector<std::unique_ptr<RecordSource>> RecordSorter::sort_memory() {
  const std::size_t count = buffer_.size() / shape_.record_bytes;
  const std::size_t chunks = std::clamp<std::size_t>(count / kChunkRecords, 1, kMostChunks);
  std::vector<std::unique_ptr<RecordSource>> sources(chunks);
  place_.threads->parallel_for(chunks, [&](std::size_t chunk) {
    const std::size_t begin = count * chunk / chunks;
    const std::size_t end = count * (chunk + 1) / chunks;
    std::vector<RecordPlace> order;
    order.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      order.push_back(
          {prefix_of(buffer_.data() + i * shape_.record_bytes), static_cast<std::uint32_t>(i)});
    }
    std::sort(order.begin(), order.end(), [this](const RecordPlace& a, const RecordPlace& b) {
      if (a.prefix != b.prefix) return a.prefix < b.prefix;
      const int by_key =
          std::memcmp(buffer_.data() + a.index * shape_.record_bytes,
                      buffer_.data() + b.index * shape_.record_bytes, shape_.key_bytes);
      return by_key != 0 ? by_key < 0 : a.index < b.index;
    });
    sources[chunk] =
        std::make_unique<MemorySource>(buffer_.data(), shape_.record_bytes, std::move(order));
  });
  return sources;
}

Status RecordSorter::spill() {
  if (runs_.empty()) ALUDEL_TRY(place_.files->make_folders(place_.folder));
  std::string path = io::join_path(place_.folder, fmt::format("{}.{}.run", name_, runs_.size()));
  const auto writer = ALUDEL_TRY(place_.files->create_scratch(path));
  runs_.push_back(std::move(path));
  MergeSource merged(shape_, equal_, sort_memory());
  ALUDEL_TRY(merged.start());
  std::string block;
  while (const char* record = ALUDEL_TRY(merged.next())) {
    block.append(record, shape_.record_bytes);
    if (block.size() < kMostBlock) continue;
    ALUDEL_TRY(writer->write(block));
    block.clear();
  }
  ALUDEL_TRY(writer->write(block));
  ALUDEL_TRY(writer->commit());
  buffer_.clear();
  return Ok{};
}

Result<std::unique_ptr<RecordSource>> RecordSorter::finish() {
  std::vector<std::unique_ptr<RecordSource>> sources;
  const std::size_t block =
      std::clamp(place_.memory_bytes / 2 / (runs_.size() + 1), kLeastBlock, kMostBlock);
  for (const std::string& run : runs_) {
    sources.push_back(std::make_unique<FileSource>(ALUDEL_TRY(place_.files->open(run)),
                                                   shape_.record_bytes, block));
  }
  auto in_memory = sort_memory();
  std::ranges::move(in_memory, std::back_inserter(sources));
  auto whole = std::make_unique<WholeSource>(place_.files, std::exchange(runs_, {}),
                                             std::exchange(buffer_, {}));
  ALUDEL_TRY(whole->start(std::make_unique<MergeSource>(shape_, equal_, std::move(sources))));
  return std::unique_ptr<RecordSource>(std::move(whole));
}

}  // namespace aludel::text
