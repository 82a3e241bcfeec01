#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/temporary_folder.h"
#include "tests/written_findings.h"
#include <gtest/gtest.h>

#include "aludel/base/threads.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/document/packed_id.h"
#include "aludel/curate/layers/exact_dedup/duplicates_plan.h"
#include "aludel/curate/layers/exact_dedup/repeats.h"
#include "aludel/curate/layers/exact_dedup/repeats_plan.h"
#include "aludel/curate/layers/minhash_dedup/clusters.h"
#include "aludel/curate/layers/minhash_dedup/clusters_plan.h"
#include "aludel/curate/layers/minhash_dedup/keepers.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"
#include "aludel/curate/layers/paragraph_dedup/paragraphs.h"
#include "aludel/curate/layers/paragraph_dedup/paragraphs_plan.h"
#include "aludel/curate/layers/semantic/described.h"
#include "aludel/curate/layers/semantic/near_copies.h"
#include "aludel/curate/layers/shared/scope.h"
#include "aludel/curate/learn/findings.h"
#include "aludel/text/language.h"

// What the plans of the layers that compare documents must find, computed in one process's memory.
namespace aludel::curate {

/// Sees the documents of a corpus in order, and writes their findings.
class Fit {
 public:
  virtual ~Fit() = default;
  virtual void observe(const Document& document) = 0;
  virtual Status finish(io::FileSystem& files, const std::string& state_folder) = 0;
};

class ParagraphFit final : public Fit {
 public:
  explicit ParagraphFit(Scope scope) : scope_(scope) {}

  void observe(const Document& document) override {
    const auto paragraphs = paragraph_dedup::split_paragraphs(document.text);
    const std::uint64_t scope = scope_key(scope_, document);
    for (std::size_t i = 0; i < paragraphs.size(); ++i) {
      if (paragraphs[i].words == 0) continue;
      places_.push_back({in_scope(paragraphs[i].hash, scope), ids_.size(), i});
    }
    ids_.push_back(document.id);
  }

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    std::set<Hash128> seen;
    std::vector<Json> rows(ids_.size());
    for (const ParagraphPlace& place : places_) {  // they are in the order of the corpus
      if (seen.insert(place.hash).second) continue;
      paragraph_dedup::add_repeated(rows[place.document], ids_[place.document], place.index);
    }
    return write_all_findings(files, state_folder, "paragraph_dedup", ids_, rows);
  }

 private:
  struct ParagraphPlace {
    Hash128 hash;
    std::size_t document;
    std::size_t index;
  };

  Scope scope_;
  std::vector<ParagraphPlace> places_;
  std::vector<std::string> ids_;
};

class ExactFit final : public Fit {
 public:
  explicit ExactFit(exact_dedup::Comparison comparison, std::size_t min_words)
      : comparison_(comparison), min_words_(min_words) {}

  void observe(const Document& document) override {
    ids_.push_back(document.id);
    copies_.push_back(exact_dedup::copy_of(document, comparison_));
    if (min_words_ > 0) {
      words_.add(exact_dedup::repeat_word_hashes(document, comparison_.scope));
    }
  }

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    std::vector<Json> rows(ids_.size());
    std::vector<bool> dropped(ids_.size(), false);
    for (const exact_dedup::Duplicate& duplicate : exact_dedup::find_duplicates(copies_)) {
      const std::size_t i = duplicate.document;
      dropped[i] = true;
      rows[i]["id"] = ids_[i];
      rows[i]["reason"] = duplicate.reason;
      rows[i]["of"] = ids_[duplicate.kept];
    }
    if (min_words_ > 0) {
      const auto cuts = exact_dedup::find_repeats(words_, min_words_, dropped);
      for (std::size_t i = 0; i < cuts.size(); ++i) {
        for (const Range& cut : cuts[i]) {
          if (rows[i].is_null()) rows[i]["id"] = ids_[i];
          rows[i]["cut_words"].push_back(static_cast<std::int64_t>(cut.begin));
          rows[i]["cut_words"].push_back(static_cast<std::int64_t>(cut.end));
        }
      }
    }
    return write_all_findings(files, state_folder, "exact_dedup", ids_, rows);
  }

 private:
  exact_dedup::Comparison comparison_;
  std::size_t min_words_;
  std::vector<std::string> ids_;
  std::vector<exact_dedup::Copy> copies_;
  exact_dedup::WordSequences words_;
};

class MinhashFit final : public Fit {
 public:
  MinhashFit(const minhash_dedup::ClusterSettings& settings, minhash_dedup::SignDocument sign,
             Threads& threads)
      : settings_(settings), sign_(std::move(sign)), threads_(threads), table_(settings.rows) {}

