#pragma once

#include <cstdint>
#include <string>

#include "aludel/base/config.h"
#include "aludel/curate/layers/metrics/metric_rules.h"
#include "aludel/curate/layers/shared/line_rules/c4.h"

namespace aludel::curate {

/// Settings of layer `metrics`. Sources: Gopher = arXiv:2112.11446 A1.1; FineWeb = arXiv:2406.17557
/// and datatrove's fineweb_quality_filter.py; C4 = arXiv:1910.10683 and tensorflow_datasets'
/// c4_utils.py; RefinedWeb = arXiv:2306.01116 G.2; DCLM = mlfoundations/dclm; CWT = ChineseWebText,
/// arXiv:2311.01149, its preprocess.py; NC = NeMo Curator's heuristic_filter_english_pipeline.yaml.
struct MetricsSettings {
  std::string compat = "none";
  std::int64_t min_words = 50;
  std::int64_t max_words = 100'000;
  double min_mean_word_length = 3;
  double max_mean_word_length = 10;
  std::int64_t max_word_length = 1000;
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
  bool c4_line_rules = false;
  double max_c4_line_words = 1;
  std::int64_t min_words_per_line = 3;
  bool require_line_end_mark = false;
  double max_refinedweb_line_words = 1;
  double max_digits = 0.15;
  double max_white_space = 0.25;
  double max_symbols = 0.25;
  double max_urls = 0.2;
  double max_parentheses = 0.1;
  double max_boilerplate_paragraphs = 0.4;
  double characters_per_cjk_word = 1.7;
  std::int64_t min_cjk_characters = 200;
  double min_mean_cjk_line = 10;
  double min_han_in_chinese = 0.3;
  bool allow_traditional_han = true;

  /// Returns C4's rules of lines in the form that `compat` names.
  C4LineRules line_rules() const {
    return {min_words_per_line, max_word_length, require_line_end_mark, compat != "c4",
            compat == "datatrove"};
  }

  template <class V>
  void visit(V& v) {
    v("compat", compat,
      "whose way of counting; none: our own; a rule that the peer does not have is not judged",
      one_of(metrics::peers()));
    v("min_words", min_words, "fewest words; Gopher", at_least(0));
    v("max_words", max_words, "most words, CJK letters counted as words; Gopher", at_least(0));
    v("min_mean_word_length", min_mean_word_length, "characters; Gopher", at_least(0));
    v("max_mean_word_length", max_mean_word_length, "characters; Gopher", at_least(0));
    v("max_word_length", max_word_length,
      "characters of a word; C4 drops the line, NC the document; our own count ignores it",
      at_least(0));
    v("max_hashes_per_word", max_hashes_per_word, "'#' per word; Gopher", at_least(0));
    v("max_ellipses_per_word", max_ellipses_per_word, "'...' per word; Gopher", at_least(0));
    v("max_bullet_lines", max_bullet_lines, "share of lines that begin with a bullet; Gopher",
      kShare);
    v("max_ellipsis_lines", max_ellipsis_lines, "share of lines that end in '...'; Gopher", kShare);
    v("min_alphabetic_words", min_alphabetic_words, "share of tokens with a letter; Gopher",
      kShare);
    v("min_stop_words", min_stop_words, "distinct ones of eight, in English only; Gopher",
      at_least(0));
    v("min_terminal_lines", min_terminal_lines,
      "share of lines that end in terminal punctuation; FineWeb", kShare);
    v("max_short_lines", max_short_lines,
      "share of lines of at most 30 characters (10 in CJK); FineWeb", kShare);
    v("max_duplicate_line_characters", max_duplicate_line_characters,
      "share of characters in repeated lines; FineWeb: 0.10 in the paper, 0.01 in its code",
      kShare);
    v("max_newlines_per_word", max_newlines_per_word, "new lines per word; FineWeb", at_least(0));
    v("min_sentences", min_sentences, "sentences; DCLM: 3, datatrove's C4: 5", at_least(0));
    v("allow_curly_brackets", allow_curly_brackets,
      "C4 drops every text with '{'; RefinedWeb and DCLM-Baseline keep it");
    v("allow_lorem_ipsum", allow_lorem_ipsum, "C4 drops placeholder text");
    v("c4_line_rules", c4_line_rules,
      "look for lines that C4 drops (policy, javascript, too few or too long words); in compat "
      "datatrove sentences and FineWeb's rules then see only the lines that are left");
    v("max_c4_line_words", max_c4_line_words, "share of words in such lines; 1: only noted",
      kShare);
    v("min_words_per_line", min_words_per_line, "C4: 5 in its code; datatrove: 3", at_least(0));
    v("require_line_end_mark", require_line_end_mark,
      "C4 drops lines without one of . ? ! or a quote at the end; FineWeb keeps them");
    v("max_refinedweb_line_words", max_refinedweb_line_words,
      "share of words in lines that RefinedWeb drops (capitals, numbers, counters, single words); "
      "RefinedWeb: 0.05; layer correction removes such lines and has its own cap",
      kShare);
    v("max_digits", max_digits, "share of characters that are digits; NC", kShare);
    v("max_white_space", max_white_space, "share of characters that are white space; NC", kShare);
    v("max_symbols", max_symbols, "share of characters outside a-z, 0-9, '?!,.'; NC, compat nemo",
      kShare);
    v("max_urls", max_urls, "share of characters in addresses; NC, compat nemo", kShare);
    v("max_parentheses", max_parentheses, "share of characters; NC, compat nemo", kShare);
    v("max_boilerplate_paragraphs", max_boilerplate_paragraphs,
      "share of paragraphs with policy phrases; NC, compat nemo", kShare);
    v("characters_per_cjk_word", characters_per_cjk_word,
      "CJK letters that count as one word; NC's segmenters give 1.3 to 2.5", above(0));
    v("min_cjk_characters", min_cjk_characters, "replaces min_words for CJK; CWT", at_least(0));
    v("min_mean_cjk_line", min_mean_cjk_line, "mean characters of a CJK line; CWT", at_least(0));
    v("min_han_in_chinese", min_han_in_chinese, "share of Han letters where language = zh; CWT",
      kShare);
    v("allow_traditional_han", allow_traditional_han,
      "where language = zh; CWT drops a text with any traditional character, we one that has more "
      "of them than of simplified ones");
  }
};

}  // namespace aludel::curate
