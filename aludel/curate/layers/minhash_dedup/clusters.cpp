#include "aludel/curate/layers/minhash_dedup/clusters.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "aludel/base/check.h"
#include "aludel/curate/layers/minhash_dedup/keepers.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"

namespace aludel::curate::minhash_dedup {
namespace {

/// Disjoint sets, named by their smallest member. Source: union-find with path halving.
class UnionFind {
 public:
  explicit UnionFind(std::size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }

  std::size_t find(std::size_t item) {
    while (parent_[item] != item) {
      parent_[item] = parent_[parent_[item]];
      item = parent_[item];
    }
    return item;
  }

  void join(std::size_t a, std::size_t b) {
    const auto [low, high] = std::minmax({find(a), find(b)});
    parent_[high] = low;
  }

 private:
  std::vector<std::size_t> parent_;
};

using Keyed = std::pair<std::uint64_t, std::size_t>;  // the key of a band, a document's number

/// Joins similar documents of equal key. A hot key costs its length, not its square: each document
/// is compared with the first and the one before it.
template <typename Similar>
void join_equal_keys(const std::vector<Keyed>& band, const Similar& similar, UnionFind& sets) {
  for (std::size_t i = 1, first = 0; i < band.size(); ++i) {
    if (band[i].first != band[first].first) {
      first = i;
      continue;
    }
    for (const std::size_t other : {first, i - 1}) {
      if (similar(band[other].second, band[i].second)) {
        sets.join(band[other].second, band[i].second);
      }
    }
  }
}

}  // namespace

void SignatureTable::add(std::string_view id, double quality,
                         std::span<const std::uint32_t> signature, std::uint64_t scope) {
  ALUDEL_CHECK(hashes_ == 0 || hashes_ == signature.size(), "signatures of one size");
  hashes_ = signature.size();
  ids_.emplace_back(id);
  qualities_.push_back(quality);
  const std::vector<std::uint64_t> keys = band_keys(signature, rows_, scope);
  keys_.insert(keys_.end(), keys.begin(), keys.end());
  const std::vector<std::uint64_t> plain = band_keys(signature, rows_);
  plain_keys_.insert(plain_keys_.end(), plain.begin(), plain.end());
  sketches_ += sketch_of(signature);
}

Status SignatureTable::add_known(const SignatureIndex& index) {
  indexes_.emplace_back(index.name());
  return index.read(0, index.documents(),
                    [&](const Hash128& id, std::span<const std::uint32_t> signature) -> Status {
                      known_.push_back({indexes_.size() - 1, id.hex(), sketch_of(signature),
                                        band_keys(signature, rows_)});
                      return Ok{};
                    });
}

void SignatureTable::merge(SignatureTable& later) {
  if (later.ids_.empty()) return;
  hashes_ = later.hashes_;
  std::ranges::move(later.ids_, std::back_inserter(ids_));
  qualities_.insert(qualities_.end(), later.qualities_.begin(), later.qualities_.end());
  keys_.insert(keys_.end(), later.keys_.begin(), later.keys_.end());
  plain_keys_.insert(plain_keys_.end(), later.plain_keys_.begin(), later.plain_keys_.end());
  sketches_ += later.sketches_;
}

std::string_view SignatureTable::sketch(std::size_t document) const {
  return std::string_view(sketches_).substr(document * hashes_, hashes_);
}

double SignatureTable::similarity(std::size_t a, std::size_t b) const {
  return sketch_similarity(sketch(a), sketch(b));
}

std::vector<std::optional<Member>> SignatureTable::find_known(double min_similarity) const {
  std::vector<const Known*> ranked;
  for (const Known& known : known_) {
    ranked.push_back(&known);
  }
  std::ranges::sort(ranked, {}, [](const Known* known) { return known->rank(); });
  std::map<std::uint64_t, std::vector<const Known*>> by_key;
  for (const Known* known : ranked) {
    for (const std::uint64_t key : known->keys) {
      if (by_key[key].size() < kMostOfAKey) by_key[key].push_back(known);
    }
  }
  std::vector<std::optional<Member>> found(ids_.size());
  const std::size_t bands = hashes_ / rows_;
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    if (qualities_[i] == kSettled) continue;
    std::set<std::tuple<double, std::size_t, std::string>> alike;  // the most alike first
    for (const std::uint64_t key : std::span(plain_keys_).subspan(i * bands, bands)) {
      const auto same = by_key.find(key);
      if (same == by_key.end()) continue;
      for (const Known* known : same->second) {
        const double similarity = sketch_similarity(sketch(i), known->sketch);
        if (similarity >= min_similarity) alike.insert({-similarity, known->index, known->id});
      }
    }
    if (alike.empty()) continue;
    const auto& [fewer, index, id] = *alike.begin();
    found[i] = Member{ids_[i], id, id, -fewer, indexes_[index]};
  }
  return found;
}

std::vector<Member> SignatureTable::clusters(double min_similarity, Threads& threads) const {
  const std::size_t count = ids_.size();
  if (count == 0) return {};
  // 1. Number the documents by id, so that nothing depends on the order of the shards.
  std::vector<std::size_t> by_id(count);
  std::iota(by_id.begin(), by_id.end(), std::size_t{0});
  std::ranges::sort(by_id, [&](std::size_t a, std::size_t b) { return ids_[a] < ids_[b]; });
  // 2. Sort each band's (key, number).
  const std::size_t bands = hashes_ / rows_;
  std::vector<std::vector<Keyed>> sorted(bands);
  threads.parallel_for(bands, [&](std::size_t band) {
    sorted[band].reserve(count);
    for (std::size_t number = 0; number < count; ++number) {
      sorted[band].emplace_back(keys_[by_id[number] * bands + band], number);
    }
    std::ranges::sort(sorted[band]);
  });
  // 3. Join documents of equal key.
  const auto similar = [&](std::size_t a, std::size_t b) {
    return min_similarity <= 0 || similarity(by_id[a], by_id[b]) >= min_similarity;
  };
  UnionFind sets(count);
  for (const std::vector<Keyed>& band : sorted) {
    join_equal_keys(band, similar, sets);
  }
  // 4. Choose the documents to keep of each set.
  std::vector<std::vector<std::size_t>> clusters(count);
  for (std::size_t number = 0; number < count; ++number) {
    clusters[sets.find(number)].push_back(by_id[number]);
  }
  std::vector<Member> members;
  const auto known = find_known(min_similarity);
  for (const std::optional<Member>& fallen : known) {
    if (fallen) members.push_back(*fallen);
  }
  for (std::vector<std::size_t>& cluster : clusters) {
    if (cluster.size() <= 1) continue;
    std::erase_if(cluster, [&](std::size_t item) { return known[item].has_value(); });
    if (!cluster.empty()) choose(cluster, min_similarity, members);
  }
  std::ranges::sort(members, {}, &Member::id);
  return members;
}

void SignatureTable::choose(std::vector<std::size_t>& cluster, double min_similarity,
                            std::vector<Member>& members) const {
  std::ranges::stable_sort(
      cluster, [&](std::size_t a, std::size_t b) { return qualities_[a] > qualities_[b]; });
  Keepers keepers(min_similarity, rows_);
  std::vector<std::size_t> kept;
  for (const std::size_t item : cluster) {
    const Keepers::Choice choice = keepers.add(sketch(item));
    if (choice.stays) kept.push_back(item);
    members.push_back(
        {ids_[item], ids_[cluster.front()], ids_[kept[choice.kept]], choice.similarity});
  }
}

}  // namespace aludel::curate::minhash_dedup
