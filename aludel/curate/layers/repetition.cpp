#include <cmath>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/layers/repetition/cut_offs.h"
#include "aludel/curate/layers/repetition/repeats.h"
#include "aludel/curate/limits.h"

namespace aludel::curate {
namespace {

/// Limits: Gopher, arXiv:2112.11446, table A1. Units for CJK: NeMo Curator's segmenters.
struct RepetitionSettings {
  double max_duplicate_lines = 0.30;
  double max_duplicate_paragraphs = 0.30;
  double max_duplicate_line_characters = 0.20;
  double max_duplicate_paragraph_characters = 0.20;
  double max_top_2gram = 0.20;
  double max_top_3gram = 0.18;
  double max_top_4gram = 0.16;
  double max_duplicate_5grams = 0.15;
  double max_duplicate_6grams = 0.14;
  double max_duplicate_7grams = 0.13;
  double max_duplicate_8grams = 0.12;
  double max_duplicate_9grams = 0.11;
  double max_duplicate_10grams = 0.10;
  double characters_per_cjk_word = 1.7;

  template <class V>
  void visit(V& v) {
    v("max_duplicate_lines", max_duplicate_lines, "share of lines; Gopher");
    v("max_duplicate_paragraphs", max_duplicate_paragraphs, "share of paragraphs; Gopher");
    v("max_duplicate_line_characters", max_duplicate_line_characters,
      "share of characters in repeated lines; Gopher");
    v("max_duplicate_paragraph_characters", max_duplicate_paragraph_characters,
      "share of characters in repeated paragraphs; Gopher");
    v("max_top_2gram", max_top_2gram, "share of characters in the top 2-gram; Gopher");
    v("max_top_3gram", max_top_3gram, "share of characters in the top 3-gram; Gopher");
    v("max_top_4gram", max_top_4gram, "share of characters in the top 4-gram; Gopher");
    v("max_duplicate_5grams", max_duplicate_5grams, "share of characters; Gopher");
    v("max_duplicate_6grams", max_duplicate_6grams, "share of characters; Gopher");
    v("max_duplicate_7grams", max_duplicate_7grams, "share of characters; Gopher");
    v("max_duplicate_8grams", max_duplicate_8grams, "share of characters; Gopher");
    v("max_duplicate_9grams", max_duplicate_9grams, "share of characters; Gopher");
    v("max_duplicate_10grams", max_duplicate_10grams, "share of characters; Gopher");
    v("characters_per_cjk_word", characters_per_cjk_word,
      "where most words are CJK letters, an n-gram has n times as many; NC: 1.3 to 2.5");
  }
};

class RepetitionLayer final : public Layer {
 public:
  explicit RepetitionLayer(const RepetitionSettings& settings) : settings_(settings) {}

  Verdict judge(Document& document) const override {
    const MeasuredWords words(document.text);
    Json annotation = Json::object();
    Limits limits(annotation);
    const RepeatedPart lines = repeated_parts(document.text, "\n", words);
    limits.at_most("duplicate_lines", lines.count, settings_.max_duplicate_lines,
                   "duplicate_lines");
    limits.at_most("duplicate_line_characters", lines.characters,
                   settings_.max_duplicate_line_characters, "duplicate_line_characters");
    const RepeatedPart paragraphs = repeated_parts(document.text, "\n\n", words);
    limits.at_most("duplicate_paragraphs", paragraphs.count, settings_.max_duplicate_paragraphs,
                   "duplicate_paragraphs");
    limits.at_most("duplicate_paragraph_characters", paragraphs.characters,
                   settings_.max_duplicate_paragraph_characters, "duplicate_paragraph_characters");
    judge_grams(words, limits);
    document.annotations["repetition"] = std::move(annotation);
    return limits.verdict();
  }

 private:
  void judge_grams(const MeasuredWords& words, Limits& limits) const {
    const double unit = words.mostly_cjk() ? settings_.characters_per_cjk_word : 1.0;
    std::array<std::size_t, 3> top_lengths{};
    std::array<std::size_t, 6> duplicate_lengths{};
    for (std::size_t i = 0; i < top_lengths.size(); ++i) {
      top_lengths[i] = static_cast<std::size_t>(std::lround(static_cast<double>(i + 2) * unit));
    }
    for (std::size_t i = 0; i < duplicate_lengths.size(); ++i) {
      duplicate_lengths[i] =
          static_cast<std::size_t>(std::lround(static_cast<double>(i + 5) * unit));
    }
    const RepeatedGrams grams = repeated_grams(words, top_lengths, duplicate_lengths);
    const double top_limits[] = {settings_.max_top_2gram, settings_.max_top_3gram,
                                 settings_.max_top_4gram};
    for (std::size_t i = 0; i < grams.top.size(); ++i) {
      const std::string name = fmt::format("top_{}gram", i + 2);
      limits.at_most(name, grams.top[i], top_limits[i], name);
    }
    const double duplicate_limits[] = {
        settings_.max_duplicate_5grams, settings_.max_duplicate_6grams,
        settings_.max_duplicate_7grams, settings_.max_duplicate_8grams,
        settings_.max_duplicate_9grams, settings_.max_duplicate_10grams};
    for (std::size_t i = 0; i < grams.duplicated.size(); ++i) {
      const std::string name = fmt::format("duplicate_{}grams", i + 5);
      limits.at_most(name, grams.duplicated[i], duplicate_limits[i], name);
    }
  }

  RepetitionSettings settings_;
};

}  // namespace

extern constinit const LayerSpec layer_repetition = {
    .name = "repetition",
    .summary = "Repeated lines, paragraphs and 2- to 10-grams, with DCLM's measures.",
    .source = "Gopher arXiv:2112.11446 table A1; mlfoundations/dclm content_filters.py",
    .kind = LayerKind::document,
    .defaults = [] { return dump_config(RepetitionSettings{}); },
    .make = [](const Json& settings, const LayerContext&) -> Result<std::unique_ptr<Layer>> {
      RepetitionSettings read;
      ALUDEL_TRY(read_config(settings, read, "layer repetition"));
      if (read.characters_per_cjk_word < 1) {
        return Error{Code::invalid_argument,
                     "[repetition] characters_per_cjk_word must be at least 1"};
      }
      return std::unique_ptr<Layer>(std::make_unique<RepetitionLayer>(read));
    },
    .cut_offs = repetition::kCutOffs,
};

}  // namespace aludel::curate
