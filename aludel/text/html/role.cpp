#include "aludel/text/html/role.h"

#include <algorithm>
#include <array>
#include <cstring>
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

constexpr std::size_t kShortestPattern = 4;
static_assert(std::ranges::all_of(kRolePatterns, [](const RolePattern& pattern) {
  return pattern.words.size() >= kShortestPattern;
}));

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

// An index of the patterns by a hash of their first four characters. At most positions of a name,
// no pattern has to be compared.
class RolePatternIndex {
 public:
  RolePatternIndex() {
    for (const RolePattern& pattern : kRolePatterns) {
      ++begins_[bucket(head_of(pattern.words)) + 1];
    }
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    std::array<std::uint16_t, kBuckets + 1> next = begins_;
    for (const RolePattern& pattern : kRolePatterns) {
      const std::uint32_t head = head_of(pattern.words);
      rows_[next[bucket(head)]++] = {head, &pattern};
      is_used_[bucket(head)] = true;
    }
  }

  /// Returns the roles in `words`, which are letters and edges.
  RoleSet match(std::string_view words) const {
    RoleSet roles = 0;
    for (; words.size() >= kShortestPattern; words.remove_prefix(1)) {
      const std::uint32_t head = head_of(words);
      if (is_used_[bucket(head)]) roles |= match_start(words, head);
    }
    return roles;
  }

 private:
  struct Row {
    std::uint32_t head = 0;
    const RolePattern* pattern = nullptr;
  };

  /// Returns the roles of the patterns that `words` begins with; `head` are its first characters.
  RoleSet match_start(std::string_view words, std::uint32_t head) const {
    RoleSet roles = 0;
    for (std::size_t i = begins_[bucket(head)]; i < begins_[bucket(head) + 1]; ++i) {
      const Row& row = rows_[i];
      if (row.head == head && words.starts_with(row.pattern->words)) roles |= row.pattern->roles;
    }
    return roles;
  }

  static constexpr unsigned kBucketBits = 12;
  static constexpr std::size_t kBuckets = std::size_t{1} << kBucketBits;

  /// REQUIRES: `words` has kShortestPattern characters.
  static std::uint32_t head_of(std::string_view words) {
    std::uint32_t head = 0;
    std::memcpy(&head, words.data(), sizeof(head));
    return head;
  }

  static std::size_t bucket(std::uint32_t head) {
    return (head * 0x9E3779B1U) >> (32U - kBucketBits);
  }

  std::array<std::uint16_t, kBuckets + 1> begins_{};
  std::array<bool, kBuckets> is_used_{};  // true where a bucket has a row
  std::array<Row, std::size(kRolePatterns)> rows_;
};

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr std::size_t kMostIdBytes = 256;
constexpr std::size_t kMostClassBytes = 1024;

/// The words of an id and of classes, with an edge before and after each. OPTIMIZATION: in place,
/// because a page has hundreds of names.
class NameWords {
 public:
  NameWords(std::string_view id, std::string_view classes) {
    char* end = text_.data();
    *end++ = '-';
    end = append(id.substr(0, kMostIdBytes), end);
    *end++ = '|';
    *end++ = '-';
    end = append(classes.substr(0, kMostClassBytes), end);
    size_ = static_cast<std::size_t>(end - text_.data());
  }

  std::string_view text() const { return {text_.data(), size_}; }

 private:
  // Writes "main-nav-top-bar-" at `out` for "mainNav top_bar2", behind the first edge. Returns the
  // end of what it has written.
  static char* append(std::string_view value, char* out) {
    bool behind_lower = false;
    for (const char c : value) {
      if (is_lower(c)) {
        *out++ = c;
        behind_lower = true;
        continue;
      }
      const bool upper = is_upper(c);
      if (upper ? behind_lower : out[-1] != '-') *out++ = '-';
      if (upper) *out++ = static_cast<char>(c | 0x20);
      behind_lower = false;
    }
    if (out[-1] != '-') *out++ = '-';
    return out;
  }

  std::array<char, 2 * (kMostIdBytes + kMostClassBytes) + 8> text_;  // "aA" gives "a-a"
  std::size_t size_ = 0;
};

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
  RoleSet roles = index.match(NameWords(naming.id, naming.classes).text());
  if (!naming.role.empty()) roles |= value_roles(kAriaRoles, naming.role);
  if (!naming.itemprop.empty()) roles |= value_roles(kItemProperties, naming.itemprop);
  return roles;
}

RoleSet RoleCache::find(const Naming& naming) {
  const std::uint64_t id_hash = naming.id.empty() ? 0 : hash64(naming.id);  // most have none
  const std::uint64_t hash = hash64(naming.classes, id_hash);
  Slot& slot = slots_[hash % slots_.size()];
  if (!slot.used || slot.naming != naming) slot = {naming, roles_of(naming), true};
  return slot.roles;
}

}  // namespace aludel::text::html
