#include <algorithm>
#include <vector>

#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/document/scan/text_scan.h"
#include "aludel/curate/layers/metrics/gopher_words.h"
#include "aludel/curate/layers/metrics/peers.h"
#include "aludel/curate/layers/shared/share.h"

namespace aludel::curate {
namespace {

double median_of(std::vector<std::size_t> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  const auto upper = static_cast<double>(values[middle]);
  return values.size() % 2 == 1 ? upper : (static_cast<double>(values[middle - 1]) + upper) / 2;
}

bool has_symbol(std::string_view word) {
  return word.find('#') != std::string_view::npos ||
         word.find("\xE2\x80\xA6") != std::string_view::npos;
}

}  // namespace

void measure_as_dolma(Document& document, const MetricsSettings& /*settings*/, Measured& measured) {
  const std::string_view text = document.text;
  const ScannedWords& words = document.scan.of(text, WordRule::white_space).words;
  std::vector<std::size_t> lengths;
  std::size_t symbols = 0;
  std::size_t alphabetic = 0;
  std::size_t stop_words = 0;
  lengths.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = text.substr(words[i].begin, words[i].size);
    lengths.push_back(words.characters(i, i + 1));
    if (has_symbol(word)) ++symbols;
    if (has_letter(word)) ++alphabetic;
    if (is_gopher_stop_word(word)) ++stop_words;
  }
  std::size_t bullets = 0;
  std::size_t ellipses = 0;
  const auto lines = split_at_newlines(text);
  for (const std::string_view line : lines) {
    if (line.starts_with("*") || line.starts_with("-")) ++bullets;
    if (line.ends_with("\xE2\x80\xA6")) ++ellipses;
  }
  measured.add("words", static_cast<double>(words.size()));
  measured.add("median_word_length", median_of(std::move(lengths)));
  measured.add("symbol_words", share_of(symbols, words.size()));
  measured.add("alphabetic_words", share_of(alphabetic, words.size()));
  measured.add("stop_words", static_cast<double>(stop_words));
  measured.add("bullet_lines", share_of(bullets, lines.size()));
  measured.add("ellipsis_lines", share_of(ellipses, lines.size()));
}

}  // namespace aludel::curate
