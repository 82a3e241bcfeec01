#include "aludel/curate/layers/semantic/meanings_plan.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>

#include "aludel/curate/layers/semantic/kmeans.h"
#include "aludel/curate/layers/semantic/member_groups.h"
#include "aludel/curate/layers/semantic/near_copies.h"
#include "aludel/curate/layers/semantic/term_store.h"

namespace aludel::curate::semantic {
namespace {

constexpr std::size_t kDocumentBytes = 52;  // id 16, quality 8, settled 4, min_similarity 8,
                                            // group 4, mix_bytes 8, terms 4
constexpr std::size_t kCountBytes = 8;      // bucket 4, documents 4
constexpr std::size_t kClusterBytes = 4;    // of a document, in the documents' order
constexpr std::size_t kSumBytes = 20;       // cluster 4, documents 8, sum of qualities 8
constexpr std::size_t kCopyBytes = 32;      // by shard: document 4, cluster 4, kept 16,
                                            // similarity 8

/// A document as the first stage has written it; its terms are in a file beside.
struct Kept {
  Hash128 id;
  Described described;  // without terms
  std::uint32_t terms = 0;
};

Kept kept_of(std::string_view bytes) {
  exec::RecordParser record(bytes);
  Kept kept;
  kept.id = record.hash();
  kept.described.quality = std::bit_cast<double>(record.number());
  kept.described.is_settled = record.small() != 0;
  kept.described.min_similarity = std::bit_cast<double>(record.number());
  kept.described.group = record.small();
  kept.described.mix_bytes = record.number();
  kept.terms = record.small();
  return kept;
}

/// Reads the next record. Errors: corrupt_data if there is none.
Result<std::string_view> next_of(exec::RecordReader& records) {
  std::string_view bytes;
  if (ALUDEL_TRY(records.next(bytes))) return bytes;
  return Error{Code::corrupt_data, "[semantic] a shard's files have not as many records"};
}

Status write_counts(exec::StageTask& task, const text::TermStatistics& statistics) {
  exec::RecordBuilder record;
  for (std::uint32_t bucket = 0; bucket < text::TermStatistics::kBuckets; ++bucket) {
    const std::uint32_t documents = statistics.documents_with(bucket);
    if (documents == 0) continue;
    ALUDEL_TRY(task.write(2, 0, record.clear().small(bucket).small(documents).bytes()));
  }
  task.counts["documents"] = statistics.documents();
  task.counts["terms"] = statistics.terms();
  return Ok{};
}

class MeaningsPlan {
 public:
  MeaningsPlan(const CorpusFit& fit, const MeaningSettings& settings,
               const DescribeDocument& describe, Threads& threads)
      : fit_(fit), settings_(settings), describe_(describe), threads_(threads) {}

  Status run() {
    described_ = ALUDEL_TRY(describe());
    ALUDEL_TRY(read_statistics());
    if (statistics_.documents() == 0) {
      return write_findings(fit_, described_.fingerprint,
                            [](std::size_t, io::JsonlWriter&) { return Status(Ok{}); });
    }
    points_ = ALUDEL_TRY(project_all());
    clusters_ = clusters_for(settings_, statistics_.documents());
    const auto centres = ALUDEL_TRY(choose_centres());
    ALUDEL_TRY(read_centres(centres));
    members_ = ALUDEL_TRY(assign_all(centres.fingerprint));
    qualities_ = ALUDEL_TRY(read_qualities());
    copies_ = ALUDEL_TRY(find_copies());
    if (settings_.mixture.is_set()) ALUDEL_TRY(mix());
    return write_findings(fit_, copies_.fingerprint + members_.fingerprint,
                          [this](std::size_t shard, io::JsonlWriter& rows) -> Status {
                            return for_each(shard, [&](const Kept&, const Meaning& meaning) {
                              return rows.write(meaning_row(meaning));
                            });
                          });
  }

 private:
  exec::Stage shard_stage(std::string name, std::string inputs,
                          std::vector<exec::RecordLayout> outputs) const {
    return {.name = std::move(name),
            .tasks = fit_.corpus.shards(),
            .inputs = std::move(inputs),
            .outputs = std::move(outputs),
            .work = {}};
  }

