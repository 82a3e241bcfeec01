#include "aludel/text/html/block.h"

#include <algorithm>
#include <array>

#include "aludel/base/huge_pages.h"

namespace aludel::text::html {
namespace {

/// The amounts of a byte, as one number: 15 bits each for weight, marks, capitals and digits.
/// OPTIMIZATION: four counts in one addition.
constexpr std::uint64_t kWeightUnit = 1;
constexpr std::uint64_t kMarkUnit = std::uint64_t{1} << 15U;
constexpr std::uint64_t kCapitalUnit = std::uint64_t{1} << 30U;
constexpr std::uint64_t kDigitUnit = std::uint64_t{1} << 45U;
constexpr std::uint64_t kGoesOn = std::uint64_t{1} << 61U;     // neither begins nor ends a word
constexpr std::uint64_t kMayBeMark = std::uint64_t{1} << 62U;  // visible; begins marks of CJK
constexpr std::uint64_t kPlain = std::uint64_t{1} << 63U;      // visible, and no such mark

constexpr std::size_t kMostSummed = 0x3FFF;  // bytes whose sums fit
constexpr std::uint64_t kSum = 0x7FFF;       // the bits of one sum

constexpr std::array<std::uint64_t, 256> make_amounts() {
  std::array<std::uint64_t, 256> amounts{};
  for (std::size_t c = 0; c < amounts.size(); ++c) {
    const bool visible = (c > 0x20 && c < 0x7F) || (c >= 0xC2 && c < 0xF5);
    amounts[c] = visible ? kPlain + kWeightUnit : kGoesOn;  // controls, and continuation bytes
  }
  for (std::size_t c = 0xE3; c < 0xEE; ++c) {  // U+3000..U+DFFF: CJK and Hangul
    amounts[c] += kWeightUnit;
  }
  amounts[0xE3] += kMayBeMark - kPlain;
  amounts[0xEF] += kMayBeMark - kPlain;
  for (const char c : {' ', '\n', '\t', '\r', '\f', '\v'}) {
    amounts[static_cast<unsigned char>(c)] = 0;
  }
  for (std::size_t c = 'A'; c <= 'Z'; ++c) {
    amounts[c] += kCapitalUnit;
  }
  for (std::size_t c = '0'; c <= '9'; ++c) {
    amounts[c] += kDigitUnit;
  }
  for (const char c : {',', '.', '!', '?', ':', ';'}) {
    amounts[static_cast<unsigned char>(c)] += kMarkUnit;
  }
  return amounts;
}

constexpr std::array<std::uint64_t, 256> kAmounts = make_amounts();

// True if one of 、。！，：；？ begins at `at`, which is inside the text.
bool is_cjk_mark_at(std::string_view text, std::size_t at) {
  if (text.size() - at < 3) return false;
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i]));
  };
  switch (byte(0) << 16U | byte(1) << 8U | byte(2)) {
    case 0xE38081:
    case 0xE38082:
    case 0xEFBC81:
    case 0xEFBC8C:
    case 0xEFBC9A:
    case 0xEFBC9B:
    case 0xEFBC9F:
      return true;
    default:
      return false;
  }
}

std::uint64_t amount_at(std::string_view text, std::size_t at) {
  return kAmounts[static_cast<unsigned char>(text[at])];
}

class BlockBuilder {
 public:
  explicit BlockBuilder(const Tree& tree) : tree_(tree) {}

  std::vector<Block> build(std::uint32_t element) {
    const std::uint32_t count = tree_.nodes[element].end;
    if (element != 0) open_.push_back(element);
    std::uint32_t node = element + 1;
    while (node < count) {
      leave_until(node);
      const Node& current = tree_.nodes[node];
      if (current.tag == Tag::text) {
        add(node, current);
      } else if (is_unread(current)) {
        if (!has_trait(current.tag, kInline)) finish(node);
        node = current.end;
        continue;
      } else if (!has_trait(current.tag, kInline)) {
        finish(node);
        if (current.end > node + 1) open_.push_back(node);
      } else if (!started_ && inline_begin_ == 0) {
        inline_begin_ = node;
      }
      ++node;
    }
    leave_until(count);
    finish(count);
    return std::move(blocks_);
  }

 private:
  void add(std::uint32_t node, const Node& current) {
    if (!started_ && (current.flags & kHasText) == 0) return;
    if (!started_) {
      started_ = true;
      const std::uint32_t begin = inline_begin_ == 0 ? node : inline_begin_;
      block_ = {begin, begin, open_.empty() ? 0U : open_.back(), {}};
    }
    TextAmount amount = measure_text(tree_.text_of(current));
    if ((current.flags & kInLink) != 0) {
      amount.link_weight = amount.weight;
      amount.links = amount.weight > 0 ? 1 : 0;
    }
    block_.amount.add(amount);
  }

  void leave_until(std::uint32_t node) {
    while (!open_.empty() && tree_.nodes[open_.back()].end <= node) {
      finish(node);
      open_.pop_back();
    }
  }

  void finish(std::uint32_t node) {
    inline_begin_ = 0;
    if (!started_) return;
    started_ = false;
    block_.end = node;
    if (blocks_.size() == blocks_.capacity()) {  // reserve for a page that continues like this
      const std::size_t size = blocks_.size();
      reserve_large(blocks_, std::max(size * tree_.nodes.size() / node, size * 3 / 2) + 16);
    }
    blocks_.push_back(block_);
  }

  const Tree& tree_;
  std::vector<Block> blocks_;
  std::vector<std::uint32_t> open_;  // block-level elements around the current node
  Block block_;
  bool started_ = false;
  std::uint32_t inline_begin_ = 0;  // first inline element since the last block; 0: none
};

}  // namespace

void TextAmount::add(const TextAmount& other) {
  weight += other.weight;
  link_weight += other.link_weight;
  words += other.words;
  marks += other.marks;
  links += other.links;
  capitals += other.capitals;
  digits += other.digits;
}

TextAmount measure_text(std::string_view text) {
  TextAmount amount;
  bool in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.size(), at + kMostSummed);
    std::uint64_t sums = 0;
    while (at < end) {
      const std::uint64_t first = amount_at(text, at);
      if ((first & (kPlain | kMayBeMark)) == 0) {
        in_word = in_word && (first & kGoesOn) != 0;
        ++at;
        continue;
      }
      amount.words += in_word ? 0U : 1U;
      in_word = true;
      if ((first & kMayBeMark) != 0) {
        sums += first + (is_cjk_mark_at(text, at) ? kMarkUnit : 0);
        ++at;
      }
      for (; at < end && (amount_at(text, at) & kPlain) != 0; ++at) {
        sums += amount_at(text, at);
      }
    }
    amount.weight += static_cast<std::uint32_t>(sums & kSum);
    amount.marks += static_cast<std::uint32_t>(sums / kMarkUnit & kSum);
    amount.capitals += static_cast<std::uint32_t>(sums / kCapitalUnit & kSum);
    amount.digits += static_cast<std::uint32_t>(sums / kDigitUnit & kSum);
  }
  return amount;
}

std::vector<Block> blocks_of(const Tree& tree, std::uint32_t element) {
  return BlockBuilder(tree).build(element);
}

}  // namespace aludel::text::html
