#include "aludel/text/html/surroundings.h"

#include <algorithm>
#include <array>

#include "aludel/base/huge_pages.h"

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

// An element with a larger share of the prose is the page itself, whatever its class says.
constexpr float kWholePageShare = 0.6F;

}  // namespace

PageMeasures::PageMeasures(const Tree& tree, const std::vector<Block>& blocks)
    : sums_(large_array<Sums>(tree.nodes.size())) {
  for (const Block& block : blocks) {
    sums_[block.parent].total.add(block.amount);
    sums_[block.parent].prose += prose_of(block.amount);
  }
  for (std::size_t node = sums_.size(); node-- > 1;) {
    if (sums_[node].total.weight == 0) continue;
    Sums& parent = sums_[tree.nodes[node].parent];
    parent.total.add(sums_[node].total);
    parent.prose += sums_[node].prose;
  }
  const auto heading = std::find_if(tree.nodes.begin(), tree.nodes.end(),
                                    [](const Node& node) { return node.tag == Tag::h1; });
  if (heading != tree.nodes.end()) {
    first_heading_ = static_cast<std::uint32_t>(heading - tree.nodes.begin());
  }
  find_hub(tree);
}

std::uint32_t PageMeasures::prose_of(const TextAmount& amount) {
  const bool prose = amount.weight >= 40 && amount.link_share() <= 0.4;
  return prose ? amount.weight - amount.link_weight : 0;
}

void PageMeasures::find_hub(const Tree& tree) {
  for (std::uint32_t node = 1; node < tree.nodes.size(); ++node) {
    const bool most = prose(node) > 0 && prose_share(node) >= 0.7F;
    if (most && !has_trait(tree.nodes[node].tag, kInline)) hub_ = node;
  }
}

SurroundingsWalk::SurroundingsWalk(const Tree& tree, const PageMeasures& page)
    : tree_(tree), page_(page) {
  Open root;
  for (std::uint32_t node = page.hub(); node != 0; node = tree.nodes[node].parent) {
    ++root.levels;
  }
  open_.push_back(root);
  at_ = 1;
}

void SurroundingsWalk::go_to(std::uint32_t node) {
  while (tree_.nodes[open_.back().node].end <= node) {
    open_.pop_back();
  }
  at_ = std::max(at_, open_.back().node + 1);
  while (at_ < node) {
    const Node& passed = tree_.nodes[at_];
    if (passed.end > node) {
      enter(at_);
      ++at_;
    } else {
      at_ = passed.end;
    }
  }
}

const Surrounding& SurroundingsWalk::around(std::uint32_t element) const {
  std::size_t at = open_.size() - 1;
  while (open_[at].node != element) {
    --at;
  }
  return open_[at].around;
}

void SurroundingsWalk::enter(std::uint32_t node) {
  const Node& element = tree_.nodes[node];
  Open entered = open_.back();
  entered.node = node;
  if (node <= page_.hub() && page_.hub() < element.end) --entered.levels;
  Surrounding& here = entered.around;
  ++here.depth;
  here.near = tree_.nodes[element.parent].roles | element.roles;
  here.enclosures |= kEnclosureOfTag[static_cast<std::size_t>(element.tag)];
  const float share = page_.prose_share(node);
  if (element.tag == Tag::article) here.article_share = std::max(here.article_share, share);
  if (element.tag == Tag::main) here.content_share = std::max(here.content_share, share);
  if (element.roles != 0) note_roles(node, share, here);
  open_.push_back(entered);
}

void SurroundingsWalk::note_roles(std::uint32_t node, float share, Surrounding& here) const {
  const Node& element = tree_.nodes[node];
  // Comments can outweigh the article, but only the page holds its heading.
  const std::uint32_t heading = page_.first_heading();
  const bool holds_heading = heading == 0 || (node < heading && heading < element.end);
  const bool whole = (share > kWholePageShare && holds_heading) || element.tag == Tag::body ||
                     element.tag == Tag::html;
  here.any |= whole ? element.roles & ~kBoilerplateRoles : element.roles;
  if ((element.roles & kRoleBody) != 0) here.body_share = std::max(here.body_share, share);
  if ((element.roles & kRoleContent) != 0) here.content_share = std::max(here.content_share, share);
  if ((element.roles & kBoilerplateRoles) != 0 && !whole) {
    here.boilerplate_share = std::max(here.boilerplate_share, share);
  }
}

}  // namespace aludel::text::html