  /// Describes the documents. Outputs: documents, terms, number of documents by bucket.
  Result<exec::StageResult> describe() const {
    auto stage =
        shard_stage("described", "", {{kDocumentBytes, 1}, {kTermBytes, 1}, {kCountBytes, 1}});
    stage.work = [this](exec::StageTask& task) -> Status {
      text::TermStatistics statistics;
      exec::RecordBuilder record;
      ALUDEL_TRY(fit_.corpus.read(task.number, [&](const CorpusDocument& item) -> Status {
        const Described described = describe_(item.document);
        statistics.add(described.terms);
        record.clear().hash(item.id).number(std::bit_cast<std::uint64_t>(described.quality));
        record.small(described.is_settled ? 1 : 0);
        record.number(std::bit_cast<std::uint64_t>(described.min_similarity));
        record.small(described.group).number(described.mix_bytes);
        record.small(static_cast<std::uint32_t>(described.weights.size()));
        ALUDEL_TRY(task.write(0, 0, record.bytes()));
        for (const TermWeight& term : described.weights) {
          ALUDEL_TRY(task.write(1, 0, term_record(record, term)));
        }
        return Ok{};
      }));
      return write_counts(task, statistics);
    };
    return fit_.shuffle.run(stage);
  }

  Status read_statistics() {
    for (std::size_t shard = 0; shard < described_.counts.size(); ++shard) {
      const Json& counts = described_.counts[shard];
      statistics_.add_documents(static_cast<std::uint64_t>(counts.integer_or("documents", 0)),
                                static_cast<std::uint64_t>(counts.integer_or("terms", 0)));
      exec::RecordReader records = fit_.shuffle.read_task(described_.outputs[2], shard);
      std::string_view bytes;
      while (ALUDEL_TRY(records.next(bytes))) {
        exec::RecordParser record(bytes);
        const std::uint32_t bucket = record.small();
        statistics_.add_documents_with(bucket, record.small());
      }
    }
    return Ok{};
  }

  /// Projects the documents. Output: their points, in the documents' order.
  Result<exec::StageResult> project_all() const {
    auto stage = shard_stage("points", described_.fingerprint, {{kPointBytes, 1}});
    stage.work = [this](exec::StageTask& task) -> Status {
      exec::RecordReader documents = fit_.shuffle.read_task(described_.outputs[0], task.number);
      exec::RecordReader terms = fit_.shuffle.read_task(described_.outputs[1], task.number);
      std::string_view bytes;
      std::vector<TermWeight> weights;
      Point point;
      while (ALUDEL_TRY(documents.next(bytes))) {
        weights.clear();
        for (std::uint32_t left = kept_of(bytes).terms; left > 0; --left) {
          exec::RecordParser record(ALUDEL_TRY(next_of(terms)));
          weights.push_back(term_of(record));
        }
        scale_by_rarity(weights, statistics_);
        project(weights, settings_.seed, point);
        ALUDEL_TRY(task.write(0, 0, point_bytes(point)));
      }
      return Ok{};
    };
    return fit_.shuffle.run(stage);
  }

  /// Chooses the centres. Output: the centres.
  Result<exec::StageResult> choose_centres() const {
    exec::Stage stage{.name = "centres",
                      .tasks = 1,
                      .inputs = points_.fingerprint,
                      .outputs = {{kPointBytes, 1}},
                      .work = {}};
    stage.work = [this](exec::StageTask& task) -> Status {
      const Points sample = ALUDEL_TRY(read_sample());
      const Points centres = ALUDEL_TRY(find_centres(sample, std::min(clusters_, sample.size()),
                                                     settings_.rounds, settings_.seed, threads_));
      for (std::size_t i = 0; i < centres.size(); ++i) {
        ALUDEL_TRY(task.write(0, 0, point_bytes(centres[i])));
      }
      return Ok{};
    };
    return fit_.shuffle.run(stage);
  }

  Result<Points> read_sample() const {
    const std::uint64_t count = statistics_.documents();
    const std::size_t most = most_sampled(clusters_);
    Points sample(kDimensions);
    sample.reserve(std::min<std::uint64_t>(count, most));
    for (std::size_t shard = 0; shard < fit_.corpus.shards(); ++shard) {
      exec::RecordReader documents = fit_.shuffle.read_task(described_.outputs[0], shard);
      exec::RecordReader points = fit_.shuffle.read_task(points_.outputs[0], shard);
      std::string_view bytes;
      while (ALUDEL_TRY(documents.next(bytes))) {
        const bool is_in = is_in_sample(kept_of(bytes).id.hex(), settings_.seed, count, most);
        const std::string_view point = ALUDEL_TRY(next_of(points));
        if (is_in) std::ranges::copy(point_of(point), sample.add().begin());
      }
    }
    return sample;
  }

