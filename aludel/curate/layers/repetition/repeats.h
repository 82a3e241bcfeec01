#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "aludel/curate/document/scan/text_scan.h"

// Measures how much of a text repeats itself. The limits are Gopher's (arXiv:2112.11446, table A1),
// whose text leaves the measures open. Characters are those of words (no punctuation, no space).
namespace aludel::curate {

/// The occurrences of a repeated part that count. `all` counts every occurrence, and a word under
/// several repeated n-grams once, as DCLM (content_filters.py). `later` counts those after the
/// first, as datatrove: a page that says a thing twice repeats it once.
enum class Copies : std::uint8_t { all, later };

/// Shares of a text that are repeated, in [0, 1].
struct RepeatedPart {
  double count = 0;       // share of the lines or paragraphs
  double characters = 0;  // share of the characters of all words
};

/// Returns the share of lines that are copies, without blank lines. Fewer than two lines have none.
RepeatedPart repeated_lines(const TextScan& scan, Copies copies);

/// Returns the same for paragraphs, which are separated by empty lines. `text` is the scanned text.
RepeatedPart repeated_paragraphs(std::string_view text, const TextScan& scan, Copies copies);

/// Shares of the characters in n-grams of words; [i] is n = lengths[i]. `windows_of_13` is measured
/// if a length is above 12; it is ChineseWebText's measure (preprocess.py).
struct RepeatedGrams {
  std::array<double, 3> top{};         // all occurrences of the most frequent 2-, 3- and 4-gram
  std::array<double, 6> duplicated{};  // 5- to 10-grams that occur more than once, together
  double windows_of_13 = 0;            // share of runs of 13 words that occur more than once
};

/// Measures the n-grams. REQUIRES: both lists of lengths increase strictly, all at least 1.
RepeatedGrams repeated_grams(const ScannedWords& words, const std::array<std::size_t, 3>& top,
                             const std::array<std::size_t, 6>& duplicated, Copies copies);

}  // namespace aludel::curate
