#include "aludel/curate/layers/repetition/repeats.h"
#include "aludel/curate/layers/repetition/shares.h"
#include "aludel/curate/scan/chunks.h"
#include "aludel/curate/scan/python_lines.h"

namespace aludel::curate {
namespace {

/// Parts between separators, stripped, without empty ones.
std::vector<std::string_view> stripped_parts(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    const std::string_view part = python_strip(text.substr(begin, end - begin));
    if (!part.empty()) parts.push_back(part);
    begin = end + separator.size();
  }
  return parts;
}

RepeatedPart repeated_segments(std::string_view text, std::string_view separator) {
  const auto parts = stripped_parts(text, separator);
  if (parts.empty()) return {1, 1};  // DCLM drops such a page
  if (parts.size() == 1) return {};
  WordIds ids(parts.size());
  std::vector<std::uint32_t> part_ids;
  part_ids.reserve(parts.size());
  for (const std::string_view part : parts) {
    part_ids.push_back(ids.add(hash64(part) | 1U));
  }
  std::size_t repeated = 0;
  std::size_t repeated_characters = 0;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t length = count_characters(parts[i]);
    characters += length;
    if (ids.counts()[part_ids[i]] < 2) continue;
    ++repeated;
    repeated_characters += length;
  }
  return {static_cast<double>(repeated) / static_cast<double>(parts.size()),
          static_cast<double>(repeated_characters) / static_cast<double>(characters)};
}

}  // namespace

RepetitionShares measure_as_dclm(Document& document) {
  const std::string_view text = document.text;
  const RepeatedPart lines = repeated_segments(text, "\n");
  const RepeatedPart paragraphs = repeated_segments(text, "\n\n");
  const RepeatedGrams grams =
      repeated_grams(document.scan.of(text, WordRule::uax29).words, {2, 3, 4}, {5, 6, 7, 8, 9, 10});
  return {lines.count,
          lines.characters,
          paragraphs.count,
          paragraphs.characters,
          grams.top,
          grams.duplicated,
          0};
}

}  // namespace aludel::curate