  Status read_centres(const exec::StageResult& stage) {
    exec::RecordReader records = fit_.shuffle.read_task(stage.outputs[0], 0);
    std::string_view bytes;
    while (ALUDEL_TRY(records.next(bytes))) {
      std::ranges::copy(point_of(bytes), centres_.add().begin());
    }
    return Ok{};
  }

  /// Assigns the documents. Outputs: members by cluster; each document's cluster, in the documents'
  /// order; sums of qualities.
  Result<exec::StageResult> assign_all(const std::string& inputs) const {
    const exec::RecordLayout by_cluster =
        by_hash(fit_, kMemberBytes, 2 * statistics_.documents() * kMemberBytes);
    auto stage = shard_stage("members", inputs, {by_cluster, {kClusterBytes, 1}, {kSumBytes, 1}});
    stage.work = [this, partitions = by_cluster.partitions](exec::StageTask& task) -> Status {
      exec::RecordReader documents = fit_.shuffle.read_task(described_.outputs[0], task.number);
      exec::RecordReader points = fit_.shuffle.read_task(points_.outputs[0], task.number);
      ClusterQualities qualities(centres_.size());
      Member member;
      member.place.shard = static_cast<std::uint32_t>(task.number);
      exec::RecordBuilder record;
      std::string_view bytes;
      const auto write = [&](std::uint32_t cluster) {
        member.cluster = cluster;
        return task.write(0, exec::partition_of(mix64(cluster + 1), partitions),
                          member_record(record, member));
      };
      while (ALUDEL_TRY(documents.next(bytes))) {
        const Kept kept = kept_of(bytes);
        member.point = point_of(ALUDEL_TRY(next_of(points)));
        member.id = kept.id;
        member.rank = exec::falling_key(kept.described.rank());
        member.min_similarity = kept.described.min_similarity;
        member.terms = kept.terms;
        const Assignment found = nearest_centres(member.point, centres_);
        ALUDEL_TRY(write(found.nearest));
        if (found.second != found.nearest) ALUDEL_TRY(write(found.second));
        ALUDEL_TRY(task.write(1, 0, record.clear().small(found.nearest).bytes()));
        qualities.add(found.nearest, kept.described.quality);
        member.first_term += kept.terms;
        ++member.place.document;
      }
      for (std::uint32_t i = 0; i < qualities.clusters(); ++i) {
        if (qualities.count(i) == 0) continue;
        record.clear().small(i).number(qualities.count(i)).number(qualities.sum(i));
        ALUDEL_TRY(task.write(2, 0, record.bytes()));
      }
      return Ok{};
    };
    return fit_.shuffle.run(stage);
  }

  Result<ClusterQualities> read_qualities() const {
    ClusterQualities qualities(centres_.size());
    exec::RecordReader records = fit_.shuffle.read(members_.outputs[2], 0);
    std::string_view bytes;
    while (ALUDEL_TRY(records.next(bytes))) {
      exec::RecordParser record(bytes);
      const std::uint32_t cluster = record.small();
      const std::uint64_t count = record.number();
      qualities.add_sum(cluster, count, record.number());
    }
    return qualities;
  }

  /// Finds the near-copies. Output: copies by shard.
  Result<exec::StageResult> find_copies() const {
    return sorted_stage(fit_, "copies", members_, 0, {by_shard(fit_, kCopyBytes)},
                        [this](exec::StageTask& task, exec::SortedRecords& records) -> Status {
                          return find_copies_among(task, records);
                        });
  }

