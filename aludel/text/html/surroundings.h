#pragma once

#include <cstdint>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

/// What lies around a block: the elements that hold it, their roles and how much text they have.
namespace aludel::text::html {

/// Roles of elements that seldom hold main text.
inline constexpr RoleSet kBoilerplateRoles =
    kRoleComment | kRoleMenu | kRoleSidebar | kRoleFooter | kRoleRelated | kRoleShare | kRoleAd |
    kRoleAuthor | kRoleMeta | kRoleTags | kRolePrompt | kRoleHidden | kRoleForm | kRoleTeaser;

/// Elements around a block, as bits.
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

/// An element and all around it. A share is of the page's prose (see below).
struct Surrounding {
  RoleSet near = 0;              // roles of the element and its parent
  RoleSet any = 0;               // of all; boilerplate roles only of elements with little prose
  float body_share = 0;          // largest of the elements named as the text
  float article_share = 0;       // largest <article>
  float content_share = 0;       // largest named as content
  float boilerplate_share = 0;   // largest with a boilerplate role
  std::uint32_t enclosures = 0;  // bits of Enclosure
  std::uint32_t depth = 0;
};

/// Sums over every element of a page. Prose is text in blocks of weight 40 or more that are at most
/// two fifths links.
class PageMeasures {
 public:
  PageMeasures(const Tree& tree, const std::vector<Block>& blocks);

  const TextAmount& total(std::uint32_t node) const { return totals_[node]; }

  std::uint32_t prose(std::uint32_t node) const { return prose_[node]; }

  float prose_share(std::uint32_t node) const {
    return prose_[0] == 0 ? 0.0F : static_cast<float>(prose_[node]) / static_cast<float>(prose_[0]);
  }

  const Surrounding& around(std::uint32_t node) const { return around_[node]; }

  /// The deepest element with at least 7/10 of the prose; 0 without prose.
  std::uint32_t hub() const { return hub_; }

  /// How many elements up from the hub the first one lies that holds the node; 0 inside the hub.
  std::uint32_t levels_to_hub(std::uint32_t node) const { return levels_[node]; }

  /// The first <h1>; 0 without one.
  std::uint32_t first_heading() const { return first_heading_; }

  static std::uint32_t prose_of(const TextAmount& amount);

 private:
  void sum(const std::vector<Block>& blocks);
  void look_around(std::uint32_t node);
  void count_levels();

  const Tree& tree_;
  std::vector<TextAmount> totals_;
  std::vector<std::uint32_t> prose_;
  std::vector<Surrounding> around_;
  std::vector<std::uint16_t> levels_;  // the parser bounds the depth
  std::uint32_t hub_ = 0;
  std::uint32_t first_heading_ = 0;
};

}  // namespace aludel::text::html
