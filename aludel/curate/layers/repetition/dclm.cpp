#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/layers/repetition/repeats.h"
#include "aludel/curate/layers/repetition/shares.h"
#include "aludel/curate/layers/shared/share.h"

namespace aludel::curate {
namespace {

RepeatedPart repeated_segments(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (const std::string_view part : python_split(text, separator)) {
    const std::string_view stripped = python_strip(part);
    if (!stripped.empty()) parts.push_back(stripped);
  }
  if (parts.empty()) return {1, 1};  // DCLM drops such a page
  if (parts.size() == 1) return {};
  const LineCopies copies = count_all_copies(parts);
  return {share_of(copies.lines, parts.size()), share_of(copies.characters, characters_of(parts))};
}

}  // namespace

RepetitionShares measure_as_dclm(Document& document) {
  const std::string_view text = document.text;
  const RepeatedPart lines = repeated_segments(text, "\n");
  const RepeatedPart paragraphs = repeated_segments(text, "\n\n");
  const RepeatedGrams grams = repeated_grams(document.scan.of(text, WordRule::uax29).words,
                                             {2, 3, 4}, {5, 6, 7, 8, 9, 10}, Copies::all);
  return {lines.count,
          lines.characters,
          paragraphs.count,
          paragraphs.characters,
          grams.top,
          grams.duplicated,
          0};
}

}  // namespace aludel::curate
