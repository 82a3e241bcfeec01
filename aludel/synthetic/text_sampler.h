#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/rng.h"

namespace aludel::synthetic {

/// Where a sampled text stands: the tokens before the next one, and what it is about.
struct TextCursor {
  std::array<std::uint32_t, 3> last = {};  // the last token last
  int length = 0;
  std::vector<std::uint32_t> topic;  // places in one part of the corpus, by token
};

/// Writes text that nobody wrote: an n-gram model of real text, sampled. The next token is what
/// followed the last one in one part of the corpus, the text's topic, or, as often, what followed
/// the last three, two or one anywhere. There a context that occurs n times is believed with
/// probability n / (n + kDoubt), else a shorter one is asked (Dirichlet smoothing, MacKay & Peto
/// 1995), so that rare contexts do not copy the corpus.
/// Concurrent calls of const members: yes.
class TextSampler {
 public:
  /// Tokens are what white space separates, and single CJK characters. Only lines of prose count:
  /// six tokens or more, with a sentence end last.
  explicit TextSampler(std::span<const std::string> texts);

  std::size_t tokens() const { return corpus_.size(); }

  /// Before the first token of a sentence. REQUIRES: tokens() > 0.
  TextCursor begin(Rng& random) const;

  /// REQUIRES: tokens() > 0.
  std::uint32_t next(TextCursor& cursor, Rng& random) const;

  /// Any token, as often as in the corpus.
  std::uint32_t any(Rng& random) const;

  bool ends_sentence(std::uint32_t token) const { return ends_sentence_[token]; }

  /// Appends the token, with a space before it where it needs one.
  void append(std::string& text, std::uint32_t token) const;

 private:
  void add_line(std::string_view line);
  void sort_places();
  std::span<const std::uint32_t> places_of(std::span<const std::uint32_t> context) const;
  std::span<const std::uint32_t> places_in_topic(const TextCursor& cursor) const;
  std::uint32_t draw(const TextCursor& cursor, Rng& random) const;

  std::vector<std::string> spelling_;  // by token
  std::vector<bool> ends_sentence_;    // by token
  std::vector<std::uint32_t> corpus_;  // tokens
  std::vector<std::uint32_t> places_;  // in the corpus, by the three tokens that begin there
  std::vector<std::uint32_t> first_place_of_;  // by token, and one more
};

}  // namespace aludel::synthetic
