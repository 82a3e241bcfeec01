#include "aludel/io/format.h"

namespace aludel::io {
namespace {

/// An EPUB is a ZIP archive whose first file is "mimetype", stored.
bool looks_like_epub(std::string_view head) {
  return head.starts_with("PK\x03\x04") &&
         head.substr(0, 128).find("mimetypeapplication/epub+zip") != std::string_view::npos;
}

}  // namespace

// aludel/text/book/epub.cpp reads it: a chapter's text is made by what makes text of web pages.
extern constinit const FormatSpec format_epub = {
    .name = "epub",
    .summary = "Electronic books: XHTML chapters in a ZIP container.",
    .source = "https://www.w3.org/TR/epub-33/",
    .extensions = ".epub",
    .sniff = looks_like_epub,
};

}  // namespace aludel::io
