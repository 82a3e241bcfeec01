#include "aludel/curate/layers/exact_dedup/repeats_plan.h"

#include <algorithm>
#include <optional>

#include "aludel/base/check.h"
#include "aludel/curate/layers/exact_dedup/boundaries.h"

namespace aludel::curate::exact_dedup {
namespace {

constexpr std::size_t kSeedBytes = 20;    // by hash: hash 8, place 8, word 4
constexpr std::size_t kWindowBytes = 28;  // by hash: hash 16, place 8, word 4
constexpr std::size_t kWordBytes = 8;     // by shard: document 4, word 4

std::string_view word_record(exec::RecordBuilder& record, const Place& place, std::uint32_t word) {
  return record.clear().small(place.document).small(word).bytes();
}

/// Collects the seeds. Output: seeds by hash.
exec::Stage seeds_stage(const CorpusFit& fit, const RepeatSettings& settings) {
  const exec::RecordLayout by_seed = by_hash(fit, kSeedBytes, fit.corpus.text_bytes() / 2);
  exec::Stage stage{.name = "seeds",
                    .tasks = fit.corpus.shards(),
                    .inputs = settings.skipped_by,
                    .outputs = {by_seed},
                    .work = {}};
  stage.work = [&fit, &settings, by_seed](exec::StageTask& task) -> Status {
    const std::set<std::uint32_t> skip = ALUDEL_TRY(settings.skipped(task.number));
    exec::RecordBuilder record;
    return fit.corpus.read(task.number, [&](const CorpusDocument& item) -> Status {
      if (skip.contains(item.place.document)) return Ok{};
      const auto words = repeat_word_hashes(item.document, settings.scope);
      std::optional<std::uint32_t> last;
      for (const WindowSeed& seed : window_seeds(words, settings.length)) {
        if (seed.begin == last) continue;
        last = seed.begin;
        record.clear().number(seed.hash).number(item.place.number()).small(seed.begin);
        ALUDEL_TRY(
            task.write(0, exec::partition_of(seed.hash, by_seed.partitions), record.bytes()));
      }
      return Ok{};
    });
  };
  return stage;
}

/// Keeps repeated seeds. Output: seeds that occur twice or more, by shard.
Status keep_repeated_seeds(exec::StageTask& task, exec::SortedRecords& records) {
  struct Seed {
    std::uint64_t hash;
    Place place;
    std::uint32_t word;
    bool is_written;
  };

  exec::RecordBuilder out;
  const auto write = [&](Seed& seed) -> Status {
    if (seed.is_written) return Ok{};
    seed.is_written = true;
    return task.write(0, seed.place.shard, word_record(out, seed.place, seed.word));
  };
  std::optional<Seed> before;
  std::string_view bytes;
  while (ALUDEL_TRY(records.next(bytes))) {
    exec::RecordParser record(bytes);
    const std::uint64_t hash = record.number();
    const Place place = Place::of(record.number());
    Seed seed{hash, place, record.small(), false};
    if (before && before->hash == seed.hash) {
      ALUDEL_TRY(write(*before));
      ALUDEL_TRY(write(seed));
    }
    before = seed;
  }
  return Ok{};
}

/// Reader of word positions in a shard's documents, in order.
class WordPlaces {
 public:
  static Result<WordPlaces> open(std::unique_ptr<exec::SortedRecords> records) {
    WordPlaces places(std::move(records));
    ALUDEL_TRY(places.advance());
    return places;
  }

  /// Returns the positions in the next document. REQUIRES: documents come in order.
  Result<std::set<std::uint32_t>> take(std::uint32_t document) {
    std::set<std::uint32_t> words;
    while (!is_done_ && document_ == document) {
      words.insert(words.end(), word_);
      ALUDEL_TRY(advance());
    }
    return words;
  }

 private:
  explicit WordPlaces(std::unique_ptr<exec::SortedRecords> records)
      : records_(std::move(records)) {}

  Status advance() {
    std::string_view bytes;
    is_done_ = !ALUDEL_TRY(records_->next(bytes));
    if (is_done_) return Ok{};
    exec::RecordParser record(bytes);
    document_ = record.small();
    word_ = record.small();
    return Ok{};
  }

