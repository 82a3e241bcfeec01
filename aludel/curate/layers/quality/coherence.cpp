#include "aludel/curate/layers/quality/coherence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <unicode/uchar.h>

#include "aludel/base/utf8.h"

namespace aludel::curate::quality {
namespace {

constexpr std::size_t kSideTerms = 50;
constexpr double kCommonestShare = 0.5;  // terms of more documents say nothing
constexpr double kRarestShare = 0.0003;  // an unseen term is no rarer than this
constexpr double kSmoothing = 8;         // rarity added to the shared and to the chance rarity
constexpr std::size_t kLevels = 64;      // of document share, for the sums over terms
constexpr double kCommonestName = 0.3;   // a capitalised term of more documents is not a name
constexpr std::size_t kLeastNameBytes = 3;
constexpr double kNameSmoothing = 4;  // the same for the shared and the expected names
constexpr double kExpectedOfName = 0.5;
constexpr double kCosineSmoothing = 0.02;

/// Returns the index of the first term behind each end of a sentence or line.
std::vector<std::size_t> sentence_ends(std::string_view text,
                                       const std::vector<text::Term>& terms) {
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i + 1 < terms.size(); ++i) {
    if (terms[i + 1].begin <= terms[i].end) continue;
    const std::string_view between = text.substr(terms[i].end, terms[i + 1].begin - terms[i].end);
    if (between == " ") continue;
    const bool ends_line = between.find('\n') != std::string_view::npos;
    const bool ends_sentence =
        between.find_first_of(".!?") != std::string_view::npos && between.size() > 1;
    const bool ends_cjk_sentence = between.find("。") != std::string_view::npos ||
                                   between.find("！") != std::string_view::npos ||
                                   between.find("？") != std::string_view::npos;
    if (ends_line || ends_sentence || ends_cjk_sentence) ends.push_back(i + 1);
  }
  return ends;
}

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

/// A distinct term of a text.
struct Place {
  std::uint32_t bucket = 0;
  std::uint32_t first = 0;  // where the text has it
  std::uint32_t last = 0;
  std::uint32_t level = 0;
  double share = 0;   // of documents
  double rarity = 0;  // -log(share)

  bool is_too_common() const { return share > kCommonestShare; }

  /// No term is rarer than an unseen one.
  double lift_rarity() const { return std::min(rarity, -std::log(kRarestShare)); }
};

/// The terms of a text in its order, and the distinct ones by their numbers.
struct TermPlaces {
  std::vector<std::uint32_t> numbers;
  std::vector<Place> places;
};

TermPlaces places_of(const std::vector<text::Term>& terms, const text::TermStatistics& statistics) {
  text::DistinctTerms distinct = text::distinct_terms(terms);
  std::vector<Place> places(distinct.buckets.size());
  for (std::size_t number = 0; number < places.size(); ++number) {
    Place& place = places[number];
    place.bucket = distinct.buckets[number];
    place.share = statistics.document_share(place.bucket);
    place.rarity = -std::log(place.share);
    const double level = place.lift_rarity() / -std::log(kRarestShare) * (kLevels - 1);
    place.level = static_cast<std::uint32_t>(std::max(level, 0.0));
  }
  for (std::size_t i = distinct.numbers.size(); i-- > 0;) {
    places[distinct.numbers[i]].first = static_cast<std::uint32_t>(i);
  }
  for (std::size_t i = 0; i < distinct.numbers.size(); ++i) {
    places[distinct.numbers[i]].last = static_cast<std::uint32_t>(i);
  }
  return {std::move(distinct.numbers), std::move(places)};
}

/// Probabilities that a side has a term by chance, by the side's length and the term's level.
/// OPTIMIZATION: lengths are rounded to a sixteenth of an octave, so that a gap needs no exp().
class ChanceTable {
 public:
  using Row = std::array<float, kLevels>;

  ChanceTable() : rows_(2 * kOctaves * kSteps + 1) {
    for (std::size_t step = 0; step < rows_.size(); ++step) {
      const double documents =
          std::exp2(static_cast<double>(step) / static_cast<double>(kSteps) - kOctaves);
      for (std::size_t level = 0; level < kLevels; ++level) {
        const double middle = (static_cast<double>(level) + 0.5) / kLevels;
        const double log_absent = std::log1p(-std::exp(middle * std::log(kRarestShare)));
        rows_[step][level] = static_cast<float>(-std::expm1(documents * log_absent));
      }
    }
  }

