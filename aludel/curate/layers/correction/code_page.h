#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aludel::curate {

/// An encoding with one byte a character, in which programs misread UTF-8.
class CodePage {
 public:
  static constexpr int kNoByte = -1;

  /// Returns all in the order to try them: windows-1251 and windows-1250, which must fit nearly
  /// everywhere, before windows-1252, which may fit a part.
  static std::span<const CodePage> all();

  /// Returns the byte that is read as this character; kNoByte for ASCII and any other character.
  /// windows-1252 includes latin-1: C1 controls stand for their bytes.
  int byte_of(char32_t c) const;

  /// True if the text holds a character that may be the misread first byte of a letter, and in
  /// windows-1252 also one that may be its next byte. This cheap test is false for most sound
  /// texts.
  bool may_have_misread(std::string_view text) const;

  /// True for windows-1252.
  bool is_western() const { return is_western_; }

 private:
  struct Row {
    char32_t character;
    std::uint8_t byte;
  };

  explicit CodePage(const char* name);

  bool is_western_;
  std::vector<Row> rows_;           // sorted by character
  std::vector<std::string> leads_;  // the characters for bytes C3 to C5, D0 and D1
};

}  // namespace aludel::curate
