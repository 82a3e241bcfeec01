#include <array>

#include <fmt/format.h>

#include "aludel/planted/grammar.h"
#include "aludel/planted/kinds.h"

namespace aludel::planted {
namespace {

using Planted = Result<std::vector<PlantedDocument>>;

Planted wrong_language(PlantingContext& context) {
  constexpr auto kLanguages =
      std::to_array<std::string_view>({"fr", "de", "es", "it", "ru", "ja", "ko", "pt"});
  const std::string_view language = kLanguages.at(context.item % kLanguages.size());
  const auto sentences = Grammar::named("languages").write_many(language, 12, context.random);
  PlantedDocument document;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    if (i > 0) document.text += i % 4 == 0 ? "\n" : " ";
    document.text += sentences[i];
  }
  document.parameters["written_in"] = language;
  return std::vector{std::move(document)};
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    if (end > begin) words.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

/// Each sentence a line of its own.
std::vector<std::string> sentences_of(std::string_view text, PageLanguage language) {
  std::vector<std::string> sentences;
  std::size_t begin = 0;
  for (const std::size_t start : sentence_starts(text, language)) {
    sentences.emplace_back(replace_all(std::string(text.substr(begin, start - begin)), "\n", " "));
    begin = start;
  }
  return sentences;
}

std::string stub(const CleanPage& page, Rng&) {
  const std::vector<std::string> words = words_of(page.text);
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(words.size(), 30); ++i) {
    text += words[i] + " ";
  }
  return text;
}

std::string hashes(const CleanPage& page, Rng& random) {
  std::string text;
  for (const std::string& word : words_of(page.text)) {
    if (random.below(3) == 0) text += '#';
    text += word + " ";
  }
  return text;
}

std::string bullets(const CleanPage& page, Rng&) {
  std::string text;
  for (const std::string& sentence : sentences_of(page.text, page.language)) {
    text += "- " + sentence + "\n";
  }
  return text;
}

std::string ellipses(const CleanPage& page, Rng&) {
  std::string text;
  for (const std::string& word : words_of(page.text)) {
    text += word;
    text += text.size() % 7 == 0 ? "...\n" : " ";
  }
  return text;
}

std::string numbers(const CleanPage& page, Rng& random) {
  std::string text;
  for (const std::string& word : words_of(page.text)) {
    text += random.below(5) < 2 ? std::to_string(random.below(1'000'000)) : word;
    text += ' ';
  }
  return text;
}

// What a page looks like that is no prose: each breaks a rule of Gopher or C4 by a wide margin.
Planted bad_shape(PlantingContext& context) {
  struct Shape {
    std::string_view name;
    std::string (*make)(const CleanPage& page, Rng& random);
  };

  constexpr auto kShapes = std::to_array<Shape>({{"stub", stub},
                                                 {"hashes", hashes},
                                                 {"bullets", bullets},
                                                 {"ellipses", ellipses},
                                                 {"numbers", numbers}});
  const Shape& shape = kShapes.at(context.item % kShapes.size());
  const CleanPage page = ALUDEL_TRY(context.pages.take(PageLanguage::english));
  PlantedDocument document;
  document.text = shape.make(page, context.random);
  document.language = "en";
  document.parameters["shape"] = shape.name;
  return std::vector{std::move(document)};
}

Planted repeated_lines(PlantingContext& context) {
  const CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  std::vector<std::string> lines = page_lines(page.text);
  const std::size_t chosen = context.random.below(lines.size());
  const std::vector<std::string> unit(
      lines.begin() + static_cast<std::ptrdiff_t>(chosen),
      lines.begin() + static_cast<std::ptrdiff_t>(std::min(lines.size(), chosen + 2)));
  const std::size_t unit_words = std::max<std::size_t>(count_page_words(join_lines(unit)), 1);
  const std::size_t times = 2 + count_page_words(page.text) / unit_words;
  for (std::size_t i = 0; i < times; ++i) {
    lines.insert(lines.end(), unit.begin(), unit.end());
  }
  PlantedDocument document;
  document.text = join_lines(lines);
  document.language = page_language_code(page.language);
  document.parameters["times"] = static_cast<std::int64_t>(times);
  return std::vector{std::move(document)};
}

// A phrase that comes back every dozen words, inside the lines.
Planted repeated_ngrams(PlantingContext& context) {
  const CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  const bool is_english = page.language == PageLanguage::english;
  const std::string phrase = Grammar::named("ads").write(is_english ? "en" : "zh", context.random);
  const std::size_t spacing = is_english ? 90 : 45;  // bytes between, about a dozen words
  PlantedDocument document;
  std::size_t since = 0;
  std::int64_t times = 0;
  for (std::size_t i = 0; i < page.text.size(); ++i) {
    document.text += page.text[i];
    ++since;
    const bool is_gap = is_english
                            ? page.text[i] == ' '
                            : i + 1 == page.text.size() ||
                                  (static_cast<unsigned char>(page.text[i + 1]) & 0xC0) != 0x80;
    if (since < spacing || !is_gap) continue;
    document.text += phrase;
    if (is_english) document.text += ' ';
    since = 0;
    ++times;
  }
  document.language = page_language_code(page.language);
  document.parameters["phrase"] = phrase;
  document.parameters["times"] = times;
  return std::vector{std::move(document)};
}

constexpr std::array kRuleKinds = std::to_array<PlantedKind>({
    {"wrong_language", "a page in one of eight other languages", "language",
     PlantedOutcome::dropped, wrong_language},
    {"bad_shape", "a stub, or a page of hashes, bullets, ellipses or numbers", "metrics",
     PlantedOutcome::dropped, bad_shape},
    {"repeated_lines", "two lines repeated until they are half the page", "metrics,repetition",
     PlantedOutcome::dropped, repeated_lines},
    {"repeated_ngrams", "a phrase that comes back every dozen words", "repetition",
     PlantedOutcome::dropped, repeated_ngrams},
});

}  // namespace

std::span<const PlantedKind> rule_kinds() {
  return kRuleKinds;
}

}  // namespace aludel::planted
