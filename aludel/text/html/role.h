#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// The purpose of an element, as common words in its class, id, role and itemprop say.
namespace aludel::text::html {

using RoleSet = std::uint32_t;

enum Role : RoleSet {
  kRoleBody = 1U << 0,     // article-body, entry-content: the text itself
  kRoleContent = 1U << 1,  // content, main, article, post: around the text
  kRoleComment = 1U << 2,  // comments, replies
  kRoleMenu = 1U << 3,     // navigation, breadcrumbs, pages
  kRoleSidebar = 1U << 4,
  kRoleFooter = 1U << 5,
  kRoleHeader = 1U << 6,
  kRoleRelated = 1U << 7,  // related, recommended, latest: other pages
  kRoleShare = 1U << 8,    // share and follow
  kRoleAd = 1U << 9,       // advertisement, sponsor, promotion
  kRoleAuthor = 1U << 10,  // byline, author box
  kRoleMeta = 1U << 11,    // date, counts, information about the text
  kRoleTags = 1U << 12,    // tags, categories
  kRolePrompt = 1U << 13,  // cookie, consent, newsletter, log in, pop-up
  kRoleWidget = 1U << 14,
  kRoleHidden = 1U << 15,    // hidden, screen readers only, not for print
  kRoleForm = 1U << 16,      // search, buttons, ratings, tools
  kRoleCaption = 1U << 17,   // caption, credit, copyright of a picture
  kRoleContents = 1U << 18,  // table of contents
  kRoleGallery = 1U << 19,   // slides, carousels, players
  kRoleTitle = 1U << 20,
  kRoleTeaser = 1U << 21,  // summary of another page or of this one
  kRoleGutter = 1U << 22,  // line numbers of code; not a feature, because it decides alone
};

inline constexpr std::size_t kRoleCount = 22;  // the roles that are features

/// The attributes that name an element's purpose; "" for an attribute that it does not have.
struct Naming {
  std::string_view id = {};
  std::string_view classes = {};
  std::string_view role = {};      // ARIA
  std::string_view itemprop = {};  // schema.org

  bool operator==(const Naming&) const = default;
};

/// Returns the roles that whole words, or the start of words, name. "postContent", "post_content"
/// and "post-content" are the same. Concurrent calls: yes.
RoleSet roles_of(const Naming& naming);

/// A cache of roles_of(), because a page uses few different names. The views passed to it must
/// outlive it. One caller at a time.
class RoleCache {
 public:
  RoleSet find(const Naming& naming);

 private:
  struct Slot {
    Naming naming;
    RoleSet roles = 0;
    bool used = false;
  };

  std::array<Slot, 256> slots_;
};

}  // namespace aludel::text::html
