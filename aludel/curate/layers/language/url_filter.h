#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/curate/layers/language/word_automaton.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// The list that a word of a URL is on. A `strict` word blocks anywhere in the URL, a `hard` word
/// as a whole word. `soft` words block as whole words if there are several: they have honest uses
/// ("same-sex marriage"), so with fewer of them the page's text decides.
enum class UrlWordKind : std::uint8_t { strict, hard, soft };

/// Two ways to read a URL.
/// `own`: reads host and path, ignores case; a strict word lies within one run of letters and
/// digits, so that "/shop-or-not" has no "porn"; a domain blocks all its subdomains. `datatrove`,
/// as its URLFilter: reads the whole URL; a strict word may reach across other characters than
/// letters and digits; other words count in lower case only; a domain blocks itself and, if it can
/// be registered, its subdomains; a listed URL must be equal byte for byte.
enum class UrlRules : std::uint8_t { own, datatrove };

/// A filter of pages by their address only. Concurrent blocked_reason(): yes.
/// Source: RefinedWeb, arXiv:2306.01116 G.1; datatrove 0.3.0, filters/url_filter.py.
class UrlFilter {
 public:
  /// Makes an empty filter. `soft_limit` different soft words block a page unread; 0: never.
  UrlFilter(UrlRules rules, std::size_t soft_limit) : rules_(rules), soft_limit_(soft_limit) {}

  /// Adds the words of this program: adult, gambling and pirated content.
  void add_own_words();

  /// Adds a list of domains, one a line; "#" begins a comment. A public suffix ("github.io") blocks
  /// only that host, not its customers. Errors: those of reading the file.
  Status add_domains(io::FileSystem& files, const std::string& path);

  /// Adds a list of pages, one address a line, with or without a scheme.
  Status add_urls(io::FileSystem& files, const std::string& path);

  /// Adds a list of words, one a line behind its kind: "hard casino". Only ASCII letters and digits
  /// count. Errors: those of reading; invalid_argument for a line of another form, with its number.
  Status add_words(io::FileSystem& files, const std::string& path);

  /// Returns the first reason to block a page: "blocked_domain", "blocked_url", "hard_url_word",
  /// "soft_url_words" or "strict_url_word". Returns "" for a page that passes, and for anything but
  /// a URL with a host.
  std::string_view blocked_reason(std::string_view url) const;

  /// True if the address holds a soft word: the page's text decides. False with `datatrove`.
  bool is_doubtful(std::string_view url) const;

 private:
  struct StringHash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  using StringSet = std::unordered_set<std::string, StringHash, std::equal_to<>>;

  void add_word(UrlWordKind kind, std::string_view word);
  void build_strict();
  bool is_blocked_domain(std::string_view host) const;
  bool is_blocked_url(std::string_view url) const;
  bool has_strict_word(std::string_view text) const;

  struct WholeWords {
    bool has_hard = false;
    std::size_t soft = 0;  // number of different soft words
  };

  WholeWords whole_words(std::string_view text) const;
  std::string read_part(std::string_view url) const;

  UrlRules rules_;
  std::size_t soft_limit_;
  StringSet domains_;
  StringSet urls_;
  StringSet hard_;
  StringSet soft_;
  StringSet goods_;  // soft words for goods; beside one, words of selling are soft words
  StringSet selling_;
  std::vector<std::string> strict_;
  WordAutomaton strict_words_;
};

/// The hosts and parts of sites whose robots.txt excludes crawlers for training. Concurrent
/// refuses(): yes. Source: RFC 9309 (a rule is a prefix of the path, for one host).
class RobotsList {
 public:
  /// Adds a list: a line is a host, or a host with the beginning of a path ("example.org/forum/");
  /// "#" begins a comment. Errors: those of reading the file.
  Status add(io::FileSystem& files, const std::string& path);

  /// True if the list excludes the address.
  bool refuses(std::string_view url) const;

 private:
  std::unordered_map<std::string, std::vector<std::string>> prefixes_;  // by host
};

}  // namespace aludel::curate
