#include "aludel/curate/layers/language/captures.h"

#include <algorithm>

#include "aludel/curate/document/capture_time.h"
#include "aludel/curate/document/url.h"
#include "aludel/curate/layers/shared/newest_captures.h"

namespace aludel::curate {
namespace {

/// Collects the pages. Output: pages by address.
exec::Stage captures_stage(const CorpusFit& fit) {
  constexpr std::uint64_t kUsualPageBytes = 10'000;  // compressed
  const exec::RecordLayout by_address =
      by_hash(fit, kAddressBytes, fit.corpus.text_bytes() / kUsualPageBytes * kAddressBytes);
  exec::Stage stage{.name = "captures",
                    .tasks = fit.corpus.shards(),
                    .inputs = "",
                    .outputs = {by_address},
                    .work = {}};
  stage.work = [&fit, by_address](exec::StageTask& task) -> Status {
    exec::RecordBuilder record;
    return fit.corpus.read(task.number, [&](const CorpusDocument& page) -> Status {
      if (page.document.kind != "web") return Ok{};
      const std::string url = normalise_url(page.document.url);
      if (url.empty()) return Ok{};
      const Hash128 address = hash128(url);
      return task.write(
          0, exec::partition_of(address.high, by_address.partitions),
          address_record(record, address, capture_time(page.document.date), page.place, page.id));
    });
  };
  return stage;
}

}  // namespace

Status fit_captures(const CorpusFit& fit) {
  const auto captures = ALUDEL_TRY(fit.shuffle.run(captures_stage(fit)));
  const auto older = ALUDEL_TRY(older_captures_stage(fit, captures, 0));
  return write_findings(fit, older.fingerprint,
                        [&](std::size_t shard, io::JsonlWriter& rows) -> Status {
                          auto replaced = ALUDEL_TRY(read_replaced(fit, older.outputs[0], shard));
                          std::ranges::sort(replaced, {}, &Replaced::document);
                          for (const Replaced& capture : replaced) {
                            Json row = Json::object();
                            row["id"] = capture.id.hex();
                            row["newest"] = capture.kept.hex();
                            ALUDEL_TRY(rows.write(row));
                          }
                          return Ok{};
                        });
}

}  // namespace aludel::curate
