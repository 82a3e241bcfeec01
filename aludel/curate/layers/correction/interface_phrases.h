#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace aludel::curate {

/// The position that a phrase must have in a line to make it a menu, a button or a notice.
enum class PhrasePlace : std::uint8_t {
  whole,  // the line is the phrase, apart from punctuation
  begin,
  part
};

struct InterfacePhrase {
  PhrasePlace place;
  std::string_view text;  // ASCII letters match in either case
};

/// Returns the phrases that web pages have around their text, in English and Chinese.
/// Sources: RefinedWeb G.2 and C4's policy phrases; the rest is our own reading of pages.
std::span<const InterfacePhrase> interface_phrases();

}  // namespace aludel::curate
