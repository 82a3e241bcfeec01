#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"

namespace aludel::text {

/// A book as one running text, and what it says about itself; all UTF-8.
struct Book {
  std::string title;
  std::string author;
  std::string language;  // as declared: "en", "zh-CN"
  std::string rights;
  std::string text;                    // paragraphs are parted by an empty line
  std::uint64_t missing_chapters = 0;  // that its spine names and that gave no text
};

/// Reads an EPUB: the chapters in the order of its spine, every block of each, without the
/// navigation. Chapters that it lacks, and those of a form that is not read, are counted. At most
/// `limit_bytes` are unpacked in all. Concurrent calls: yes. Errors: corrupt_data for what is no
/// EPUB; unsupported for an encrypted one; resource_exhausted above the limit. Source:
/// https://www.w3.org/TR/epub-33/
Result<Book> read_epub(std::string_view bytes, std::uint64_t limit_bytes);

/// Whether this program was built with poppler, which reads PDF.
bool has_pdf();

/// What is said where it is not.
inline constexpr std::string_view kNoPdf =
    "[pdf] this program was built without PDF; install libpoppler-cpp-dev and build it anew";

/// Reads a PDF's text in reading order: words that were cut at a line's end are joined, lines of a
/// paragraph too, and heads, feet and page numbers that return on most pages are left out. Text in
/// pictures is not seen. At most `limit_bytes` of text. Concurrent calls: yes.
/// Errors: corrupt_data for what is no PDF; unsupported without poppler, and for one that is
/// locked; resource_exhausted above the limit.
Result<Book> read_pdf(std::string_view bytes, std::uint64_t limit_bytes);

/// Pages of text as one text, as read_pdf() makes it.
std::string join_pages(const std::vector<std::string>& pages);

}  // namespace aludel::text
