#include <algorithm>
#include <optional>

#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/peer_words.h"
#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/document/scan/text_scan.h"
#include "aludel/curate/layers/metrics/gopher_words.h"
#include "aludel/curate/layers/metrics/peers.h"
#include "aludel/curate/layers/shared/line_rules/c4.h"
#include "aludel/curate/layers/shared/share.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kFineWebShortLine = 30;  // FineWebQualityFilter, short_line_length

/// True in datatrove's PUNCTUATION_SET: these marks, control characters, terminal punctuation.
bool is_punctuation(char32_t c) {
  static constexpr std::u32string_view kMarks =
      U"!/—”:％１〈&(、━\\【#%「」，】；+^]~“《„';’{|∶´[=-`*．（–？！：$～«〉,><》)?）。…@_.\"}►»";
  if (c <= 8 || (c >= 11 && c <= 31) || (c >= 127 && c < 160)) return true;
  return kMarks.find(c) != std::u32string_view::npos || character_table()[c].has(kSentenceEnd);
}

bool is_terminal(char32_t c) {
  return character_table()[c].has(kSentenceEnd) || c == 0x17D6 || c == 0x17D9 || c == 0x17DA;
}

char32_t last_character(std::string_view line) {
  return line.empty() ? 0 : decode_utf8(line, utf8_boundary(line, line.size() - 1)).value;
}

/// Properties of a word that the filters need, computed once for each spelling.
struct WordKind {
  bool has_other = false;  // a character that is not punctuation
  bool has_alpha = false;
  bool ends_sentence = false;  // for the sentencizer: the word is one terminal mark
  bool is_punct = false;       // spaCy's is_punct: all characters are of category P
};

WordKind word_kind(std::string_view word) {
  WordKind kind{false, false, false, true};
  const CharacterTable& table = character_table();
  std::size_t characters = 0;
  char32_t last = 0;
  for (std::size_t at = 0; at < word.size(); ++characters) {
    const CodePoint point = decode_utf8(word, at);
    const CharacterTraits traits = table[point.value];
    if (traits.has(kPythonAlpha)) kind.has_alpha = true;
    if (!traits.has(kPunctuation)) kind.is_punct = false;
    if (!kind.has_other && !is_punctuation(point.value)) kind.has_other = true;
    last = point.value;
    at += point.size_bytes;
  }
  kind.ends_sentence = characters == 1 && is_terminal(last);
  return kind;
}

/// The words of a text with the kind of each spelling.
class KindedWords {
 public:
  KindedWords(std::string_view text, const ScannedWords& words) : words_(words) {
    kinds_.reserve(words.counts().size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i].id != kinds_.size()) continue;  // ids are given in order of first occurrence
      const std::string_view word = text.substr(words[i].begin, words[i].size);
      kinds_.push_back(word_kind(word));
      if (is_gopher_stop_word(word)) ++distinct_stop_words_;
    }
  }

  const ScannedWords& words() const { return words_; }

  const WordKind& kind(std::size_t i) const { return kinds_[words_[i].id]; }

  std::size_t distinct_stop_words() const { return distinct_stop_words_; }

  /// Counts the sentences of the words [begin, end) as spaCy's sentencizer: a terminal mark, then a
  /// word that is not a mark. Returns 1 without words, as datatrove does.
  std::size_t sentences(std::size_t begin, std::size_t end) const {
    std::size_t count = 1;
    bool seen_end = false;
    for (std::size_t i = begin; i < end; ++i) {
      const WordKind& word = kind(i);
      if (seen_end && !word.is_punct && !word.ends_sentence) {
        ++count;
        seen_end = false;
      } else if (word.ends_sentence) {
        seen_end = true;
      }
    }
    return count;
  }

 private:
  const ScannedWords& words_;
  std::vector<WordKind> kinds_;
  std::size_t distinct_stop_words_ = 0;
};

