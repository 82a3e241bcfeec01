#include "aludel/curate/layers/minhash_dedup/known_plan.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "aludel/curate/layers/minhash_dedup/keepers.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"

namespace aludel::curate::minhash_dedup {
namespace {

constexpr std::size_t kKnownBandBytes = 36;  // by key: key 8, index 4, id 16, place 8, the sketch
constexpr std::size_t kKnownBytes = 56;  // by shard: document 4, rank 8, index 4, kept 16, id 16,
                                         // similarity 8
constexpr std::uint64_t kTaskDocuments = std::uint64_t{1} << 17;

/// The documents of one index that a task reads.
struct IndexPart {
  std::uint32_t index;
  std::uint64_t begin;
  std::uint64_t end;
};

std::vector<IndexPart> parts_of(std::span<const SignatureIndex> against) {
  std::vector<IndexPart> parts;
  for (std::uint32_t i = 0; i < against.size(); ++i) {
    for (std::uint64_t begin = 0; begin < against[i].documents(); begin += kTaskDocuments) {
      parts.push_back({i, begin, std::min(begin + kTaskDocuments, against[i].documents())});
    }
  }
  return parts;
}

/// Reads the indexes. Output: the bands of all indexed documents.
Result<exec::StageResult> read_indexes(const CorpusFit& fit, const ClusterSettings& settings,
                                       const exec::RecordLayout& layout) {
  const std::vector<IndexPart> parts = parts_of(settings.against);
  exec::Stage stage{
      .name = "indexed", .tasks = parts.size(), .inputs = "", .outputs = {layout}, .work = {}};
  stage.work = [&](exec::StageTask& task) -> Status {
    const IndexPart& part = parts[task.number];
    return settings.against[part.index].read(
        part.begin, part.end,
        [&](const Hash128& id, std::span<const std::uint32_t> signature) -> Status {
          return write_known_bands(task, 0, layout, {part.index, id, 0}, settings, signature);
        });
  };
  return fit.shuffle.run(stage);
}

/// Compares each new document of a key with the indexed ones, which come first.
Status compare_with_indexed(double min_similarity, exec::StageTask& task,
                            exec::SortedRecords& records) {
  struct Indexed {
    std::uint32_t index;
    Hash128 id;
    std::string sketch;
  };

  std::vector<Indexed> indexed;  // with the current key
  std::optional<std::uint64_t> key;
  exec::RecordBuilder out;
  std::string_view bytes;
  while (ALUDEL_TRY(records.next(bytes))) {
    exec::RecordParser record(bytes);
    const std::uint64_t next_key = record.number();
    const std::uint32_t index = record.small();
    const Hash128 id = record.hash();
    const Place place = Place::of(record.number());
    if (key != next_key) indexed.clear();
    key = next_key;
    if (index != kNewDocument) {
      if (indexed.size() < kMostOfAKey) indexed.push_back({index, id, std::string(record.rest())});
      continue;
    }
    const Indexed* nearest = nullptr;
    double similarity = -1;
    for (const Indexed& one : indexed) {
      const double next = sketch_similarity(record.rest(), one.sketch);
      if (next <= similarity) continue;
      similarity = next;
      nearest = &one;
    }
    if (nearest == nullptr || similarity < min_similarity) continue;
    out.clear().small(place.document).number(exec::falling_key(similarity)).small(nearest->index);
    out.hash(nearest->id).hash(id).number(std::bit_cast<std::uint64_t>(similarity));
    ALUDEL_TRY(task.write(0, place.shard, out.bytes()));
  }
  return Ok{};
}

}  // namespace

exec::RecordLayout known_layout(const CorpusFit& fit, const ClusterSettings& settings) {
  std::uint64_t documents = likely_documents(fit.corpus);
  for (const SignatureIndex& index : settings.against) {
    documents += index.documents();
  }
  const std::size_t band_bytes = kKnownBandBytes + settings.bands * settings.rows;
  return by_hash(fit, band_bytes, documents * settings.bands * band_bytes);
}

Status write_known_bands(exec::StageTask& task, std::size_t output,
                         const exec::RecordLayout& layout, const KnownBand& band,
                         const ClusterSettings& settings,
                         std::span<const std::uint32_t> signature) {
  exec::RecordBuilder record;
  const std::string sketch = sketch_of(signature);
  for (const std::uint64_t key : band_keys(signature, settings.rows)) {
    record.clear().number(key).small(band.index).hash(band.id).number(band.place).text(sketch);
    const std::size_t partition = exec::partition_of(key, layout.partitions);
    ALUDEL_TRY(task.write(output, partition, record.bytes()));
  }
  return Ok{};
}

Result<exec::StageResult> find_known(const CorpusFit& fit, const ClusterSettings& settings,
                                     const exec::StageOutput& bands,
                                     const std::string& fingerprint) {
  exec::StageResult both = ALUDEL_TRY(read_indexes(fit, settings, bands.layout));
  exec::StageOutput& all = both.outputs[0];
  all.paths.insert(all.paths.end(), bands.paths.begin(), bands.paths.end());
  all.size_bytes += bands.size_bytes;
  both.fingerprint += fingerprint;
  return sorted_stage(fit, "known", both, 0, {by_shard(fit, kKnownBytes)},
                      [&](auto& task, auto& records) {
                        return compare_with_indexed(settings.min_similarity, task, records);
                      });
}

Result<std::vector<KnownDocument>> read_known(const CorpusFit& fit, const exec::StageResult* known,
                                              std::size_t shard, std::string_view stage) {
  std::vector<KnownDocument> documents;
  if (known == nullptr) return documents;
  const auto records = ALUDEL_TRY(fit.shuffle.sorted(known->outputs[0], shard, stage));
  std::string_view bytes;
  while (ALUDEL_TRY(records->next(bytes))) {
    exec::RecordParser record(bytes);
    const std::uint32_t document = record.small();
    if (!documents.empty() && documents.back().document == document) continue;  // less alike
    record.number();
    const std::uint32_t index = record.small();
    const Hash128 kept = record.hash();
    const Hash128 id = record.hash();
    documents.push_back({document, id, kept, index, std::bit_cast<double>(record.number())});
  }
  return documents;
}

}  // namespace aludel::curate::minhash_dedup
