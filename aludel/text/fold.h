#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aludel::text {

/// What a folded text is searched for.
enum class FoldFor : std::uint8_t {
  values,   // numbers and addresses in ASCII: digits, letters and the signs within them
  phrases,  // words of any script: all compatibility forms, and Chinese in simplified characters
  words,    // the same, and HTML tags are left out
};

/// A text in the form in which it is searched, and where each byte of it came from. A text in which
/// nothing is to fold is not copied: it must outlive this object.
class FoldedText {
 public:
  /// Bytes [begin, end) of the original and of the folded text, where they differ.
  struct Piece {
    std::size_t begin;
    std::size_t end;
    std::size_t folded_begin;
    std::size_t folded_end;
  };

  explicit FoldedText(std::string_view original) : original_(original) {}

  FoldedText(std::string folded, std::vector<Piece> pieces)
      : folded_(std::move(folded)), pieces_(std::move(pieces)), is_same_(false) {}

  std::string_view text() const { return is_same_ ? original_ : std::string_view(folded_); }

  bool is_same() const { return is_same_; }

  /// Where the character of the original begins that byte `at` of text() came from.
  std::size_t original_begin(std::size_t at) const;

  /// Where the character of the original ends that byte `at` - 1 of text() came from; what was left
  /// out behind it is not included. REQUIRES: at > 0.
  std::size_t original_end(std::size_t at) const;

 private:
  std::string_view original_;
  std::string folded_;
  std::vector<Piece> pieces_;  // in order; characters of one size in both texts have none
  bool is_same_ = true;
};

/// Writes what readers take for the same in one way: digits of every script as 0 to 9, full-width
/// and other compatibility forms as what they stand for (NFKC), every dash as '-', every blank as
/// ' ', HTML character references as their characters; leaves out what is not seen (soft hyphens,
/// zero-width spaces, byte order marks, variation selectors).
/// `text` may hold bytes that are not UTF-8; these stay. Time: linear. Concurrent calls: yes.
/// Sources: Unicode 15, UAX 15 and DerivedCoreProperties (Default_Ignorable_Code_Point); for Han
/// fold_han.h.
FoldedText fold(std::string_view text, FoldFor purpose);

}  // namespace aludel::text
