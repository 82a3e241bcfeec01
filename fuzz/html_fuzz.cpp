// Any bytes as a page: parsing, extraction in both forms, and the tree's invariants.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/base/utf8.h"
#include "aludel/text/charset.h"
#include "aludel/text/html/extract.h"
#include "aludel/text/html/tree.h"

namespace {

void check_tree(const aludel::text::html::Tree& tree) {
  for (std::uint32_t i = 1; i < tree.nodes.size(); ++i) {
    const aludel::text::html::Node& node = tree.nodes[i];
    ALUDEL_CHECK(node.parent < i && node.end > i, "nodes stand in document order");
    ALUDEL_CHECK(node.end <= tree.nodes[node.parent].end, "a subtree lies in its parent's");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace text = aludel::text;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string page = text::decode_charset(bytes, "utf-8").text;
  for (const text::html::Markup markup : {text::html::Markup::html, text::html::Markup::xhtml}) {
    check_tree(text::html::parse_html(page, markup, {.nodes = 5000, .depth = 32}));
  }
  const text::ExtractedPage plain = text::extract_page(page);
  const text::ExtractedPage markdown =
      text::extract_page(page, text::TextForm::markdown, text::html::Markup::xhtml);
  ALUDEL_CHECK(aludel::is_valid_utf8(plain.text) && aludel::is_valid_utf8(markdown.text),
               "valid UTF-8 stays valid");
  return 0;
}
