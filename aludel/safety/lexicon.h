#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/safety/pattern_set.h"
#include "aludel/safety/taxonomy.h"

namespace aludel::safety {

/// A phrase of a lexicon in a text: bytes [begin, end).
struct LexiconHit {
  std::size_t begin;
  std::size_t end;
  std::uint32_t phrase;  // number of the phrase
  SafetyClass which;
  int weight;
};

/// A further word list: one phrase a line ("weight phrase", or the phrase alone, which weighs 3).
struct LexiconList {
  SafetyClass which;
  std::string text;
};

struct WeightedPhrase {
  int weight;
  std::string text;
};

/// The program's own phrases of a class.
std::vector<WeightedPhrase> built_in_phrases(SafetyClass which);

/// Weighted phrases of the classes: 5 is unmistakable, 4 strong, 3 supports others.
/// find() may be called concurrently.
class Lexicon {
 public:
  /// The program's own lists (aludel/safety/lexicons), and `more`.
  /// Errors: invalid_argument for a line without phrase or with a weight outside 1 to 5.
  static Result<Lexicon> create(std::span<const LexiconList> more = {});

  /// Whole phrases only, ASCII letters in either case, Chinese in either form of its characters,
  /// across hidden characters and full-width forms (text/fold.h); none that lies inside a harmless
  /// phrase ("child process"). The places are those in the text as it is given.
  std::vector<LexiconHit> find(std::string_view original) const;

 private:
  struct Phrase {
    SafetyClass which;
    int weight;  // 0: harmless
  };

  Lexicon(PatternSet patterns, std::vector<Phrase> phrases)
      : patterns_(std::move(patterns)), phrases_(std::move(phrases)) {}

  PatternSet patterns_;
  std::vector<Phrase> phrases_;
};

}  // namespace aludel::safety
