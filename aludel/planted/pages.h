#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/rng.h"
#include "aludel/curate/document/document.h"

namespace aludel::planted {

enum class PageLanguage : std::uint8_t { english, chinese };

std::string_view page_language_code(PageLanguage language);

/// A clean page that defects are made of.
struct CleanPage {
  std::string text;        // its lines, from 120 to about 1,500 words
  std::string collection;  // the document's source; else the host and first folder of its URL
  PageLanguage language = PageLanguage::english;
};

/// The clean pages in a seeded order, each given out once.
class CleanPages {
 public:
  /// Keeps pages in English and Chinese that read as prose: at least 120 words, most of them in
  /// lines of ten words or more, and less than a third of their five-word runs in pages before.
  CleanPages(std::vector<curate::Document> documents, std::uint64_t seed);

  std::size_t left(PageLanguage language) const;

  /// Errors: invalid_argument when there is none left.
  Result<CleanPage> take(PageLanguage language);

  /// Two pages of one language from different collections: about different things, as far as a
  /// collection is a book, a manual or a site.
  /// Errors: invalid_argument when those left are all of one collection.
  Result<std::array<CleanPage, 2>> take_unlike(PageLanguage language);

 private:
  std::array<std::vector<CleanPage>, 2> pages_;  // by language, the next one last
};

/// Words of a text: CJK letters count one each.
std::size_t count_page_words(std::string_view text);

/// The lines that are not blank.
std::vector<std::string> page_lines(std::string_view text);

std::string join_lines(const std::vector<std::string>& lines);

/// Where a sentence may be put in: byte offsets after a sentence end and its space, inside lines.
std::vector<std::size_t> sentence_starts(std::string_view text, PageLanguage language);

/// The Jaccard index of the sets of five-word runs of two texts.
double shingle_jaccard(std::string_view a, std::string_view b);

/// The hashes of a text's five-word runs, sorted, each once.
std::vector<std::uint64_t> shingle_hashes(std::string_view text);

}  // namespace aludel::planted
