#pragma once

#include <cstdint>
#include <string_view>

#include "aludel/text/html/lexer.h"
#include "aludel/text/html/tag.h"
#include "aludel/text/html/tree.h"

/// Collects what a page states about itself, while it is parsed: in <meta>, JSON-LD and microdata.
namespace aludel::text::html {

/// Notes what one <meta> says.
void note_meta(const Attributes& attributes, PageFacts& facts);

/// Keeps the content of a script if it is JSON-LD; of all scripts at most 256 KiB.
void note_script(const Token& script, std::string_view content, PageFacts& facts);

/// Notes an element that is, by itemprop, rel, class or name, the author or the date of the page;
/// of all elements at most 64.
void note_element(const Token& token, Tag tag, std::uint32_t node, RoleSet roles, PageFacts& facts);

}  // namespace aludel::text::html
