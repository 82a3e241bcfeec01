#include "aludel/text/html/teaser.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "aludel/base/ascii.h"
#include "aludel/base/huge_pages.h"

namespace aludel::text::html {
namespace {

constexpr std::uint32_t kTeaserTitleWeight = 12;  // least weight of a teaser's link
constexpr std::uint32_t kLongestTeaser = 700;     // weight
constexpr std::uint32_t kFewestTeasers = 3;
constexpr std::size_t kMostLinkBytes = 48;  // most bytes of a link like "Read more"

enum Sign : std::uint8_t {
  kTitleLink = 1,
  kBreaksOff = 2,
  kTeaser = kTitleLink | kBreaksOff,
};

/// The content of an element.
struct Content {
  std::uint32_t weight = 0;
  std::uint8_t signs = 0;
  bool listed = false;  // the element lies in a list of teasers
};

/// A group of elements beside each other that look alike.
struct Group {
  Tag tag = Tag::none;
  RoleSet roles = 0;
  std::uint32_t members = 0;
  std::uint32_t teasers = 0;
  bool has_long = false;

  // True if the group is a list of teasers. If some are long, it is the front page of a blog, which
  // has no other text.
  bool is_list() const {
    return teasers >= kFewestTeasers && teasers * 2 >= members &&
           !(tag == Tag::article && has_long);
  }
};

bool breaks_off(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == ']' || text.back() == ')')) {
    text.remove_suffix(1);
  }
  return text.ends_with("...") || text.ends_with("…");
}

constexpr std::string_view kLeadingWords[] = {
    "read more",      "read the",      "read full",          "continue reading", "more...",
    "more »",         "full story",    "weiterlesen",        "mehr lesen",       "mehr erfahren",
    "mehr...",        "lire la suite", "en savoir plus",     "leer más",         "leer mas",
    "seguir leyendo", "leggi tutto",   "continua a leggere", "leia mais",        "lees meer",
    "czytaj",         "阅读全文",      "阅读更多",           "查看全文",         "查看详情",
    "続きを読む",
};

// Returns the table of bytes that begin one of kLeadingWords.
constexpr std::array<bool, 256> make_leads() {
  std::array<bool, 256> leads{};
  for (const std::string_view words : kLeadingWords) {
    leads[static_cast<unsigned char>(words[0])] = true;
  }
  return leads;
}

constexpr std::array<bool, 256> kLeads = make_leads();

// True if the text is "Read more" or a similar link at the end of a teaser.
bool leads_on(std::string_view text) {
  while (text.starts_with(' ')) {
    text.remove_prefix(1);
  }
  if (text.empty()) return false;
  const char first = lower_ascii(text[0]);
  if (!kLeads[static_cast<unsigned char>(first)]) return false;
  for (const std::string_view words : kLeadingWords) {
    if (first != words[0] || text.size() < words.size()) continue;
    if (lower_ascii(text.substr(0, words.size())) == words) return true;
  }
  return false;
}

std::uint8_t signs_of(const Tree& tree, const Block& block) {
  std::uint8_t signs = 0;
  for (std::uint32_t at = block.begin; at < block.end; ++at) {
    const Node& node = tree.nodes[at];
    if (node.tag != Tag::text || (node.flags & kHasText) == 0) continue;
    const std::string_view text = tree.text_of(node);
    if ((node.flags & kInLink) == 0) {
      if (breaks_off(text)) signs |= kBreaksOff;
      continue;
    }
    // OPTIMIZATION: the weight of a text is not above its number of bytes, which is known.
    if ((signs & kTitleLink) == 0 && text.size() >= kTeaserTitleWeight &&
        measure_text(text.substr(0, kMostLinkBytes)).weight >= kTeaserTitleWeight) {
      signs |= kTitleLink;
    }
    if (text.size() <= kMostLinkBytes && leads_on(text)) signs |= kBreaksOff;
  }
  return signs;
}

