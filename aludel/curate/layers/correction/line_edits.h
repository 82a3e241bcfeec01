#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/base/config.h"
#include "aludel/base/result.h"
#include "aludel/safety/pattern_set.h"

namespace aludel::curate {

/// Settings of the lines to remove.
struct LineEditSettings {
  std::int64_t max_interface_words = 12;  // a longer line with an interface phrase is prose
  std::int64_t min_uppercase_words = 6;   // a shorter line in capitals is a heading
  double max_uppercase = 0.5;
  std::int64_t max_javascript_words = 12;

  template <class V>
  void visit(V& v) {
    v("max_interface_words", max_interface_words,
      "most words (two CJK letters count as one) of a line of menus or policy that is removed; "
      "RefinedWeb: 10",
      at_least(0));
    v("min_uppercase_words", min_uppercase_words,
      "fewest words of a line in capitals that is removed; RefinedWeb: 1, which takes headings",
      at_least(0));
    v("max_uppercase", max_uppercase, "share of letters in capitals; RefinedWeb", kShare);
    v("max_javascript_words", max_javascript_words,
      "most words of a line with the word javascript that is removed; C4: any number, which takes "
      "lines out of pages about it; 0: none",
      at_least(0));
  }
};

struct EditedLines {
  std::string text;
  std::int64_t lines_removed = 0;
  std::int64_t words_removed = 0;
  std::int64_t words = 0;  // before the edit
};

/// An editor that removes lines that are not part of the text: counters ("12 likes"), stray
/// numbers, sentences in capitals, menus, buttons, cookie and copyright notices, in English and
/// Chinese. Concurrent apply(): yes. Sources: RefinedWeb, arXiv:2306.01116 appendix G.2; DCLM,
/// refinedweb.yaml; C4's policy phrases and "javascript" lines. DEVIATION from RefinedWeb, whose
/// rules were made for English prose, because we also keep manuals and tables: keeps lines of one
/// word (headings, cells, list items); drops a numeric line only if it cuts a sentence (others are
/// cells and steps); drops a line in capitals only if it is a sentence (names and SQL are in
/// capitals); a counter must be the whole line ("2 views of the sea"); drops the whole short line
/// with an interface phrase, because the phrase alone would leave "to our site".
class LineEditor {
 public:
  /// Compiles the phrases. Errors: unsupported on a CPU that the pattern engine does not run on.
  static Result<LineEditor> create(const LineEditSettings& settings);

  EditedLines apply(std::string_view text) const;

 private:
  LineEditor(const LineEditSettings& settings, safety::PatternSet phrases)
      : settings_(settings), phrases_(std::move(phrases)) {}

  bool is_interface_line(std::string_view line, std::int64_t words) const;
  bool is_javascript_line(std::string_view line, std::int64_t words) const;
  bool is_shouted(std::string_view line, std::int64_t words) const;

  LineEditSettings settings_;
  safety::PatternSet phrases_;
};

/// True for "12 likes", "1.2K views", "阅读 1024", "评论(3)".
bool is_counter_line(std::string_view line);

/// Counts words; two CJK letters count as one word.
std::int64_t count_line_words(std::string_view line);

}  // namespace aludel::curate