  void observe(const Document& document) override {
    ids_.push_back(document.id);
    const minhash_dedup::Signed made = sign_(document);
    if (made.signature.empty()) return;
    table_.add(document.id, made.quality, made.signature, made.scope);
  }

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    for (const minhash_dedup::SignatureIndex& index : settings_.against) {
      ALUDEL_TRY(table_.add_known(index));
    }
    std::unordered_map<std::string, Json> rows;
    for (const auto& member : table_.clusters(settings_.min_similarity, threads_)) {
      rows[member.id] = minhash_dedup::member_row(member.id, member.cluster, member.kept,
                                                  member.similarity, member.against);
    }
    std::vector<Json> in_order;
    for (const std::string& id : ids_) {
      in_order.push_back(std::move(rows[id]));
    }
    return write_all_findings(files, state_folder, "minhash_dedup", ids_, in_order);
  }

 private:
  minhash_dedup::ClusterSettings settings_;
  minhash_dedup::SignDocument sign_;
  Threads& threads_;
  std::vector<std::string> ids_;
  minhash_dedup::SignatureTable table_;
};

namespace semantic {

class MeaningsFit final : public Fit {
 public:
  MeaningsFit(const MeaningSettings& settings, DescribeDocument describe, Threads& threads)
      : settings_(settings), describe_(std::move(describe)), threads_(threads) {}

  void observe(const Document& document) override {
    Described described = describe_(document);
    statistics_.add(described.terms);
    meanings_.terms.push_back(std::move(described.weights));
    meanings_.min_similarities.push_back(described.min_similarity);
    meanings_.qualities.push_back(described.rank());
    meanings_.ids.push_back(document.id);
    described.terms = {};
    described_.push_back(std::move(described));
  }

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    const std::size_t count = meanings_.ids.size();
    if (count == 0) return write_all_findings(files, state_folder, "semantic", {}, {});
    for (std::size_t i = 0; i < count; ++i) {
      scale_by_rarity(meanings_.terms[i], statistics_);
      meanings_.points.add();
    }
    threads_.parallel_for(count, [&](std::size_t i) {
      project(meanings_.terms[i], settings_.seed, meanings_.points[i]);
    });
    const Clustering clustering = cluster();
    ClusterQualities qualities(clustering.centres.size());
    for (std::size_t i = 0; i < count; ++i) {
      qualities.add(clustering.assignments[i].nearest, described_[i].quality);
    }
    std::vector<Meaning> found;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t nearest = clustering.assignments[i].nearest;
      found.push_back(
          {meanings_.ids[i], nearest, qualities.poor(nearest, settings_), "", 0, kNoRate});
    }
    for (const NearCopy& copy : find_near_copies(meanings_, clustering, threads_)) {
      found[copy.document].kept = meanings_.ids[copy.kept];
      found[copy.document].similarity = copy.similarity;
    }
    set_keep_rates(found);
    std::vector<Json> rows;
    rows.reserve(found.size());
    for (const Meaning& meaning : found) {
      rows.push_back(meaning_row(meaning));
    }
    return write_all_findings(files, state_folder, "semantic", meanings_.ids, rows);
  }

 private:
  Clustering cluster() const {
    const std::size_t count = meanings_.ids.size();
    const std::size_t clusters = clusters_for(settings_, count);
    Points sample(kDimensions);
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_in_sample(meanings_.ids[i], settings_.seed, count, most_sampled(clusters))) continue;
      std::ranges::copy(meanings_.points[i], sample.add().begin());
    }
    Clustering clustering{find_centres(sample, std::min(clusters, sample.size()), settings_.rounds,
                                       settings_.seed, threads_)
                              .value(),
                          {}};
    clustering.assignments = assign(meanings_.points, clustering.centres, threads_);
    return clustering;
  }

  void set_keep_rates(std::vector<Meaning>& found) const {
    if (!settings_.mixture.is_set()) return;
    const std::vector<std::string> groups = settings_.mixture.groups();
    std::map<std::string, std::uint64_t> bytes;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const bool stays = found[i].kept.empty() && found[i].cluster_quality == kNoQuality;
      bytes[groups[described_[i].group]] += stays ? described_[i].mix_bytes : 0;
    }
    const auto rates = settings_.mixture.keep_rates(bytes);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto rate = rates.find(groups[described_[i].group]);
      if (rate != rates.end()) found[i].keep_rate = rate->second;
    }
  }

  MeaningSettings settings_;
  DescribeDocument describe_;
  Threads& threads_;
  text::TermStatistics statistics_;
  Meanings meanings_;
  std::vector<Described> described_;  // without terms and weights
};

}  // namespace semantic

