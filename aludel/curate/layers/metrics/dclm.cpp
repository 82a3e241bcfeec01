#include <array>

#include "aludel/base/ascii.h"
#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/document/scan/text_scan.h"
#include "aludel/curate/layers/metrics/gopher_words.h"
#include "aludel/curate/layers/metrics/peers.h"
#include "aludel/curate/layers/shared/line_rules/refinedweb.h"
#include "aludel/curate/layers/shared/share.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

struct SplitWords {
  std::size_t count = 0;
  std::size_t characters = 0;
  std::size_t alphabetic = 0;
  std::size_t stop_words = 0;
};

SplitWords split_words(std::string_view text) {
  SplitWords words;
  for_each_chunk(text, [&](std::size_t begin, std::size_t end) {
    const std::string_view word = text.substr(begin, end - begin);
    ++words.count;
    words.characters += count_characters(word);
    if (has_letter(word)) ++words.alphabetic;
    if (word.size() <= 4 && is_gopher_stop_word(lower_ascii(word))) ++words.stop_words;
  });
  return words;
}

void judge_lines(std::string_view text, const MetricsSettings& settings, Limits& limits) {
  std::size_t lines = 0;
  std::size_t bullets = 0;
  std::size_t ellipses = 0;
  for (const std::string_view raw : split_at_newlines(text)) {
    const std::string_view line = python_strip(raw);
    if (line.empty()) continue;
    ++lines;
    for (const std::string_view bullet : {"\xE2\x97\x8F", "\xE2\x80\xA2", "*", "-"}) {
      if (line.starts_with(bullet)) ++bullets;
    }
    const bool ends = line.ends_with("...") || line.ends_with(". . .") || line.ends_with(kEllipsis);
    if (ends) ++ellipses;
  }
  limits.at_most("bullet_lines", share_of(bullets, lines), settings.max_bullet_lines,
                 "too_many_bullet_lines");
  limits.at_most("ellipsis_lines", share_of(ellipses, lines), settings.max_ellipsis_lines,
                 "too_many_ellipsis_lines");
}

}  // namespace

void judge_as_dclm(Document& document, const MetricsSettings& settings, Limits& limits) {
  const std::string_view text = document.text;
  const SplitWords words = split_words(text);
  limits.between("words", static_cast<double>(count_fasttext_words(text)),
                 {static_cast<double>(settings.min_words), static_cast<double>(settings.max_words)},
                 {"too_few_words", "too_many_words"});
  limits.between("mean_word_length", share_of(words.characters, words.count),
                 {settings.min_mean_word_length, settings.max_mean_word_length},
                 {"words_too_short", "words_too_long"});
  std::size_t symbols = 0;
  for (const std::string_view symbol :
       {std::string_view("#"), std::string_view("..."), std::string_view(". . ."), kEllipsis}) {
    symbols += count_of(text, symbol);
  }
  limits.at_most("hashes_per_word", share_of(symbols, words.count), settings.max_hashes_per_word,
                 "too_many_hashes");
  judge_lines(text, settings, limits);
  limits.at_least("alphabetic_words", share_of(words.alphabetic, words.count),
                  settings.min_alphabetic_words, "too_few_alphabetic_words");
  limits.at_least("stop_words", static_cast<double>(words.stop_words),
                  static_cast<double>(settings.min_stop_words), "too_few_stop_words");
}

}  // namespace aludel::curate
