#include "aludel/text/html/role.h"

#include <array>
#include <numeric>

#include "aludel/base/hash.h"

namespace aludel::text::html {
namespace {

struct RolePattern {
  std::string_view words;  // "-" is the edge of a word
  RoleSet roles;
};

// Patterns that match anywhere in "-id-words-|-class-words-". They are words of many page builders.
constexpr RolePattern kRolePatterns[] = {
#include "aludel/text/html/tables/role_patterns.inc"
};

struct ValueRole {
  std::string_view value;
  RoleSet roles;
};

constexpr ValueRole kAriaRoles[] = {
    {"main", kRoleContent},       {"article", kRoleContent},    {"navigation", kRoleMenu},
    {"menu", kRoleMenu},          {"menubar", kRoleMenu},       {"menuitem", kRoleMenu},
    {"toolbar", kRoleMenu},       {"tablist", kRoleMenu},       {"complementary", kRoleSidebar},
    {"contentinfo", kRoleFooter}, {"banner", kRoleHeader},      {"search", kRoleForm},
    {"button", kRoleForm},        {"dialog", kRolePrompt},      {"alertdialog", kRolePrompt},
    {"alert", kRolePrompt},       {"directory", kRoleContents}, {"doc-toc", kRoleContents},
};
constexpr ValueRole kItemProperties[] = {
    {"articleBody", kRoleBody},    {"reviewBody", kRoleBody},    {"text", kRoleBody},
    {"author", kRoleAuthor},       {"datePublished", kRoleMeta}, {"headline", kRoleTitle},
    {"description", kRoleContent}, {"breadcrumb", kRoleMenu},    {"comment", kRoleComment},
};

// An index of the patterns by their first two characters and by whether an edge stands before them.
// At most positions of a name, no pattern has to be compared.
class RolePatternIndex {
 public:
  RolePatternIndex() {
    for (const RolePattern& pattern : kRolePatterns) {
      ++begins_[bucket(pattern.words) + 1];
    }
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    std::array<std::uint16_t, kBuckets + 1> next = begins_;
    for (const RolePattern& pattern : kRolePatterns) {
      patterns_[next[bucket(pattern.words)]++] = &pattern;
    }
  }

  /// Returns the roles in `words`, which are letters and edges and end in an edge.
  RoleSet match(std::string_view words) const {
    RoleSet roles = 0;
    for (std::size_t at = 0; at + 2 < words.size(); ++at) {
      const std::string_view rest = words.substr(at);
      const std::size_t own = bucket(rest);
      for (std::size_t i = begins_[own]; i < begins_[own + 1]; ++i) {
        if (rest.starts_with(patterns_[i]->words)) roles |= patterns_[i]->roles;
      }
    }
    return roles;
  }

 private:
  static constexpr std::size_t kKinds = 27;  // kinds of characters: a to z, and all others
  static constexpr std::size_t kBuckets = 2 * kKinds * kKinds;

  static std::size_t kind(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<std::size_t>(c - 'a') : kKinds - 1;
  }

  /// Returns the bucket of three characters. REQUIRES: `words` has three.
  static std::size_t bucket(std::string_view words) {
    const std::size_t edge = words[0] == '-' ? 1 : 0;
    return (edge * kKinds + kind(words[edge])) * kKinds + kind(words[edge + 1]);
  }

  std::array<std::uint16_t, kBuckets + 1> begins_{};
  std::array<const RolePattern*, std::size(kRolePatterns)> patterns_{};
};

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// Appends "main-nav-top-bar-" for "mainNav top_bar2". The caller has written the first edge.
void append_words(std::string_view value, std::string& out) {
  char before = '-';
  for (const char c : value) {
    const bool letter = is_lower(c) || is_upper(c);
    if ((!letter && out.back() != '-') || (is_upper(c) && is_lower(before))) out += '-';
    if (letter) out += static_cast<char>(c | 0x20);
    before = c;
  }
  if (out.back() != '-') out += '-';
}

template <class Table>
RoleSet value_roles(const Table& table, std::string_view value) {
  for (const ValueRole& row : table) {
    if (row.value == value) return row.roles;
  }
  return 0;
}

}  // namespace

RoleSet roles_of(const Naming& naming) {
  static const RolePatternIndex index;
  std::string words = "-";
  append_words(naming.id.substr(0, 256), words);
  words += "|-";
  append_words(naming.classes.substr(0, 1024), words);
  RoleSet roles = index.match(words);
  if (!naming.role.empty()) roles |= value_roles(kAriaRoles, naming.role);
  if (!naming.itemprop.empty()) roles |= value_roles(kItemProperties, naming.itemprop);
  return roles;
}

RoleSet RoleCache::find(const Naming& naming) {
  const std::uint64_t hash = hash64(naming.classes, hash64(naming.id));
  Slot& slot = slots_[hash % slots_.size()];
  if (!slot.used || slot.naming != naming) slot = {naming, roles_of(naming), true};
  return slot.roles;
}

}  // namespace aludel::text::html
