#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "aludel/base/config.h"
#include "aludel/curate/cascade/compat.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/cascade/rules.h"
#include "aludel/curate/layers/repetition/repetition_rules.h"
#include "aludel/curate/layers/repetition/shares.h"

namespace aludel::curate {
namespace {

using MeasureAsPeer = RepetitionShares (*)(Document& document);

constexpr Compat<MeasureAsPeer> kRepetitionPeers[] = {
    {"none", nullptr},         {"datatrove", measure_as_datatrove}, {"dolma", measure_as_dolma},
    {"dclm", measure_as_dclm}, {"nemo", measure_as_nemo},
};

/// Limits: Gopher, arXiv:2112.11446, table A1; 13 letters: ChineseWebText, arXiv:2311.01149. Units
/// for CJK: NeMo Curator's segmenters.
struct RepetitionSettings {
  std::string compat = "none";
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
  double max_repeated_13_letters = 0.5;
  double characters_per_cjk_word = 1.7;

  template <class V>
  void visit(V& v) {
    v("compat", compat, "whose way of counting; none: our own; what the peer does not measure is 0",
      one_of(kRepetitionPeers));
    v("max_duplicate_lines", max_duplicate_lines, "share of lines; Gopher", kShare);
    v("max_duplicate_paragraphs", max_duplicate_paragraphs, "share of paragraphs; Gopher", kShare);
    v("max_duplicate_line_characters", max_duplicate_line_characters,
      "share of characters in repeated lines; Gopher", kShare);
    v("max_duplicate_paragraph_characters", max_duplicate_paragraph_characters,
      "share of characters in repeated paragraphs; Gopher", kShare);
    v("max_top_2gram", max_top_2gram, "share of characters in the top 2-gram; Gopher", kShare);
    v("max_top_3gram", max_top_3gram, "share of characters in the top 3-gram; Gopher", kShare);
    v("max_top_4gram", max_top_4gram, "share of characters in the top 4-gram; Gopher", kShare);
    v("max_duplicate_5grams", max_duplicate_5grams, "share of characters; Gopher", kShare);
    v("max_duplicate_6grams", max_duplicate_6grams, "share of characters; Gopher", kShare);
    v("max_duplicate_7grams", max_duplicate_7grams, "share of characters; Gopher", kShare);
    v("max_duplicate_8grams", max_duplicate_8grams, "share of characters; Gopher", kShare);
    v("max_duplicate_9grams", max_duplicate_9grams, "share of characters; Gopher", kShare);
    v("max_duplicate_10grams", max_duplicate_10grams, "share of characters; Gopher", kShare);
    v("max_repeated_13_letters", max_repeated_13_letters,
      "share of runs of 13 letters that stand there twice, where most words are CJK letters; "
      "ChineseWebText",
      kShare);
    v("characters_per_cjk_word", characters_per_cjk_word,
      "where most words are CJK letters, an n-gram has n times as many; NC: 1.3 to 2.5",
      at_least(1));
  }
};

using RuleValues = std::array<double, std::size(repetition::kRules)>;

/// In the order of kRules.
RuleValues values_of(const RepetitionShares& s) {
  return {s.lines,         s.line_characters, s.paragraphs,    s.paragraph_characters,
          s.top[0],        s.top[1],          s.top[2],        s.duplicated[0],
          s.duplicated[1], s.duplicated[2],   s.duplicated[3], s.duplicated[4],
          s.duplicated[5], s.windows_of_13};
}

class RepetitionLayer final : public RuleLayer {
 public:
  RepetitionLayer(const RepetitionSettings& settings, MeasureAsPeer as_peer)
      : RuleLayer("repetition", Rules(repetition::kRules, dump_config(settings))),
        characters_per_cjk_word_(settings.characters_per_cjk_word),
        as_peer_(as_peer) {}

  void measure(Document& document) const override {
    const RuleValues values =
        values_of(as_peer_ != nullptr ? as_peer_(document)
                                      : measure_repetition(document, characters_per_cjk_word_));
    Json annotation = Json::object();
    Measured measured(annotation);
    for (std::size_t i = 0; i < values.size(); ++i) {
      measured.add(repetition::kRules[i].value, values[i]);
    }
    document.annotations["repetition"] = std::move(annotation);
  }

 private:
  double characters_per_cjk_word_;
  MeasureAsPeer as_peer_;  // nullptr: our own way
};

}  // namespace

extern constinit const LayerSpec layer_repetition = {
    .name = "repetition",
    .summary = "Repeated lines, paragraphs and 2- to 10-grams, with DCLM's measures or a peer's.",
    .source = "Gopher arXiv:2112.11446 table A1; mlfoundations/dclm content_filters.py",
    .show_settings = default_settings<RepetitionSettings>,
    .make = [](const Json& settings, const LayerContext&) -> Result<std::unique_ptr<Layer>> {
      RepetitionSettings read;
      ALUDEL_TRY(read_config(settings, read, "layers.repetition"));
      const auto& peer = compat_named<MeasureAsPeer>(kRepetitionPeers, read.compat);
      return std::unique_ptr<Layer>(std::make_unique<RepetitionLayer>(read, peer.rule));
    },
    .rules = [](const Json&) { return std::span<const Rule>(repetition::kRules); },
};

}  // namespace aludel::curate
