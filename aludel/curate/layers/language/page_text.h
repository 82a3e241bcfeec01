#pragma once

#include <string>

#include "aludel/base/json.h"
#include "aludel/curate/layers/language/consent.h"
#include "aludel/text/html/extract.h"

namespace aludel::curate {

/// Text made of fetched bytes, and what was learnt on the way.
struct PageText {
  std::string text;  // not normalised yet; empty for what is neither HTML nor text
  ConsentSignals consent;
  Json notes = Json::object();  // charset, charset_source, replaced, title, declared_language
};

/// Decodes and, for HTML, extracts the main text. What is HTML, `content_type` says, or the bytes
/// do where it is missing, general or "text/plain" for a page that begins as HTML does.
PageText page_text(std::string_view bytes, std::string_view content_type,
                   text::TextForm form = text::TextForm::plain);

}  // namespace aludel::curate
