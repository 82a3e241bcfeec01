#include "aludel/base/config.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/layers/metrics/cut_offs.h"
#include "aludel/curate/layers/metrics/text_metrics.h"
#include "aludel/curate/limits.h"

namespace aludel::curate {
namespace {

/// Sources: Gopher = arXiv:2112.11446 A1.1, as datatrove's gopher_quality_filter.py; FineWeb =
/// arXiv:2406.17557; C4 = arXiv:1910.10683; DCLM = mlfoundations/dclm c4.yaml; CWT =
/// ChineseWebText, arXiv:2311.01149; NC = NeMo Curator's heuristic_filter_english_pipeline.yaml.
struct MetricsSettings {
  std::int64_t min_words = 50;
  std::int64_t max_words = 100'000;
  double min_mean_word_length = 3;
  double max_mean_word_length = 10;
  double max_hashes_per_word = 0.1;
  double max_ellipses_per_word = 0.1;
  double max_bullet_lines = 0.9;
  double max_ellipsis_lines = 0.3;
  double min_alphabetic_words = 0.8;
  std::int64_t min_stop_words = 2;
  double min_terminal_lines = 0.12;
  double max_short_lines = 0.67;
  double max_duplicate_line_characters = 0.1;
  double max_newlines_per_word = 0.3;
  std::int64_t min_sentences = 3;
  bool allow_curly_brackets = true;
  bool allow_lorem_ipsum = false;
  double max_digits = 0.15;
  double max_white_space = 0.25;
  double characters_per_cjk_word = 1.7;
  std::int64_t min_cjk_characters = 200;
  double min_mean_cjk_line = 10;
  double min_han_in_chinese = 0.3;

  template <class V>
  void visit(V& v) {
    v("min_words", min_words, "fewest words; Gopher");
    v("max_words", max_words, "most words, CJK letters counted as words; Gopher");
    v("min_mean_word_length", min_mean_word_length, "characters; Gopher");
    v("max_mean_word_length", max_mean_word_length, "characters; Gopher");
    v("max_hashes_per_word", max_hashes_per_word, "'#' per word; Gopher");
    v("max_ellipses_per_word", max_ellipses_per_word, "'...' per word; Gopher");
    v("max_bullet_lines", max_bullet_lines, "share of lines that begin with a bullet; Gopher");
    v("max_ellipsis_lines", max_ellipsis_lines, "share of lines that end in '...'; Gopher");
    v("min_alphabetic_words", min_alphabetic_words, "share of tokens with a letter; Gopher");
    v("min_stop_words", min_stop_words, "distinct ones of eight, in English only; Gopher");
    v("min_terminal_lines", min_terminal_lines,
      "share of lines that end in terminal punctuation; FineWeb");
    v("max_short_lines", max_short_lines,
      "share of lines of at most 30 characters (10 in CJK); FineWeb");
    v("max_duplicate_line_characters", max_duplicate_line_characters,
      "share of characters in repeated lines; FineWeb: 0.10 in the paper, 0.01 in its code");
    v("max_newlines_per_word", max_newlines_per_word, "new lines per word; FineWeb");
    v("min_sentences", min_sentences, "sentences; DCLM: 3, C4: 5");
    v("allow_curly_brackets", allow_curly_brackets,
      "C4 drops every text with '{'; RefinedWeb and DCLM-Baseline keep it");
    v("allow_lorem_ipsum", allow_lorem_ipsum, "C4 drops placeholder text");
    v("max_digits", max_digits, "share of characters that are digits; NC");
    v("max_white_space", max_white_space, "share of characters that are white space; NC");
    v("characters_per_cjk_word", characters_per_cjk_word,
      "CJK letters that count as one word; NC's segmenters give 1.3 to 2.5");
    v("min_cjk_characters", min_cjk_characters, "replaces min_words for CJK; CWT");
    v("min_mean_cjk_line", min_mean_cjk_line, "mean characters of a CJK line; CWT");
    v("min_han_in_chinese", min_han_in_chinese, "share of Han letters where language = zh; CWT");
  }
};

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

class MetricsLayer final : public Layer {
 public:
  explicit MetricsLayer(const MetricsSettings& settings) : settings_(settings) {}

