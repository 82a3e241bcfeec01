#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/layers/repetition/repeated_grams.h"
#include "aludel/curate/layers/repetition/shares.h"

namespace aludel::curate {
namespace {

double fraction(std::size_t part, std::size_t whole) {
  return static_cast<double>(part) / static_cast<double>(std::max<std::size_t>(whole, 1));
}

/// Returns the share of the characters of all windows of n words that is in repeated windows.
double repeated_windows(const ScannedWords& words, const RepeatedGramFinder& grams) {
  const std::size_t n = grams.length();
  std::size_t all = 0;
  for (std::size_t i = 0; i + n <= words.size(); ++i) {
    all += words.characters(i, i + n);
  }
  std::size_t repeated = 0;
  for (const GramOccurrence& occurrence : grams.occurrences()) {
    repeated += words.characters(occurrence.begin, occurrence.begin + n);
  }
  return fraction(repeated, all);
}

}  // namespace

RepetitionShares measure_as_dolma(Document& document) {
  const std::string_view text = document.text;
  const ScannedWords& words = document.scan.of(text, WordRule::white_space).words;
  const std::size_t all = words.all_characters();
  RepetitionShares shares;
  auto lines = split_at_newlines(text);
  // DEVIATION: blank lines are left out. Dolma's own texts have none; in other texts one stands
  // between any two paragraphs, and they would count as repeated lines.
  std::erase_if(lines, [](std::string_view line) { return python_strip(line).empty(); });
  const LineCopies copies = count_all_copies(lines);
  shares.lines = fraction(copies.lines, lines.size());
  shares.line_characters = fraction(copies.characters, all);
  RepeatedGramFinder grams(words);
  for (std::size_t n = 2; n <= 10 && n <= words.size(); ++n) {
    grams.extend();
    if (n >= 5) {
      shares.duplicated[n - 5] = repeated_windows(words, grams);
      continue;
    }
    const TopGram top = top_gram(words, grams, TopGramTie::first);
    const std::size_t once = top.count > 0 ? top.characters : words.characters(0, n);
    shares.top[n - 2] = fraction(once * std::max<std::size_t>(top.count, 1), all);
  }
  return shares;
}

}  // namespace aludel::curate