  Status find_copies_among(exec::StageTask& task, exec::SortedRecords& records) const {
    MemberGroups groups(records);
    GroupTerms terms(fit_.shuffle.files(), described_.outputs[1], statistics_);
    exec::RecordBuilder record;
    std::vector<Member> group;
    while (ALUDEL_TRY(groups.next(group))) {
      terms.clear();
      std::vector<Compared> compared;
      compared.reserve(group.size());
      for (const Member& member : group) {
        compared.push_back({member.point, member.min_similarity});
      }
      const auto copies = ALUDEL_TRY(copies_in(
          compared, [&](std::size_t a, std::size_t b) { return terms.cosine_of(group, a, b); }));
      for (const NearCopy& copy : copies) {
        const Member& member = group[copy.document];
        record.clear().small(member.place.document).small(member.cluster);
        record.hash(group[copy.kept].id).number(std::bit_cast<std::uint64_t>(copy.similarity));
        ALUDEL_TRY(task.write(0, member.place.shard, record.bytes()));
      }
    }
    return Ok{};
  }

  /// Sets the share of each group to keep.
  Status mix() {
    auto stage = shard_stage("mixture", copies_.fingerprint + members_.fingerprint, {});
    const std::vector<std::string> groups = settings_.mixture.groups();
    stage.work = [&](exec::StageTask& task) -> Status {
      std::vector<std::uint64_t> bytes(groups.size(), 0);
      ALUDEL_TRY(for_each(task.number, [&](const Kept& kept, const Meaning& meaning) -> Status {
        const bool stays = meaning.kept.empty() && meaning.cluster_quality == kNoQuality;
        if (stays) bytes[kept.described.group] += kept.described.mix_bytes;
        return Ok{};
      }));
      for (std::size_t i = 0; i < groups.size(); ++i) {
        task.counts[groups[i]] = bytes[i];
      }
      return Ok{};
    };
    const auto done = ALUDEL_TRY(fit_.shuffle.run(stage));
    std::map<std::string, std::uint64_t> bytes;
    for (const Json& counts : done.counts) {
      for (const std::string& group : groups) {
        bytes[group] += static_cast<std::uint64_t>(counts.integer_or(group, 0));
      }
    }
    const auto rates = settings_.mixture.keep_rates(bytes);
    for (const std::string& group : groups) {
      const auto rate = rates.find(group);
      keep_rates_.push_back(rate == rates.end() ? kNoRate : rate->second);
    }
    return Ok{};
  }

  /// Passes what was found about a shard's documents to `visit`, in the documents' order.
  template <class Visit>
  Status for_each(std::size_t shard, const Visit& visit) const {
    exec::RecordReader documents = fit_.shuffle.read_task(described_.outputs[0], shard);
    exec::RecordReader clusters = fit_.shuffle.read_task(members_.outputs[1], shard);
    const auto copies = ALUDEL_TRY(fit_.shuffle.sorted(copies_.outputs[0], shard, "findings"));
    std::string_view bytes;
    std::string_view copy;
    bool has_copy = ALUDEL_TRY(copies->next(copy));
    for (std::uint32_t number = 0; ALUDEL_TRY(documents.next(bytes)); ++number) {
      const Kept kept = kept_of(bytes);
      const std::uint32_t cluster = exec::RecordParser(ALUDEL_TRY(next_of(clusters))).small();
      Meaning meaning{kept.id.hex(), cluster, qualities_.poor(cluster, settings_), "", 0, kNoRate};
      if (!keep_rates_.empty()) meaning.keep_rate = keep_rates_[kept.described.group];
      while (has_copy && exec::RecordParser(copy).small() == number) {
        if (meaning.kept.empty()) {  // the copy in the lower cluster counts
          exec::RecordParser record(copy.substr(8));
          meaning.kept = record.hash().hex();
          meaning.similarity = std::bit_cast<double>(record.number());
        }
        has_copy = ALUDEL_TRY(copies->next(copy));
      }
      ALUDEL_TRY(visit(kept, meaning));
    }
    return Ok{};
  }

  const CorpusFit& fit_;
  const MeaningSettings& settings_;
  const DescribeDocument& describe_;
  Threads& threads_;
  exec::StageResult described_;
  text::TermStatistics statistics_;
  exec::StageResult points_;
  std::size_t clusters_ = 0;  // number of clusters to find
  Points centres_{kDimensions};
  exec::StageResult members_;
  ClusterQualities qualities_{0};
  exec::StageResult copies_;
  std::vector<double> keep_rates_;  // by number of the group
};

}  // namespace

Status fit_meanings(const CorpusFit& fit, const MeaningSettings& settings,
                    const DescribeDocument& describe, Threads& threads) {
  return MeaningsPlan(fit, settings, describe, threads).run();
}

}  // namespace aludel::curate::semantic
