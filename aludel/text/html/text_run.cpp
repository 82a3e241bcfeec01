#include "aludel/text/html/text_run.h"

#include <array>
#include <bit>
#include <cstring>

#include "aludel/text/html/entity.h"

namespace aludel::text::html {
namespace {

enum ByteClass : std::uint8_t { kPlainByte, kSpaceByte, kReferenceByte, kSpecialLead };

constexpr std::array<std::uint8_t, 256> make_byte_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (const char c : {' ', '\n', '\t', '\r', '\f', '\v'}) {
    classes[static_cast<unsigned char>(c)] = kSpaceByte;
  }
  classes['&'] = kReferenceByte;
  classes['\0'] = kSpecialLead;
  classes[0xC2] = kSpecialLead;  // of U+00A0, the no-break space, and U+00AD, the soft hyphen
  return classes;
}

constexpr std::array<std::uint8_t, 256> kByteClasses = make_byte_classes();

constexpr std::string_view kSoftHyphen = "\xC2\xAD";  // marks where a line may break; is not text

bool is_plain_at(std::string_view raw, std::size_t at) {
  return at < raw.size() && kByteClasses[static_cast<unsigned char>(raw[at])] == kPlainByte;
}

/// Repeats a byte in all eight lanes.
constexpr std::uint64_t in_all_lanes(std::uint64_t value) {
  return value * 0x0101010101010101U;
}

// Returns how many of the eight bytes at `text` are copied for sure: 8, or 7 if the last is a
// space, which the next character decides on. Returns 0 if there may be a control character, "&",
// the lead of a special character or two spaces side by side. OPTIMIZATION: all eight at once.
std::size_t count_plain_lanes(const char* text) {
  static_assert(std::endian::native == std::endian::little, "the first byte is the lowest lane");
  constexpr std::uint64_t kHighBits = in_all_lanes(0x80);
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof(bytes));
  // Has the high bit of a lane below `value`. A borrow only tells so of lanes above a right one.
  const auto below = [](std::uint64_t lanes, std::uint64_t value) {
    return (lanes - in_all_lanes(value)) & ~lanes;
  };
  const auto holds = [&](std::uint64_t value) { return below(bytes ^ in_all_lanes(value), 1); };
  const std::uint64_t not_space = bytes ^ in_all_lanes(' ');
  // Exact, because lanes are compared with each other: no sum carries into the next one.
  const std::uint64_t spaces = ~(((not_space & ~kHighBits) + ~kHighBits) | not_space) & kHighBits;
  const std::uint64_t stops =
      below(bytes, ' ') | holds('&') | holds(0xC2) | (spaces & spaces << 8U);
  if ((stops & kHighBits) != 0) return 0;
  return spaces >> 63U != 0 ? 7 : 8;
}

// Returns the end of the characters from `at` on that are copied: words, and single blanks between
// them.
std::size_t end_of_plain(std::string_view raw, std::size_t at) {
  if (!is_plain_at(raw, at)) return at;
  while (at + 8 <= raw.size()) {
    const std::size_t plain = count_plain_lanes(raw.data() + at);
    if (plain == 0) break;
    at += plain;
  }
  while (is_plain_at(raw, at) || (at < raw.size() && raw[at] == ' ' && is_plain_at(raw, at + 1))) {
    ++at;
  }
  return at;
}

class RunWriter {
 public:
  RunWriter(SpaceRule rule, std::string& out) : rule_(rule), out_(out) {}

  void plain(std::string_view text) {
    out_.append(text);
    seen_ = true;
    spaced_ = false;
  }

  void space(char c) {
    if (rule_ == SpaceRule::keep) {
      if (c != '\r') out_ += c;
    } else if (!spaced_) {
      out_ += ' ';
    }
    spaced_ = true;
  }

  // Appends the character at text[0], which is neither plain nor white space; returns its size.
  std::size_t special(std::string_view text) {
    if (text.starts_with("\xC2\xA0")) {
      space(' ');
      return 2;
    }
    if (text.starts_with(kSoftHyphen)) return kSoftHyphen.size();
    if (text[0] == '\0') return 1;  // HTML does not allow this character
    plain(text.substr(0, 1));
    return 1;
  }

  std::size_t reference(std::string_view text) {
    decoded_.clear();
    const std::size_t taken = append_character_reference(text, decoded_);
    const std::uint8_t kind = kByteClasses[static_cast<unsigned char>(decoded_[0])];
    if (kind == kSpaceByte) {
      space(decoded_[0]);
    } else if (kind == kSpecialLead && decoded_ == "\xC2\xA0") {
      space(' ');
    } else if (decoded_ != kSoftHyphen) {
      plain(decoded_);
    }
    return taken;
  }

  bool seen() const { return seen_; }

 private:
  SpaceRule rule_;
  std::string& out_;
  std::string decoded_;
  bool spaced_ = false;
  bool seen_ = false;
};

}  // namespace

bool append_text_run(std::string_view raw, SpaceRule rule, References references,
                     std::string& out) {
  RunWriter writer(rule, out);
  std::size_t at = 0;
  while (at < raw.size()) {
    const std::size_t end = end_of_plain(raw, at);
    if (end > at) writer.plain(raw.substr(at, end - at));
    if (end == raw.size()) break;
    const std::uint8_t kind = kByteClasses[static_cast<unsigned char>(raw[end])];
    at = end;
    if (kind == kSpaceByte) {
      writer.space(raw[at++]);
    } else {
      const bool decodes = kind == kReferenceByte && references == References::decode;
      at += decodes ? writer.reference(raw.substr(at)) : writer.special(raw.substr(at));
    }
  }
  return writer.seen();
}

std::string collapse_space(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = kByteClasses[static_cast<unsigned char>(c)] == kSpaceByte;
    if (!space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace aludel::text::html
