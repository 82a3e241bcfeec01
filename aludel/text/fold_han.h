#pragma once

#include <string_view>

namespace aludel::text {

/// Pairs of a traditional Chinese character and the simplified one that it is compared as, one
/// behind the other, by code point. Written from ICU 72's transliterator Traditional-Simplified,
/// character by character; a table of our own so that an index of folded words (contamination.h)
/// means the same with any ICU, and since ICU takes half a second to make its own.
std::string_view traditional_and_simplified();

}  // namespace aludel::text
