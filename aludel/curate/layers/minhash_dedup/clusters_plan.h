#pragma once

// The plan that finds the near-duplicates of a corpus.

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/curate/layers/minhash_dedup/signature_index.h"
#include "aludel/curate/learn/corpus.h"

namespace aludel::curate::minhash_dedup {

/// What the plan needs of a document.
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
  std::span<const SignatureIndex> against = {};  // earlier corpora, with as many hashes
};

/// Returns the finding of a document in a cluster of two or more: {"id", "cluster", "kept",
/// "similarity"}. If `kept` is in an earlier corpus, "against" is that corpus's index.
Json member_row(const std::string& id, const std::string& cluster, const std::string& kept,
                double similarity, std::string_view against = "");

/// Finds what SignatureTable::clusters() finds, as stages. Sorts band keys with the sketches of
/// their documents, bands x (36 + bands x rows) bytes a document; makes pairs with an equal band
/// the edges of a graph; finds its components (exec/components.h); chooses the documents to keep of
/// each. Before that drops the documents that are min_similarity like one of an earlier corpus with
/// which they share a band (known_plan.h); no other document is dropped for them. Calls `sign` from
/// many threads.
Status fit_clusters(const CorpusFit& fit, const ClusterSettings& settings,
                    const SignDocument& sign);

}  // namespace aludel::curate::minhash_dedup
