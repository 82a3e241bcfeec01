#pragma once

#include <cstdint>
#include <string_view>

// What layer `metrics` counts, in one pass over the text.
namespace aludel::curate {

/// Counts over one text. Characters are code points; a word is a run without white space or CJK
/// that holds a letter or number, measured from its first to its last letter or number. Each CJK
/// letter stands alone, since those scripts put no space between words.
struct TextMetrics {
  std::int64_t characters = 0;  // all, new lines too
  std::int64_t white_space = 0;
  std::int64_t digits = 0;
  std::int64_t cjk_characters = 0;
  std::int64_t han_characters = 0;
  std::int64_t tokens = 0;            // words, CJK letters and runs of symbols only
  std::int64_t words = 0;             // without CJK
  std::int64_t word_characters = 0;   // sum of their lengths
  std::int64_t alphabetic_words = 0;  // with at least one letter
  std::int64_t stop_words = 0;        // distinct ones of Gopher's eight
  std::int64_t hashes = 0;            // '#'
  std::int64_t ellipses = 0;          // "..." and U+2026
  std::int64_t sentences = 0;         // sentence-ending marks before white space, CJK or the end
  std::int64_t newlines = 0;
  std::int64_t lines = 0;  // those that are not blank; all counts below are of these
  std::int64_t line_characters = 0;
  std::int64_t bullet_lines = 0;    // begin with a bullet, '-' or '*'
  std::int64_t ellipsis_lines = 0;  // end in an ellipsis
  std::int64_t terminal_lines = 0;  // end in a sentence-ending mark, quotes and brackets aside
  std::int64_t short_lines = 0;     // at most 30 characters, or 10 where most letters are CJK
  std::int64_t duplicate_line_characters = 0;  // of lines that stood there before
  bool curly_bracket = false;
  bool lorem_ipsum = false;
};

/// Counts `text` (bytes that are not UTF-8 count as symbols). Concurrent calls: yes.
TextMetrics measure_text(std::string_view text);

}  // namespace aludel::curate
