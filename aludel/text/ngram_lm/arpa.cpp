#include "aludel/text/ngram_lm/arpa.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "aludel/base/hash.h"

namespace aludel::text {
namespace {

constexpr float kMissingUnknown = -100;

/// Words from the last to the first; what the order does not use is 0.
using ReversedWords = std::array<std::uint32_t, kMaxNgramOrder>;

struct ArpaNgram {
  ReversedWords words = {};
  float probability = 0;
  float backoff = 0;
  bool is_missing = false;  // not in the file, but a longer one ends in it
};

ReversedWords without_first(ReversedWords words, std::size_t order) {
  words[order - 1] = 0;
  return words;
}

ReversedWords without_last(const ReversedWords& words) {
  ReversedWords out = {};
  std::copy(words.begin() + 1, words.end(), out.begin());
  return out;
}

const ArpaNgram* find_ngram(const std::vector<ArpaNgram>& sorted, const ReversedWords& words) {
  const auto found = std::ranges::lower_bound(sorted, words, {}, &ArpaNgram::words);
  return found == sorted.end() || found->words != words ? nullptr : &*found;
}

/// Reads line by line and keeps the place for messages.
class ArpaParser {
 public:
  explicit ArpaParser(std::string_view text) : rest_(text) {}

  Status read() {
    ALUDEL_TRY(read_counts());
    for (std::size_t order = 1; order <= counts_.size(); ++order) {
      ALUDEL_TRY(read_section(order));
    }
    if (line_ != "\\end\\") return corrupt_line("expected \\end\\");
    return Ok{};
  }

  std::vector<std::vector<ArpaNgram>>& ngrams() { return ngrams_; }

  const std::unordered_map<std::string_view, std::uint32_t>& ids() const { return ids_; }

 private:
  Error corrupt_line(std::string_view what) const {
    return Error{Code::corrupt_data,
                 fmt::format("[arpa] line {}: {}, found '{}'", line_number_, what, line_)};
  }

  /// The next line that is not empty, without spaces at its ends; false at the end.
  bool next_line() {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      line_ = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++line_number_;
      const std::size_t first = line_.find_first_not_of(" \t\r");
      if (first == std::string_view::npos) continue;
      line_ = line_.substr(first, line_.find_last_not_of(" \t\r") - first + 1);
      return true;
    }
    line_ = {};
    return false;
  }

  Status read_counts() {
    while (line_ != "\\data\\") {
      if (!next_line()) return corrupt_line("expected \\data\\");
    }
    while (next_line() && line_.starts_with("ngram ")) {
      const std::size_t equals = std::min(line_.find('='), line_.size());
      std::size_t order = 0;
      std::uint64_t count = 0;
      if (equals == line_.size() || !parse_number(line_.substr(6, equals - 6), order) ||
          !parse_number(line_.substr(equals + 1), count) || order != counts_.size() + 1) {
        return corrupt_line("expected 'ngram N=COUNT'");
      }
      if (order > kMaxNgramOrder) {
        return Error{Code::unsupported,
                     fmt::format("[arpa] order {}, expected at most {}", order, kMaxNgramOrder)};
      }
      counts_.push_back(count);
    }
    if (counts_.empty()) return corrupt_line("expected 'ngram 1=COUNT'");
    ngrams_.resize(counts_.size());
    return Ok{};
  }

  template <class Number>
  static bool parse_number(std::string_view text, Number& number) {
    while (text.starts_with(' '))
      text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
  }

  Status read_section(std::size_t order) {
    if (line_ != fmt::format("\\{}-grams:", order)) {
      return corrupt_line(fmt::format("expected \\{}-grams:", order));
    }
    while (next_line() && !line_.starts_with('\\')) {
      ALUDEL_TRY(read_ngram(order));
    }
    if (ngrams_[order - 1].size() != counts_[order - 1]) {
      return corrupt_line(fmt::format("expected {} {}-grams, read {}", counts_[order - 1], order,
                                      ngrams_[order - 1].size()));
    }
    return Ok{};
  }

  std::vector<std::string_view> fields() const {
    std::vector<std::string_view> fields;
    for (std::size_t at = 0; at < line_.size();) {
      const std::size_t end = std::min(line_.find_first_of(" \t", at), line_.size());
      fields.push_back(line_.substr(at, end - at));
      at = std::min(line_.find_first_not_of(" \t", end), line_.size());
    }
    return fields;
  }

  Status read_ngram(std::size_t order) {
    const std::vector<std::string_view> parts = fields();
    ArpaNgram ngram;
    const bool has_backoff = parts.size() == order + 2;
    if (parts.size() < order + 1 || parts.size() > order + 2 ||
        !parse_number(parts[0], ngram.probability) || !(ngram.probability <= 0) ||
        (has_backoff && !parse_number(parts.back(), ngram.backoff)) ||
        !std::isfinite(ngram.backoff)) {
      return corrupt_line(fmt::format("expected a log10 probability, {} words, a backoff", order));
    }
    for (std::size_t i = 0; i < order; ++i) {
      const std::string_view word = parts[i + 1];
      if (order == 1) ids_.try_emplace(word, static_cast<std::uint32_t>(ngrams_[0].size()));
      const auto found = ids_.find(word);
      if (found == ids_.end()) return corrupt_line("expected words that are unigrams");
      ngram.words[order - 1 - i] = found->second;
    }
    if (order == 1 && ngram.words[0] != ngrams_[0].size()) return corrupt_line("a word again");
    ngrams_[order - 1].push_back(ngram);
    return Ok{};
  }

