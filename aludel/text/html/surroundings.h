#pragma once

#include <cstdint>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

/// The surroundings of a block: the elements that hold it, their roles and their amounts of text.
namespace aludel::text::html {

/// The roles of elements that seldom hold main text.
inline constexpr RoleSet kBoilerplateRoles =
    kRoleComment | kRoleMenu | kRoleSidebar | kRoleFooter | kRoleRelated | kRoleShare | kRoleAd |
    kRoleAuthor | kRoleMeta | kRoleTags | kRolePrompt | kRoleHidden | kRoleForm | kRoleTeaser;

/// The kinds of elements around a block, as bits.
enum Enclosure : std::uint32_t {
  kInNav = 1U << 0,
  kInAside = 1U << 1,
  kInFooter = 1U << 2,
  kInHeader = 1U << 3,
  kInForm = 1U << 4,
  kInArticle = 1U << 5,
  kInMain = 1U << 6,
  kInList = 1U << 7,
  kInTable = 1U << 8,
  kInFigure = 1U << 9,
  kInQuote = 1U << 10,
  kInParagraph = 1U << 11,
};

/// An element together with all elements around it. A share is a share of the page's prose.
struct Surrounding {
  RoleSet near = 0;              // roles of the element and its parent
  RoleSet any = 0;               // roles of all; boilerplate roles only of those with little prose
  float body_share = 0;          // of the largest element with kRoleBody
  float article_share = 0;       // of the largest <article>
  float content_share = 0;       // of the largest <main> or element with kRoleContent
  float boilerplate_share = 0;   // of the largest element with a boilerplate role
  std::uint32_t enclosures = 0;  // bits of Enclosure
  std::uint32_t depth = 0;
};

/// Sums of the text in every element of a page. Prose is the text of blocks that weigh 40 or more
/// and are at most two fifths links.
class PageMeasures {
 public:
  PageMeasures(const Tree& tree, const std::vector<Block>& blocks);

  const TextAmount& total(std::uint32_t node) const { return sums_[node].total; }

  std::uint32_t prose(std::uint32_t node) const { return sums_[node].prose; }

  float prose_share(std::uint32_t node) const {
    const std::uint32_t whole = sums_[0].prose;
    return whole == 0 ? 0.0F : static_cast<float>(prose(node)) / static_cast<float>(whole);
  }

  /// Returns the deepest element with at least 7/10 of the prose; 0 if there is no prose.
  std::uint32_t hub() const { return hub_; }

  /// Returns the first <h1>; 0 if there is none.
  std::uint32_t first_heading() const { return first_heading_; }

  static std::uint32_t prose_of(const TextAmount& amount);

 private:
  struct Sums {
    TextAmount total;
    std::uint32_t prose = 0;
  };

  void find_hub(const Tree& tree);

  std::vector<Sums> sums_;  // by node
  std::uint32_t hub_ = 0;
  std::uint32_t first_heading_ = 0;
};

/// A walk through a page in document order that knows the surroundings of the current node. Holds
/// the open elements only, because a page can have two million. The arguments must outlive it.
class SurroundingsWalk {
 public:
  SurroundingsWalk(const Tree& tree, const PageMeasures& page);

  /// Moves to a node. REQUIRES: the node is not before the current one.
  void go_to(std::uint32_t node);

  /// Returns the surroundings of an element. REQUIRES: the element holds the current node.
  const Surrounding& around(std::uint32_t element) const;

  /// Returns how many levels above the hub the nearest element lies that holds the current node; 0
  /// inside the hub.
  std::uint32_t levels_to_hub() const { return open_.back().levels; }

 private:
  struct Open {
    std::uint32_t node = 0;
    std::uint32_t levels = 0;
    Surrounding around;
  };

  void enter(std::uint32_t node);
  void note_roles(std::uint32_t node, float share, Surrounding& here) const;

  const Tree& tree_;
  const PageMeasures& page_;
  std::vector<Open> open_;  // the root first
  std::uint32_t at_ = 0;    // the next node to enter or pass by
};

}  // namespace aludel::text::html
