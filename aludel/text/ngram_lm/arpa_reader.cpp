#include "aludel/text/ngram_lm/arpa_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

constexpr float kMissingUnknown = -100;
constexpr float kLargestLog10 = 1e30F;   // sums of an order's worth of them stay finite
constexpr std::size_t kShownBytes = 80;  // of a line in a message: a file without lines is one

}  // namespace

/// Reads line by line and keeps the place for messages.
class ArpaParser {
 public:
  ArpaParser(std::string_view text, std::uint64_t memory_bytes)
      : rest_(text), memory_bytes_(memory_bytes) {}

  Status read() {
    ALUDEL_TRY(read_counts());
    for (std::size_t order = 1; order <= counts_.size(); ++order) {
      ALUDEL_TRY(read_section(order));
    }
    if (line_ != "\\end\\") return corrupt_line("expected \\end\\");
    return Ok{};
  }

  std::vector<std::vector<ArpaModel::ArpaNgram>>& ngrams() { return ngrams_; }

  const ArpaModel::Ids& ids() const { return ids_; }

 private:
  Error corrupt_line(std::string_view what) const {
    return Error{Code::corrupt_data,
                 fmt::format("[arpa] line {}: {}, found '{}'", line_number_, what,
                             line_.substr(0, utf8_boundary(line_, kShownBytes)))};
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
    return check_sizes();
  }