  std::string_view rest_;
  std::string_view line_;
  std::uint64_t line_number_ = 0;
  std::vector<std::uint64_t> counts_;
  std::vector<std::vector<ArpaNgram>> ngrams_;  // by order - 1
  std::unordered_map<std::string_view, std::uint32_t> ids_;
};

void sort_ngrams(std::vector<ArpaNgram>& ngrams) {
  std::ranges::stable_sort(ngrams, {}, &ArpaNgram::words);
}

/// Adds the endings that longer n-grams need but the file lacks, longest first.
void add_missing_endings(std::vector<std::vector<ArpaNgram>>& ngrams) {
  for (std::size_t order = ngrams.size(); order > 2; --order) {
    std::vector<ArpaNgram>& shorter = ngrams[order - 2];
    std::vector<ArpaNgram> missing;
    for (const ArpaNgram& ngram : ngrams[order - 1]) {  // sorted: equal endings stand together
      const ReversedWords ending = without_first(ngram.words, order);
      if (find_ngram(shorter, ending) != nullptr) continue;
      if (!missing.empty() && missing.back().words == ending) continue;
      missing.push_back({.words = ending, .is_missing = true});
    }
    shorter.insert(shorter.end(), missing.begin(), missing.end());
    sort_ngrams(shorter);
  }
}

void back_off_missing(std::vector<std::vector<ArpaNgram>>& ngrams) {
  for (std::size_t order = 2; order < ngrams.size(); ++order) {
    for (ArpaNgram& ngram : ngrams[order - 1]) {
      if (!ngram.is_missing) continue;
      const ArpaNgram* ending = find_ngram(ngrams[order - 2], without_first(ngram.words, order));
      const ArpaNgram* context = find_ngram(ngrams[order - 2], without_last(ngram.words));
      ngram.probability = ending->probability + (context == nullptr ? 0 : context->backoff);
    }
  }
}

NgramLevel make_arpa_level(const std::vector<std::vector<ArpaNgram>>& ngrams, std::size_t order) {
  NgramLevel level;
  const std::vector<ArpaNgram> none;
  const std::vector<ArpaNgram>& longer = order < ngrams.size() ? ngrams[order] : none;
  std::size_t child = 0;
  for (const ArpaNgram& ngram : ngrams[order - 1]) {
    level.word.push_back(ngram.words[order - 1]);
    level.probability.push_back(ngram.probability);
    level.backoff.push_back(ngram.backoff);
    level.first_child.push_back(static_cast<std::uint32_t>(child));
    while (child < longer.size() && without_first(longer[child].words, order + 1) == ngram.words) {
      ++child;
    }
  }
  level.first_child.push_back(static_cast<std::uint32_t>(child));
  return level;
}

}  // namespace

Result<NgramTables> parse_arpa(std::string_view text) {
  ArpaParser parser(text);
  ALUDEL_TRY(parser.read());
  auto& ngrams = parser.ngrams();
  const auto id_of = [&parser](std::string_view word) {
    const auto found = parser.ids().find(word);
    return found == parser.ids().end() ? kNoNgramId : found->second;
  };
  NgramTables tables;
  tables.units = NgramUnits::tokens;
  tables.begin_id = id_of("<s>");
  tables.end_id = id_of("</s>");
  tables.unknown_id = id_of("<unk>");
  if (tables.unknown_id == kNoNgramId) tables.unknown_id = id_of("<UNK>");
  if (tables.begin_id == kNoNgramId || tables.end_id == kNoNgramId) {
    return Error{Code::corrupt_data, "[arpa] no <s> or no </s>"};
  }
  if (tables.unknown_id == kNoNgramId) {
    tables.unknown_id = static_cast<std::uint32_t>(ngrams[0].size());
    ArpaNgram unknown;
    unknown.words[0] = tables.unknown_id;
    unknown.probability = kMissingUnknown;
    ngrams[0].push_back(unknown);
  }
  for (std::size_t order = 2; order <= ngrams.size(); ++order) {
    std::vector<ArpaNgram>& own = ngrams[order - 1];
    sort_ngrams(own);
    if (std::ranges::adjacent_find(own, {}, &ArpaNgram::words) != own.end()) {
      return Error{Code::corrupt_data, fmt::format("[arpa] a {}-gram occurs twice", order)};
    }
  }
  add_missing_endings(ngrams);
  back_off_missing(ngrams);
  for (std::size_t order = 1; order <= ngrams.size(); ++order) {
    tables.levels.push_back(make_arpa_level(ngrams, order));
  }
  std::vector<std::pair<std::uint64_t, std::uint32_t>> units;
  for (const auto& [word, id] : parser.ids()) {
    units.emplace_back(hash64(word), id);
  }
  std::ranges::sort(units);
  for (const auto& [hash, id] : units) {
    tables.unit_hashes.push_back(hash);
    tables.unit_ids.push_back(id);
  }
  return tables;
}

}  // namespace aludel::text
