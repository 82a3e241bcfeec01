#pragma once

#include <string>

#include "aludel/base/json.h"
#include "aludel/curate/layers/language/consent.h"
#include "aludel/text/html/extract.h"

namespace aludel::curate {

/// Text made of fetched bytes, and what was learnt on the way.
struct PageText {
  std::string text;      // not normalised yet; empty for what is neither HTML nor text
  std::string not_text;  // the name of what is neither: "png", "application/json"; or empty
  ConsentSignals consent;
  /// charset, charset_source, replaced, title, declared_language, truncated, not_text
  Json notes = Json::object();
  /// What the page states of: title, author, date, site_name, language
  Json metadata = Json::object();
};

/// Decodes and, for HTML, extracts the main text. What is HTML, `content_type` says; where it is
/// missing or general the bytes do (io/html_sniff.h), and a whole page is one under any type of
/// text. application/xhtml+xml is read by the rules of XML. What the bytes show to be a picture, an
/// archive or the like is no text, whatever it is called.
PageText page_text(std::string_view bytes, std::string_view content_type,
                   text::TextForm form = text::TextForm::plain,
                   text::html::Comments comments = text::html::Comments::drop);

}  // namespace aludel::curate
