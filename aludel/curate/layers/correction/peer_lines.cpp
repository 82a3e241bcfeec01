#include "aludel/curate/layers/correction/peer_lines.h"

#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/layers/shared/line_rules/c4.h"
#include "aludel/curate/layers/shared/line_rules/refinedweb.h"

namespace aludel::curate {
namespace {

EditedLines keep_c4_lines(std::string_view text, const C4LineRules& rules) {
  EditedLines result;
  C4Lines lines(rules);
  bool is_first = true;
  for (const std::string_view line : python_splitlines(text)) {
    const std::int64_t words = count_line_words_by_space(line).count;
    result.words += words;
    const auto kept = lines.keep(line);
    if (!kept) {
      ++result.lines_removed;
      result.words_removed += words;
      continue;
    }
    if (!is_first) result.text += '\n';
    is_first = false;
    result.text += kept->text;
  }
  result.text = std::string(python_strip(result.text));
  return result;
}

}  // namespace

EditedLines edit_lines_as_c4(std::string_view text) {
  return keep_c4_lines(text, C4LineRules());
}

EditedLines edit_lines_as_fineweb(std::string_view text) {
  return keep_c4_lines(text, kFineWebLineRules);
}

EditedLines edit_lines_as_refinedweb(std::string_view text) {
  EditedLines result;
  result.text = edit_as_refinedweb(text);
  result.words = count_fasttext_words(text);
  result.words_removed = result.words - count_fasttext_words(result.text);
  result.lines_removed = static_cast<std::int64_t>(split_at_newlines(text).size()) -
                         static_cast<std::int64_t>(split_at_newlines(result.text).size());
  return result;
}

}  // namespace aludel::curate
