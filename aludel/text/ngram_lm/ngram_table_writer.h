#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/exec/record_sorter.h"
#include "aludel/io/file_system.h"
#include "aludel/text/ngram_lm/ngram_file.h"

namespace aludel::text {

/// Takes the n-grams of a model. One caller at a time.
class NgramSink {
 public:
  NgramSink() = default;
  virtual ~NgramSink() = default;
  NgramSink(const NgramSink&) = delete;
  NgramSink& operator=(const NgramSink&) = delete;

  /// `ids` from the last word to the first; logarithms to base 10. Each n-gram once.
  virtual Status add(std::span<const std::uint32_t> ids, float probability, float backoff) = 0;
};

/// What a model file says beside its n-grams.
struct NgramMarks {
  NgramUnits units = NgramUnits::ids;
  std::uint64_t begin = kNoUnit;
  std::uint64_t end = kNoUnit;
  std::uint64_t unknown = kNoUnit;
};

/// Writes a model file table by table: n-grams are sorted by key, in files where need be, and then
/// written from the first place to the last. Docs: docs/formats/ngram_lm.md.
class NgramTableWriter final : public NgramSink {
 public:
  /// `units` by id; they must live as long as this. Sorting takes place.memory_bytes an order.
  NgramTableWriter(const exec::SortPlace& place, int order, NgramPrecision precision,
                   std::span<const std::uint64_t> units);

  Status add(std::span<const std::uint32_t> ids, float probability, float backoff) override;

  /// Writes all of the file. Nothing may be added after it. Errors: those of the files.
  Status finish(const NgramMarks& marks, io::ByteWriter& out);

 private:
  /// From the lowest to the highest.
  struct Range {
    float low = 0;
    float high = 0;
    bool is_empty = true;

    void add(float value);
    ValueGrid grid() const;
  };

  struct Level {
    exec::RecordSorter sorter;
    std::uint64_t ngrams = 0;
    Range probability;
    Range backoff;
  };

  NgramPrecision precision_;
  std::span<const std::uint64_t> units_;
  std::vector<Level> levels_;
};

}  // namespace aludel::text