/// Describes documents as layer semantic does. The settings and the mixture outlive it.
inline semantic::DescribeDocument reference_describer(const Json& settings,
                                                      const semantic::Mixture& mixture) {
  return [settings, &mixture](const Document& document) {
    semantic::Described described;
    described.terms = text::split_terms(document.text);
    described.weights = semantic::weigh_terms(described.terms);
    const bool is_cjk = text::is_cjk_language(document.language);
    const bool is_short =
        static_cast<std::int64_t>(described.weights.size()) < settings.integer_or("min_terms", 0);
    described.min_similarity =
        is_short ? 2 : settings.number_or(is_cjk ? "min_similarity_cjk" : "min_similarity", 0);
    const Json* quality = document.annotations.find("quality");
    if (quality != nullptr) described.quality = quality->number_or("score", semantic::kNoQuality);
    described.is_settled = document.is_settled;
    const auto groups = mixture.groups();
    const auto group = std::ranges::find(groups, mixture.group_of(document));
    described.group = static_cast<std::uint32_t>(group - groups.begin());
    described.mix_bytes = document.text.size();
    return described;
  };
}

/// What a reference fit reads, for as long as it is used.
class ReferenceFit {
 public:
  /// `given` are changes to the layer's defaults.
  ReferenceFit(std::string_view layer, const Json& given, std::uint64_t seed)
      : settings_(find_layer(layer).value()->defaults()) {
    for (const auto& [name, value] : given.as_object()) {
      settings_[name] = value;
    }
    if (layer == "paragraph_dedup") fit_ = std::make_unique<ParagraphFit>(scope());
    if (layer == "exact_dedup") {
      const auto addresses = settings_.bool_or("urls", true) ? exact_dedup::Addresses::compared
                                                             : exact_dedup::Addresses::ignored;
      fit_ = std::make_unique<ExactFit>(exact_dedup::Comparison{addresses, scope()},
                                        number("min_words"));
    }
    if (layer == "minhash_dedup") start_minhash(seed);
    if (layer == "semantic") start_semantic(seed);
  }

  Fit& fit() { return *fit_; }

 private:
  Scope scope() const { return scope_named(settings_.string_or("scope", "")); }

  std::size_t number(std::string_view name) const {
    return static_cast<std::size_t>(settings_.integer_or(name, 0));
  }

  void start_minhash(std::uint64_t seed) {
    for (const Json& path : settings_.find("against")->as_array()) {
      indexes_.push_back(minhash_dedup::SignatureIndex::open(files_, path.as_string()).value());
    }
    const auto sign = [hashes =
                           minhash_dedup::SignatureHashes(number("bands") * number("rows"), seed),
                       words = number("words"),
                       scope = scope()](const Document& document) -> minhash_dedup::Signed {
      const auto shingles = minhash_dedup::shingles(document.text, words);
      if (shingles.empty()) return {};
      const Json* quality = document.annotations.find("quality");
      const double score = quality == nullptr ? 0 : quality->number_or("score", 0);
      return {document.is_settled ? minhash_dedup::kSettled : score, scope_key(scope, document),
              hashes.signature(shingles)};
    };
    fit_ = std::make_unique<MinhashFit>(
        minhash_dedup::ClusterSettings{number("bands"), number("rows"),
                                       settings_.number_or("min_similarity", 0), indexes_},
        sign, threads_);
  }

  void start_semantic(std::uint64_t seed) {
    mixture_ =
        semantic::Mixture::create(settings_.string_or("mixture_by", ""), *settings_.find("mixture"))
            .value();
    fit_ = std::make_unique<semantic::MeaningsFit>(
        semantic::MeaningSettings{number("clusters"), number("rounds"),
                                  settings_.number_or("min_cluster_quality", 0),
                                  settings_.integer_or("min_cluster_documents", 0), seed, mixture_},
        reference_describer(settings_, mixture_), threads_);
  }

  Json settings_;
  io::LocalFileSystem files_;
  Threads threads_{2};
  std::vector<minhash_dedup::SignatureIndex> indexes_;
  semantic::Mixture mixture_;
  std::unique_ptr<Fit> fit_;
};

/// The findings of a layer's reference over all documents, as lines in their order. The layer's
/// seed is 1, as that of the tests' plans.
inline std::vector<std::string> reference_findings(std::string_view layer, const Json& settings,
                                                   const std::vector<Document>& documents) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  ReferenceFit reference(layer, settings, 1);
  for (const Document& document : documents) {
    reference.fit().observe(document);
  }
  const Status done = reference.fit().finish(files, folder.path());
  EXPECT_TRUE(done) << done.error().message;
  std::vector<std::string> lines;
  auto reader = io::JsonlReader::open(files, findings_path(folder.path(), 0)).value();
  for (Json row; reader.next(row).value();) {
    lines.push_back(row.dump());
  }
  return lines;
}

}  // namespace aludel::curate
