#include "aludel/text/ngram_lm/ngram_table_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"

namespace aludel::text {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;

/// Places for each n-gram: more make misses shorter and the file larger.
constexpr std::uint64_t places_for(std::uint64_t ngrams) {
  return std::max<std::uint64_t>(ngrams + ngrams / 2, 1);
}

struct TableRecord {
  std::uint64_t key;  // its highest byte first
  float probability;
  float backoff;
};

/// Passes bytes on in blocks, and keeps their digest.
class DigestingWriter {
 public:
  explicit DigestingWriter(io::ByteWriter& out) : out_(out) {}

  template <class Value>
  Status write(const Value& value) {
    block_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return block_.size() < kBlockBytes ? Status(Ok{}) : flush();
  }

  Status flush() {
    digest_.update(block_);
    ALUDEL_TRY(out_.write(block_));
    block_.clear();
    return Ok{};
  }

  Hash128 digest() const { return digest_.digest(); }

 private:
  io::ByteWriter& out_;
  Hasher128 digest_;
  std::string block_;
};

std::uint64_t number_on(const ValueGrid& grid, float value) {
  if (grid.step <= 0) return 0;
  const float number = std::round((value - grid.low) / grid.step);
  return static_cast<std::uint64_t>(std::clamp(number, 0.0F, static_cast<float>(kPackedValueMask)));
}

void make_entry(const TableRecord& record, const NgramTableInfo&, ExactEntry& entry) {
  entry = {record.key, record.probability, record.backoff};
}

void make_entry(const TableRecord& record, const NgramTableInfo& info, PackedEntry& entry) {
  entry.bits = fingerprint_of(record.key) << (2 * kPackedValueBits) |
               number_on(info.probability, record.probability) << kPackedValueBits |
               number_on(info.backoff, record.backoff);
}

/// Writes records, sorted by key, and says how many slots that took.
template <class Entry>
Status write_table(exec::SortedRecords& records, NgramTableInfo& info, DigestingWriter& out) {
  const Entry empty = {};
  std::uint64_t slot = 0;
  std::string_view bytes;
  while (ALUDEL_TRY(records.next(bytes))) {
    TableRecord record;
    std::memcpy(&record, bytes.data(), sizeof record);
    record.key = __builtin_bswap64(record.key);
    for (const std::uint64_t place = place_of_key(record.key, info.places); slot < place; ++slot) {
      ALUDEL_TRY(out.write(empty));
    }
    Entry entry;
    make_entry(record, info, entry);
    ALUDEL_TRY(out.write(entry));
    ++slot;
  }
  do {
    ALUDEL_TRY(out.write(empty));
    ++slot;
  } while (slot < info.places);
  info.slots = slot;
  return Ok{};
}

}  // namespace

void NgramTableWriter::Range::add(float value) {
  low = is_empty ? value : std::min(low, value);
  high = is_empty ? value : std::max(high, value);
  is_empty = false;
}

ValueGrid NgramTableWriter::Range::grid() const {
  const double width = static_cast<double>(high) - static_cast<double>(low);
  return {low, static_cast<float>(width / static_cast<double>(kPackedValueMask))};
}

NgramTableWriter::NgramTableWriter(const exec::SortPlace& place, int order,
                                   NgramPrecision precision, std::span<const std::uint64_t> units)
    : precision_(precision), units_(units) {
  ALUDEL_CHECK(order >= 1 && order <= kMaxNgramOrder, "order of n-grams");
  constexpr exec::RecordOrder kByKey = {sizeof(TableRecord), sizeof(std::uint64_t)};
  for (int n = 1; n <= order; ++n) {
    levels_.push_back({exec::RecordSorter(place, fmt::format("table-{}", n), kByKey), 0, {}, {}});
  }
}

Status NgramTableWriter::add(std::span<const std::uint32_t> ids, float probability, float backoff) {
  std::uint64_t key = units_[ids[0]];
  for (const std::uint32_t id : ids.subspan(1)) {
    key = extend_left(key, units_[id]);
  }
  Level& level = levels_[ids.size() - 1];
  ++level.ngrams;
  level.probability.add(probability);
  level.backoff.add(backoff);
  const TableRecord record = {__builtin_bswap64(stored_key(key)), probability, backoff};
  char bytes[sizeof record];
  std::memcpy(bytes, &record, sizeof record);
  return level.sorter.add(std::string_view(bytes, sizeof bytes));
}

Status NgramTableWriter::finish(const NgramMarks& marks, io::ByteWriter& out) {
  DigestingWriter writer(out);
  std::array<char, kNgramHeaderBytes> header = {};
  std::ranges::copy(kNgramFileMagic, header.begin());
  ALUDEL_TRY(writer.write(header));
  NgramFooter footer;
  footer.version = kNgramFileVersion;
  footer.order = static_cast<std::uint32_t>(levels_.size());
  footer.units = static_cast<std::uint32_t>(marks.units);
  footer.precision = static_cast<std::uint32_t>(precision_);
  footer.begin = marks.begin;
  footer.end = marks.end;
  footer.unknown = marks.unknown;
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    NgramTableInfo& info = footer.tables[i];
    info.ngrams = levels_[i].ngrams;
    info.places = places_for(info.ngrams);
    info.probability = levels_[i].probability.grid();
    info.backoff = levels_[i].backoff.grid();
    const auto records = ALUDEL_TRY(levels_[i].sorter.finish());
    const bool packs = i > 0 && precision_ == NgramPrecision::packed;
    ALUDEL_TRY(packs ? write_table<PackedEntry>(*records, info, writer)
                     : write_table<ExactEntry>(*records, info, writer));
  }
  ALUDEL_TRY(writer.write(footer));
  ALUDEL_TRY(writer.flush());
  const Hash128 digest = writer.digest();
  ALUDEL_TRY(writer.write(digest.high));
  ALUDEL_TRY(writer.write(digest.low));
  return writer.flush();
}

}  // namespace aludel::text
