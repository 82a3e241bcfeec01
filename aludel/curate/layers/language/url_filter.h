#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Which list a word of a URL is on. `strict` words block anywhere in the URL, `hard` words where
/// they are a whole word of it, `soft` words as whole words when there are several.
enum class UrlWordKind : std::uint8_t { strict, hard, soft };

/// Blocks pages by their address alone. Own words: adult, gambling and pirated content. Concurrent
/// blocked_reason(): yes. Source: RefinedWeb, arXiv:2306.01116 G.1.
class UrlFilter {
 public:
  /// With the own words, unless `soft_limit` is 0.
  explicit UrlFilter(std::int64_t soft_limit);

  /// Adds a list of domains, one a line; "#" begins a comment. A domain blocks its subdomains.
  /// Errors: those of reading the file.
  Status add_domains(io::FileSystem& files, const std::string& path);

  /// Adds a list of words, one a line behind its kind: "hard casino".
  /// Errors: those of reading; invalid_argument for a line of another form, with its number.
  Status add_words(io::FileSystem& files, const std::string& path);

  /// "blocked_domain", "blocked_url" or "" for a page that may pass. What is no URL with a host, a
  /// file's path for example, passes.
  std::string_view blocked_reason(std::string_view url) const;

 private:
  void add_word(UrlWordKind kind, std::string_view word);
  bool is_blocked_domain(std::string_view host) const;

  std::int64_t soft_limit_;
  std::unordered_set<std::string> domains_;
  std::vector<std::string> strict_;
  std::unordered_set<std::string> hard_;
  std::unordered_set<std::string> soft_;
};

}  // namespace aludel::curate