  /// Before any memory is taken: what the text announces must have room in it, and in memory.
  Status check_sizes() const {
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const std::size_t shortest_line = 2 * (i + 2);  // one byte a field, one behind each
      if (counts_[i] > (rest_.size() + 1) / shortest_line) {
        return Error{Code::corrupt_data, fmt::format("[arpa] {} {}-grams in {} bytes", counts_[i],
                                                     i + 1, rest_.size())};
      }
      bytes += counts_[i] * sizeof(ArpaModel::ArpaNgram);
    }
    if (bytes > memory_bytes_) {
      return Error{Code::resource_exhausted,
                   fmt::format("[arpa] its n-grams take {} MB of memory, at most {} were allowed",
                               bytes / 1000000, memory_bytes_ / 1000000)};
    }
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
    ngrams_[order - 1].reserve(counts_[order - 1]);
    while (next_line() && !line_.starts_with('\\')) {
      if (ngrams_[order - 1].size() == counts_[order - 1]) break;
      ALUDEL_TRY(read_ngram(order));
    }
    if (ngrams_[order - 1].size() != counts_[order - 1]) {
      return corrupt_line(fmt::format("expected {} {}-grams, read {}", counts_[order - 1], order,
                                      ngrams_[order - 1].size()));
    }
    return Ok{};
  }

  void split_fields() {
    fields_.clear();
    for (std::size_t at = 0; at < line_.size();) {
      const std::size_t end = std::min(line_.find_first_of(" \t", at), line_.size());
      fields_.push_back(line_.substr(at, end - at));
      at = std::min(line_.find_first_not_of(" \t", end), line_.size());
    }
  }

  Status read_ngram(std::size_t order) {
    split_fields();
    const std::vector<std::string_view>& parts = fields_;
    ArpaModel::ArpaNgram ngram;
    const bool has_backoff = parts.size() == order + 2;
    if (parts.size() < order + 1 || parts.size() > order + 2 ||
        !parse_number(parts[0], ngram.probability) || !(ngram.probability <= 0) ||
        !(ngram.probability >= -kLargestLog10) ||
        (has_backoff && !parse_number(parts.back(), ngram.backoff)) ||
        !(std::abs(ngram.backoff) <= kLargestLog10)) {
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
  std::uint64_t memory_bytes_;
  std::vector<std::string_view> fields_;
  std::vector<std::vector<ArpaModel::ArpaNgram>> ngrams_;  // by order - 1
  ArpaModel::Ids ids_;
};

ArpaModel::ReversedWords ArpaModel::without_first(ReversedWords words, std::size_t order) {
  words[order - 1] = 0;
  return words;
}

ArpaModel::ReversedWords ArpaModel::without_last(const ReversedWords& words) {
  ReversedWords out = {};
  std::copy(words.begin() + 1, words.end(), out.begin());
  return out;
}

const ArpaModel::ArpaNgram* ArpaModel::find_ngram(const std::vector<ArpaNgram>& sorted,
                                                  const ReversedWords& words) {
  const auto found = std::ranges::lower_bound(sorted, words, {}, &ArpaNgram::words);
  return found == sorted.end() || found->words != words ? nullptr : &*found;
}

Status ArpaModel::take_marks(const Ids& ids) {
  units_.resize(ngrams_[0].size());
  for (const auto& [word, id] : ids) {
    units_[id] = hash64(word);
  }
  const auto unit_of = [&ids, this](std::string_view word) {
    const auto found = ids.find(word);
    return found == ids.end() ? kNoUnit : units_[found->second];
  };
  marks_ = {NgramUnits::tokens, unit_of("<s>"), unit_of("</s>"), unit_of("<unk>")};
  if (marks_.unknown == kNoUnit) marks_.unknown = unit_of("<UNK>");
  if (marks_.begin == kNoUnit || marks_.end == kNoUnit) {
    return Error{Code::corrupt_data, "[arpa] no <s> or no </s>"};
  }
  if (marks_.unknown == kNoUnit) {
    ArpaNgram unknown;
    unknown.words[0] = static_cast<std::uint32_t>(units_.size());
    unknown.probability = kMissingUnknown;
    ngrams_[0].push_back(unknown);
    marks_.unknown = hash64("<unk>");
    units_.push_back(marks_.unknown);
  }
  return Ok{};
}

Status ArpaModel::sort_ngrams() {
  for (std::size_t order = 2; order <= ngrams_.size(); ++order) {
    std::vector<ArpaNgram>& own = ngrams_[order - 1];
    std::ranges::sort(own, {}, &ArpaNgram::words);
    if (std::ranges::adjacent_find(own, {}, &ArpaNgram::words) != own.end()) {
      return Error{Code::corrupt_data, fmt::format("[arpa] a {}-gram occurs twice", order)};
    }
  }
  return Ok{};
}

/// Adds the endings that longer n-grams need but the file lacks, longest first.
void ArpaModel::add_missing_endings() {
  for (std::size_t order = ngrams_.size(); order > 2; --order) {
    std::vector<ArpaNgram>& shorter = ngrams_[order - 2];
    std::vector<ArpaNgram> missing;
    for (const ArpaNgram& ngram : ngrams_[order - 1]) {  // sorted: equal endings stand together
      const ReversedWords ending = without_first(ngram.words, order);
      if (find_ngram(shorter, ending) != nullptr) continue;
      if (!missing.empty() && missing.back().words == ending) continue;
      missing.push_back({.words = ending, .is_missing = true});
    }
    if (missing.empty()) continue;
    shorter.insert(shorter.end(), missing.begin(), missing.end());
    std::ranges::sort(shorter, {}, &ArpaNgram::words);
  }
}

void ArpaModel::back_off_missing() {
  for (std::size_t order = 2; order < ngrams_.size(); ++order) {
    for (ArpaNgram& ngram : ngrams_[order - 1]) {
      if (!ngram.is_missing) continue;
      const ArpaNgram* ending = find_ngram(ngrams_[order - 2], without_first(ngram.words, order));
      const ArpaNgram* context = find_ngram(ngrams_[order - 2], without_last(ngram.words));
      ngram.probability = ending->probability + (context == nullptr ? 0 : context->backoff);
    }
  }
}

Result<ArpaModel> ArpaModel::parse(std::string_view text, std::uint64_t memory_bytes) {
  ArpaParser parser(text, memory_bytes);
  ALUDEL_TRY(parser.read());
  ArpaModel model;
  model.ngrams_ = std::move(parser.ngrams());
  ALUDEL_TRY(model.take_marks(parser.ids()));
  ALUDEL_TRY(model.sort_ngrams());
  model.add_missing_endings();
  model.back_off_missing();
  return model;
}

Status ArpaModel::add_to(NgramSink& sink) const {
  for (std::size_t order = 1; order <= ngrams_.size(); ++order) {
    for (const ArpaNgram& ngram : ngrams_[order - 1]) {
      ALUDEL_TRY(sink.add(std::span(ngram.words).first(order), ngram.probability, ngram.backoff));
    }
  }
  return Ok{};
}

Status convert_arpa(std::string_view text, std::uint64_t memory_bytes, NgramPrecision precision,
                    const exec::SortPlace& place, io::ByteWriter& out) {
  const ArpaModel arpa = ALUDEL_TRY(ArpaModel::parse(text, memory_bytes));
  NgramTableWriter writer(place, arpa.order(), precision, arpa.units());
  ALUDEL_TRY(arpa.add_to(writer));
  return writer.finish(arpa.marks(), out);
}

}  // namespace aludel::text
