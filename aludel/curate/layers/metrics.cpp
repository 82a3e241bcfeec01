#include <algorithm>
#include <cmath>
#include <utility>

#include "aludel/base/config.h"
#include "aludel/curate/cascade/compat.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/cascade/limits.h"
#include "aludel/curate/document/scan/text_scan.h"
#include "aludel/curate/layers/metrics/cut_offs.h"
#include "aludel/curate/layers/metrics/peers.h"
#include "aludel/curate/layers/metrics/settings.h"
#include "aludel/curate/layers/shared/line_rules/c4.h"
#include "aludel/curate/layers/shared/line_rules/refinedweb.h"
#include "aludel/curate/layers/shared/share.h"
#include "aludel/text/han_variants.h"
#include "aludel/text/language.h"

namespace aludel::curate {
namespace {

using JudgeAsPeer = void (*)(Document& document, const MetricsSettings& settings, Limits& limits);

constexpr Compat<JudgeAsPeer> kMetricsPeers[] = {
    {"none", nullptr},         {"datatrove", judge_as_datatrove}, {"c4", judge_as_c4},
    {"dolma", judge_as_dolma}, {"dclm", judge_as_dclm},           {"nemo", judge_as_nemo},
};

class MetricsLayer final : public Layer {
 public:
  MetricsLayer(MetricsSettings settings, JudgeAsPeer as_peer, Purpose purpose)
      : settings_(std::move(settings)),
        as_peer_(as_peer),
        notes_all_(purpose == Purpose::annotate) {}

  Verdict judge(Document& document) const override {
    Json annotation = Json::object();
    Limits limits(annotation);
    if (as_peer_ != nullptr) {
      as_peer_(document, settings_, limits);
    } else {
      judge_by_own_rules(document, limits);
    }
    document.annotations["metrics"] = std::move(annotation);
    return limits.verdict();
  }

 private:
  void judge_by_own_rules(Document& document, Limits& limits) const {
    const TextScan& scan = document.scan.of(document.text, WordRule::runs);
    const TextMetrics& m = scan.metrics;
    const bool cjk =
        text::is_cjk_language(document.language) || m.cjk_characters > m.word_characters;
    const double words = static_cast<double>(m.words) +
                         static_cast<double>(m.cjk_characters) / settings_.characters_per_cjk_word;
    judge_length(m, cjk, words, limits);
    judge_symbols(m, words, limits);
    judge_lines(m, cjk, words, limits);
    if (!cjk && (document.language == "en" || document.language.empty())) {
      limits.at_least("stop_words", static_cast<double>(m.stop_words),
                      static_cast<double>(settings_.min_stop_words), "too_few_stop_words");
    }
    if (document.language == "zh") {
      limits.at_least("han", share_of(m.han_characters, m.characters - m.white_space),
                      settings_.min_han_in_chinese, "too_little_han");
      if (notes_all_ || !settings_.allow_traditional_han) {
        limits.at_most_unless_off(
            "traditional_han", text::uses_traditional_han(document.text) ? 1 : 0,
            {settings_.allow_traditional_han ? 1.0 : 0.0, 1}, "traditional_han");
      }
    }
    judge_line_rules(document.text, scan, limits);
  }

  void judge_length(const TextMetrics& m, bool cjk, double words, Limits& limits) const {
    const auto most_words = static_cast<double>(settings_.max_words);
    if (cjk) {
      const std::int64_t letters = m.cjk_characters + m.word_characters;
      limits.at_least("cjk_characters", static_cast<double>(letters),
                      static_cast<double>(settings_.min_cjk_characters), "too_short");
      limits.at_most("words", std::round(words), most_words, "too_many_words");
    } else {
      limits.between("words", words, {static_cast<double>(settings_.min_words), most_words},
                     {"too_few_words", "too_many_words"});
      const double mean_word = share_of(m.word_characters, m.words);
      limits.between("mean_word_length", mean_word,
                     {settings_.min_mean_word_length, settings_.max_mean_word_length},
                     {"words_too_short", "words_too_long"});
    }
    limits.at_least("sentences", static_cast<double>(m.sentences),
                    static_cast<double>(settings_.min_sentences), "too_few_sentences");
    limits.at_most("lorem_ipsum", m.lorem_ipsum ? 1 : 0, settings_.allow_lorem_ipsum ? 1 : 0,
                   "lorem_ipsum");
    limits.at_most("curly_bracket", m.curly_bracket ? 1 : 0, settings_.allow_curly_brackets ? 1 : 0,
                   "curly_bracket");
  }

