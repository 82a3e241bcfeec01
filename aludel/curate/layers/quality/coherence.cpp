#include "aludel/curate/layers/quality/coherence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <unordered_map>
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

/// A distinct term of the text, unless it is too common to count.
struct Place {
  std::size_t first;
  std::size_t last;
  std::size_t level;
  double rarity;
  double share;
};

std::vector<Place> places_of(const std::vector<text::Term>& terms,
                             const text::TermStatistics& statistics) {
  std::unordered_map<std::uint32_t, std::size_t> index;
  std::vector<Place> places;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const auto [entry, is_new] = index.try_emplace(terms[i].bucket, places.size());
    if (!is_new) {
      places[entry->second].last = i;
      continue;
    }
    const double share = std::max(statistics.document_share(terms[i].bucket), kRarestShare);
    const double rarity = -std::log(share);
    const double position = rarity / -std::log(kRarestShare) * (kLevels - 1);
    places.push_back({i, i, static_cast<std::size_t>(std::max(position, 0.0)), rarity, share});
  }
  std::erase_if(places, [](const Place& place) { return place.share > kCommonestShare; });
  return places;
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
Gap least_lift(const std::vector<std::size_t>& ends, const std::vector<text::Term>& terms,
               std::vector<Place>& places, double mean_terms) {
  static const ChanceTable chances;
  std::vector<double> shared(terms.size() + 1, 0);  // change of the rarity shared, by term
  SideWeight left;
  SideWeight right;
  std::vector<const Place*> by_last;
  for (const Place& place : places) {
    shared[place.first] += place.rarity;
    shared[place.last] -= place.rarity;
    right.rarity[place.level] += static_cast<float>(place.rarity);
    by_last.push_back(&place);
  }
  std::ranges::sort(by_last, {}, &Place::last);
  Gap best;
  std::vector<double> lifts;
  double shared_now = 0;
  std::size_t at = 0;
  std::size_t next_first = 0;  // places are in order of `first`
  std::size_t next_last = 0;
  for (const std::size_t end : ends) {
    for (; at < end; ++at) {
      shared_now += shared[at];
    }
    for (; next_first < places.size() && places[next_first].first < end; ++next_first) {
      left.rarity[places[next_first].level] += static_cast<float>(places[next_first].rarity);
    }
    for (; next_last < by_last.size() && by_last[next_last]->last < end; ++next_last) {
      float& rarity = right.rarity[by_last[next_last]->level];
      rarity = std::max(0.0F, rarity - static_cast<float>(by_last[next_last]->rarity));
    }
    if (end < kSideTerms || terms.size() - end < kSideTerms) continue;
    const double after = static_cast<double>(terms.size() - end) / mean_terms;
    const double before = static_cast<double>(end) / mean_terms;
    const double chance =
        left.by_chance(chances.row(after)) / 2 + right.by_chance(chances.row(before)) / 2;
    const double lift = std::log((std::max(0.0, shared_now) + kSmoothing) / (chance + kSmoothing));
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
  return term.end - term.begin >= kLeastNameBytes &&
         u_isUUppercase(static_cast<UChar32>(decode_utf8(text, term.begin).value)) != 0;
}

/// Returns the terms of one side, sorted; the lowest bit says that a term is capitalised.
std::vector<std::uint32_t> side_codes(std::string_view text, std::span<const text::Term> terms) {
  std::vector<std::uint32_t> codes;
  codes.reserve(terms.size());
  for (const text::Term& term : terms) {
    codes.push_back(term.bucket * 2 + (is_capitalised(text, term) ? 1 : 0));
  }
  std::ranges::sort(codes);
  return codes;
}

/// The occurrences of one bucket on one side.
struct Occurrences {
  std::size_t count = 0;
  bool is_name = false;

  double weight(double rarity) const {
    return count == 0 ? 0 : (1 + std::log(static_cast<double>(count))) * rarity;
  }
};

Occurrences occurrences_of(const std::vector<std::uint32_t>& codes, std::size_t& at,
                           std::uint32_t bucket) {
  Occurrences found;
  for (; at < codes.size() && codes[at] / 2 == bucket; ++at) {
    ++found.count;
    found.is_name = codes[at] % 2 == 1;
  }
  return found;
}

SideTerms compare_sides(std::string_view text, const std::vector<text::Term>& terms,
                        std::size_t gap, const text::TermStatistics& statistics) {
  const std::vector<std::uint32_t> left = side_codes(text, std::span(terms).first(gap));
  const std::vector<std::uint32_t> right = side_codes(text, std::span(terms).subspan(gap));
  SideTerms sides;
  double dot = 0;
  double left_square = 0;
  double right_square = 0;
  double shared_names = 0;
  double left_names = 0;
  double right_names = 0;
  for (std::size_t i = 0, j = 0; i < left.size() || j < right.size();) {
    const bool is_left = j == right.size() || (i < left.size() && left[i] / 2 <= right[j] / 2);
    const std::uint32_t bucket = (is_left ? left[i] : right[j]) / 2;
    const double share = statistics.document_share(bucket);
    const double rarity = -std::log(share);
    const Occurrences before = occurrences_of(left, i, bucket);
    const Occurrences after = occurrences_of(right, j, bucket);
    const SideTerm term{bucket, before.weight(rarity), after.weight(rarity)};
    dot += term.left * term.right;
    left_square += term.left * term.left;
    right_square += term.right * term.right;
    sides.terms.push_back(term);
    if (share >= kCommonestName) continue;
    left_names += before.is_name ? 1 : 0;
    right_names += after.is_name ? 1 : 0;
    shared_names += before.is_name && after.is_name ? rarity : 0;
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
    return is_cjk(decode_utf8(text, term.begin).value);
  });
  return static_cast<double>(pairs) / static_cast<double>(terms.size());
}

}  // namespace

Seam SeamFinder::find(std::string_view text) const {
  const std::vector<text::Term> terms = text::split_terms(text);
  const std::vector<std::size_t> ends = sentence_ends(text, terms);
  std::vector<Place> places = places_of(terms, statistics_);
  const Gap gap = least_lift(ends, terms, places, std::max(1.0, statistics_.mean_terms()));
  if (gap.term == 0) return {};
  const SideTerms sides = compare_sides(text, terms, gap.term, statistics_);
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
