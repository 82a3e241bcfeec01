#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace aludel::curate {

/// Where in a line a phrase must stand to make the line a menu, a button or a notice.
enum class PhrasePlace : std::uint8_t {
  whole,  // the line is this, punctuation aside
  begin,
  part
};

struct InterfacePhrase {
  PhrasePlace place;
  std::string_view text;  // ASCII letters match in either case
};

/// What web pages say around their text, in English and Chinese.
/// Sources: RefinedWeb G.2 and C4's policy phrases; the rest is our own reading of pages.
std::span<const InterfacePhrase> interface_phrases();

}  // namespace aludel::curate
