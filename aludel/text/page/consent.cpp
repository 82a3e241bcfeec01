#include "aludel/text/page/consent.h"

#include <algorithm>
#include <string>

#include "aludel/base/ascii.h"
#include "aludel/text/html/lexer.h"

namespace aludel::text {
namespace {

// Bound what a page of nested tags makes us read twice.
constexpr std::size_t kMostTagBytes = 4096;
constexpr int kMostTags = 1000;

bool is_meta_tag(std::string_view html) {
  constexpr std::string_view kMeta = "<meta";
  return html.size() > kMeta.size() && (html[1] | 0x20) == 'm' &&
         std::ranges::equal(html.substr(0, kMeta.size()), kMeta,
                            [](char a, char b) { return (a | 0x20) == (b | 0x20); });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

ConsentSignals robots_directives(std::string_view value) {
  ConsentSignals signals;
  const std::string lower = lower_ascii(value);
  const std::string_view all = lower;
  constexpr std::string_view kBetween = " \t\r\n,;:";
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find_first_of(kBetween, begin), all.size());
    const std::string_view directive = all.substr(begin, end - begin);
    signals.noai |= directive == "noai";
    signals.noimageai |= directive == "noimageai";
    begin = end + 1;
  }
  return signals;
}

}  // namespace

ConsentSignals consent_in_headers(std::string_view robots_tag, std::string_view tdm_reservation) {
  ConsentSignals signals = robots_directives(robots_tag);
  signals.tdm_reserved = trimmed(tdm_reservation) == "1";
  return signals;
}

ConsentSignals consent_in_markup(std::string_view html) {
  ConsentSignals signals;
  int tags = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos && tags < kMostTags;
       at = html.find('<', at + 1)) {
    if (!is_meta_tag(html.substr(at))) continue;
    ++tags;
    html::Lexer lexer(html.substr(at, kMostTagBytes));
    html::Token token;
    lexer.next(token);
    if (token.kind != html::TokenKind::open || token.text.size() != 4) continue;
    const std::string name = lower_ascii(trimmed(token.attributes.name));
    const std::string_view content = token.attributes.content;
    if (name == "robots" || name == "ai" || name.ends_with("bot")) {
      signals.add(robots_directives(content));
    } else if (name == "tdm-reservation") {
      signals.tdm_reserved |= trimmed(content) == "1";
    }
  }
  return signals;
}

}  // namespace aludel::text
