#include "aludel/text/fold.h"

#include <algorithm>
#include <utility>

#include "aludel/base/utf8.h"
#include "aludel/text/fold_table.h"
#include "aludel/text/html/entity.h"
#include "aludel/text/html/tag.h"

namespace aludel::text {
namespace {

constexpr std::size_t kLongestTag = 512;
constexpr std::size_t kLongestTagName = 10;

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/// Bytes of the HTML tag at the begin of `rest`, and whether the words around it stand apart; 0
/// bytes for what only looks like one: "a < b", "vector<int>".
struct FoundTag {
  std::size_t size_bytes = 0;
  bool parts_words = false;
};

FoundTag tag_at(std::string_view rest) {
  const std::size_t begin = rest.size() > 1 && rest[1] == '/' ? 2 : 1;
  std::size_t end = begin;
  while (end < rest.size() && end - begin <= kLongestTagName && is_name_character(rest[end])) {
    ++end;
  }
  const html::Tag tag = html::tag_of(rest.substr(begin, end - begin));
  if (end == begin || tag == html::Tag::unknown) return {};
  if (end < rest.size() && std::string_view(" \t\r\n/>").find(rest[end]) == std::string_view::npos)
    return {};
  const std::size_t close = rest.substr(0, kLongestTag).find_first_of("<>", end);
  if (close == std::string_view::npos || rest[close] == '<') return {};
  return {close + 1, !html::has_trait(tag, html::kInline)};
}

class Folder {
 public:
  Folder(std::string_view text, FoldFor purpose)
      : text_(text), purpose_(purpose), table_(FoldTable::of(purpose)) {}

  FoldedText run() {
    for (std::size_t at = plain_end(0); at < text_.size(); at = plain_end(at)) {
      const char c = text_[at];
      if (c == '&') {
        at = take_reference(at);
      } else if (c == '<') {
        at = take_tag(at);
      } else {
        at = take_characters(at);
      }
    }
    if (copied_ == 0) return FoldedText(text_);
    folded_ += text_.substr(copied_);
    return FoldedText(std::move(folded_), std::move(pieces_));
  }

 private:
  /// Returns 0 for a byte that stays as it is: ASCII but '&' and what begins a tag. It is a number
  /// so that the compiler can look at many bytes at once.
  static unsigned char special_mark(char c, char tag_begin) {
    const unsigned is_sign =
        static_cast<unsigned>(c == '&') | static_cast<unsigned>(c == tag_begin);
    return static_cast<unsigned char>((static_cast<unsigned char>(c) & 0x80U) | is_sign);
  }

  /// Returns the position of the first byte from `at` on that may not stay as it is.
  std::size_t plain_end(std::size_t at) const {
    constexpr std::size_t kBlockBytes = 32;
    const char tag_begin = purpose_ == FoldFor::words ? '<' : '&';
    for (; at + kBlockBytes <= text_.size(); at += kBlockBytes) {
      unsigned char marks = 0;
      for (std::size_t i = 0; i < kBlockBytes; ++i) {
        marks |= special_mark(text_[at + i], tag_begin);
      }
      if (marks != 0) break;
    }
    while (at < text_.size() && special_mark(text_[at], tag_begin) == 0) {
      ++at;
    }
    return at;
  }

  /// Takes what stands from `at` to the next byte of ASCII.
  std::size_t take_characters(std::size_t at) {
    while (at < text_.size() && static_cast<unsigned char>(text_[at]) >= 0x80) {
      const CodePoint next = decode_utf8(text_, at);
      const std::size_t end = at + next.size_bytes;
      const auto form = next.size_bytes == 1 ? std::nullopt : table_.look_up(next.value);
      if (form) replace(at, end, *form);
      at = end;
    }
    return at;
  }

  /// Only with its ';': "?a=1&copy=2" is an address.
  std::size_t take_reference(std::size_t at) {
    std::string decoded;
    const std::size_t taken = html::append_character_reference(text_.substr(at), decoded);
    if (taken == 1 || text_[at + taken - 1] != ';') return at + 1;
    std::string form;
    for (std::size_t i = 0; i < decoded.size();) {
      const CodePoint next = decode_utf8(decoded, i);
      const auto folded = next.value < 0x80 ? std::nullopt : table_.look_up(next.value);
      form += folded ? *folded : std::string_view(decoded).substr(i, next.size_bytes);
      i += next.size_bytes;
    }
    replace(at, at + taken, form);
    return at + taken;
  }

  std::size_t take_tag(std::size_t at) {
    const FoundTag tag = tag_at(text_.substr(at));
    if (tag.size_bytes == 0) return at + 1;
    replace(at, at + tag.size_bytes, tag.parts_words ? " " : "");
    return at + tag.size_bytes;
  }

  void replace(std::size_t begin, std::size_t end, std::string_view with) {
    folded_ += text_.substr(copied_, begin - copied_);
    const std::size_t folded_begin = folded_.size();
    folded_ += with;
    copied_ = end;
    const bool is_like_sized =
        with.size() == end - begin && decode_utf8(with, 0).size_bytes == with.size();
    if (!is_like_sized) pieces_.push_back({begin, end, folded_begin, folded_.size()});
  }

  std::string_view text_;
  FoldFor purpose_;
  const FoldTable& table_;
  std::string folded_;
  std::vector<FoldedText::Piece> pieces_;
  std::size_t copied_ = 0;
};

}  // namespace

std::size_t FoldedText::original_begin(std::size_t at) const {
  // Of the pieces that begin at or before `at` the last: those that left something out there lie
  // before the byte.
  const auto after = std::ranges::upper_bound(pieces_, at, {}, &Piece::folded_begin);
  if (after == pieces_.begin()) return at;
  const Piece& piece = *(after - 1);
  return at < piece.folded_end ? piece.begin : piece.end + (at - piece.folded_end);
}

std::size_t FoldedText::original_end(std::size_t at) const {
  const auto after = std::ranges::lower_bound(pieces_, at, {}, &Piece::folded_begin);
  if (after == pieces_.begin()) return at;
  const Piece& piece = *(after - 1);
  return at <= piece.folded_end ? piece.end : piece.end + (at - piece.folded_end);
}

FoldedText fold(std::string_view text, FoldFor purpose) {
  return Folder(text, purpose).run();
}

}  // namespace aludel::text
