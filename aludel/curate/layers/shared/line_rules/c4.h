#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

// What C4 holds against a single line, for whoever counts such lines and whoever takes them out.
// Sources: tensorflow_datasets, c4_utils.py, clean_page; datatrove, c4_filters.py.
namespace aludel::curate {

/// Whether a text in lower case holds one of C4's six policy phrases.
bool has_policy_phrase(std::string_view lower);

/// Words of a line as str.split() has them, and the longest one's characters.
struct LineWords {
  std::int64_t count = 0;
  std::int64_t longest = 0;
};

LineWords count_line_words_by_space(std::string_view line);

/// The line without "[12]", "[]", "[edit]" and "[citation needed]".
std::string without_citations(std::string_view line);

/// C4's rules with the numbers of its own code.
struct C4LineRules {
  std::int64_t min_words = 5;
  std::int64_t max_word_length = 1000;
  bool require_end_mark = true;   // one of . ? ! " at the end, and no "..."
  bool apostrophe_ends = false;   // datatrove: ' is such a mark, too
  bool counts_citations = false;  // datatrove counts words before citations go, C4 after
};

/// C4's rules as FineWeb runs them: datatrove's examples/fineweb.py.
inline constexpr C4LineRules kFineWebLineRules = {3, 1000, false, true, true};

/// Whether the rules drop a line as it stands, with its citations.
bool c4_drops(std::string_view line, const C4LineRules& rules);

/// Goes through the lines of one text in order.
class C4Lines {
 public:
  explicit C4Lines(const C4LineRules& rules) : rules_(rules) {}

  struct Kept {
    std::string_view text;  // points into the line that was given, or into this object
    bool is_edited;         // citations went
  };

  /// What stays of a line: without white space around it and without citations. Nothing where the
  /// line goes.
  std::optional<Kept> keep(std::string_view line);

  /// Whether a line that the rules before let pass has "lorem ipsum", or '{'. Either drops the
  /// text.
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
