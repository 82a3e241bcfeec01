#include "aludel/text/html/block_text.h"

#include "aludel/base/hash.h"

namespace aludel::text::html {
namespace {

constexpr std::uint32_t kShortBlock = 300;  // weight of the longest block whose phrases are read

bool is_emphasis(Tag tag) {
  return tag == Tag::b || tag == Tag::strong || tag == Tag::i || tag == Tag::em || tag == Tag::u;
}

}  // namespace

std::uint64_t text_hash(const Tree& tree, const Block& block) {
  std::uint64_t hash = 0;
  for (std::uint32_t node = block.begin; node < block.end; ++node) {
    if (tree.nodes[node].tag == Tag::text) hash = hash64(tree.text_of(tree.nodes[node]), hash);
  }
  return hash;
}

LastMark last_mark(const Tree& tree, const Block& block) {
  for (std::uint32_t node = block.end; node-- > block.begin;) {
    std::string_view text = tree.text_of(tree.nodes[node]);
    while (text.ends_with(' ')) {
      text.remove_suffix(1);
    }
    if (text.empty()) continue;
    const char last = text.back();
    if (last == ':' || text.ends_with("：")) return LastMark::colon;
    const bool sentence = last == '.' || last == '!' || last == '?' || last == '"' ||
                          text.ends_with("。") || text.ends_with("”") || text.ends_with("！") ||
                          text.ends_with("？");
    return sentence ? LastMark::sentence : LastMark::none;
  }
  return LastMark::none;
}

float emphasis_share(const Tree& tree, const Block& block) {
  std::uint32_t emphasised = 0;
  std::uint32_t all = 0;
  std::uint32_t emphasis_end = 0;  // end of the open element of emphasis
  for (std::uint32_t node = block.begin; node < block.end; ++node) {
    const Node& current = tree.nodes[node];
    if (is_emphasis(current.tag) && current.end > emphasis_end) emphasis_end = current.end;
    all += current.text_size;
    emphasised += node < emphasis_end ? current.text_size : 0U;
  }
  return all == 0 ? 0.0F : static_cast<float>(emphasised) / static_cast<float>(all);
}

PhraseSet phrases_of(const Tree& tree, const Block& block) {
  if (block.amount.weight > kShortBlock) return 0;
  return phrases_of(tree.text_between(block.begin, block.end));
}

}  // namespace aludel::text::html
