#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/result.h"
#include "aludel/synthetic/page_skeleton.h"
#include "aludel/synthetic/text_sampler.h"

// A crawl of any size that nobody wrote, for measuring speed and memory: real pages' markup filled
// with sampled text.
namespace aludel::synthetic {

/// What each of `documents` pages is. Duplicates copy a page that comes earlier.
struct SyntheticSettings {
  std::int64_t seed = 0;
  std::string languages = "en=0.5,zh=0.5";
  double exact_duplicates = 0.08;
  double near_duplicates = 0.10;
  double recrawls = 0.05;
  double changed_words = 0.01;
  std::int64_t pages_per_site = 20;
  double text_scale = 1;

  template <class V>
  void visit(V& v) {
    v("seed", seed, "of everything random");
    v("languages", languages, "shares of sites by language: en=0.5,zh=0.2,de=0.3");
    v("exact_duplicates", exact_duplicates, "share of pages that repeat another under another URL",
      kShare);
    v("near_duplicates", near_duplicates, "share that repeat another with some words changed",
      kShare);
    v("recrawls", recrawls, "share that repeat another's URL, later, with some words changed",
      kShare);
    v("changed_words", changed_words, "share of words that such a copy changes", kShare);
    v("pages_per_site", pages_per_site, "pages that share menus, footers, language and markup",
      at_least(1));
    v("text_scale", text_scale, "length of running text; 1 is as in the pages it stands in for",
      above(0));
  }
};

enum class SyntheticKind : std::uint8_t { novel, exact_duplicate, near_duplicate, recrawl };

inline constexpr std::array<std::string_view, 4> kSyntheticKinds = {"novel", "exact_duplicate",
                                                                    "near_duplicate", "recrawl"};

struct SyntheticPage {
  std::string url;
  std::string date;  // as WARC-Date
  std::string html;
  std::string_view language;  // of its text; lives as long as the crawl
  SyntheticKind kind = SyntheticKind::novel;
  std::uint64_t text_bytes = 0;  // shown, menus included
};

/// Page `i` depends on the settings, the skeletons, the texts and i alone.
/// Concurrent calls: yes.
class SyntheticCrawl {
 public:
  /// `texts` by language. Errors: invalid_argument for shares that are none, or a language without
  /// prose among the texts, or no skeleton with text.
  static Result<SyntheticCrawl> create(
      const SyntheticSettings& settings, std::vector<PageSkeleton> skeletons,
      const std::map<std::string, std::vector<std::string>>& texts);

  SyntheticPage page(std::uint64_t i) const;

  /// Bytes of markup that a page has on average.
  double mean_page_bytes() const;

 private:
  struct Language {
    std::string name;
    double share_end = 0;  // shares of this one and of those before
    TextSampler sampler;
  };

  struct Plan {
    SyntheticKind kind = SyntheticKind::novel;
    std::uint64_t origin = 0;  // the page whose text it has
  };

  /// What a page's text is sampled with.
  struct Writer {
    const TextSampler* sampler;
    Rng random;
    TextCursor cursor;
    Rng changes;
    double changed_words;
  };

  Plan plan(std::uint64_t i) const;
  std::uint64_t site_of(std::uint64_t page) const;
  const Language& language_of(std::uint64_t site) const;
  const PageSkeleton& skeleton_of(std::uint64_t site) const;

  SyntheticSettings settings_;
  std::vector<PageSkeleton> skeletons_;
  std::vector<Language> languages_;
};

}  // namespace aludel::synthetic
