#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/text/ngram_lm/ngram_file.h"
#include "aludel/text/ngram_lm/ngram_lookup.h"

namespace aludel::text {

/// The units that still matter for the next probability: those of the longest n-gram of the model
/// that ends a history. A value, cheap to copy.
struct NgramState {
  std::array<std::uint64_t, kMaxNgramOrder - 1> units = {};  // the last first
  std::array<float, kMaxNgramOrder - 1> backoffs = {};       // of the last, of the last two, …
  int length = 0;
};

/// A unit, or the unknown one in place of a unit that a model lacks, with its unigram's numbers.
struct KnownUnit {
  std::uint64_t unit = kNoUnit;
  NgramValues values;
};

/// Total of a sequence.
struct NgramScore {
  double log10 = 0;
  std::uint64_t units = 0;
  std::uint64_t unknown = 0;

  void add(const NgramScore& other);

  /// 10^(-log10 / units); 1 for nothing.
  double perplexity() const;
};

/// An n-gram language model with backoff, read from mapped bytes. N-grams are known by 64 bits (or
/// the about 60 that a packed entry's place and content hold) of a hash of their units: one look-up
/// in 10^10 may take an n-gram for one that the model lacks.
/// Concurrent calls: yes. Docs: docs/formats/ngram_lm.md.
class NgramModel {
 public:
  /// Reads the whole file once, to compare its digest. Errors: those of the file system;
  /// corrupt_data where the digest or the tables do not fit; unsupported for another version.
  static Result<NgramModel> load(io::FileSystem& files, const std::string& path);
  static Result<NgramModel> from_bytes(io::MappedFile bytes);

  /// The bytes that load reads.
  std::string_view bytes() const { return file_.bytes(); }

  int order() const { return static_cast<int>(footer_.order); }

  NgramUnits units() const { return static_cast<NgramUnits>(footer_.units); }

  NgramPrecision precision() const { return static_cast<NgramPrecision>(footer_.precision); }

  std::uint64_t begin_unit() const { return footer_.begin; }

  std::uint64_t end_unit() const { return footer_.end; }

  std::uint64_t unknown_unit() const { return footer_.unknown; }

  std::uint64_t ngram_count(int order) const {
    return footer_.tables[static_cast<std::size_t>(order - 1)].ngrams;
  }

  /// By how much packing can change the log10 of one unit's probability; 0 where it is exact.
  double largest_rounding() const;

  bool has_unit(std::uint64_t unit) const;

  /// State of a sequence's begin (after the begin mark), and of no history at all.
  NgramState begin_state() const;

  NgramState empty_state() const { return {}; }

  /// log10 p(unit | state); `state` moves on past the unit. A unit that the model lacks counts as
  /// the unknown one. The readable twin of score().
  double log10_probability(NgramState& state, std::uint64_t unit) const;

  /// Sequences, each behind the begin mark and with its end where the model has one: the sum of
  /// log10_probability() over all units but the begin marks. OPTIMIZATION: asks for many n-grams of
  /// an order at once, so that the memory's latency is paid once for all of them.
  NgramScore score(std::span<const std::uint64_t> units) const;

  /// Returns what the model knows of each unit.
  std::vector<KnownUnit> look_up(std::span<const std::uint64_t> units) const;

  /// Returns the score of the units at those positions in `known`, which look_up() made.
  /// OPTIMIZATION: where units are scored in several orders, each is looked up once.
  NgramScore score(std::span<const KnownUnit> known, std::span<const std::uint32_t> order) const;

 private:
  template <class Entry>
  using Tables = std::array<NgramTable<Entry>, kMaxNgramOrder>;

  explicit NgramModel(io::MappedFile file) : file_(std::move(file)) {}

  Status read_footer();
  Status place_tables();
  template <class Entry>
  Status place_table(std::string_view& rest, std::size_t level, NgramTable<Entry>& table) const;
  bool find(int order, std::uint64_t key, NgramValues& values) const;
  template <class Entry>
  NgramScore score_in(const Tables<Entry>& tables, std::span<const KnownUnit> known,
                      std::span<const std::uint32_t> order) const;

  io::MappedFile file_;
  NgramFooter footer_;
  NgramTable<ExactEntry> unigrams_;
  Tables<ExactEntry> exact_;  // by order - 1; one of the two is in use
  Tables<PackedEntry> packed_;
  NgramValues unknown_ = {-99, 0};  // of the unknown unit, if the model has one
};

}  // namespace aludel::text
