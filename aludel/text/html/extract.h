#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/text/html/metadata.h"
#include "aludel/text/html/region.h"
#include "aludel/text/html/tree.h"

/// The main text of a web page: paragraphs, headings, lists, tables and code, without navigation,
/// comments and advertisement.
namespace aludel::text {

enum class TextForm : std::uint8_t { plain, markdown };

struct ExtractedPage {
  std::string text;  // UTF-8; blocks are parted by an empty line, lines by "\n"
  std::string title;
  std::string language;  // as declared by <html lang>, e.g. "zh-CN"; may be empty
  html::PageMetadata metadata;
  bool truncated = false;  // the page met a cap on its size, elements or steps
};

/// Extracts a page given as UTF-8, as HTML or, where it was served so, as XHTML. No rule names a
/// site. Time is linear in the page and its bounds are counts, never seconds, so that one page
/// gives one text on every machine. Comments below an article come along if `comments` says so;
/// posts of a thread, which are the page's text themselves, always do. Concurrent calls: yes.
/// Errors: none; a page without main text gives an empty text.
ExtractedPage extract_page(std::string_view html, TextForm form = TextForm::plain,
                           html::Markup markup = html::Markup::html,
                           html::Comments comments = html::Comments::drop);

}  // namespace aludel::text
