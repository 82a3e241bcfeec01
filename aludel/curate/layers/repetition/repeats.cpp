#include "aludel/curate/layers/repetition/repeats.h"

#include <algorithm>

#include "aludel/base/hash.h"
#include "aludel/curate/layers/repetition/repeated_grams.h"
#include "aludel/curate/layers/shared/share.h"

namespace aludel::curate {
namespace {

double capped_share(std::size_t part, std::size_t whole) {
  return std::min(1.0, share_of(part, whole));
}

/// A line or paragraph: the id of its text, and its words.
struct WordedPart {
  std::uint32_t id;
  std::size_t first_word;
};

RepeatedPart repeated_parts(const std::vector<WordedPart>& parts, std::size_t distinct,
                            const ScannedWords& words, Copies copies) {
  if (parts.size() < 2 || distinct == parts.size()) return {};
  std::vector<std::uint32_t> counts(distinct);
  for (const WordedPart& part : parts) {
    ++counts[part.id];
  }
  std::vector<bool> was_there(distinct, copies == Copies::all);
  std::size_t repeated = 0;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (counts[parts[i].id] < 2) continue;
    if (!was_there[parts[i].id]) {
      was_there[parts[i].id] = true;
      continue;
    }
    const std::size_t end = i + 1 < parts.size() ? parts[i + 1].first_word : words.size();
    ++repeated;
    characters += words.characters(parts[i].first_word, end);
  }
  return {capped_share(repeated, parts.size()), capped_share(characters, words.all_characters())};
}

}  // namespace

RepeatedPart repeated_lines(const TextScan& scan, Copies copies) {
  if (scan.distinct_lines == scan.lines.size()) return {};
  std::vector<WordedPart> parts;
  parts.reserve(scan.lines.size());
  for (const ScannedLine& line : scan.lines) {
    parts.push_back({line.id, line.first_word});
  }
  return repeated_parts(parts, scan.distinct_lines, scan.words, copies);
}

RepeatedPart repeated_paragraphs(std::string_view text, const TextScan& scan, Copies copies) {
  if (scan.distinct_lines == scan.lines.size()) return {};  // then no paragraph occurs twice
  std::vector<WordedPart> parts;
  WordIds ids(scan.lines.size());
  for (std::size_t i = 0; i < scan.lines.size();) {
    const ScannedLine& first = scan.lines[i];
    while (++i < scan.lines.size() && !scan.lines[i].starts_paragraph) {
    }
    const ScannedLine& last = scan.lines[i - 1];
    const auto paragraph = text.substr(first.begin, last.begin + last.size - first.begin);
    parts.push_back({ids.add(hash64(paragraph) | 1U), first.first_word});
  }
  return repeated_parts(parts, ids.size(), scan.words, copies);
}

RepeatedGrams repeated_grams(const ScannedWords& words, const std::array<std::size_t, 3>& top,
                             const std::array<std::size_t, 6>& duplicated, Copies copies) {
  RepeatedGrams found;
  RepeatedGramFinder grams(words);
  const std::size_t longest = std::max(top.back(), duplicated.back());
  std::size_t next_top = 0;
  std::size_t next_duplicated = 0;
  while (!grams.occurrences().empty()) {
    if (next_top < top.size() && top[next_top] == grams.length()) {
      const TopGram gram = top_gram(words, grams, TopGramTie::longest);
      found.top[next_top++] = capped_share(gram.characters * gram.count, words.all_characters());
    }
    if (next_duplicated < duplicated.size() && duplicated[next_duplicated] == grams.length()) {
      found.duplicated[next_duplicated++] = capped_share(
          copies == Copies::all ? covered_characters(words, grams) : again_characters(words, grams),
          words.all_characters());
    }
    if (grams.length() == 13) {
      found.windows_of_13 = capped_share(grams.occurrences().size(), words.size() - 12);
    }
    if (grams.length() == longest) break;
    grams.extend();
  }
  return found;
}

}  // namespace aludel::curate
