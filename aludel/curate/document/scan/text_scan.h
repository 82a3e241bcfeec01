#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/curate/document/scan/scan_slot.h"
#include "aludel/curate/document/scan/word_ids.h"

// One pass over a document's text for all rules that count: words as small numbers, lines,
// paragraphs and the characters of each kind. Layers `metrics` and `repetition` share its result.
namespace aludel::curate {

/// Counts over one text. Characters are code points. A word is a run without white space and CJK
/// letters that holds a letter or number; its length is from the first to the last of those. Each
/// CJK letter counts by itself, because those scripts put no space between words.
struct TextMetrics {
  std::int64_t characters = 0;  // all, with new lines
  std::int64_t white_space = 0;
  std::int64_t digits = 0;
  std::int64_t cjk_characters = 0;
  std::int64_t han_characters = 0;
  std::int64_t tokens = 0;            // words, CJK letters and runs of only symbols
  std::int64_t words = 0;             // without CJK
  std::int64_t word_characters = 0;   // sum of their lengths
  std::int64_t alphabetic_words = 0;  // with at least one letter
  std::int64_t stop_words = 0;        // distinct ones of Gopher's eight
  std::int64_t longest_word = 0;      // characters
  std::int64_t hashes = 0;            // '#'
  std::int64_t ellipses = 0;          // "..." and U+2026
  std::int64_t sentences = 0;         // sentence-ending marks before white space, CJK or the end
  std::int64_t newlines = 0;
  std::int64_t lines = 0;  // without blank ones; all counts below are of these lines
  std::int64_t line_characters = 0;
  std::int64_t bullet_lines = 0;    // begin with a bullet, '-' or '*'
  std::int64_t ellipsis_lines = 0;  // end in an ellipsis
  std::int64_t terminal_lines = 0;  // end in a sentence-ending mark, quotes and brackets aside
  std::int64_t short_lines = 0;     // at most 30 characters, or 10 if most letters are CJK
  std::int64_t duplicate_line_characters = 0;  // of lines that occur earlier in the text
  bool curly_bracket = false;
  bool lorem_ipsum = false;
};

/// A run of letters, marks and numbers, or one letter of a script without spaces. Equal ids are
/// equal spellings, case included.
struct ScannedWord {
  std::uint32_t begin;  // bytes
  std::uint32_t size;   // bytes
  std::uint32_t id;
  std::uint32_t characters_before;  // characters of all words before it
};

/// A line that is not blank, without white space at its ends. Equal ids are equal lines.
struct ScannedLine {
  std::uint32_t begin;  // bytes
  std::uint32_t size;   // bytes
  std::uint32_t id;
  std::uint32_t characters;
  std::uint32_t first_word;  // index of its first word; of the next word if it has none
  bool starts_paragraph;     // it is the first line, or an empty line is before it
};

/// The words of a text, split by any rule.
class ScannedWords {
 public:
  explicit ScannedWords(std::size_t text_bytes);

  /// Appends text[begin, begin + size), which has `characters` characters.
  void add(std::string_view text, std::size_t begin, std::size_t size, std::size_t characters) {
    const std::uint32_t id = ids_.add(word_hash(text.substr(begin, size), text.size() - begin));
    words_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(size), id,
                      static_cast<std::uint32_t>(all_characters_)});
    all_characters_ += characters;
  }

  std::span<const ScannedWord> words() const { return words_; }

  std::size_t size() const { return words_.size(); }

  const ScannedWord& operator[](std::size_t i) const { return words_[i]; }

  /// Returns by id how often a word occurs.
  std::span<const std::uint32_t> counts() const { return ids_.counts(); }

  /// Returns the number of characters of the words [begin, end).
  std::size_t characters(std::size_t begin, std::size_t end) const {
    return before(end) - before(begin);
  }

  std::size_t all_characters() const { return all_characters_; }

 private:
  std::size_t before(std::size_t i) const {
    return i < words_.size() ? words_[i].characters_before : all_characters_;
  }

  WordIds ids_;
  std::vector<ScannedWord> words_;
  std::size_t all_characters_ = 0;
};

/// The result of scan_text(). Positions are bytes of its text.
struct TextScan {
  TextMetrics metrics;
  ScannedWords words;
  std::vector<ScannedLine> lines;
  std::size_t distinct_lines = 0;

  /// True if most words are letters of scripts that put no space between words.
  bool mostly_cjk() const {
    return metrics.cjk_characters * 2 > static_cast<std::int64_t>(words.size());
  }
};

/// Scans a text in one pass. Fills only `words` by a rule other than WordRule::runs. Counts bytes
/// that are not UTF-8 as symbols. Concurrent calls: yes. REQUIRES: text.size() < 2^32.
TextScan scan_text(std::string_view text, WordRule rule = WordRule::runs);

/// Returns the counts only.
TextMetrics measure_text(std::string_view text);

}  // namespace aludel::curate
