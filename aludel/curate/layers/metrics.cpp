#include <algorithm>
#include <cmath>
#include <utility>

#include "aludel/base/config.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/cascade/rules.h"
#include "aludel/curate/document/scan/text_scan.h"
#include "aludel/curate/layers/metrics/metric_rules.h"
#include "aludel/curate/layers/metrics/settings.h"
#include "aludel/curate/layers/shared/line_rules/c4.h"
#include "aludel/curate/layers/shared/line_rules/refinedweb.h"
#include "aludel/curate/layers/shared/share.h"
#include "aludel/text/han_variants.h"
#include "aludel/text/language.h"

namespace aludel::curate {
namespace {

class MetricsLayer final : public RuleLayer {
 public:
  MetricsLayer(MetricsSettings settings, Rules rules, metrics::MeasureAsPeer as_peer,
               Purpose purpose)
      : RuleLayer("metrics", std::move(rules)),
        settings_(std::move(settings)),
        as_peer_(as_peer),
        notes_all_(purpose == Purpose::annotate) {}

  void measure(Document& document) const override {
    Json annotation = Json::object();
    Measured measured(annotation);
    if (as_peer_ != nullptr) {
      as_peer_(document, settings_, measured);
    } else {
      measure_for_own_rules(document, measured);
    }
    document.annotations["metrics"] = std::move(annotation);
  }

 private:
  void measure_for_own_rules(Document& document, Measured& measured) const {
    const TextScan& scan = document.scan.of(document.text, WordRule::runs);
    const TextMetrics& m = scan.metrics;
    const bool cjk =
        text::is_cjk_language(document.language) || m.cjk_characters > m.word_characters;
    const double words = static_cast<double>(m.words) +
                         static_cast<double>(m.cjk_characters) / settings_.characters_per_cjk_word;
    measure_length(m, cjk, words, measured);
    measure_symbols(m, cjk, words, measured);
    measure_lines(m, cjk, words, measured);
    if (!cjk && (document.language == "en" || document.language.empty())) {
      measured.add("stop_words", static_cast<double>(m.stop_words));
    }
    if (document.language == "zh") {
      measured.add("han", share_of(m.han_characters, m.characters - m.white_space));
      if (notes_all_ || !settings_.allow_traditional_han) {
        measured.add("traditional_han", text::uses_traditional_han(document.text) ? 1 : 0);
      }
    }
    measure_line_rules(document.text, scan, measured);
  }

  void measure_length(const TextMetrics& m, bool cjk, double words, Measured& measured) const {
    if (cjk) {
      const std::int64_t letters = m.cjk_characters + m.word_characters;
      measured.add("cjk_characters", static_cast<double>(letters));
      measured.add("words", std::round(words));
    } else {
      measured.add("words", words);
      measured.add("mean_word_length", share_of(m.word_characters, m.words));
    }
    measured.add("sentences", static_cast<double>(m.sentences));
    measured.add("lorem_ipsum", m.lorem_ipsum ? 1 : 0);
    measured.add("curly_bracket", m.curly_bracket ? 1 : 0);
  }

  void measure_symbols(const TextMetrics& m, bool cjk, double words, Measured& measured) const {
    const auto per_word = [words](std::int64_t count) {
      return static_cast<double>(count) / std::max(words, 1.0);
    };
    measured.add("hashes_per_word", per_word(m.hashes));
    measured.add("ellipses_per_word", per_word(m.ellipses));
    measured.add("alphabetic_words", share_of(m.alphabetic_words + m.cjk_characters, m.tokens));
    measured.add("digits", share_of(m.digits, m.characters));
    // Sites of Hong Kong set a space behind each character: half of such a text is white space.
    if (!cjk) measured.add("white_space", share_of(m.white_space, m.characters));
  }

  void measure_lines(const TextMetrics& m, bool cjk, double words, Measured& measured) const {
    measured.add("bullet_lines", share_of(m.bullet_lines, m.lines));
    measured.add("ellipsis_lines", share_of(m.ellipsis_lines, m.lines));
    measured.add("terminal_lines", share_of(m.terminal_lines, m.lines));
    measured.add("short_lines", share_of(m.short_lines, m.lines));
    measured.add("duplicate_line_characters",
                 share_of(m.duplicate_line_characters, m.line_characters));
    measured.add("newlines_per_word", static_cast<double>(m.newlines) / std::max(words, 1.0));
    if (cjk) {
      measured.add("mean_line", share_of(m.line_characters, m.lines));
    }
  }

  /// Shares of the words that stand in lines which C4 and RefinedWeb drop.
  void measure_line_rules(std::string_view text, const TextScan& scan, Measured& measured) const {
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
      measured.add("c4_line_words", share_of(in_c4_lines, scan.words.size()));
    }
    if (refinedweb) {
      measured.add("refinedweb_line_words", share_of(in_refinedweb_lines, scan.words.size()));
    }
  }

  MetricsSettings settings_;
  metrics::MeasureAsPeer as_peer_;  // nullptr: our own rules
  bool notes_all_;                  // also what no rule asks for now
};

}  // namespace

extern constinit const LayerSpec layer_metrics = {
    .name = "metrics",
    .summary = "Length, symbol, digit, stop-word and line-shape rules, our own or a peer's.",
    .source = "Gopher arXiv:2112.11446, C4 arXiv:1910.10683, FineWeb arXiv:2406.17557",
    .show_settings = default_settings<MetricsSettings>,
    .make = [](const Json& settings,
               const LayerContext& context) -> Result<std::unique_ptr<Layer>> {
      MetricsSettings read;
      ALUDEL_TRY(read_config(settings, read, "layers.metrics"));
      const metrics::PeerWay& way = compat_named(metrics::peers(), read.compat).rule;
      Rules rules(way.rules, dump_config(read));
      return std::unique_ptr<Layer>(std::make_unique<MetricsLayer>(
          std::move(read), std::move(rules), way.measure, context.purpose));
    },
    .rules = metrics::rules,
};

}  // namespace aludel::curate
