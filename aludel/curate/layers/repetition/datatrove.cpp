#include <bit>
#include <vector>

#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/layers/repetition/repeated_grams.h"
#include "aludel/curate/layers/repetition/shares.h"
#include "aludel/curate/layers/shared/share.h"

namespace aludel::curate {
namespace {

/// Splits the text at runs of at least `least` new lines, as re.split does.
std::vector<std::string_view> split_at_newline_runs(std::string_view text, std::size_t least) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at)) {
    const std::size_t end = std::min(text.find_first_not_of('\n', at), text.size());
    if (end - at >= least) {
      parts.push_back(text.substr(begin, at - begin));
      begin = end;
    }
    at = end;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

/// Returns the inverse of an odd number modulo 2^64.
constexpr std::uint64_t inverse_of(std::uint64_t odd) {
  std::uint64_t inverse = odd;  // Newton: each step doubles the bits that are right
  for (int step = 0; step < 5; ++step) {
    inverse *= 2 - odd * inverse;
  }
  return inverse;
}

/// Hashes of runs of words written without spaces: a polynomial modulo 2^64 over the bytes, brought
/// to the same power by the inverse of the base. Equal strings have equal hashes, even if their
/// words are split differently.
class JoinedHashes {
 public:
  JoinedHashes(std::string_view text, const ScannedWords& words) {
    sums_.reserve(words.size() + 1);
    inverse_powers_.reserve(words.size() + 1);
    std::uint64_t sum = 0;
    std::uint64_t power = 1;
    std::uint64_t inverse = 1;
    for (const ScannedWord& word : words.words()) {
      sums_.push_back(sum);
      inverse_powers_.push_back(inverse);
      for (const char c : text.substr(word.begin, word.size)) {
        sum += (static_cast<unsigned char>(c) + 1U) * power;
        power *= kBase;
        inverse *= kInverse;
      }
    }
    sums_.push_back(sum);
  }

  /// Returns the hash of the words [begin, end); never 0.
  std::uint64_t of(std::size_t begin, std::size_t end) const {
    return mix64((sums_[end] - sums_[begin]) * inverse_powers_[begin]) | 1U;
  }

 private:
  static constexpr std::uint64_t kBase = 0x9E3779B97F4A7C15U;
  static constexpr std::uint64_t kInverse = inverse_of(kBase);
  static_assert(kBase * kInverse == 1);
  std::vector<std::uint64_t> sums_;
  std::vector<std::uint64_t> inverse_powers_;
};

/// A set of hashes that is emptied and filled again for each n.
class HashSet {
 public:
  explicit HashSet(std::size_t most)
      : slots_(std::bit_ceil(most * 2 + 2)),
        shift_(64U - static_cast<unsigned>(std::countr_zero(slots_.size()))) {}

  void clear() { slots_.assign(slots_.size(), 0); }

  /// Inserts a hash. Returns true if it was not there yet.
  bool insert(std::uint64_t hash) {
    std::size_t slot = hash >> shift_;
    while (slots_[slot] != 0) {
      if (slots_[slot] == hash) return false;
      slot = (slot + 1) & (slots_.size() - 1);
    }
    slots_[slot] = hash;
    return true;
  }

 private:
  std::vector<std::uint64_t> slots_;
  unsigned shift_;
};

std::size_t repeated_characters(const ScannedWords& words, const JoinedHashes& hashes,
                                HashSet& seen, std::size_t length) {
  seen.clear();
  std::size_t characters = 0;
  for (std::size_t i = 0; i + length <= words.size();) {
    if (seen.insert(hashes.of(i, i + length))) {
      ++i;
    } else {
      characters += words.characters(i, i + length);
      i += length;
    }
  }
  return characters;
}

}  // namespace

RepetitionShares measure_as_datatrove(Document& document) {
  const std::string_view text = document.text;
  const ScannedWords& words = document.scan.of(text, WordRule::spacy).words;
  const std::size_t all = count_characters(text);
  RepetitionShares shares;
  const auto paragraphs = split_at_newline_runs(python_strip(text), 2);
  const LineCopies later_paragraphs = count_later_copies(paragraphs);
  shares.paragraphs = share_of(later_paragraphs.lines, paragraphs.size());
  shares.paragraph_characters = share_of(later_paragraphs.characters, all);
  const auto lines = split_at_newline_runs(text, 1);
  const LineCopies later_lines = count_later_copies(lines);
  shares.lines = share_of(later_lines.lines, lines.size());
  shares.line_characters = share_of(later_lines.characters, all);
  RepeatedGramFinder grams(words);
  for (std::size_t i = 0; i < shares.top.size(); ++i) {
    grams.extend();
    const std::size_t n = grams.length();
    if (words.size() < n) continue;
    const TopGram top = top_gram(words, grams, TopGramTie::first);
    const std::size_t once = top.count > 0 ? top.characters : words.characters(0, n);
    shares.top[i] = share_of((once + n - 1) * std::max<std::size_t>(top.count, 1), all);
  }
  const JoinedHashes hashes(text, words);
  HashSet seen(words.size());
  for (std::size_t i = 0; i < shares.duplicated.size(); ++i) {
    shares.duplicated[i] = share_of(repeated_characters(words, hashes, seen, i + 5), all);
  }
  return shares;
}

}  // namespace aludel::curate
