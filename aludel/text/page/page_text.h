#pragma once

#include <string>

#include "aludel/base/json.h"
#include "aludel/text/html/extract.h"
#include "aludel/text/page/consent.h"

namespace aludel::text {

/// The text of a fetched page, and what was learnt on the way.
struct PageText {
  std::string text;      // not normalised; empty for what is neither HTML nor text
  std::string not_text;  // the name of what is neither: "png", "application/json"; or empty
  ConsentSignals consent;
  /// charset, charset_source, replaced, title, declared_language, truncated, not_text
  Json notes = Json::object();
  /// What the page states about itself: title, author, date, site_name, language
  Json metadata = Json::object();
};

/// Decodes the bytes and, where they are HTML, extracts the main text. `content_type` says whether
/// they are; where it is missing or general, the bytes say it themselves (io/html_sniff.h). A whole
/// page served as some other type of text is HTML, too. application/xhtml+xml is read by the rules
/// of XML. A picture, an archive or the like is no text, whatever its type claims. Concurrent
/// calls: yes. Errors: none.
PageText page_text(std::string_view bytes, std::string_view content_type,
                   TextForm form = TextForm::plain, html::Comments comments = html::Comments::drop);

}  // namespace aludel::text
