#pragma once

// Near-duplicates of a corpus that no process sees as a whole.

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/curate/layers/minhash_dedup/signature_index.h"
#include "aludel/curate/learn/corpus.h"

namespace aludel::curate::minhash_dedup {

/// What is kept of a document.
struct Signed {
  double quality = 0;
  std::uint64_t scope = 0;               // scope_key() of the document
  std::vector<std::uint32_t> signature;  // empty: the document is in no cluster
};

using SignDocument = std::function<Signed(const Document&)>;

struct ClusterSettings {
  std::size_t bands;
  std::size_t rows;
  double min_similarity;
  std::span<const SignatureIndex> against = {};  // earlier corpora; of as many hashes
};

/// {"id", "cluster", "kept", "similarity"} of a document in a cluster of two or more.
/// Of one that is like a document of an earlier corpus, "against" is that one's index.
Json member_row(const std::string& id, const std::string& cluster, const std::string& kept,
                double similarity, std::string_view against = "");

/// What SignatureTable::clusters() finds, as stages: band keys with the sketches of their documents
/// are sorted, bands x (36 + bands x rows) bytes a document; documents of an equal band are edges
/// of a graph; its components are connected by stages (exec/components.h), and of each what stays
/// is chosen. A document that is min_similarity like one of an earlier corpus, which shares a band
/// with it, falls before that (known_plan.h) and is nobody's keeper. `sign` is called from many
/// threads.
Status fit_clusters(const CorpusFit& fit, const ClusterSettings& settings,
                    const SignDocument& sign);

}  // namespace aludel::curate::minhash_dedup