void measure_gopher(std::string_view text, const KindedWords& words, Measured& measured) {
  const std::size_t all = words.words().size();
  std::size_t count = 0;
  std::size_t characters = 0;
  std::size_t alphabetic = 0;
  for (std::size_t i = 0; i < all; ++i) {
    const WordKind& kind = words.kind(i);
    if (kind.has_alpha) ++alphabetic;
    if (!kind.has_other) continue;
    ++count;
    characters += words.words().characters(i, i + 1);
  }
  measured.add("words", static_cast<double>(count));
  measured.add("mean_word_length", share_of(characters, count));
  measured.add("hashes_per_word", share_of(count_of(text, "#"), all));
  measured.add("ellipses_per_word",
               share_of(count_of(text, "...") + count_of(text, "\xE2\x80\xA6"), all));
  std::size_t bullets = 0;
  std::size_t ellipses = 0;
  const auto lines = python_splitlines(text);
  for (const std::string_view raw : lines) {
    const std::string_view line = python_strip(raw);
    if (line.starts_with("-") || line.starts_with("\xE2\x80\xA2")) ++bullets;
    if (line.ends_with("...") || line.ends_with("\xE2\x80\xA6")) ++ellipses;
  }
  measured.add("bullet_lines", share_of(bullets, lines.size()));
  measured.add("ellipsis_lines", share_of(ellipses, lines.size()));
  measured.add("alphabetic_words", share_of(alphabetic, all));
  measured.add("stop_words", static_cast<double>(words.distinct_stop_words()));
}

/// The text that FineWeb's rules see.
struct KeptText {
  std::vector<std::string_view> lines;
  std::size_t words = 0;
  std::size_t newlines = 0;
  std::size_t characters = 0;  // without new lines
};

/// datatrove's C4QualityFilter with split_paragraph, which keeps or drops each line.
class C4Filter {
 public:
  C4Filter(std::string_view text, const KindedWords& words, const MetricsSettings& settings)
      : text_(text), words_(words), lines_(settings.line_rules()) {}

  /// Returns the kept lines, which point into the text and into this filter.
  KeptText run() {
    for (const std::string_view line : python_splitlines(text_)) {
      take(line);
    }
    kept_.newlines = kept_.lines.empty() ? 0 : kept_.lines.size() - 1;
    return std::move(kept_);
  }

  void measure(Measured& measured) const {
    measured.add("lorem_ipsum", lines_.has_lorem_ipsum() ? 1 : 0);
    measured.add("curly_bracket", lines_.has_curly_bracket() ? 1 : 0);
    measured.add("sentences", static_cast<double>(sentences_));
  }

 private:
  void take(std::string_view raw) {
    const auto end = static_cast<std::size_t>(raw.data() + raw.size() - text_.data());
    const std::size_t first = next_word_;
    while (next_word_ < words_.words().size() && words_.words()[next_word_].begin < end) {
      ++next_word_;
    }
    const std::optional<C4Lines::Kept> line = lines_.keep(raw);
    if (!line) return;
    if (line->is_edited) {
      const ScannedWords again = spacy_words(line->text);
      keep(line->text, again.size(), KindedWords(line->text, again).sentences(0, again.size()));
    } else {
      keep(line->text, next_word_ - first, words_.sentences(first, next_word_));
    }
  }

  void keep(std::string_view line, std::size_t words, std::size_t sentences) {
    kept_.lines.push_back(line);
    kept_.characters += count_characters(line);
    kept_.words += words;
    sentences_ += sentences;
  }

  std::string_view text_;
  const KindedWords& words_;
  KeptText kept_;
  C4Lines lines_;
  std::size_t next_word_ = 0;
  std::size_t sentences_ = 0;
};

KeptText all_lines(std::string_view text, const KindedWords& words) {
  KeptText kept{split_at_newlines(text), words.words().size(), 0, count_characters(text)};
  kept.newlines = kept.lines.size() - 1;
  kept.characters -= kept.newlines;
  std::erase_if(kept.lines, [](std::string_view line) { return python_strip(line).empty(); });
  return kept;
}

void measure_fineweb(const KeptText& kept, Measured& measured) {
  std::size_t terminal = 0;
  std::size_t short_lines = 0;
  for (const std::string_view line : kept.lines) {
    const std::size_t length = count_characters(line);
    if (is_terminal(last_character(line))) ++terminal;
    if (length <= kFineWebShortLine) ++short_lines;
  }
  measured.add("terminal_lines", share_of(terminal, kept.lines.size()));
  measured.add("short_lines", share_of(short_lines, kept.lines.size()));
  measured.add("duplicate_line_characters",
               share_of(count_later_copies(kept.lines).characters, kept.characters));
  measured.add("newlines_per_word", share_of(kept.newlines, kept.words));
}

}  // namespace

void measure_as_datatrove(Document& document, const MetricsSettings& settings, Measured& measured) {
  const std::string_view text = document.text;
  const KindedWords words(text, document.scan.of(text, WordRule::spacy).words);
  measure_gopher(text, words, measured);
  if (!settings.c4_line_rules) {
    measure_fineweb(all_lines(text, words), measured);
    return;
  }
  C4Filter c4(text, words, settings);
  const KeptText kept = c4.run();
  c4.measure(measured);
  measure_fineweb(kept, measured);
}

}  // namespace aludel::curate
