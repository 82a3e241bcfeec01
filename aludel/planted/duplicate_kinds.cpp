#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "aludel/planted/grammar.h"
#include "aludel/planted/kinds.h"
#include "aludel/text/words.h"

namespace aludel::planted {
namespace {

using Planted = Result<std::vector<PlantedDocument>>;

constexpr std::size_t kParagraphWords = 200;

PlantedDocument document_of(std::string text, PageLanguage language) {
  PlantedDocument document;
  document.text = std::move(text);
  document.language = page_language_code(language);
  return document;
}

Planted exact_duplicate(PlantingContext& context) {
  const CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  const PlantedDocument document = document_of(page.text, page.language);
  return std::vector{document, document};
}

bool ends_sentence(std::string_view line) {
  return std::ranges::any_of(std::array<std::string_view, 6>{".", "!", "?", "。", "！", "？"},
                             [&](std::string_view mark) { return line.ends_with(mark); });
}

/// Lines joined until each has at least 200 words and ends a sentence, so that every paragraph of a
/// near-duplicate holds a change, none is an exact copy, and all read as paragraphs do. What stands
/// after the last sentence goes; "" when nothing stays.
std::string long_paragraphs(const CleanPage& page) {
  std::vector<std::string> paragraphs;
  std::string open;
  for (const std::string& line : page_lines(page.text)) {
    if (!open.empty() && page.language == PageLanguage::english) open += ' ';
    open += line;
    if (!ends_sentence(line)) continue;
    const bool is_first = paragraphs.empty();
    if (is_first || count_page_words(paragraphs.back()) >= kParagraphWords) {
      paragraphs.push_back(std::move(open));
    } else {
      paragraphs.back() += (page.language == PageLanguage::english ? " " : "") + open;
    }
    open.clear();
  }
  const bool is_short =
      paragraphs.size() > 1 && count_page_words(paragraphs.back()) < kParagraphWords;
  if (is_short) {
    const std::string rest = paragraphs.back();
    paragraphs.pop_back();
    paragraphs.back() += " " + rest;
  }
  return join_lines(paragraphs);
}

/// `edits` words of the text, evenly spread, replaced by random ones of `donor`.
std::string with_edits(std::string_view text, std::string_view donor, std::size_t edits,
                       Rng random) {
  const auto is_plain = [](const text::Word& word) { return word.kind != text::WordKind::symbol; };
  std::vector<text::Word> words;
  std::ranges::copy_if(text::split_words(text, text::Case::folded), std::back_inserter(words),
                       is_plain);
  std::vector<text::Word> spare;
  std::ranges::copy_if(text::split_words(donor, text::Case::folded), std::back_inserter(spare),
                       is_plain);
  std::string edited;
  std::size_t done = 0;
  std::size_t last = words.size();
  for (std::size_t i = 0; i < edits; ++i) {
    const double place = (static_cast<double>(i) + 0.25 + 0.5 * random.uniform()) *
                         static_cast<double>(words.size()) / static_cast<double>(edits);
    const auto at = static_cast<std::size_t>(place);
    if (at == last || at >= words.size()) continue;
    last = at;
    const text::Word& old_word = words[at];
    const text::Word& new_word = spare[random.below(spare.size())];
    edited += text.substr(done, old_word.begin - done);
    edited += donor.substr(new_word.begin, new_word.end - new_word.begin);
    done = old_word.end;
  }
  edited += text.substr(done);
  return edited;
}

/// A copy whose five-word runs have about that Jaccard index with the text's. Each lone edit breaks
/// five runs: J = (n - 5e) / (n + 5e); the number of edits is then corrected by measuring.
std::string near_copy(std::string_view text, std::string_view donor, double jaccard, Rng& random) {
  const auto words = static_cast<double>(count_page_words(text));
  double edits = words * (1 - jaccard) / (5 * (1 + jaccard));
  std::string best;
  double best_error = 2;
  const Rng copy_random(random.next(), 0);
  for (int round = 0; round < 8; ++round) {
    const auto count = static_cast<std::size_t>(std::max(1.0, std::round(edits)));
    std::string copy = with_edits(text, donor, count, copy_random);
    const double found = shingle_jaccard(text, copy);
    if (std::abs(found - jaccard) < best_error) {
      best_error = std::abs(found - jaccard);
      best = std::move(copy);
    }
    if (best_error < 0.01) break;
    const double step = (found - jaccard) * words / 10;
    edits = std::max(1.0, edits + (std::abs(step) < 1 ? std::copysign(1.0, step) : step));
  }
  return best;
}

Planted twins(PlantingContext& context, double jaccard) {
  CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  const CleanPage donor = ALUDEL_TRY(context.pages.take(page.language));
  std::string text = long_paragraphs(page);
  while (count_page_words(text) < kParagraphWords) {
    page = ALUDEL_TRY(context.pages.take(page.language));
    text = long_paragraphs(page);
  }
  std::string copy = near_copy(text, donor.text, jaccard, context.random);
  std::vector<PlantedDocument> twins = {document_of(text, page.language),
                                        document_of(std::move(copy), page.language)};
  for (PlantedDocument& twin : twins) {
    twin.parameters["jaccard"] = shingle_jaccard(twins[0].text, twins[1].text);
  }
  return twins;
}

Planted near_duplicate(PlantingContext& context) {
  constexpr std::array kLevels = {0.95, 0.9, 0.85};
  return twins(context, kLevels.at(context.item % kLevels.size()));
}

// Twins so unlike that both should stay, as far as the near-duplicate layer goes.
Planted distant_twin(PlantingContext& context) {
  constexpr std::array kLevels = {0.5, 0.3};
  return twins(context, kLevels.at(context.item % kLevels.size()));
}

Planted repeated_paragraph(PlantingContext& context) {
  constexpr std::size_t kPages = 3;
  const PageLanguage language = context.language();
  std::string paragraph;
  while (paragraph.empty()) {
    for (const std::string& line : page_lines(ALUDEL_TRY(context.pages.take(language)).text)) {
      const std::size_t words = count_page_words(line);
      if (words >= 40 && words <= 160) paragraph = line;
    }
  }
  std::vector<PlantedDocument> documents;
  for (std::size_t i = 0; i < kPages; ++i) {
    std::vector<std::string> lines = page_lines(ALUDEL_TRY(context.pages.take(language)).text);
    const std::size_t at = 1 + context.random.below(lines.size());
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), paragraph);
    PlantedDocument& document = documents.emplace_back(document_of(join_lines(lines), language));
    document.gone.push_back(paragraph);
  }
  return documents;
}

