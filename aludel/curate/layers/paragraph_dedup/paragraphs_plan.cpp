#include "aludel/curate/layers/paragraph_dedup/paragraphs_plan.h"

#include "aludel/curate/layers/paragraph_dedup/paragraphs.h"

namespace aludel::curate::paragraph_dedup {
namespace {

constexpr std::size_t kParagraphBytes = 28;         // by hash: hash 16, place 8, paragraph 4
constexpr std::size_t kRepeatedParagraphBytes = 8;  // by shard: document 4, paragraph 4
constexpr std::size_t kDocumentIdBytes = 16;

/// Collects the paragraphs. Outputs: paragraphs by hash; the documents' ids.
exec::Stage paragraphs_stage(const CorpusFit& fit, Scope scope) {
  const exec::RecordLayout by_paragraph =
      by_hash(fit, kParagraphBytes, fit.corpus.text_bytes() / 4);
  exec::Stage stage{.name = "paragraphs",
                    .tasks = fit.corpus.shards(),
                    .inputs = "",
                    .outputs = {by_paragraph, {kDocumentIdBytes, 1}},
                    .work = {}};
  stage.work = [&fit, scope, by_paragraph](exec::StageTask& task) -> Status {
    exec::RecordBuilder record;
    return fit.corpus.read(task.number, [&](const CorpusDocument& item) -> Status {
      ALUDEL_TRY(task.write(1, 0, record.clear().hash(item.id).bytes()));
      const std::uint64_t key = scope_key(scope, item.document);
      const auto paragraphs = split_paragraphs(item.document.text);
      for (std::size_t i = 0; i < paragraphs.size(); ++i) {
        if (paragraphs[i].words == 0) continue;
        const Hash128 hash = in_scope(paragraphs[i].hash, key);
        record.clear().hash(hash).number(item.place.number()).small(static_cast<std::uint32_t>(i));
        ALUDEL_TRY(
            task.write(0, exec::partition_of(hash.high, by_paragraph.partitions), record.bytes()));
      }
      return Ok{};
    });
  };
  return stage;
}

/// Keeps repeated paragraphs. Output: all but the first of equal ones, by shard.
Status keep_repeated_paragraphs(exec::StageTask& task, exec::SortedRecords& records) {
  exec::RecordBuilder out;
  Hash128 paragraph;
  bool is_begun = false;
  std::string_view bytes;
  while (ALUDEL_TRY(records.next(bytes))) {
    exec::RecordParser record(bytes);
    const Hash128 next = record.hash();
    const Place place = Place::of(record.number());
    if (is_begun && next == paragraph) {
      out.clear().small(place.document).small(record.small());
      ALUDEL_TRY(task.write(0, place.shard, out.bytes()));
    }
    paragraph = next;
    is_begun = true;
  }
  return Ok{};
}

Status write_paragraph_findings(exec::SortedRecords& repeated, exec::RecordReader ids,
                                io::JsonlWriter& rows) {
  std::string_view bytes;
  bool has_more = ALUDEL_TRY(repeated.next(bytes));
  std::string_view id;
  for (std::uint32_t document = 0; has_more && ALUDEL_TRY(ids.next(id)); ++document) {
    Json row;
    while (has_more) {
      exec::RecordParser record(bytes);
      if (record.small() != document) break;
      add_repeated(row, exec::RecordParser(id).hash().hex(), record.small());
      has_more = ALUDEL_TRY(repeated.next(bytes));
    }
    if (!row.is_null()) ALUDEL_TRY(rows.write(row));
  }
  return Ok{};
}

}  // namespace

void add_repeated(Json& row, const std::string& id, std::size_t paragraph) {
  if (row.is_null()) row["id"] = id;
  row["repeated"].push_back(static_cast<std::int64_t>(paragraph));
}

std::set<std::int64_t> repeated_of(const Json& finding) {
  std::set<std::int64_t> numbers;
  if (const Json* repeated = finding.find("repeated")) {
    for (const Json& number : repeated->as_array()) {
      numbers.insert(number.as_integer());
    }
  }
  return numbers;
}

Status fit_paragraphs(const CorpusFit& fit, Scope scope) {
  const auto paragraphs = ALUDEL_TRY(fit.shuffle.run(paragraphs_stage(fit, scope)));
  const auto repeated =
      ALUDEL_TRY(sorted_stage(fit, "repeated", paragraphs, 0,
                              {by_shard(fit, kRepeatedParagraphBytes)}, keep_repeated_paragraphs));
  // The ids are those of the documents that were read for the paragraphs.
  const std::string inputs = paragraphs.fingerprint + repeated.fingerprint;
  return write_findings(fit, inputs, [&](std::size_t shard, io::JsonlWriter& rows) -> Status {
    const auto records = ALUDEL_TRY(fit.shuffle.sorted(repeated.outputs[0], shard, "findings"));
    return write_paragraph_findings(*records, fit.shuffle.read_task(paragraphs.outputs[1], shard),
                                    rows);
  });
}

}  // namespace aludel::curate::paragraph_dedup
