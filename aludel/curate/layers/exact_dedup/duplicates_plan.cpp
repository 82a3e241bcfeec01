#include "aludel/curate/layers/exact_dedup/duplicates_plan.h"

#include <algorithm>
#include <limits>

#include "aludel/curate/document/capture_time.h"
#include "aludel/curate/document/url.h"
#include "aludel/curate/layers/shared/newest_captures.h"

namespace aludel::curate::exact_dedup {
namespace {

constexpr std::size_t kCopyBytes = 64;  // by text: text 16, place 8, address 16, time 8, id 16
constexpr std::size_t kIdBytes = 16;

/// Collects the documents. Outputs: copies by text; ids by shard.
exec::Stage copies_stage(const CorpusFit& fit, const Comparison& by) {
  const exec::RecordLayout by_text =
      by_hash(fit, kCopyBytes, likely_documents(fit.corpus) * kCopyBytes);
  exec::Stage stage{.name = "copies",
                    .tasks = fit.corpus.shards(),
                    .inputs = "",
                    .outputs = {by_text, {kIdBytes, 1}},
                    .work = {}};
  stage.work = [&fit, by, by_text](exec::StageTask& task) -> Status {
    exec::RecordBuilder record;
    return fit.corpus.read(task.number, [&](const CorpusDocument& item) -> Status {
      const Copy copy = copy_of(item.document, by);
      record.clear().hash(copy.text).number(item.place.number()).hash(copy.url);
      record.number(copy.time).hash(item.id);
      const std::size_t partition = exec::partition_of(copy.text.high, by_text.partitions);
      ALUDEL_TRY(task.write(0, partition, record.bytes()));
      return task.write(1, 0, record.clear().hash(item.id).bytes());
    });
  };
  return stage;
}

/// Keeps the first of equal texts. Outputs: kept documents with an address, by address; dropped
/// documents, by shard.
Status keep_first_of_text(const exec::RecordLayout& by_address, exec::StageTask& task,
                          exec::SortedRecords& records) {
  exec::RecordBuilder out;
  Hash128 text;
  Hash128 kept;
  bool is_begun = false;
  std::string_view bytes;
  while (ALUDEL_TRY(records.next(bytes))) {
    exec::RecordParser record(bytes);
    const Hash128 next = record.hash();
    const Place place = Place::of(record.number());
    const Hash128 address = record.hash();
    const std::uint64_t time = record.number();
    const Hash128 id = record.hash();
    if (is_begun && next == text) {
      ALUDEL_TRY(task.write(1, place.shard, replaced_record(out, {place.document, id, kept})));
      continue;
    }
    is_begun = true;
    text = next;
    kept = id;
    if (address == Hash128{}) continue;
    const std::size_t partition = exec::partition_of(address.high, by_address.partitions);
    ALUDEL_TRY(task.write(0, partition, address_record(out, address, time, place, id)));
  }
  return Ok{};
}

}  // namespace

Copy copy_of(const Document& document, const Comparison& by) {
  const bool has_address = by.addresses == Addresses::compared && document.kind == "web";
  const std::string url = has_address ? normalise_url(document.url) : std::string();
  const std::uint64_t scope = scope_key(by.scope, document);
  return {in_scope(text_fingerprint(document.text), scope),
          url.empty() ? Hash128{} : in_scope(hash128(url), scope),
          document.is_settled ? std::numeric_limits<std::uint64_t>::max()
                              : capture_time(document.date)};
}

Result<DuplicateStages> DuplicateStages::run(const CorpusFit& fit, const Comparison& by) {
  DuplicateStages stages;
  stages.copies_ = ALUDEL_TRY(fit.shuffle.run(copies_stage(fit, by)));
  const exec::RecordLayout by_address =
      by_hash(fit, kAddressBytes, stages.copies_.outputs[0].size_bytes);
  stages.texts_ = ALUDEL_TRY(sorted_stage(
      fit, "texts", stages.copies_, 0, {by_address, by_shard(fit, kReplacedBytes)},
      [&](auto& task, auto& records) { return keep_first_of_text(by_address, task, records); }));
  stages.addresses_ = ALUDEL_TRY(older_captures_stage(fit, stages.texts_, 0));
  return stages;
}

Result<std::vector<FallenCopy>> DuplicateStages::fallen(const CorpusFit& fit,
                                                        std::size_t shard) const {
  std::vector<FallenCopy> all;
  for (const Replaced& copy : ALUDEL_TRY(read_replaced(fit, texts_.outputs[1], shard))) {
    all.push_back({copy.document, copy.id, copy.kept, "duplicate"});
  }
  for (const Replaced& copy : ALUDEL_TRY(read_replaced(fit, addresses_.outputs[0], shard))) {
    all.push_back({copy.document, copy.id, copy.kept, "duplicate_url"});
  }
  std::ranges::sort(all, {}, &FallenCopy::document);
  return all;
}

exec::RecordReader DuplicateStages::ids(const CorpusFit& fit, std::size_t shard) const {
  return fit.shuffle.read_task(copies_.outputs[1], shard);
}

}  // namespace aludel::curate::exact_dedup
