#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "aludel/curate/document/scan/text_scan.h"

// How much of a text repeats itself. The limits are Gopher's (arXiv:2112.11446, table A1), whose
// text leaves the measures open. Characters are those of words (no punctuation, no space).
namespace aludel::curate {

/// What of a part that stands there more than once counts: every occurrence, and a word that
/// several repeated n-grams cover once, as in DCLM (content_filters.py); or those after the first,
/// as in datatrove, so that a page which says a thing twice has said it again once.
enum class Copies : std::uint8_t { all, later };

/// Shares in [0, 1].
struct RepeatedPart {
  double count = 0;       // of lines or paragraphs
  double characters = 0;  // of the characters of all words
};

/// The share of lines that are copies, blank ones left out. Nothing repeats in fewer than two.
RepeatedPart repeated_lines(const TextScan& scan, Copies copies);

/// The same for paragraphs, which empty lines part. `text` is what was scanned.
RepeatedPart repeated_paragraphs(std::string_view text, const TextScan& scan, Copies copies);

/// Shares of the characters that n-grams of words take; [i] is n = lengths[i]. `windows_of_13` is
/// measured where a length is above 12; it is ChineseWebText's measure (preprocess.py).
struct RepeatedGrams {
  std::array<double, 3> top{};         // the most frequent 2-, 3- and 4-gram, all its occurrences
  std::array<double, 6> duplicated{};  // 5- to 10-grams that occur more than once, together
  double windows_of_13 = 0;            // of all runs of 13 words, those that occur more than once
};

/// REQUIRES: both lists of lengths increase strictly, all at least 1.
RepeatedGrams repeated_grams(const ScannedWords& words, const std::array<std::size_t, 3>& top,
                             const std::array<std::size_t, 6>& duplicated, Copies copies);

}  // namespace aludel::curate