/// About `count` words of the text from a sentence start on, ending at one.
std::string passage_of(const CleanPage& page, std::size_t count) {
  const auto starts = sentence_starts(page.text, page.language);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    for (std::size_t j = i + 1; j < starts.size(); ++j) {
      std::string passage =
          replace_all(page.text.substr(starts[i], starts[j] - starts[i]), "\n", " ");
      const std::size_t words = count_page_words(passage);
      if (words > count * 2) break;
      if (words >= count) return passage;
    }
  }
  return {};
}

Planted shared_passage(PlantingContext& context) {
  constexpr std::size_t kPages = 2;
  const PageLanguage language = context.language();
  std::string passage;
  while (passage.empty()) {
    passage = passage_of(ALUDEL_TRY(context.pages.take(language)), 90);
  }
  std::vector<PlantedDocument> documents;
  while (documents.size() < kPages) {
    CleanPage page = ALUDEL_TRY(context.pages.take(language));
    const auto starts = sentence_starts(page.text, language);
    if (starts.size() < 3) continue;
    page.text.insert(starts[starts.size() / 2], passage);
    PlantedDocument& document = documents.emplace_back(document_of(page.text, language));
    document.gone.push_back(passage);
  }
  return documents;
}

// The sentences in another order and one word in each changed: a copy in meaning that shares few
// runs of five words.
Planted copy_in_meaning(PlantingContext& context) {
  CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  const CleanPage donor = ALUDEL_TRY(context.pages.take(page.language));
  std::string text = long_paragraphs(page);
  while (count_page_words(text) < kParagraphWords) {
    page = ALUDEL_TRY(context.pages.take(page.language));
    text = long_paragraphs(page);
  }
  std::vector<std::size_t> starts = sentence_starts(text, page.language);
  starts.insert(starts.begin(), 0);
  starts.push_back(text.size());
  std::string turned;
  for (std::size_t i = starts.size() - 1; i > 0; --i) {
    std::string sentence =
        replace_all(text.substr(starts[i - 1], starts[i] - starts[i - 1]), "\n", " ");
    if (page.language == PageLanguage::english && !sentence.ends_with(' ')) sentence += ' ';
    turned += sentence;
    if (i % 8 == 0) turned += '\n';
  }
  const std::string copy = near_copy(turned, text, 0.35, context.random);
  std::vector<PlantedDocument> twins = {document_of(text, page.language),
                                        document_of(copy, page.language)};
  for (PlantedDocument& twin : twins) {
    twin.parameters["jaccard"] = shingle_jaccard(text, copy);
  }
  return twins;
}

constexpr std::array kDuplicateKinds = std::to_array<PlantedKind>({
    {"exact_duplicate", "two documents with one text", "paragraph_dedup,minhash_dedup,exact_dedup",
     PlantedOutcome::kept_once, exact_duplicate},
    {"near_duplicate", "two documents whose five-word runs have a Jaccard index of .95, .90 or .85",
     "minhash_dedup", PlantedOutcome::kept_once, near_duplicate},
    {"distant_twin", "two documents with a Jaccard index of .5 or .3, no near-duplicates",
     "minhash_dedup", PlantedOutcome::kept, distant_twin},
    {"repeated_paragraph", "a paragraph of 40 words or more in three documents", "paragraph_dedup",
     PlantedOutcome::kept_once, repeated_paragraph},
    {"shared_passage", "90 words or more inside paragraphs of two documents", "exact_dedup",
     PlantedOutcome::kept_once, shared_passage},
    {"copy_in_meaning", "the same sentences in another order with words changed", "semantic",
     PlantedOutcome::kept_once, copy_in_meaning},
});

}  // namespace

std::span<const PlantedKind> duplicate_kinds() {
  return kDuplicateKinds;
}

}  // namespace aludel::planted
