#include "aludel/curate/layers/quality/coherence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "aludel/base/utf8.h"

namespace aludel::curate::quality {
namespace {

constexpr std::size_t kPassageTerms = 25;
constexpr std::size_t kSideTerms = 50;
constexpr double kCommonestShare = 0.5;  // terms of more documents say nothing
constexpr double kRarestShare = 0.0003;  // an unseen term is no rarer than this
constexpr double kSmoothing = 8;         // rarity added to what is shared and to what chance shares
constexpr std::size_t kLevels = 64;      // of document share, for the sums over terms

/// Index of the first term behind each passage.
std::vector<std::size_t> passage_ends(std::string_view text, const std::vector<text::Term>& terms) {
  std::vector<std::size_t> ends;
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < terms.size(); ++i) {
    if (++count < kPassageTerms || terms[i + 1].begin < terms[i].end) continue;
    const std::string_view between = text.substr(terms[i].end, terms[i + 1].begin - terms[i].end);
    const bool ends_line = between.find('\n') != std::string_view::npos;
    const bool ends_sentence =
        between.find_first_of(".!?") != std::string_view::npos && between.size() > 1;
    const bool ends_cjk_sentence = between.find("。") != std::string_view::npos ||
                                   between.find("！") != std::string_view::npos ||
                                   between.find("？") != std::string_view::npos;
    if (!ends_line && !ends_sentence && !ends_cjk_sentence) continue;
    ends.push_back(i + 1);
    count = 0;
  }
  return ends;
}

/// A distinct term of the text that is not too common to count.
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

/// What terms on one side of a gap weigh, by level of document share.
struct SideWeight {
  std::array<double, kLevels> rarity{};
  std::array<double, kLevels> log_absent{};  // log(1 - share) at the level's middle

  SideWeight() {
    for (std::size_t level = 0; level < kLevels; ++level) {
      const double middle = (static_cast<double>(level) + 0.5) / kLevels;
      log_absent[level] = std::log1p(-std::exp(middle * std::log(kRarestShare)));
    }
  }

  /// Rarity of the terms that a side of `documents` mean lengths would have by chance.
  double by_chance(double documents) const {
    double sum = 0;
    for (std::size_t level = 0; level < kLevels; ++level) {
      if (rarity[level] > 0) sum += rarity[level] * -std::expm1(documents * log_absent[level]);
    }
    return sum;
  }
};

struct Gap {
  std::size_t term = 0;  // first of the second side
  double lift = 0;
  double depth = 0;  // by how much the median of the gaps' lifts is above
};

/// The gap of least lift; its term is 0 when no gap has room on both sides.
Gap least_lift(const std::vector<std::size_t>& ends, const std::vector<text::Term>& terms,
               std::vector<Place>& places, double mean_terms) {
  std::vector<double> shared(terms.size() + 1, 0);  // change of the rarity shared, by term
  SideWeight left;
  SideWeight right;
  std::vector<const Place*> by_last;
  for (const Place& place : places) {
    shared[place.first] += place.rarity;
    shared[place.last] -= place.rarity;
    right.rarity[place.level] += place.rarity;
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
      left.rarity[places[next_first].level] += places[next_first].rarity;
    }
    for (; next_last < by_last.size() && by_last[next_last]->last < end; ++next_last) {
      double& rarity = right.rarity[by_last[next_last]->level];
      rarity = std::max(0.0, rarity - by_last[next_last]->rarity);
    }
    if (end < kSideTerms || terms.size() - end < kSideTerms) continue;
    const double chance = left.by_chance(static_cast<double>(terms.size() - end) / mean_terms) / 2 +
                          right.by_chance(static_cast<double>(end) / mean_terms) / 2;
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

/// Cosine of the sides' vectors of (1 + log count) x rarity.
double cosine_of_sides(const std::vector<text::Term>& terms, std::size_t gap,
                       const text::TermStatistics& statistics) {
  std::vector<std::uint32_t> left;
  std::vector<std::uint32_t> right;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    (i < gap ? left : right).push_back(terms[i].bucket);
  }
  std::ranges::sort(left);
  std::ranges::sort(right);
  double dot = 0;
  double left_square = 0;
  double right_square = 0;
  const auto count_of = [](const std::vector<std::uint32_t>& side, std::size_t& at,
                           std::uint32_t bucket) {
    std::size_t count = 0;
    for (; at < side.size() && side[at] == bucket; ++at) {
      ++count;
    }
    return count == 0 ? 0.0 : 1 + std::log(static_cast<double>(count));
  };
  for (std::size_t i = 0, j = 0; i < left.size() || j < right.size();) {
    const std::uint32_t bucket =
        j == right.size() || (i < left.size() && left[i] < right[j]) ? left[i] : right[j];
    const double rarity = statistics.rarity(bucket);
    const double a = count_of(left, i, bucket) * rarity;
    const double b = count_of(right, j, bucket) * rarity;
    dot += a * b;
    left_square += a * a;
    right_square += b * b;
  }
  return dot / std::sqrt(left_square * right_square + 1e-9);
}

/// Share of the terms that are pairs of CJK letters: they overlap, so that half as much text has as
/// many of them.
double share_of_cjk(std::string_view text, const std::vector<text::Term>& terms) {
  const auto pairs = std::ranges::count_if(terms, [text](const text::Term& term) {
    return is_cjk(decode_utf8(text, term.begin).value);
  });
  return static_cast<double>(pairs) / static_cast<double>(terms.size());
}

}  // namespace

Seam find_seam(std::string_view text, const text::TermStatistics& statistics) {
  const std::vector<text::Term> terms = text::split_terms(text);
  const std::vector<std::size_t> ends = passage_ends(text, terms);
  std::vector<Place> places = places_of(terms, statistics);
  const Gap gap = least_lift(ends, terms, places, std::max(1.0, statistics.mean_terms()));
  if (gap.term == 0) return {};
  const double cosine = cosine_of_sides(terms, gap.term, statistics);
  const auto shorter = static_cast<double>(std::min(gap.term, terms.size() - gap.term));
  // Fitted to pages of three manuals, English and Chinese, against joined halves of pages of two of
  // them; see docs/log/2026-11-24-planted-defects.md.
  const double logit = -0.85 - 4.0 * share_of_cjk(text, terms) - 0.94 * gap.lift +
                       1.77 * gap.depth - 2.72 * (std::log(cosine + 0.005) + 3) +
                       1.44 * std::log(shorter / 100);
  std::size_t position = terms[gap.term].begin;
  const std::size_t line = text.rfind('\n', position);
  if (line != std::string_view::npos && line >= terms[gap.term - 1].end) position = line + 1;
  return {position, 1 / (1 + std::exp(-logit))};
}

}  // namespace aludel::curate::quality