  void judge_symbols(const TextMetrics& m, double words, Limits& limits) const {
    const auto per_word = [words](std::int64_t count) {
      return static_cast<double>(count) / std::max(words, 1.0);
    };
    limits.at_most("hashes_per_word", per_word(m.hashes), settings_.max_hashes_per_word,
                   "too_many_hashes");
    limits.at_most("ellipses_per_word", per_word(m.ellipses), settings_.max_ellipses_per_word,
                   "too_many_ellipses");
    limits.at_least("alphabetic_words", share_of(m.alphabetic_words + m.cjk_characters, m.tokens),
                    settings_.min_alphabetic_words, "too_few_alphabetic_words");
    limits.at_most("digits", share_of(m.digits, m.characters), settings_.max_digits,
                   "too_many_digits");
    limits.at_most("white_space", share_of(m.white_space, m.characters), settings_.max_white_space,
                   "too_much_white_space");
  }

  void judge_lines(const TextMetrics& m, bool cjk, double words, Limits& limits) const {
    limits.at_most("bullet_lines", share_of(m.bullet_lines, m.lines), settings_.max_bullet_lines,
                   "too_many_bullet_lines");
    limits.at_most("ellipsis_lines", share_of(m.ellipsis_lines, m.lines),
                   settings_.max_ellipsis_lines, "too_many_ellipsis_lines");
    limits.at_least("terminal_lines", share_of(m.terminal_lines, m.lines),
                    settings_.min_terminal_lines, "too_few_terminal_lines");
    limits.at_most("short_lines", share_of(m.short_lines, m.lines), settings_.max_short_lines,
                   "too_many_short_lines");
    limits.at_most("duplicate_line_characters",
                   share_of(m.duplicate_line_characters, m.line_characters),
                   settings_.max_duplicate_line_characters, "too_many_duplicate_lines");
    limits.at_most("newlines_per_word", static_cast<double>(m.newlines) / std::max(words, 1.0),
                   settings_.max_newlines_per_word, "too_many_newlines");
    if (cjk) {
      limits.at_least("mean_line", share_of(m.line_characters, m.lines),
                      settings_.min_mean_cjk_line, "lines_too_short");
    }
  }

  /// Shares of the words that stand in lines which C4 and RefinedWeb drop.
  void judge_line_rules(std::string_view text, const TextScan& scan, Limits& limits) const {
    const bool c4 = settings_.c4_line_rules;
    const bool refinedweb = notes_all_ || settings_.max_refinedweb_line_words < 1;
    if (!c4 && !refinedweb) return;
    const C4LineRules rules = settings_.line_rules();
    std::size_t in_c4_lines = 0;
    std::size_t in_refinedweb_lines = 0;
    for (std::size_t i = 0; i < scan.lines.size(); ++i) {
      const ScannedLine& line = scan.lines[i];
      const std::size_t end =
          i + 1 < scan.lines.size() ? scan.lines[i + 1].first_word : scan.words.size();
      const std::size_t words = end - line.first_word;
      const std::string_view spelling = text.substr(line.begin, line.size);
      if (c4 && c4_drops(spelling, rules)) in_c4_lines += words;
      if (refinedweb && refinedweb_drops(spelling)) in_refinedweb_lines += words;
    }
    if (c4) {
      limits.at_most("c4_line_words", share_of(in_c4_lines, scan.words.size()),
                     settings_.max_c4_line_words, "too_many_c4_lines");
    }
    if (refinedweb) {
      limits.at_most_unless_off("refinedweb_line_words",
                                share_of(in_refinedweb_lines, scan.words.size()),
                                {settings_.max_refinedweb_line_words, 1}, "too_many_bad_lines");
    }
  }

  MetricsSettings settings_;
  JudgeAsPeer as_peer_;  // nullptr: our own rules
  bool notes_all_;       // also what no rule asks for now
};

}  // namespace

extern constinit const LayerSpec layer_metrics = {
    .name = "metrics",
    .summary = "Length, symbol, digit, stop-word and line-shape rules, our own or a peer's.",
    .source = "Gopher arXiv:2112.11446, C4 arXiv:1910.10683, FineWeb arXiv:2406.17557",
    .kind = LayerKind::document,
    .show_settings = default_settings<MetricsSettings>,
    .make = [](const Json& settings,
               const LayerContext& context) -> Result<std::unique_ptr<Layer>> {
      MetricsSettings read;
      ALUDEL_TRY(read_config(settings, read, "layer metrics"));
      const auto* peer = ALUDEL_TRY(find_compat<JudgeAsPeer>(kMetricsPeers, read.compat));
      return std::unique_ptr<Layer>(
          std::make_unique<MetricsLayer>(std::move(read), peer->rule, context.purpose));
    },
    .cut_offs = metrics::cut_offs,
};

}  // namespace aludel::curate
