#include <algorithm>
#include <array>

#include "aludel/base/utf8.h"
#include "aludel/planted/grammar.h"
#include "aludel/planted/kinds.h"

namespace aludel::planted {
namespace {

using Planted = Result<std::vector<PlantedDocument>>;

template <class T>
void shuffle(std::vector<T>& items, Rng& random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[random.below(i)]);
  }
}

/// The letters and marks inside an English word at `at`, without the marks that end it.
std::size_t word_size(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
  const std::size_t last = text.substr(at, end - at).find_last_not_of(".,;:!?)\"'");
  return last == std::string_view::npos ? 0 : last + 1;
}

/// Words of an English page, letters of a Chinese one, in random order; punctuation and line ends
/// stay where they are, so that the order of words is all that is wrong.
std::string shuffled(const CleanPage& page, Rng& random) {
  std::vector<std::string> units;
  std::vector<std::string> order;
  for (std::size_t at = 0; at < page.text.size();) {
    const CodePoint c = decode_utf8(page.text, at);
    std::size_t size = c.size_bytes;
    bool is_unit = is_han(c.value);
    if (page.language == PageLanguage::english && c.value != ' ' && c.value != '\n') {
      const std::size_t word = word_size(page.text, at);
      is_unit = word > 0;
      if (is_unit) size = word;
    }
    const std::string piece = page.text.substr(at, size);
    order.push_back(is_unit ? std::string() : piece);
    if (is_unit) units.push_back(piece);
    at += size;
  }
  shuffle(units, random);
  std::string text;
  std::size_t next = 0;
  for (const std::string& piece : order) {
    text += piece.empty() ? units[next++] : piece;
  }
  return text;
}

Planted shuffled_words(PlantingContext& context) {
  const CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  PlantedDocument document;
  document.text = shuffled(page, context.random);
  document.language = page_language_code(page.language);
  return std::vector{std::move(document)};
}

/// Half of the lines' words from the beginning, or from the end.
std::vector<std::string> half_of(const CleanPage& page, bool is_head) {
  std::vector<std::string> lines = page_lines(page.text);
  const std::size_t half = count_page_words(page.text) / 2;
  if (!is_head) std::ranges::reverse(lines);
  std::vector<std::string> taken;
  std::size_t words = 0;
  for (const std::string& line : lines) {
    if (words >= half && !taken.empty()) break;
    words += count_page_words(line);
    taken.push_back(line);
  }
  if (!is_head) std::ranges::reverse(taken);
  return taken;
}

std::string longest_line(const std::vector<std::string>& lines) {
  return *std::ranges::max_element(lines, {}, &std::string::size);
}

Planted spliced_halves(PlantingContext& context) {
  const auto pages = ALUDEL_TRY(context.pages.take_unlike(context.language()));
  std::vector<std::string> head = half_of(pages[0], true);
  const std::vector<std::string> tail = half_of(pages[1], false);
  PlantedDocument document;
  document.gone = {longest_line(head), longest_line(tail)};
  head.insert(head.end(), tail.begin(), tail.end());
  document.text = join_lines(head);
  document.language = page_language_code(pages[0].language);
  document.parameters["first_collection"] = pages[0].collection;
  document.parameters["second_collection"] = pages[1].collection;
  return std::vector{std::move(document)};
}

Planted low_quality(PlantingContext& context) {
  const PageLanguage language = context.language();
  const std::string code(page_language_code(language));
  const auto sentences =
      Grammar::named("low_quality")
          .write_many(code, language == PageLanguage::english ? 18 : 14, context.random);
  PlantedDocument document;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    if (i > 0 && i % 3 == 0) {
      document.text += '\n';
    } else if (i > 0 && language == PageLanguage::english) {
      document.text += ' ';
    }
    document.text += sentences[i];
  }
  document.language = code;
  return std::vector{std::move(document)};
}

constexpr std::array kIncoherentKinds = std::to_array<PlantedKind>({
    {"shuffled_words", "a page whose words (letters in Chinese) are in random order", "perplexity",
     PlantedOutcome::dropped, shuffled_words},
    {"low_quality", "filler, keyword stuffing and chatter in plain words", "quality",
     PlantedOutcome::dropped, low_quality},
    {"spliced_halves",
     "the first half of one page and the second half of one of another collection", "quality",
     PlantedOutcome::dropped_or_split, spliced_halves, PagesTaken::of_two_collections},
});

}  // namespace

std::span<const PlantedKind> incoherent_kinds() {
  return kIncoherentKinds;
}

}  // namespace aludel::planted
