#include "aludel/text/ngram_lm/text_lm.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/text/ngram_lm/arpa_writer.h"
#include "aludel/text/ngram_lm/kneser_ney.h"
#include "aludel/text/ngram_lm/ngram_table_writer.h"
#include "aludel/text/ngram_lm/text_units.h"

namespace aludel::text {
namespace {

constexpr std::uint32_t kUnknown = 0;
constexpr std::uint32_t kBegin = 1;
constexpr std::uint32_t kEnd = 2;
// No unit of a text is spelled like a mark: "<" is a symbol of its own.
constexpr std::string_view kMarkSpellings[] = {"<unk>", "<s>", "</s>"};
constexpr std::uint64_t kLeastMemory = std::uint64_t{1} << 20;
// One unit's hash, id, counts, probability and backoff, with what a hash map takes beside them.
constexpr std::uint64_t kBytesPerKind = 96;
constexpr std::uint64_t kBytesPerSpelling = 48;

/// Sorters that are alive at once: three for each order (kneser_ney.cpp).
std::size_t sorter_memory(const TextLmSettings& settings) {
  return static_cast<std::size_t>(settings.memory_bytes / 4 * 3 /
                                  (3 * static_cast<std::uint64_t>(settings.order)));
}

/// Gives what it takes to two.
class BothSinks final : public NgramSink {
 public:
  BothSinks(NgramSink& first, NgramSink& second) : first_(first), second_(second) {}

  Status add(std::span<const std::uint32_t> ids, float probability, float backoff) override {
    ALUDEL_TRY(first_.add(ids, probability, backoff));
    return second_.add(ids, probability, backoff);
  }

 private:
  NgramSink& first_;
  NgramSink& second_;
};

}  // namespace

/// Removes the folder in the end. Runs are removed by their sorters before.
class TextLmTrainer::WorkFolder {
 public:
  explicit WorkFolder(const exec::SortPlace& place) : place_(place) {}

  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  ~WorkFolder() {
    // It stays where the disk fails, which whoever writes the model hears of.
    static_cast<void>(place_.files->remove(place_.folder).has_value());
  }

 private:
  exec::SortPlace place_;
};

TextLmTrainer::TextLmTrainer(TextLmTrainer&&) noexcept = default;
TextLmTrainer& TextLmTrainer::operator=(TextLmTrainer&&) noexcept = default;
TextLmTrainer::~TextLmTrainer() = default;

Result<TextLmTrainer> TextLmTrainer::create(io::FileSystem& files, Threads& threads,
                                            const TextLmSettings& settings) {
  if (settings.order < 1 || settings.order > kMaxNgramOrder) {
    return Error{Code::invalid_argument, fmt::format("[ngram_lm] order {}, expected 1 to {}",
                                                     settings.order, kMaxNgramOrder)};
  }
  if (settings.memory_bytes < kLeastMemory || settings.work_folder.empty()) {
    return Error{Code::invalid_argument, "[ngram_lm] training takes 1 MiB or more and a folder"};
  }
  return TextLmTrainer(settings, {&files, settings.work_folder, sorter_memory(settings), &threads});
}

TextLmTrainer::TextLmTrainer(const TextLmSettings& settings, const exec::SortPlace& place)
    : settings_(settings),
      place_(place),
      work_folder_(std::make_unique<WorkFolder>(place)),
      counter_(place, settings.order, kBegin) {
  for (const std::string_view spelling : kMarkSpellings) {
    unit_of_id_.push_back(hash64(spelling));
    if (!settings_.arpa.empty()) spellings_.emplace_back(spelling);
  }
}

std::uint32_t TextLmTrainer::id_of(std::uint64_t unit, std::string_view bytes) {
  const auto found = ids_.find(unit);
  if (found != ids_.end()) return found->second;
  const std::uint64_t each = kBytesPerKind + (settings_.arpa.empty() ? 0 : kBytesPerSpelling);
  if (unit_of_id_.size() >= settings_.memory_bytes / 4 / each) {
    ++late_units_;
    return kUnknown;
  }
  const auto id = static_cast<std::uint32_t>(unit_of_id_.size());
  ids_.emplace(unit, id);
  unit_of_id_.push_back(unit);
  if (!settings_.arpa.empty()) spellings_.push_back(unit_spelling(bytes));
  return id;
}

Status TextLmTrainer::add_text(std::string_view text) {
  const std::vector<TextUnit> units = text_units(text);
  line_ = {kBegin};
  for (std::size_t i = 0; i < units.size(); ++i) {
    const TextUnit& unit = units[i];
    line_.push_back(id_of(unit.hash, text.substr(unit.begin, unit.end - unit.begin)));
    if (i + 1 < units.size() && !line_ends_between(text, unit, units[i + 1])) continue;
    line_.push_back(kEnd);
    units_ += line_.size() - 1;
    ALUDEL_TRY(counter_.add_sequence(line_));
    line_ = {kBegin};
  }
  return Ok{};
}

Status TextLmTrainer::write_arpa(AdjustedCounts counts, NgramSink& model) {
  ArpaWriter arpa(*place_.files, place_.folder, settings_.order, spellings_);
  BothSinks both(model, arpa);
  ALUDEL_TRY(estimate_kneser_ney(std::move(counts), kBegin, place_, both));
  auto out = ALUDEL_TRY(place_.files->create(settings_.arpa));
  ALUDEL_TRY(arpa.finish(*out));
  return out->commit();
}

Status TextLmTrainer::train(const std::string& out) {
  auto counts = ALUDEL_TRY(counter_.finish(static_cast<std::uint32_t>(unit_of_id_.size())));
  NgramTableWriter writer(place_, settings_.order, settings_.precision, unit_of_id_);
  ALUDEL_TRY(settings_.arpa.empty() ? estimate_kneser_ney(std::move(counts), kBegin, place_, writer)
                                    : write_arpa(std::move(counts), writer));
  auto file = ALUDEL_TRY(place_.files->create(out));
  const NgramMarks marks = {NgramUnits::words, unit_of_id_[kBegin], unit_of_id_[kEnd],
                            unit_of_id_[kUnknown]};
  ALUDEL_TRY(writer.finish(marks, *file));
  return file->commit();
}

std::vector<TextUnit> units_for(const NgramModel& model, std::string_view text) {
  ALUDEL_CHECK(model.units() != NgramUnits::ids, "a model of ids scores no text");
  return model.units() == NgramUnits::words ? text_units(text) : text_tokens(text);
}

LineMarks marks_of(const NgramModel& model) {
  return {model.begin_unit(), model.end_unit()};
}

NgramScore score_text(const NgramModel& model, std::string_view text) {
  return model.score(lines_of_units(text, units_for(model, text), marks_of(model)));
}

}  // namespace aludel::text
