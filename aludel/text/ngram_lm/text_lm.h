#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/exec/record_sorter.h"
#include "aludel/text/ngram_lm/ngram_counts.h"
#include "aludel/text/ngram_lm/ngram_model.h"
#include "aludel/text/ngram_lm/ngram_table_writer.h"
#include "aludel/text/ngram_lm/text_units.h"

// Language models of text: what the perplexity layer trains and asks.
namespace aludel::text {

struct TextLmSettings {
  int order = 5;  // 1 to kMaxNgramOrder
  NgramPrecision precision = NgramPrecision::packed;
  /// What training may take; n-grams that do not fit are sorted in files.
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  /// Holds those files while training lasts; is removed with all in it at its end.
  std::string work_folder;
  /// Where the model is written in ARPA form, too; "": nowhere.
  std::string arpa;
};

/// Learns from texts in memory of a stated size. The model depends on the settings, the texts and
/// their order alone, not on the number of threads. One caller at a time.
class TextLmTrainer {
 public:
  /// Errors: invalid_argument for an order outside of 1 to kMaxNgramOrder, or too little memory.
  static Result<TextLmTrainer> create(io::FileSystem& files, Threads& threads,
                                      const TextLmSettings& settings);
  TextLmTrainer(TextLmTrainer&&) noexcept;
  TextLmTrainer& operator=(TextLmTrainer&&) noexcept;
  TextLmTrainer(const TextLmTrainer&) = delete;
  TextLmTrainer& operator=(const TextLmTrainer&) = delete;
  ~TextLmTrainer();

  /// Every line is a sequence with its end. Errors: those of the files.
  Status add_text(std::string_view text);

  /// Units seen, the end of each line included.
  std::uint64_t units() const { return units_; }

  /// Those of them that count as unknown, since the vocabulary had taken a quarter of the memory
  /// before they were first seen.
  std::uint64_t late_units() const { return late_units_; }

  /// Writes the model file. Nothing may be added after it. Errors: those of the files.
  Status train(const std::string& out);

 private:
  class WorkFolder;

  TextLmTrainer(const TextLmSettings& settings, const exec::SortPlace& place);

  std::uint32_t id_of(std::uint64_t unit, std::string_view bytes);
  Status write_arpa(AdjustedCounts counts, NgramSink& model);

  TextLmSettings settings_;
  exec::SortPlace place_;
  std::unique_ptr<WorkFolder> work_folder_;  // outlives the counter's files in it
  NgramCounter counter_;
  std::unordered_map<std::uint64_t, std::uint32_t> ids_;
  std::vector<std::uint64_t> unit_of_id_;
  std::vector<std::string> spellings_;  // by id, where an ARPA file is asked for
  std::vector<std::uint32_t> line_;
  std::uint64_t units_ = 0;
  std::uint64_t late_units_ = 0;
};

/// The text's units as the model counts them. REQUIRES: model.units() != NgramUnits::ids.
std::vector<TextUnit> units_for(const NgramModel& model, std::string_view text);

/// The marks that the model has around a line.
LineMarks marks_of(const NgramModel& model);

/// What the model says of the text's lines. Concurrent calls: yes.
NgramScore score_text(const NgramModel& model, std::string_view text);

}  // namespace aludel::text
