#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aludel::curate {

/// An encoding of one byte a character, as programs misread UTF-8 in it.
class CodePage {
 public:
  static constexpr int kNoByte = -1;

  /// In the order in which they are tried: windows-1251 and windows-1250, which must fit nearly
  /// everywhere, before windows-1252, which may fit a part.
  static std::span<const CodePage> all();

  /// The byte that is read as this character; kNoByte for ASCII and the rest. windows-1252 is
  /// latin-1, too: C1 controls stand for their bytes.
  int byte_of(char32_t c) const;

  /// Whether the text holds a character that is read for the first byte of a letter: a cheap look
  /// that most sound texts do not pass.
  bool may_have_misread(std::string_view text) const;

  /// Whether the page's own letters are those of windows-1252.
  bool is_western() const { return is_western_; }

 private:
  struct Row {
    char32_t character;
    std::uint8_t byte;
  };

  explicit CodePage(const char* name);

  bool is_western_;
  std::vector<Row> rows_;           // sorted by character
  std::vector<std::string> leads_;  // what bytes C3 to C5, D0 and D1 are read as
};

}  // namespace aludel::curate
