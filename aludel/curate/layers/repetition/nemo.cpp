#include <string>

#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/layers/repetition/repeated_grams.h"
#include "aludel/curate/layers/repetition/shares.h"
#include "aludel/curate/layers/shared/share.h"

namespace aludel::curate {
namespace {

/// Returns the share of the text that is removed by cutting the top n-gram, its words joined by one
/// space, out of it as a string. This also matches inside words, and does not match other white
/// space. DEVIATION: among equally frequent n-grams NeMo Curator takes any; this takes the first.
double cut_out_share(std::string_view text, const ScannedWords& words,
                     const RepeatedGramFinder& grams, std::size_t all) {
  const TopGram top = top_gram(words, grams, TopGramTie::first);
  std::string joined;
  for (std::size_t i = top.begin; i < top.begin + grams.length(); ++i) {
    if (!joined.empty()) joined += ' ';
    joined += text.substr(words[i].begin, words[i].size);
  }
  std::size_t found = 0;
  for (std::size_t at = text.find(joined); at != std::string_view::npos;
       at = text.find(joined, at + joined.size())) {
    ++found;
  }
  return share_of(found * count_characters(joined), all);
}

/// Returns the characters of words under repeated n-grams, each word once, with the spaces between.
std::size_t later_characters(const ScannedWords& words, const RepeatedGramFinder& grams) {
  const std::size_t n = grams.length();
  std::vector<char> seen;
  std::size_t characters = 0;
  std::size_t covered_to = 0;
  for (const GramOccurrence& occurrence : grams.occurrences()) {
    if (occurrence.gram >= seen.size()) seen.resize(occurrence.gram + 1, 0);
    if (seen[occurrence.gram] == 0) {
      seen[occurrence.gram] = 1;
      continue;
    }
    const std::size_t begin = std::max<std::size_t>(occurrence.begin, covered_to);
    const std::size_t end = occurrence.begin + n;
    characters += words.characters(begin, end) + std::min(end - begin, n - 1);
    covered_to = end;
  }
  return characters;
}

}  // namespace

RepetitionShares measure_as_nemo(Document& document) {
  const std::string_view text = document.text;
  const ScannedWords& words = document.scan.of(text, WordRule::white_space).words;
  const std::size_t all = count_characters(text);
  RepetitionShares shares;
  auto lines = split_at_newlines(text);
  std::erase_if(lines, [](std::string_view line) { return python_strip(line).empty(); });
  const LineCopies later_lines = count_later_copies(lines);
  shares.lines = share_of(later_lines.lines, lines.size());
  shares.line_characters = share_of(later_lines.characters, characters_of(lines));
  const auto paragraphs = python_split(text, "\n\n");
  const LineCopies later_paragraphs = count_later_copies(paragraphs);
  shares.paragraphs = share_of(later_paragraphs.lines, paragraphs.size());
  shares.paragraph_characters = share_of(later_paragraphs.characters, characters_of(paragraphs));
  RepeatedGramFinder grams(words);
  for (std::size_t n = 2; n <= 10; ++n) {
    grams.extend();
    double& share = n < 5 ? shares.top[n - 2] : shares.duplicated[n - 5];
    if (words.size() < n) {
      share = 1;
    } else {
      share = n < 5 ? cut_out_share(text, words, grams, all)
                    : share_of(later_characters(words, grams), all);
    }
  }
  return shares;
}

}  // namespace aludel::curate
