#include "aludel/curate/layers/metrics/metric_rules.h"

#include "aludel/curate/layers/metrics/peers.h"

namespace aludel::curate::metrics {
namespace {

constexpr Rule kFewestWords = {"words", Side::at_least, "min_words", "too_few_words",
                               "cjk_characters"};
constexpr Rule kMostWords = {"words", Side::at_most, "max_words", "too_many_words"};
constexpr Rule kShortestMeanWord = {"mean_word_length", Side::at_least, "min_mean_word_length",
                                    "words_too_short"};
constexpr Rule kLongestMeanWord = {"mean_word_length", Side::at_most, "max_mean_word_length",
                                   "words_too_long"};
constexpr Rule kSentences = {"sentences", Side::at_least, "min_sentences", "too_few_sentences"};
constexpr Rule kLoremIpsum = {"lorem_ipsum", Side::at_most, "allow_lorem_ipsum", "lorem_ipsum"};
constexpr Rule kCurlyBracket = {"curly_bracket", Side::at_most, "allow_curly_brackets",
                                "curly_bracket"};
constexpr Rule kHashes = {"hashes_per_word", Side::at_most, "max_hashes_per_word",
                          "too_many_hashes"};
constexpr Rule kEllipses = {"ellipses_per_word", Side::at_most, "max_ellipses_per_word",
                            "too_many_ellipses"};
constexpr Rule kAlphabetic = {"alphabetic_words", Side::at_least, "min_alphabetic_words",
                              "too_few_alphabetic_words"};
constexpr Rule kDigits = {"digits", Side::at_most, "max_digits", "too_many_digits"};
constexpr Rule kWhiteSpace = {"white_space", Side::at_most, "max_white_space",
                              "too_much_white_space"};
constexpr Rule kBulletLines = {"bullet_lines", Side::at_most, "max_bullet_lines",
                               "too_many_bullet_lines"};
constexpr Rule kEllipsisLines = {"ellipsis_lines", Side::at_most, "max_ellipsis_lines",
                                 "too_many_ellipsis_lines"};
constexpr Rule kTerminalLines = {"terminal_lines", Side::at_least, "min_terminal_lines",
                                 "too_few_terminal_lines"};
constexpr Rule kShortLines = {"short_lines", Side::at_most, "max_short_lines",
                              "too_many_short_lines"};
constexpr Rule kDuplicateLines = {"duplicate_line_characters", Side::at_most,
                                  "max_duplicate_line_characters", "too_many_duplicate_lines"};
constexpr Rule kNewlines = {"newlines_per_word", Side::at_most, "max_newlines_per_word",
                            "too_many_newlines"};
constexpr Rule kStopWords = {"stop_words", Side::at_least, "min_stop_words", "too_few_stop_words"};
constexpr Rule kRefinedWebLines = {"refinedweb_line_words",
                                   Side::at_most,
                                   "max_refinedweb_line_words",
                                   "too_many_bad_lines",
                                   {},
                                   1};

/// Our own rules. CJK text and other text have different notes, and a rule applies only if its
/// value is noted.
constexpr Rule kOwn[] = {
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

constexpr Rule kDatatrove[] = {
    kFewestWords,   kMostWords,    kShortestMeanWord, kLongestMeanWord, kHashes,
    kEllipses,      kBulletLines,  kEllipsisLines,    kAlphabetic,      kStopWords,
    kLoremIpsum,    kCurlyBracket, kSentences,  // with c4_line_rules only
    kTerminalLines, kShortLines,   kDuplicateLines,   kNewlines,
};

constexpr Rule kC4[] = {kLoremIpsum, kCurlyBracket, kSentences};

constexpr Rule kDolma[] = {
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

constexpr Rule kDclm[] = {
    kFewestWords, kMostWords,     kShortestMeanWord, kLongestMeanWord, kHashes,
    kBulletLines, kEllipsisLines, kAlphabetic,       kStopWords,
};

constexpr Rule kNemo[] = {
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

constexpr Compat<PeerWay> kPeers[] = {
    {"none", {kOwn, nullptr}},          {"datatrove", {kDatatrove, measure_as_datatrove}},
    {"c4", {kC4, measure_as_c4}},       {"dolma", {kDolma, measure_as_dolma}},
    {"dclm", {kDclm, measure_as_dclm}}, {"nemo", {kNemo, measure_as_nemo}},
};

}  // namespace

std::span<const Compat<PeerWay>> peers() {
  return kPeers;
}

std::span<const Rule> rules(const Json& settings) {
  return compat_named(peers(), settings.string_or("compat", "none")).rule.rules;
}

}  // namespace aludel::curate::metrics
