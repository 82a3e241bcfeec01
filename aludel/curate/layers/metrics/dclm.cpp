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

void measure_lines(std::string_view text, Measured& measured) {
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
  measured.add("bullet_lines", share_of(bullets, lines));
  measured.add("ellipsis_lines", share_of(ellipses, lines));
}

}  // namespace

void measure_as_dclm(Document& document, const MetricsSettings& /*settings*/, Measured& measured) {
  const std::string_view text = document.text;
  const SplitWords words = split_words(text);
  measured.add("words", static_cast<double>(count_fasttext_words(text)));
  measured.add("mean_word_length", share_of(words.characters, words.count));
  std::size_t symbols = 0;
  for (const std::string_view symbol :
       {std::string_view("#"), std::string_view("..."), std::string_view(". . ."), kEllipsis}) {
    symbols += count_of(text, symbol);
  }
  measured.add("hashes_per_word", share_of(symbols, words.count));
  measure_lines(text, measured);
  measured.add("alphabetic_words", share_of(words.alphabetic, words.count));
  measured.add("stop_words", static_cast<double>(words.stop_words));
}

}  // namespace aludel::curate
