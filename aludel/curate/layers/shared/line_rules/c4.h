#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

// C4's rules about single lines. One layer counts such lines, another removes them.
// Sources: tensorflow_datasets, c4_utils.py, clean_page; datatrove, c4_filters.py.
namespace aludel::curate {

/// True if a text in lower case holds one of C4's six policy phrases.
bool has_policy_phrase(std::string_view lower);

/// Number of a line's words by str.split(), and the characters of the longest one.
struct LineWords {
  std::int64_t count = 0;
  std::int64_t longest = 0;
};

LineWords count_line_words_by_space(std::string_view line);

/// Returns the line without "[12]", "[]", "[edit]" and "[citation needed]".
std::string without_citations(std::string_view line);

/// Settings of the rules. The defaults are those of C4's own code.
struct C4LineRules {
  std::int64_t min_words = 5;
  std::int64_t max_word_length = 1000;
  bool require_end_mark = true;   // one of . ? ! " at the end, and no "..."
  bool apostrophe_ends = false;   // datatrove: ' is also such a mark
  bool counts_citations = false;  // datatrove counts words with citations, C4 without
};

/// C4's rules as FineWeb runs them: datatrove's examples/fineweb.py.
inline constexpr C4LineRules kFineWebLineRules = {3, 1000, false, true, true};

/// True if the rules drop a line, read with its citations.
bool c4_drops(std::string_view line, const C4LineRules& rules);

/// A pass over the lines of one text, in order.
class C4Lines {
 public:
  explicit C4Lines(const C4LineRules& rules) : rules_(rules) {}

  struct Kept {
    std::string_view text;  // points into the given line or into this object
    bool is_edited;         // citations were removed
  };

  /// Returns the line, trimmed and without citations; nothing if the rules drop the line.
  std::optional<Kept> keep(std::string_view line);

  /// True if a line has "lorem ipsum", or '{', and no earlier rule has dropped it. Either drops the
  /// whole text.
  bool has_lorem_ipsum() const { return lorem_ipsum_; }

  bool has_curly_bracket() const { return curly_bracket_; }

 private:
  bool falls_by_words(std::string_view line);

  C4LineRules rules_;
  std::deque<std::string> edited_;
  bool lorem_ipsum_ = false;
  bool curly_bracket_ = false;
};

}  // namespace aludel::curate