  /// Returns the row for a side as long as `documents` mean documents.
  const Row& row(double documents) const {
    const double step = (std::log2(documents) + kOctaves) * kSteps + 0.5;
    return rows_[static_cast<std::size_t>(
        std::clamp(step, 0.0, static_cast<double>(rows_.size() - 1)))];
  }

 private:
  static constexpr int kOctaves = 10;  // below and above the mean length
  static constexpr int kSteps = 16;

  std::vector<Row> rows_;
};

/// The rarity of the terms on one side of a gap, by level of document share.
struct SideWeight {
  std::array<float, kLevels> rarity{};

  /// Returns the rarity of a side's terms that chance explains. Adds four sums in a fixed order.
  double by_chance(const ChanceTable::Row& chance) const {
    std::array<float, 4> sums{};
    for (std::size_t level = 0; level < kLevels; level += sums.size()) {
      for (std::size_t i = 0; i < sums.size(); ++i) {
        sums[i] += rarity[level + i] * chance[level + i];
      }
    }
    return static_cast<double>((sums[0] + sums[1]) + (sums[2] + sums[3]));
  }
};

struct Gap {
  std::size_t term = 0;  // first of the second side
  double lift = 0;
  double depth = 0;  // median of all gaps' lifts minus this lift
};

/// Returns the gap with the least lift; its term is 0 if no gap has enough terms on both sides.
Gap least_lift(const std::vector<std::size_t>& ends, const TermPlaces& terms, double mean_terms) {
  static const ChanceTable chances;
  SideWeight left;
  SideWeight right;
  for (const Place& place : terms.places) {
    if (!place.is_too_common()) {
      right.rarity[place.level] += static_cast<float>(place.lift_rarity());
    }
  }
  const std::size_t count = terms.numbers.size();
  Gap best;
  std::vector<double> lifts;
  double shared = 0;  // the rarity of the terms that both sides have
  std::size_t at = 0;
  for (const std::size_t end : ends) {
    for (; at < end; ++at) {
      const Place& place = terms.places[terms.numbers[at]];
      if (place.is_too_common() || (at != place.first && at != place.last)) continue;
      const double rarity = place.lift_rarity();
      if (at != place.last) shared += rarity;
      if (at != place.first) shared -= rarity;
      if (at == place.first) left.rarity[place.level] += static_cast<float>(rarity);
      if (at == place.last) {
        float& remaining = right.rarity[place.level];
        remaining = std::max(0.0F, remaining - static_cast<float>(rarity));
      }
    }
    if (end < kSideTerms || count - end < kSideTerms) continue;
    const double after = static_cast<double>(count - end) / mean_terms;
    const double before = static_cast<double>(end) / mean_terms;
    const double chance =
        left.by_chance(chances.row(after)) / 2 + right.by_chance(chances.row(before)) / 2;
    const double lift = std::log((std::max(0.0, shared) + kSmoothing) / (chance + kSmoothing));
    lifts.push_back(lift);
    if (best.term == 0 || lift < best.lift) best = {end, lift, 0};
  }
  if (lifts.empty()) return best;
  const auto middle = lifts.begin() + static_cast<std::ptrdiff_t>(lifts.size() / 2);
  std::ranges::nth_element(lifts, middle);
  best.depth = *middle - best.lift;
  return best;
}

/// The terms of two sides, and how much the sides have in common.
struct SideTerms {
  std::vector<SideTerm> terms;  // (1 + log count) x rarity, in order of their buckets
  double cosine = 0;
  double names = 0;  // log of the shared names' rarity / the expected rarity
};

/// True if the term begins with a capital and is not an initial.
bool is_capitalised(std::string_view text, const text::Term& term) {
  if (term.end - term.begin < kLeastNameBytes) return false;
  const char first = text[term.begin];
  if (is_ascii(first)) return first >= 'A' && first <= 'Z';
  return u_isUUppercase(static_cast<UChar32>(decode_utf8(text, term.begin).value)) != 0;
}

/// The occurrences of a term on one side.
struct Occurrences {
  std::uint32_t count = 0;
  bool is_name = false;

