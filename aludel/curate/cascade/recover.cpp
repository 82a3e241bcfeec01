#include "aludel/curate/cascade/recover.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "aludel/curate/cascade/cascade.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kScore = "score";

class RuleParser {
 public:
  explicit RuleParser(std::string_view text) : text_(text) { rule_.text = text; }

  Result<RecoverRule> parse() {
    ALUDEL_TRY(parse_layer());
    for (skip_spaces(); at_ < text_.size(); skip_spaces()) {
      ALUDEL_TRY(parse_condition());
    }
    if (rule_.least > rule_.most) return wrong(0, "no score can hold both of its bounds");
    return rule_;
  }

 private:
  Error wrong(std::size_t at, std::string_view what) const {
    return {Code::invalid_argument,
            fmt::format("[recover] '{}', column {}: {}", text_, at + 1, what)};
  }

  void skip_spaces() { at_ = std::min(text_.find_first_not_of(" \t", at_), text_.size()); }

  /// Takes the text up to the next space, tab or one of `ends`.
  std::string_view take_until(std::string_view ends) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ' ' && text_[at_] != '\t' &&
           ends.find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  Status parse_layer() {
    skip_spaces();
    const std::size_t begin = at_;
    rule_.layer = take_until(":");
    if (rule_.layer.empty()) return wrong(begin, "expected the name of a layer");
    const auto found = find_layer(rule_.layer);
    if (!found) return wrong(begin, found.error().message);
    if (at_ >= text_.size() || text_[at_] != ':') return Ok{};
    ++at_;
    const std::size_t reason_begin = at_;
    rule_.reason = take_until(":<>=");
    if (rule_.reason.empty()) return wrong(reason_begin, "expected a reason after ':'");
    return Ok{};
  }

  Status parse_condition() {
    const std::size_t begin = at_;
    const std::string_view key = take_until("<>=");
    const std::size_t comparison_begin = at_;
    while (at_ < text_.size() && std::string_view("<>=").find(text_[at_]) != std::string_view::npos)
      ++at_;
    const std::string_view comparison = text_.substr(comparison_begin, at_ - comparison_begin);
    if (key != kScore && key != "source" && key != "language") {
      return wrong(begin, fmt::format("expected score, source or language, found '{}'", key));
    }
    const std::size_t value_begin = at_;
    const std::string_view value = take_until("");
    if (key == kScore) return set_bound(comparison, comparison_begin, value, value_begin);
    if (comparison != "=") {
      return wrong(comparison_begin, fmt::format("expected '=' after {}", key));
    }
    if (value.empty()) return wrong(value_begin, fmt::format("expected a value after {}=", key));
    (key == "source" ? rule_.source : rule_.language) = value;
    return Ok{};
  }

  Status set_bound(std::string_view comparison, std::size_t comparison_begin,
                   std::string_view value, std::size_t value_begin) {
    const bool is_least = comparison == ">" || comparison == ">=";
    if (!is_least && comparison != "<" && comparison != "<=") {
      return wrong(comparison_begin,
                   fmt::format("expected <, <=, > or >= after score, found '{}'", comparison));
    }
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || !std::isfinite(number)) {
      return wrong(value_begin, fmt::format("expected a number, found '{}'", value));
    }
    (is_least ? rule_.least : rule_.most) = number;
    (is_least ? rule_.is_least_open : rule_.is_most_open) = comparison.size() == 1;
    return Ok{};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  RecoverRule rule_;
};

}  // namespace

bool RecoverRule::matches(std::string_view by_layer, const Verdict& verdict,
                          const Document& document) const {
  const double score = verdict.score;
  return by_layer == layer && (reason.empty() || reason == verdict.reason) &&
         (source.empty() || source == document.source) &&
         (language.empty() || language == document.language) &&
         (is_least_open ? score > least : score >= least) &&
         (is_most_open ? score < most : score <= most);
}

Result<RecoverRule> parse_recover_rule(std::string_view text) {
  return RuleParser(text).parse();
}

Result<std::vector<RecoverRule>> parse_recover_rules(const std::vector<std::string>& texts) {
  std::vector<RecoverRule> rules;
  for (const std::string& text : texts) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(';', begin), text.size());
      const std::string_view part = std::string_view(text).substr(begin, end - begin);
      const std::size_t first = part.find_first_not_of(" \t");
      if (first != std::string_view::npos) {
        const std::size_t last = part.find_last_not_of(" \t");
        rules.push_back(ALUDEL_TRY(parse_recover_rule(part.substr(first, last + 1 - first))));
      }
      begin = end + 1;
    }
  }
  return rules;
}

}  // namespace aludel::curate
