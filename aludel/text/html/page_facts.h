#pragma once

#include <cstdint>
#include <string_view>

#include "aludel/text/html/lexer.h"
#include "aludel/text/html/tag.h"
#include "aludel/text/html/tree.h"

/// Collects what a page states about itself in <meta>, JSON-LD and microdata while it is parsed.
namespace aludel::text::html {

/// Notes what a <meta> states.
void note_meta(const Attributes& attributes, PageFacts& facts);

/// Keeps the content of a script if it is JSON-LD. Keeps at most 256 KiB of all scripts together.
void note_script(const Token& script, std::string_view content, PageFacts& facts);

/// Notes an element if its itemprop, rel, class or name says that it is the author or the date of
/// the page. Notes at most 64 elements.
void note_element(const Token& token, Tag tag, std::uint32_t node, RoleSet roles, PageFacts& facts);

}  // namespace aludel::text::html
