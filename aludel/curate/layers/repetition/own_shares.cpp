#include <cmath>

#include "aludel/curate/layers/repetition/repeats.h"
#include "aludel/curate/layers/repetition/shares.h"

namespace aludel::curate {

RepetitionShares measure_repetition(Document& document, double characters_per_cjk_word) {
  const TextScan& scan = document.scan.of(document.text, WordRule::runs);
  const RepeatedPart lines = repeated_lines(scan, Copies::later);
  const RepeatedPart paragraphs = repeated_paragraphs(document.text, scan, Copies::later);
  const double unit = scan.mostly_cjk() ? characters_per_cjk_word : 1.0;
  const auto words = [unit](std::size_t n) {
    return static_cast<std::size_t>(std::lround(static_cast<double>(n) * unit));
  };
  const RepeatedGrams grams =
      repeated_grams(scan.words, {words(2), words(3), words(4)},
                     {words(5), words(6), words(7), words(8), words(9), words(10)}, Copies::later);
  return {lines.count, lines.characters, paragraphs.count,   paragraphs.characters,
          grams.top,   grams.duplicated, grams.windows_of_13};
}

}  // namespace aludel::curate
