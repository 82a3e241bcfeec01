#include "aludel/text/html/implied_end.h"

#include <algorithm>
#include <iterator>

namespace aludel::text::html {

bool is_table_part(Tag tag) {
  switch (tag) {
    case Tag::caption:
    case Tag::table:
    case Tag::tbody:
    case Tag::td:
    case Tag::tfoot:
    case Tag::th:
    case Tag::thead:
    case Tag::tr:
      return true;
    default:
      return false;
  }
}

bool is_list(Tag tag) {
  return tag == Tag::ul || tag == Tag::ol || tag == Tag::menu || tag == Tag::dir || tag == Tag::dl;
}

bool keeps_whitespace(Tag tag) {
  return tag == Tag::pre || tag == Tag::listing || tag == Tag::xmp || tag == Tag::plaintext;
}

bool ends_paragraph(Tag tag) {
  return !has_trait(tag, kInline) && tag != Tag::br && !is_table_part(tag) && tag != Tag::col &&
         tag != Tag::colgroup && tag != Tag::option && tag != Tag::optgroup;
}

bool leaves_svg(Tag tag) {
  constexpr Tag kTags[] = {Tag::b,   Tag::blockquote, Tag::br,    Tag::center, Tag::code,
                           Tag::dd,  Tag::div,        Tag::dl,    Tag::dt,     Tag::em,
                           Tag::hr,  Tag::i,          Tag::img,   Tag::li,     Tag::ol,
                           Tag::p,   Tag::pre,        Tag::small, Tag::span,   Tag::strong,
                           Tag::sub, Tag::sup,        Tag::table, Tag::u,      Tag::ul};
  return has_trait(tag, kHeading) || std::ranges::find(kTags, tag) != std::end(kTags);
}

bool belongs_to_head(Tag tag) {
  return tag == Tag::meta || tag == Tag::link || tag == Tag::title || tag == Tag::script ||
         tag == Tag::style || tag == Tag::base || tag == Tag::noscript || tag == Tag::template_;
}

bool is_barrier(Tag closing, Tag open_tag) {
  if (closing == Tag::table) return false;
  if (is_table_part(closing)) return open_tag == Tag::table;
  return has_trait(open_tag, kScope);
}

}  // namespace aludel::text::html
