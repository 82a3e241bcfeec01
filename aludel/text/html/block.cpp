#include "aludel/text/html/block.h"

#include <array>

#include "aludel/base/huge_pages.h"

namespace aludel::text::html {
namespace {

enum CharacterKind : std::uint8_t {
  kRest,
  kWeighty,
  kBlank,
  kMark,
  kCapital,
  kDigit,
  kCjkLead,
  kWideLead
};

constexpr std::array<std::uint8_t, 256> make_kinds() {
  std::array<std::uint8_t, 256> kinds{};
  for (std::size_t c = 0x21; c < 0x7F; ++c) {
    kinds[c] = kWeighty;
  }
  for (std::size_t c = 0xC2; c < 0xF5; ++c) {  // continuation bytes remain kRest
    kinds[c] = kWeighty;
  }
  for (std::size_t c = 0xE3; c < 0xEE; ++c) {  // U+3000..U+DFFF: CJK and Hangul
    kinds[c] = kCjkLead;
  }
  kinds[0xEF] = kWideLead;
  for (const char c : {' ', '\n', '\t', '\r', '\f', '\v'}) {
    kinds[static_cast<unsigned char>(c)] = kBlank;
  }
  for (std::size_t c = 'A'; c <= 'Z'; ++c) {
    kinds[c] = kCapital;
  }
  for (std::size_t c = '0'; c <= '9'; ++c) {
    kinds[c] = kDigit;
  }
  for (const char c : {',', '.', '!', '?', ':', ';'}) {
    kinds[static_cast<unsigned char>(c)] = kMark;
  }
  return kinds;
}

constexpr std::array<std::uint8_t, 256> kKinds = make_kinds();

/// The amounts of a byte that is visible and no mark of CJK, as one number: 16 bits each for
/// weight, marks and capitals, 15 for digits. Any other byte has kOther.
constexpr std::uint64_t kWeightUnit = 1;
constexpr std::uint64_t kMarkUnit = std::uint64_t{1} << 16U;
constexpr std::uint64_t kCapitalUnit = std::uint64_t{1} << 32U;
constexpr std::uint64_t kDigitUnit = std::uint64_t{1} << 48U;
constexpr std::uint64_t kOther = std::uint64_t{1} << 63U;

constexpr std::size_t kMostSummed = 0x7FFF;  // bytes whose sums fit

constexpr std::array<std::uint64_t, 256> make_amounts() {
  std::array<std::uint64_t, 256> amounts{};
  for (std::size_t c = 0; c < amounts.size(); ++c) {
    const std::uint8_t kind = kKinds[c];
    const bool plain = kind == kWeighty || kind == kMark || kind == kCapital || kind == kDigit;
    amounts[c] = !plain             ? kOther
                 : kind == kMark    ? kWeightUnit + kMarkUnit
                 : kind == kCapital ? kWeightUnit + kCapitalUnit
                 : kind == kDigit   ? kWeightUnit + kDigitUnit
                                    : kWeightUnit;
  }
  return amounts;
}

constexpr std::array<std::uint64_t, 256> kAmounts = make_amounts();

std::uint64_t amount_at(std::string_view text, std::size_t at) {
  return kAmounts[static_cast<unsigned char>(text[at])];
}

/// Adds the amounts of the bytes that the text begins with up to the first other byte, and returns
/// their number. OPTIMIZATION: four counts in one addition.
std::size_t add_plain(std::string_view text, TextAmount& amount) {
  text = text.substr(0, kMostSummed);
  std::uint64_t sums = 0;
  std::size_t at = 0;
  for (; at < text.size() && amount_at(text, at) != kOther; ++at) {
    sums += amount_at(text, at);
  }
  amount.weight += static_cast<std::uint32_t>(sums & 0xFFFF);
  amount.marks += static_cast<std::uint32_t>(sums / kMarkUnit & 0xFFFF);
  amount.capitals += static_cast<std::uint32_t>(sums / kCapitalUnit & 0xFFFF);
  amount.digits += static_cast<std::uint32_t>(sums / kDigitUnit);
  return at;
}

bool is_cjk_mark(std::string_view at) {
  return at.starts_with("。") || at.starts_with("、");
}

bool is_wide_mark(std::string_view at) {
  return at.starts_with("，") || at.starts_with("！") || at.starts_with("？") ||
         at.starts_with("：") || at.starts_with("；");
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
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t kind = kKinds[static_cast<unsigned char>(text[i])];
    if (kind == kRest || kind == kBlank) {
      in_word = in_word && kind == kRest;
      ++i;
      continue;
    }
    amount.words += in_word ? 0U : 1U;
    in_word = true;
    if (kind == kCjkLead || kind == kWideLead) {
      amount.weight += kind == kCjkLead ? 2U : 1U;
      const bool mark =
          kind == kCjkLead ? is_cjk_mark(text.substr(i, 3)) : is_wide_mark(text.substr(i, 3));
      amount.marks += mark ? 1U : 0U;
      ++i;
    } else {
      i += add_plain(text.substr(i), amount);
    }
  }
  return amount;
}

std::vector<Block> blocks_of(const Tree& tree, std::uint32_t element) {
  return BlockBuilder(tree).build(element);
}

}  // namespace aludel::text::html
