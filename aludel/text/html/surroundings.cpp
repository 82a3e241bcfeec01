#include "aludel/text/html/surroundings.h"

#include <algorithm>
#include <array>

namespace aludel::text::html {
namespace {

struct EnclosureOfTag {
  Tag tag;
  Enclosure enclosure;
};

constexpr EnclosureOfTag kEnclosures[] = {
    {Tag::nav, kInNav},          {Tag::menu, kInNav},        {Tag::aside, kInAside},
    {Tag::footer, kInFooter},    {Tag::header, kInHeader},   {Tag::form, kInForm},
    {Tag::fieldset, kInForm},    {Tag::article, kInArticle}, {Tag::main, kInMain},
    {Tag::ul, kInList},          {Tag::ol, kInList},         {Tag::dl, kInList},
    {Tag::table, kInTable},      {Tag::figure, kInFigure},   {Tag::figcaption, kInFigure},
    {Tag::blockquote, kInQuote}, {Tag::p, kInParagraph},
};

constexpr std::array<std::uint32_t, 256> make_enclosures() {
  std::array<std::uint32_t, 256> table{};
  for (const EnclosureOfTag& row : kEnclosures) {
    table[static_cast<std::size_t>(row.tag)] = row.enclosure;
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> kEnclosureOfTag = make_enclosures();

// An element with more of the prose than this is the page, whatever its class says.
constexpr float kWholePageShare = 0.6F;

}  // namespace

PageMeasures::PageMeasures(const Tree& tree, const std::vector<Block>& blocks)
    : tree_(tree),
      totals_(tree.nodes.size()),
      prose_(tree.nodes.size(), 0),
      around_(tree.nodes.size()) {
  sum(blocks);
  const auto heading = std::find_if(tree.nodes.begin(), tree.nodes.end(),
                                    [](const Node& node) { return node.tag == Tag::h1; });
  if (heading != tree.nodes.end()) {
    first_heading_ = static_cast<std::uint32_t>(heading - tree.nodes.begin());
  }
  for (std::uint32_t node = 1; node < tree.nodes.size(); ++node) {
    look_around(node);
  }
  count_levels();
}

std::uint32_t PageMeasures::prose_of(const TextAmount& amount) {
  const bool prose = amount.weight >= 40 && amount.link_share() <= 0.4;
  return prose ? amount.weight - amount.link_weight : 0;
}

void PageMeasures::sum(const std::vector<Block>& blocks) {
  for (const Block& block : blocks) {
    totals_[block.parent].add(block.amount);
    prose_[block.parent] += prose_of(block.amount);
  }
  for (std::size_t node = tree_.nodes.size(); node-- > 1;) {
    const std::uint32_t parent = tree_.nodes[node].parent;
    if (totals_[node].weight == 0) continue;
    totals_[parent].add(totals_[node]);
    prose_[parent] += prose_[node];
  }
}

void PageMeasures::look_around(std::uint32_t node) {
  const Node& element = tree_.nodes[node];
  if (element.tag == Tag::text) return;
  Surrounding& here = around_[node];
  here = around_[element.parent];
  ++here.depth;
  here.near = tree_.nodes[element.parent].roles | element.roles;
  here.enclosures |= kEnclosureOfTag[static_cast<std::size_t>(element.tag)];
  const float share = prose_share(node);
  if (prose_[0] > 0 && share >= 0.7F && !has_trait(element.tag, kInline)) hub_ = node;
  if (element.tag == Tag::article) here.article_share = std::max(here.article_share, share);
  if (element.tag == Tag::main) here.content_share = std::max(here.content_share, share);
  if (element.roles == 0) return;
  // Comments can outweigh the article; but what holds the heading of the page is the page.
  const bool holds_heading =
      first_heading_ == 0 || (node < first_heading_ && first_heading_ < element.end);
  const bool whole = (share > kWholePageShare && holds_heading) || element.tag == Tag::body ||
                     element.tag == Tag::html;
  here.any |= whole ? element.roles & ~kBoilerplateRoles : element.roles;
  if ((element.roles & kRoleBody) != 0) here.body_share = std::max(here.body_share, share);
  if ((element.roles & kRoleContent) != 0) here.content_share = std::max(here.content_share, share);
  if ((element.roles & kBoilerplateRoles) != 0 && !whole) {
    here.boilerplate_share = std::max(here.boilerplate_share, share);
  }
}

void PageMeasures::count_levels() {
  constexpr std::uint16_t kInherited = 0xFFFF;
  levels_.assign(tree_.nodes.size(), kInherited);
  std::uint16_t level = 0;
  for (std::uint32_t node = hub_; node != 0; node = tree_.nodes[node].parent) {
    levels_[node] = level++;
  }
  levels_[0] = level;
  for (std::size_t node = 1; node < levels_.size(); ++node) {
    if (levels_[node] == kInherited) levels_[node] = levels_[tree_.nodes[node].parent];
  }
}

}  // namespace aludel::text::html
