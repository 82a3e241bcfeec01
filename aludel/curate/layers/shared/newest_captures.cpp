#include "aludel/curate/layers/shared/newest_captures.h"

namespace aludel::curate {

std::string_view replaced_record(exec::RecordBuilder& record, const Replaced& replaced) {
  return record.clear().small(replaced.document).hash(replaced.id).hash(replaced.kept).bytes();
}

Result<std::vector<Replaced>> read_replaced(const CorpusFit& fit, const exec::StageOutput& output,
                                            std::size_t shard) {
  std::vector<Replaced> all;
  exec::RecordReader records = fit.shuffle.read(output, shard);
  std::string_view bytes;
  while (ALUDEL_TRY(records.next(bytes))) {
    exec::RecordParser record(bytes);
    const std::uint32_t document = record.small();
    const Hash128 id = record.hash();
    all.push_back({document, id, record.hash()});
  }
  return all;
}

std::string_view address_record(exec::RecordBuilder& record, const Hash128& address,
                                std::uint64_t time, const Place& place, const Hash128& id) {
  return record.clear().hash(address).number(~time).number(place.number()).hash(id).bytes();
}

Result<exec::StageResult> older_captures_stage(const CorpusFit& fit, const exec::StageResult& from,
                                               std::size_t output) {
  const auto keep_newest = [](exec::StageTask& task, exec::SortedRecords& records) -> Status {
    exec::RecordBuilder out;
    Hash128 address;  // all zeros, which is not the hash of an address
    Hash128 newest;
    std::string_view bytes;
    while (ALUDEL_TRY(records.next(bytes))) {
      exec::RecordParser record(bytes);
      const Hash128 next = record.hash();
      record.number();
      const Place place = Place::of(record.number());
      const Hash128 id = record.hash();
      if (next == address) {
        ALUDEL_TRY(task.write(0, place.shard, replaced_record(out, {place.document, id, newest})));
      } else {
        address = next;
        newest = id;
      }
    }
    return Ok{};
  };
  return sorted_stage(fit, "older_captures", from, output, {by_shard(fit, kReplacedBytes)},
                      keep_newest);
}

}  // namespace aludel::curate