  Verdict judge(Document& document) const override {
    const TextMetrics m = measure_text(document.text);
    Json annotation = Json::object();
    Limits limits(annotation);
    const bool cjk = document.language == "zh" || document.language == "ja" ||
                     document.language == "ko" || m.cjk_characters > m.word_characters;
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
      limits.at_least("han", share(m.han_characters, m.characters - m.white_space),
                      settings_.min_han_in_chinese, "too_little_han");
    }
    document.annotations["metrics"] = std::move(annotation);
    return limits.verdict();
  }

 private:
  void judge_length(const TextMetrics& m, bool cjk, double words, Limits& limits) const {
    if (cjk) {
      const std::int64_t letters = m.cjk_characters + m.word_characters;
      limits.at_least("cjk_characters", static_cast<double>(letters),
                      static_cast<double>(settings_.min_cjk_characters), "too_short");
    } else {
      limits.at_least("words", words, static_cast<double>(settings_.min_words), "too_few_words");
      const double mean_word = share(m.word_characters, m.words);
      limits.at_least("mean_word_length", mean_word, settings_.min_mean_word_length,
                      "words_too_short");
      limits.at_most("mean_word_length", mean_word, settings_.max_mean_word_length,
                     "words_too_long");
    }
    limits.at_most("words", words, static_cast<double>(settings_.max_words), "too_many_words");
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
    limits.at_least("alphabetic_words", share(m.alphabetic_words + m.cjk_characters, m.tokens),
                    settings_.min_alphabetic_words, "too_few_alphabetic_words");
    limits.at_most("digits", share(m.digits, m.characters), settings_.max_digits,
                   "too_many_digits");
    limits.at_most("white_space", share(m.white_space, m.characters), settings_.max_white_space,
                   "too_much_white_space");
  }

  void judge_lines(const TextMetrics& m, bool cjk, double words, Limits& limits) const {
    limits.at_most("bullet_lines", share(m.bullet_lines, m.lines), settings_.max_bullet_lines,
                   "too_many_bullet_lines");
    limits.at_most("ellipsis_lines", share(m.ellipsis_lines, m.lines), settings_.max_ellipsis_lines,
                   "too_many_ellipsis_lines");
    limits.at_least("terminal_lines", share(m.terminal_lines, m.lines),
                    settings_.min_terminal_lines, "too_few_terminal_lines");
    limits.at_most("short_lines", share(m.short_lines, m.lines), settings_.max_short_lines,
                   "too_many_short_lines");
    limits.at_most("duplicate_line_characters",
                   share(m.duplicate_line_characters, m.line_characters),
                   settings_.max_duplicate_line_characters, "too_many_duplicate_lines");
    limits.at_most("newlines_per_word", static_cast<double>(m.newlines) / std::max(words, 1.0),
                   settings_.max_newlines_per_word, "too_many_newlines");
    if (cjk) {
      limits.at_least("mean_line", share(m.line_characters, m.lines), settings_.min_mean_cjk_line,
                      "lines_too_short");
    }
  }

  MetricsSettings settings_;
};

Status validate(const MetricsSettings& settings) {
  if (settings.characters_per_cjk_word > 0) return Ok{};
  return Error{Code::invalid_argument, "[metrics] characters_per_cjk_word must be above 0"};
}

}  // namespace

extern constinit const LayerSpec layer_metrics = {
    .name = "metrics",
    .summary = "Length, symbol, digit, stop-word and line-shape rules; CJK by characters.",
    .source = "Gopher arXiv:2112.11446, C4 arXiv:1910.10683, FineWeb arXiv:2406.17557",
    .kind = LayerKind::document,
    .defaults = [] { return dump_config(MetricsSettings{}); },
    .make = [](const Json& settings, const LayerContext&) -> Result<std::unique_ptr<Layer>> {
      MetricsSettings read;
      ALUDEL_TRY(read_config(settings, read, "layer metrics"));
      ALUDEL_TRY(validate(read));
      return std::unique_ptr<Layer>(std::make_unique<MetricsLayer>(read));
    },
    .cut_offs = metrics::kCutOffs,
};

}  // namespace aludel::curate
