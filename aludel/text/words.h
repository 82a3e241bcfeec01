#pragma once

// Words of any script and hashes of runs of them: what the dedup layers, the classifier, the
// contamination index and the embeddings count in.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace aludel::text {

/// `word` is a run of letters, marks and digits; `cjk` one code point of a script without spaces;
/// `symbol` one other code point that is not white space or a control.
enum class WordKind : std::uint8_t { word, cjk, symbol };

/// Bytes [begin, end) of a text, and the hash of what stands there.
struct Word {
  std::uint64_t hash;
  std::size_t begin;
  std::size_t end;
  WordKind kind;
};

/// Whether two spellings of a word that differ in case only have one hash.
enum class Case : std::uint8_t { folded, exact };

/// Appends the words of `text` in order. Cutting the text at a word's begin or end never cuts a
/// code point. Bytes that are not UTF-8 are symbols.
void append_words(std::string_view text, Case letter_case, std::vector<Word>& out);

std::vector<Word> split_words(std::string_view text, Case letter_case);

struct WordKindCounts {
  std::size_t words = 0;  // of kind word
  std::size_t cjk = 0;
};

/// Counts the words of split_words(), which it does not hash.
WordKindCounts count_words(std::string_view text);

/// The hashes of the words, without the symbols.
std::vector<std::uint64_t> word_hashes(std::string_view text);

/// Hashes of windows of a sequence in constant time each: a polynomial in an odd base modulo 2^64
/// over mixed symbols, mixed again. Windows of equal content and length have equal hashes.
class WindowHashes {
 public:
  explicit WindowHashes(std::span<const std::uint64_t> symbols);

  std::size_t symbols() const { return prefix_.size() - 1; }

  /// Hash of symbols [begin, begin + length). REQUIRES: begin + length <= symbols().
  std::uint64_t window(std::size_t begin, std::size_t length) const;

 private:
  std::vector<std::uint64_t> prefix_;  // prefix_[i] is the polynomial of the first i symbols
  std::vector<std::uint64_t> power_;   // power_[i] = base^i
};

}  // namespace aludel::text