// The groups of an element's children; only the first kinds, if there are more than it holds.
class ChildGroups {
 public:
  void add(const Node& child, const Content& content) {
    Group* group = find(child);
    if (group == nullptr && used_ < groups_.size()) {
      group = &groups_[used_++];
      group->tag = child.tag;
      group->roles = child.roles;
    }
    if (group == nullptr) return;
    ++group->members;
    group->has_long = group->has_long || content.weight > kLongestTeaser;
    const bool teaser = content.weight <= kLongestTeaser && (content.signs & kTeaser) == kTeaser;
    group->teasers += teaser ? 1U : 0U;
  }

  Group* find(const Node& child) {
    const auto end = groups_.begin() + static_cast<std::ptrdiff_t>(used_);
    const auto found = std::find_if(groups_.begin(), end, [&](const Group& group) {
      return group.tag == child.tag && group.roles == child.roles;
    });
    return found == end ? nullptr : &*found;
  }

 private:
  std::array<Group, 6> groups_;
  std::size_t used_ = 0;
};

// Marks the children of an element that lie in a list of teasers.
void mark_teasers(const Tree& tree, std::uint32_t node, std::vector<Content>& contents) {
  const bool listed = contents[node].listed;
  if (!listed && (contents[node].signs & kTeaser) != kTeaser) return;
  const std::uint32_t end = tree.nodes[node].end;
  ChildGroups groups;
  for (std::uint32_t child = node + 1; child < end && !listed; child = tree.nodes[child].end) {
    if (contents[child].weight > 0) groups.add(tree.nodes[child], contents[child]);
  }
  for (std::uint32_t child = node + 1; child < end; child = tree.nodes[child].end) {
    if (contents[child].weight > kLongestTeaser && !listed) continue;
    const Group* group = groups.find(tree.nodes[child]);
    contents[child].listed =
        contents[child].listed || listed || (group != nullptr && group->is_list());
  }
}

// Marks short <article>s whose title is a link, if there are several at the same place in the
// page's outline. They are other stories, even if each stands in a column of its own.
void mark_articles(const Tree& tree, std::vector<Content>& contents) {
  std::vector<std::uint32_t> articles;
  for (std::uint32_t node = 1; node < tree.nodes.size(); ++node) {
    if (tree.nodes[node].tag == Tag::article && contents[node].weight > 0) articles.push_back(node);
  }
  if (articles.size() < kFewestTeasers) return;
  const auto is_short = [&](std::uint32_t node) {
    return contents[node].weight <= kLongestTeaser && (contents[node].signs & kTitleLink) != 0;
  };
  std::unordered_map<std::uint64_t, Group> groups;
  const auto place_of = [&](std::uint32_t node) {
    const Node& around = tree.nodes[tree.nodes[node].parent];
    return (static_cast<std::uint64_t>(around.roles) << 32U | tree.nodes[node].roles) ^
           static_cast<std::uint64_t>(around.tag) << 24U;
  };
  for (const std::uint32_t node : articles) {
    Group& group = groups[place_of(node)];
    ++group.members;
    group.tag = Tag::article;
    group.has_long = group.has_long || contents[node].weight > kLongestTeaser;
    group.teasers += is_short(node) ? 1U : 0U;
  }
  for (const std::uint32_t node : articles) {
    if (is_short(node) && groups[place_of(node)].is_list()) contents[node].listed = true;
  }
}

}  // namespace

std::vector<bool> teaser_blocks(const Tree& tree, const std::vector<Block>& blocks) {
  auto contents = large_array<Content>(tree.nodes.size());
  for (const Block& block : blocks) {
    Content& content = contents[block.parent];
    content.weight += block.amount.weight;
    if (block.amount.weight > kLongestTeaser) continue;
    content.signs |= signs_of(tree, block);
  }
  std::vector<bool> found(blocks.size(), false);
  for (std::size_t node = contents.size(); node-- > 1;) {
    Content& parent = contents[tree.nodes[node].parent];
    parent.weight += contents[node].weight;
    parent.signs |= contents[node].signs;
  }
  mark_articles(tree, contents);
  for (std::uint32_t node = 0; node < tree.nodes.size(); ++node) {
    mark_teasers(tree, node, contents);
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    found[i] = contents[blocks[i].parent].listed;
  }
  return found;
}

}  // namespace aludel::text::html