  std::unique_ptr<exec::SortedRecords> records_;
  std::uint32_t document_ = 0;
  std::uint32_t word_ = 0;
  bool is_done_ = false;
};

/// Collects the windows with a repeated seed. Output: windows by a hash of their words.
exec::Stage windows_stage(const CorpusFit& fit, const RepeatSettings& settings,
                          const exec::StageResult& repeated_seeds) {
  constexpr std::uint64_t kWindowsPerSeed = 26;  // at a length of 50, half of them likely
  const exec::StageOutput& seeds = repeated_seeds.outputs[0];
  const exec::RecordLayout by_window =
      by_hash(fit, kWindowBytes, seeds.size_bytes / kWordBytes * kWindowsPerSeed * kWindowBytes);
  exec::Stage stage{.name = "windows",
                    .tasks = fit.corpus.shards(),
                    .inputs = repeated_seeds.fingerprint,
                    .outputs = {by_window},
                    .work = {}};
  stage.work = [&fit, &seeds, &settings, by_window](exec::StageTask& task) -> Status {
    WordPlaces repeated =
        ALUDEL_TRY(WordPlaces::open(ALUDEL_TRY(fit.shuffle.sorted(seeds, task.number, "windows"))));
    exec::RecordBuilder record;
    return fit.corpus.read(task.number, [&](const CorpusDocument& item) -> Status {
      const std::set<std::uint32_t> marked = ALUDEL_TRY(repeated.take(item.place.document));
      if (marked.empty()) return Ok{};
      const auto words = repeat_word_hashes(item.document, settings.scope);
      const std::vector<WindowSeed> seeds_of_windows = window_seeds(words, settings.length);
      for (std::size_t i = 0; i < seeds_of_windows.size(); ++i) {
        if (!marked.contains(seeds_of_windows[i].begin)) continue;
        const Hash128 hash = hash128(
            {reinterpret_cast<const char*>(words.data() + i), settings.length * sizeof words[0]});
        record.clear().hash(hash).number(item.place.number()).small(static_cast<std::uint32_t>(i));
        ALUDEL_TRY(
            task.write(0, exec::partition_of(hash.high, by_window.partitions), record.bytes()));
      }
      return Ok{};
    });
  };
  return stage;
}

/// Keeps repeats. Output: windows that occur before and do not overlap their first occurrence, by
/// shard.
Status keep_repeats(std::size_t length, exec::StageTask& task, exec::SortedRecords& records) {
  exec::RecordBuilder out;
  Hash128 window;
  std::uint64_t first_place = 0;
  std::uint32_t first_word = 0;
  bool is_begun = false;
  std::string_view bytes;
  while (ALUDEL_TRY(records.next(bytes))) {
    exec::RecordParser record(bytes);
    const Hash128 next = record.hash();
    const std::uint64_t place = record.number();
    const std::uint32_t word = record.small();
    if (!is_begun || next != window) {
      is_begun = true;
      window = next;
      first_place = place;
      first_word = word;
    } else if (place != first_place || first_word + length <= word) {
      const Place at = Place::of(place);
      ALUDEL_TRY(task.write(0, at.shard, word_record(out, at, word)));
    }
  }
  return Ok{};
}

}  // namespace

std::vector<std::uint64_t> repeat_word_hashes(const Document& document, Scope scope) {
  const std::uint64_t key = scope_key(scope, document);
  const std::vector<text::Word> words = repeat_words(document.text);
  std::vector<std::uint64_t> hashes;
  hashes.reserve(words.size());
  for (const text::Word& word : words) {
    hashes.push_back(in_scope(word.hash, key));
  }
  return hashes;
}

std::vector<WindowSeed> window_seeds(std::span<const std::uint64_t> words, std::size_t length) {
  ALUDEL_CHECK(length > 0, "windows of words");
  if (words.size() < length) return {};
  const std::size_t seed_words = (length + 1) / 2;
  const std::size_t seeds_in_window = length - seed_words + 1;
  const text::WindowHashes hashes(words);
  std::vector<WindowSeed> all(words.size() - seed_words + 1);
  for (std::size_t begin = 0; begin < all.size(); ++begin) {
    all[begin] = {hashes.window(begin, seed_words), static_cast<std::uint32_t>(begin)};
  }
  const auto least_of = [&](std::size_t window) {
    return *std::ranges::min_element(std::span(all).subspan(window, seeds_in_window), {},
                                     &WindowSeed::hash);
  };
  std::vector<WindowSeed> chosen;
  chosen.reserve(words.size() - length + 1);
  chosen.push_back(least_of(0));
  for (std::size_t window = 1; window + length <= words.size(); ++window) {
    const WindowSeed& before = chosen.back();
    const WindowSeed& last = all[window + seeds_in_window - 1];
    if (before.begin < window) {
      chosen.push_back(least_of(window));
    } else {
      chosen.push_back(last.hash < before.hash ? last : before);
    }
  }
  return chosen;
}

Result<RepeatStages> RepeatStages::run(const CorpusFit& fit, const RepeatSettings& settings) {
  RepeatStages stages;
  stages.length_ = settings.length;
  const auto seeds = ALUDEL_TRY(fit.shuffle.run(seeds_stage(fit, settings)));
  const auto repeated = ALUDEL_TRY(sorted_stage(fit, "repeated_seeds", seeds, 0,
                                                {by_shard(fit, kWordBytes)}, keep_repeated_seeds));
  const auto windows = ALUDEL_TRY(fit.shuffle.run(windows_stage(fit, settings, repeated)));
  stages.repeats_ = ALUDEL_TRY(sorted_stage(
      fit, "repeats", windows, 0, {by_shard(fit, kWordBytes)},
      [&](auto& task, auto& records) { return keep_repeats(settings.length, task, records); }));
  return stages;
}

Result<RepeatStages::Cuts> RepeatStages::cuts(const CorpusFit& fit, std::size_t shard) const {
  return Cuts(ALUDEL_TRY(fit.shuffle.sorted(repeats_.outputs[0], shard, "findings")), length_);
}

Result<bool> RepeatStages::Cuts::next(Cut& cut) {
  std::string_view bytes;
  while (ALUDEL_TRY(windows_->next(bytes))) {
    exec::RecordParser record(bytes);
    const std::uint32_t document = record.small();
    const std::size_t word = record.small();
    if (is_open_ && open_.document == document && word <= open_.words.end) {
      open_.words.end = word + length_;
      continue;
    }
    const bool was_open = is_open_;
    cut = open_;
    open_ = {document, {word, word + length_}};
    is_open_ = true;
    if (was_open) return true;
  }
  if (!is_open_) return false;
  cut = open_;
  is_open_ = false;
  return true;
}

}  // namespace aludel::curate::exact_dedup
