#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Phrases that begin boilerplate inside an article, in the common languages of the crawl.
namespace aludel::text::html {

using PhraseSet = std::uint8_t;

enum Phrase : PhraseSet {
  kPhraseSeeAlso = 1U << 0,    // read also, related articles
  kPhraseSubscribe = 1U << 1,  // sign up, newsletter, log in
  kPhraseCredit = 1U << 2,     // photo by, source
  kPhraseByline = 1U << 3,     // author, published on, editor
  kPhraseRights = 1U << 4,     // copyright, all rights reserved; anywhere in the text
  kPhraseShare = 1U << 5,      // share, comment, tags
  kPhraseNotice = 1U << 6,     // cookies, privacy, disclaimer, contact
};

inline constexpr std::size_t kPhraseCount = 7;

/// Returns the kinds of phrases at the start of the text, after punctuation. Ignores the case of A
/// to Z. Reads at most the first 256 bytes. Concurrent calls: yes.
PhraseSet phrases_of(std::string_view text);

}  // namespace aludel::text::html
