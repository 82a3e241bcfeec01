#include "aludel/curate/layers/metrics/cut_offs.h"

#include <algorithm>
#include <iterator>

namespace aludel::curate::metrics {
namespace {

constexpr CutOff kFewestWords = {"words", Side::at_least, "min_words", "too_few_words",
                                 "cjk_characters"};
constexpr CutOff kMostWords = {"words", Side::at_most, "max_words", "too_many_words"};
constexpr CutOff kShortestMeanWord = {"mean_word_length", Side::at_least, "min_mean_word_length",
                                      "words_too_short"};
constexpr CutOff kLongestMeanWord = {"mean_word_length", Side::at_most, "max_mean_word_length",
                                     "words_too_long"};
constexpr CutOff kSentences = {"sentences", Side::at_least, "min_sentences", "too_few_sentences"};
constexpr CutOff kLoremIpsum = {"lorem_ipsum", Side::at_most, "allow_lorem_ipsum", "lorem_ipsum"};
constexpr CutOff kCurlyBracket = {"curly_bracket", Side::at_most, "allow_curly_brackets",
                                  "curly_bracket"};
constexpr CutOff kHashes = {"hashes_per_word", Side::at_most, "max_hashes_per_word",
                            "too_many_hashes"};
constexpr CutOff kEllipses = {"ellipses_per_word", Side::at_most, "max_ellipses_per_word",
                              "too_many_ellipses"};
constexpr CutOff kAlphabetic = {"alphabetic_words", Side::at_least, "min_alphabetic_words",
                                "too_few_alphabetic_words"};
constexpr CutOff kDigits = {"digits", Side::at_most, "max_digits", "too_many_digits"};
constexpr CutOff kWhiteSpace = {"white_space", Side::at_most, "max_white_space",
                                "too_much_white_space"};
constexpr CutOff kBulletLines = {"bullet_lines", Side::at_most, "max_bullet_lines",
                                 "too_many_bullet_lines"};
constexpr CutOff kEllipsisLines = {"ellipsis_lines", Side::at_most, "max_ellipsis_lines",
                                   "too_many_ellipsis_lines"};
constexpr CutOff kTerminalLines = {"terminal_lines", Side::at_least, "min_terminal_lines",
                                   "too_few_terminal_lines"};
constexpr CutOff kShortLines = {"short_lines", Side::at_most, "max_short_lines",
                                "too_many_short_lines"};
constexpr CutOff kDuplicateLines = {"duplicate_line_characters", Side::at_most,
                                    "max_duplicate_line_characters", "too_many_duplicate_lines"};
constexpr CutOff kNewlines = {"newlines_per_word", Side::at_most, "max_newlines_per_word",
                              "too_many_newlines"};
constexpr CutOff kStopWords = {"stop_words", Side::at_least, "min_stop_words",
                               "too_few_stop_words"};
constexpr CutOff kRefinedWebLines = {"refinedweb_line_words",
                                     Side::at_most,
                                     "max_refinedweb_line_words",
                                     "too_many_bad_lines",
                                     {},
                                     1};

/// What is counted in CJK text and in other text differs: which rule holds follows from what was
/// noted.
constexpr CutOff kOwn[] = {
    {"cjk_characters", Side::at_least, "min_cjk_characters", "too_short"},
    kFewestWords,
    kMostWords,
    kShortestMeanWord,
    kLongestMeanWord,
    kSentences,
    kLoremIpsum,
    kCurlyBracket,
    kHashes,
    kEllipses,
    kAlphabetic,
    kDigits,
    kWhiteSpace,
    kBulletLines,
    kEllipsisLines,
    kTerminalLines,
    kShortLines,
    kDuplicateLines,
    kNewlines,
    {"mean_line", Side::at_least, "min_mean_cjk_line", "lines_too_short"},
    kStopWords,
    {"han", Side::at_least, "min_han_in_chinese", "too_little_han"},
    {"traditional_han", Side::at_most, "allow_traditional_han", "traditional_han", {}, 1},
    {"c4_line_words", Side::at_most, "max_c4_line_words", "too_many_c4_lines"},
    kRefinedWebLines,
};

constexpr CutOff kDatatrove[] = {
    kFewestWords,   kMostWords,    kShortestMeanWord, kLongestMeanWord, kHashes,
    kEllipses,      kBulletLines,  kEllipsisLines,    kAlphabetic,      kStopWords,
    kLoremIpsum,    kCurlyBracket, kSentences,  // with c4_line_rules only
    kTerminalLines, kShortLines,   kDuplicateLines,   kNewlines,
};

constexpr CutOff kC4[] = {kLoremIpsum, kCurlyBracket, kSentences};

constexpr CutOff kDolma[] = {
    kFewestWords,
    kMostWords,
    {"median_word_length", Side::at_least, "min_mean_word_length", "words_too_short"},
    {"median_word_length", Side::at_most, "max_mean_word_length", "words_too_long"},
    {"symbol_words", Side::at_most, "max_hashes_per_word", "too_many_hashes"},
    kAlphabetic,
    kStopWords,
    kBulletLines,
    kEllipsisLines,
};

constexpr CutOff kDclm[] = {
    kFewestWords, kMostWords,     kShortestMeanWord, kLongestMeanWord, kHashes,
    kBulletLines, kEllipsisLines, kAlphabetic,       kStopWords,
};

constexpr CutOff kNemo[] = {
    kHashes,
    kFewestWords,
    kMostWords,
    kShortestMeanWord,
    kLongestMeanWord,
    {"longest_word", Side::at_most, "max_word_length", "word_too_long"},
    kAlphabetic,
    kStopWords,
    {"symbols", Side::at_most, "max_symbols", "too_many_symbols"},
    kDigits,
    {"urls", Side::at_most, "max_urls", "too_many_urls"},
    kWhiteSpace,
    {"parentheses", Side::at_most, "max_parentheses", "too_many_parentheses"},
    {"boilerplate_paragraphs", Side::at_most, "max_boilerplate_paragraphs", "too_much_boilerplate"},
    kTerminalLines,
    kBulletLines,
    kEllipsisLines,
};

struct PeerCutOffs {
  std::string_view compat;
  std::span<const CutOff> cut_offs;
};

constexpr PeerCutOffs kPeers[] = {
    {"datatrove", kDatatrove}, {"c4", kC4}, {"dolma", kDolma}, {"dclm", kDclm}, {"nemo", kNemo}};

}  // namespace

std::span<const CutOff> cut_offs(const Json& settings) {
  const std::string compat = settings.string_or("compat", "none");
  const auto* const found = std::ranges::find(kPeers, compat, &PeerCutOffs::compat);
  return found == std::end(kPeers) ? std::span<const CutOff>(kOwn) : found->cut_offs;
}

}  // namespace aludel::curate::metrics
