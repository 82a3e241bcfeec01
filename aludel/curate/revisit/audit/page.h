#pragma once

#include <span>
#include <string>

#include "aludel/base/json.h"
#include "aludel/curate/revisit/audit/sample.h"

namespace aludel::curate::audit {

/// Returns {"key", "language", "text"}, which is all that a reader may know.
Json to_json(const SheetText& text);

/// Returns one self-contained HTML page that shows the texts one at a time and takes verdicts by
/// keys. The page asks no server for anything, and no text can end the element that holds it.
std::string render_page(std::span<const SheetText> texts);

}  // namespace aludel::curate::audit
