#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// The elements of HTML that text extraction tells apart.
namespace aludel::text::html {

enum class Tag : std::uint8_t {
  none,     // the root above <html>
  text,     // a run of characters
  unknown,  // an element of another name
  a,
  abbr,
  address,
  article,
  aside,
  audio,
  b,
  base,
  bdi,
  bdo,
  big,
  blockquote,
  body,
  br,
  button,
  canvas,
  caption,
  center,
  cite,
  code,
  col,
  colgroup,
  data,
  datalist,
  dd,
  del,
  details,
  dfn,
  dialog,
  dir,
  div,
  dl,
  dt,
  em,
  embed,
  fieldset,
  figcaption,
  figure,
  font,
  footer,
  form,
  frame,
  frameset,
  h1,
  h2,
  h3,
  h4,
  h5,
  h6,
  head,
  header,
  hgroup,
  hr,
  html,
  i,
  iframe,
  img,
  input,
  ins,
  kbd,
  label,
  legend,
  li,
  link,
  listing,
  main,
  map,
  mark,
  math,
  menu,
  meta,
  nav,
  nobr,
  noembed,
  noframes,
  noscript,
  object,
  ol,
  optgroup,
  option,
  p,
  picture,
  plaintext,
  pre,
  q,
  rb,
  rp,
  rt,
  ruby,
  s,
  samp,
  script,
  section,
  select,
  small,
  source,
  span,
  strike,
  strong,
  style,
  sub,
  summary,
  sup,
  svg,
  table,
  tbody,
  td,
  template_,
  textarea,
  tfoot,
  th,
  thead,
  time,
  title,
  tr,
  track,
  tt,
  u,
  ul,
  var,
  video,
  wbr,
  xmp
};

/// Properties of a tag, as bits.
enum TagTrait : std::uint8_t {
  kInline = 1,   // does not end a line of text
  kVoid = 2,     // has no content and no end tag
  kHidden = 4,   // its content is never text for a reader
  kRawText = 8,  // its content is not markup: only its own end tag ends it
  kHeading = 16,
  kScope = 32,  // end tags of other elements do not close anything outside it
};

/// Returns the tag with that name, in upper or lower case.
Tag tag_of(std::string_view name);

inline constexpr std::size_t kTagCount = static_cast<std::size_t>(Tag::xmp) + 1;

/// The traits of each tag as bits of TagTrait.
extern const std::array<std::uint8_t, kTagCount> kTagTraits;

inline bool has_trait(Tag tag, TagTrait trait) {
  return (kTagTraits[static_cast<std::size_t>(tag)] & trait) != 0;
}

/// Returns the lower-case name of a tag; "" for `none` and `text`.
std::string_view name_of(Tag tag);

}  // namespace aludel::text::html
