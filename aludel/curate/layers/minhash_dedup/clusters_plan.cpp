#include "aludel/curate/layers/minhash_dedup/clusters_plan.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

#include "aludel/curate/layers/minhash_dedup/keepers.h"
#include "aludel/curate/layers/minhash_dedup/known_plan.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"
#include "aludel/exec/components.h"

namespace aludel::curate::minhash_dedup {
namespace {

constexpr std::size_t kBandBytes = 36;    // by key: key 8, band 4, id 16, place 8, and the sketch
constexpr std::size_t kSignedBytes = 28;  // by shard: document 4, id 16, rank 8, and the sketch
constexpr std::size_t kMemberBytes = 40;  // by root: root 8, rank 8, id 16, place 8, and the sketch
constexpr std::size_t kLabelBytes = 12;   // by shard: document 4, root 8
constexpr std::size_t kChoiceBytes = 60;  // by shard: document 4, id, cluster, kept 16 each,
                                          // similarity 8

/// Signs the documents. Outputs: bands by key; sketches by shard; and, if there are earlier
/// corpora, the bands to compare with theirs.
exec::Stage signatures_stage(const CorpusFit& fit, const ClusterSettings& settings,
                             const SignDocument& sign) {
  const std::size_t hashes = settings.bands * settings.rows;
  const std::uint64_t documents = likely_documents(fit.corpus);
  const std::size_t band_bytes = kBandBytes + hashes;
  const exec::RecordLayout by_key =
      by_hash(fit, band_bytes, documents * settings.bands * band_bytes);
  exec::Stage stage{.name = "signatures",
                    .tasks = fit.corpus.shards(),
                    .inputs = "",
                    .outputs = {by_key, {kSignedBytes + hashes, 1}},
                    .work = {}};
  const exec::RecordLayout known = known_layout(fit, settings);
  if (!settings.against.empty()) stage.outputs.push_back(known);
  stage.work = [&fit, &sign, settings, by_key, known](exec::StageTask& task) -> Status {
    exec::RecordBuilder record;
    return fit.corpus.read(task.number, [&](const CorpusDocument& item) -> Status {
      const Signed document = sign(item.document);
      if (document.signature.empty()) return Ok{};
      const std::string sketch = sketch_of(document.signature);
      const std::vector<std::uint64_t> keys =
          band_keys(document.signature, settings.rows, document.scope);
      for (std::uint32_t band = 0; band < keys.size(); ++band) {
        record.clear().number(keys[band]).small(band).hash(item.id);
        record.number(item.place.number()).text(sketch);
        const std::size_t partition = exec::partition_of(keys[band], by_key.partitions);
        ALUDEL_TRY(task.write(0, partition, record.bytes()));
      }
      if (!settings.against.empty() && document.quality != kSettled) {
        ALUDEL_TRY(write_known_bands(task, 2, known, {kNewDocument, item.id, item.place.number()},
                                     settings, document.signature));
      }
      record.clear().small(item.place.document).hash(item.id);
      return task.write(1, 0,
                        record.number(exec::falling_key(document.quality)).text(sketch).bytes());
    });
  };
  return stage;
}

/// A document in a band that others may share.
struct Banded {
  std::uint64_t key;
  std::uint32_t band;
  std::uint64_t place;
  std::string sketch;
};

Banded banded_of(std::string_view bytes) {
  exec::RecordParser record(bytes);
  Banded banded;
  banded.key = record.number();
  banded.band = record.small();
  record.hash();
  banded.place = record.number();
  banded.sketch = record.rest();
  return banded;
}

/// Compares each document of a band with the first and with the one before, in order of id, so that
/// a hot key costs its length. Output: pairs that are similar enough, in both directions.
Status pair_documents(double min_similarity, std::size_t partitions, exec::StageTask& task,
                      exec::SortedRecords& records) {
  exec::RecordBuilder out;
  std::optional<Banded> first;
  std::optional<Banded> before;
  const auto pair = [&](const Banded& a, const Banded& b) -> Status {
    if (min_similarity > 0 && sketch_similarity(a.sketch, b.sketch) < min_similarity) return Ok{};
    ALUDEL_TRY(task.write(0, exec::partition_of_node(a.place, partitions),
                          out.clear().number(a.place).number(b.place).bytes()));
    return task.write(0, exec::partition_of_node(b.place, partitions),
                      out.clear().number(b.place).number(a.place).bytes());
  };
  std::string_view bytes;
  while (ALUDEL_TRY(records.next(bytes))) {
    Banded next = banded_of(bytes);
    if (!first || first->key != next.key || first->band != next.band) {
      before.reset();
      first = std::move(next);
      continue;
    }
    ALUDEL_TRY(pair(*first, next));
    if (before) ALUDEL_TRY(pair(*before, next));
    before = std::move(next);
  }
  return Ok{};
}

/// Sends labels to their shards. Output: the root of each document's component, by shard.
Status label_documents(exec::StageTask& task, exec::SortedRecords& records) {
  exec::RecordBuilder out;
  std::string_view bytes;
  while (ALUDEL_TRY(records.next(bytes))) {
    exec::RecordParser record(bytes);
    const Place place = Place::of(record.number());
    out.clear().small(place.document).number(record.number());
    ALUDEL_TRY(task.write(0, place.shard, out.bytes()));
  }
  return Ok{};
}

/// Joins each label with the sketch of its document, and leaves out documents of an earlier corpus.
/// Output: members of clusters, by root.
Status gather_members(std::size_t partitions, exec::StageTask& task, exec::SortedRecords& labels,
                      exec::RecordReader& documents, std::span<const KnownDocument> known) {
  exec::RecordBuilder out;
  std::string_view bytes;
  std::string_view document_bytes;
  std::optional<std::uint32_t> number;
  while (ALUDEL_TRY(labels.next(bytes))) {
    exec::RecordParser label(bytes);
    const std::uint32_t labelled = label.small();
    const std::uint64_t root = label.number();
    if (std::ranges::binary_search(known, labelled, {}, &KnownDocument::document)) continue;
    while (number != labelled) {
      if (!ALUDEL_TRY(documents.next(document_bytes))) {
        return Error{Code::corrupt_data,
                     "[minhash_dedup] a cluster has a document without a sketch"};
      }
      number = exec::RecordParser(document_bytes).small();
    }
    exec::RecordParser document(document_bytes);
    document.small();
    const Hash128 id = document.hash();
    const Place place{static_cast<std::uint32_t>(task.number), labelled};
    out.clear().number(root).number(document.number()).hash(id).number(place.number());
    ALUDEL_TRY(task.write(0, exec::partition_of_node(root, partitions),
                          out.text(document.rest()).bytes()));
  }
  return Ok{};
}

/// Chooses the members to keep. Output: the choice for each member, by shard.
Status choose_members(const ClusterSettings& settings, exec::StageTask& task,
                      exec::SortedRecords& records) {
  exec::RecordBuilder out;
  std::optional<std::uint64_t> root;
  Keepers keepers(settings.min_similarity, settings.rows);
  std::vector<Hash128> kept;
  std::string_view bytes;
  while (ALUDEL_TRY(records.next(bytes))) {
    exec::RecordParser record(bytes);
    const std::uint64_t next_root = record.number();
    record.number();
    const Hash128 id = record.hash();
    const Place place = Place::of(record.number());
    if (root != next_root) {
      root = next_root;
      keepers = Keepers(settings.min_similarity, settings.rows);
      kept.clear();
    }
    const Keepers::Choice choice = keepers.add(record.rest());
    if (choice.stays) kept.push_back(id);
    out.clear().small(place.document).hash(id).hash(kept.front()).hash(kept[choice.kept]);
    out.number(std::bit_cast<std::uint64_t>(choice.similarity));
    ALUDEL_TRY(task.write(0, place.shard, out.bytes()));
  }
  return Ok{};
}

/// Writes the rows of the next known documents, up to number `before` in the shard.
Status write_known(std::span<const KnownDocument>& known, std::span<const SignatureIndex> against,
                   std::uint64_t before, io::JsonlWriter& rows) {
  for (; !known.empty() && known.front().document < before; known = known.subspan(1)) {
    const KnownDocument& one = known.front();
    const std::string kept = one.kept.hex();
    ALUDEL_TRY(rows.write(
        member_row(one.id.hex(), kept, kept, one.similarity, against[one.index].name())));
  }
  return Ok{};
}

/// Writes the rows of a shard: the members, and the known documents, which are not members.
Status write_members(exec::SortedRecords& choices, std::span<const KnownDocument> known,
                     std::span<const SignatureIndex> against, io::JsonlWriter& rows) {
  std::string_view bytes;
  while (ALUDEL_TRY(choices.next(bytes))) {
    exec::RecordParser record(bytes);
    ALUDEL_TRY(write_known(known, against, record.small(), rows));
    const std::string id = record.hash().hex();
    const std::string cluster = record.hash().hex();
    const std::string kept = record.hash().hex();
    ALUDEL_TRY(rows.write(member_row(id, cluster, kept, std::bit_cast<double>(record.number()))));
  }
  return write_known(known, against, std::numeric_limits<std::uint64_t>::max(), rows);
}

std::string fingerprint_of(const exec::StageResult* stage) {
  return stage == nullptr ? "" : stage->fingerprint;
}

/// Joins the labels of a shard with the sketches of its documents. Output: members, by root.
Result<exec::StageResult> members_stage(const CorpusFit& fit, const exec::StageResult& labels,
                                        const exec::StageResult& signatures,
                                        const exec::StageResult* known) {
  const exec::StageOutput& documents = signatures.outputs[1];
  const std::size_t member_bytes = documents.layout.size_bytes - kSignedBytes + kMemberBytes;
  const exec::RecordLayout by_root =
      by_hash(fit, member_bytes, labels.outputs[0].size_bytes / kLabelBytes * member_bytes);
  exec::Stage stage{.name = "members",
                    .tasks = fit.corpus.shards(),
                    .inputs = labels.fingerprint + signatures.fingerprint + fingerprint_of(known),
                    .outputs = {by_root},
                    .work = {}};
  stage.work = [&](exec::StageTask& task) -> Status {
    const auto shard_labels =
        ALUDEL_TRY(fit.shuffle.sorted(labels.outputs[0], task.number, "members"));
    exec::RecordReader shard_documents = fit.shuffle.read_task(documents, task.number);
    const auto fallen = ALUDEL_TRY(read_known(fit, known, task.number, "members-known"));
    return gather_members(by_root.partitions, task, *shard_labels, shard_documents, fallen);
  };
  return fit.shuffle.run(stage);
}

}  // namespace

Json member_row(const std::string& id, const std::string& cluster, const std::string& kept,
                double similarity, std::string_view against) {
  Json row = Json::object();
  row["id"] = id;
  row["cluster"] = cluster;
  row["kept"] = kept;
  row["similarity"] = similarity;
  if (!against.empty()) row["against"] = against;
  return row;
}

Status fit_clusters(const CorpusFit& fit, const ClusterSettings& settings,
                    const SignDocument& sign) {
  const auto signatures = ALUDEL_TRY(fit.shuffle.run(signatures_stage(fit, settings, sign)));
  std::optional<exec::StageResult> known;
  if (!settings.against.empty()) {
    known = ALUDEL_TRY(find_known(fit, settings, signatures.outputs[2], signatures.fingerprint));
  }
  const exec::StageResult* found = known ? &*known : nullptr;
  const exec::RecordLayout by_document =
      by_hash(fit, exec::kEdgeBytes, signatures.outputs[0].size_bytes / 8);
  const auto pairs = ALUDEL_TRY(
      sorted_stage(fit, "pairs", signatures, 0, {by_document}, [&](auto& task, auto& records) {
        return pair_documents(settings.min_similarity, by_document.partitions, task, records);
      }));
  const auto components =
      ALUDEL_TRY(exec::connect(fit.shuffle, pairs.outputs[0], pairs.fingerprint));
  const auto labels = ALUDEL_TRY(
      sorted_stage(fit, "labels", components, 0, {by_shard(fit, kLabelBytes)}, label_documents));
  const auto members = ALUDEL_TRY(members_stage(fit, labels, signatures, found));
  const auto choices = ALUDEL_TRY(sorted_stage(
      fit, "choices", members, 0, {by_shard(fit, kChoiceBytes)},
      [&](auto& task, auto& records) { return choose_members(settings, task, records); }));
  return write_findings(
      fit, choices.fingerprint + fingerprint_of(found),
      [&](std::size_t shard, io::JsonlWriter& rows) -> Status {
        const auto chosen = ALUDEL_TRY(fit.shuffle.sorted(choices.outputs[0], shard, "findings"));
        const auto fallen = ALUDEL_TRY(read_known(fit, found, shard, "findings-known"));
        return write_members(*chosen, fallen, settings.against, rows);
      });
}

}  // namespace aludel::curate::minhash_dedup