  double weight(double rarity) const {
    return count == 0 ? 0 : (1 + std::log(static_cast<double>(count))) * rarity;
  }
};

/// Those of each distinct term, in [begin, end) of the text's terms.
std::vector<Occurrences> occurrences_in(std::string_view text, const std::vector<text::Term>& terms,
                                        const TermPlaces& places, std::size_t begin,
                                        std::size_t end) {
  std::vector<Occurrences> found(places.places.size());
  for (std::size_t i = begin; i < end; ++i) {
    Occurrences& own = found[places.numbers[i]];
    ++own.count;
    own.is_name = own.is_name || is_capitalised(text, terms[i]);
  }
  return found;
}

/// Returns the numbers of the distinct terms in the order of their buckets: sums have that order.
std::vector<std::uint32_t> by_bucket(const std::vector<Place>& places) {
  std::vector<std::uint64_t> keys(places.size());
  for (std::size_t number = 0; number < places.size(); ++number) {
    keys[number] = std::uint64_t{places[number].bucket} << 32U | number;
  }
  std::ranges::sort(keys);
  std::vector<std::uint32_t> numbers(keys.size());
  std::ranges::transform(keys, numbers.begin(),
                         [](std::uint64_t key) { return static_cast<std::uint32_t>(key); });
  return numbers;
}

SideTerms compare_sides(std::string_view text, const std::vector<text::Term>& terms,
                        const TermPlaces& places, std::size_t gap) {
  const std::vector<Occurrences> left = occurrences_in(text, terms, places, 0, gap);
  const std::vector<Occurrences> right = occurrences_in(text, terms, places, gap, terms.size());
  SideTerms sides;
  sides.terms.reserve(places.places.size());
  double dot = 0;
  double left_square = 0;
  double right_square = 0;
  double shared_names = 0;
  double left_names = 0;
  double right_names = 0;
  for (const std::uint32_t number : by_bucket(places.places)) {
    const Place& place = places.places[number];
    const Occurrences& before = left[number];
    const Occurrences& after = right[number];
    const SideTerm term{place.bucket, before.weight(place.rarity), after.weight(place.rarity)};
    dot += term.left * term.right;
    left_square += term.left * term.left;
    right_square += term.right * term.right;
    sides.terms.push_back(term);
    if (place.share >= kCommonestName) continue;
    left_names += before.is_name ? 1 : 0;
    right_names += after.is_name ? 1 : 0;
    shared_names += before.is_name && after.is_name ? place.rarity : 0;
  }
  sides.cosine = dot / std::sqrt(left_square * right_square + 1e-9);
  sides.names = std::log((shared_names + kNameSmoothing) /
                         (kExpectedOfName * std::sqrt(left_names * right_names) + kNameSmoothing));
  return sides;
}

/// Returns the share of terms that are pairs of CJK letters. Pairs overlap, so that half as much
/// text has as many of them.
double share_of_cjk(std::string_view text, const std::vector<text::Term>& terms) {
  const auto pairs = std::ranges::count_if(terms, [text](const text::Term& term) {
    return !is_ascii(text[term.begin]) && is_cjk(decode_utf8(text, term.begin).value);
  });
  return static_cast<double>(pairs) / static_cast<double>(terms.size());
}

}  // namespace

Seam SeamFinder::find(std::string_view text) const {
  const std::vector<text::Term> terms = text::split_terms(text);
  const std::vector<std::size_t> ends = sentence_ends(text, terms);
  const TermPlaces places = places_of(terms, statistics_);
  const Gap gap = least_lift(ends, places, std::max(1.0, statistics_.mean_terms()));
  if (gap.term == 0) return {};
  const SideTerms sides = compare_sides(text, terms, places, gap.term);
  const double likeness = references_.likeness(sides.terms);
  const auto shorter = static_cast<double>(std::min(gap.term, terms.size() - gap.term));
  // Fitted to web pages of three collections and joined halves of them;
  // see docs/log/2026-12-01-seams.md.
  const double logit = -7.0 - 2.0 * share_of_cjk(text, terms) + 0.64 * gap.depth -
                       2.79 * std::log(sides.cosine + kCosineSmoothing) - 5.7 * likeness -
                       0.91 * sides.names + 1.71 * std::log(shorter / 100);
  std::size_t position = terms[gap.term].begin;
  const std::size_t line = text.rfind('\n', position);
  if (line != std::string_view::npos && line >= terms[gap.term - 1].end) position = line + 1;
  return {position, 1 / (1 + std::exp(-logit))};
}

}  // namespace aludel::curate::quality
