#pragma once

#include <cstddef>
#include <string_view>

// What the bytes of a page themselves say about their encoding.
namespace aludel::text {

/// How bytes outside ASCII read as UTF-8.
struct Utf8Evidence {
  std::size_t sound = 0;   // sequences; one that the end of the bytes cuts is sound
  std::size_t broken = 0;  // a sequence that breaks off counts once, as do stray bytes, each
};

Utf8Evidence weigh_utf8(std::string_view bytes);

/// Whether the bytes are UTF-8, though some may be damaged: at least four sequences are sound, and
/// nine in ten. Chance does not make such sequences of any other encoding, while templates that cut
/// a character and stray bytes of other encodings stand in many pages of UTF-8.
bool is_mostly_utf8(const Utf8Evidence& evidence);

/// Whether a few sequences, three in four of them sound, can hardly be of an encoding of one byte a
/// letter: in windows-1252 they would read "Ã©", "Â©" or "â€™". Others can: "É®" ends a name in
/// capitals.
bool is_latin_misread(std::string_view bytes, const Utf8Evidence& evidence);

/// Whether bytes that a detector does not know are pairs of Big5, most of them of its plane of
/// frequent characters, as in Cantonese, whose own characters detectors do not know.
bool looks_like_big5(std::string_view bytes);

}  // namespace aludel::text
