#include "aludel/curate/learn/corpus.h"

#include <utility>

#include "aludel/curate/learn/findings.h"

namespace aludel::curate {

Status write_findings(const CorpusFit& fit, const std::string& inputs, const WriteFindings& write) {
  io::FileSystem& files = fit.shuffle.files();
  ALUDEL_TRY(files.make_folders(io::join_path(fit.shuffle.run_folder(), fit.state_folder)));
  exec::Stage stage{.name = "findings",
                    .tasks = fit.corpus.shards(),
                    .inputs = inputs,
                    .outputs = {},
                    .work = {}};
  stage.work = [&](exec::StageTask& task) -> Status {
    const std::string path = findings_path(fit.state_folder, task.number);
    auto rows =
        ALUDEL_TRY(io::JsonlWriter::create(files, io::join_path(fit.shuffle.run_folder(), path)));
    ALUDEL_TRY(write(task.number, rows));
    task.files.push_back(path);
    return rows.commit();
  };
  ALUDEL_TRY(fit.shuffle.run(stage));
  return Ok{};
}

Result<exec::StageResult> sorted_stage(const CorpusFit& fit, const std::string& name,
                                       const exec::StageResult& from, std::size_t output,
                                       std::vector<exec::RecordLayout> outputs,
                                       const SortedWork& work) {
  const exec::StageOutput& input = from.outputs[output];
  exec::Stage stage{.name = name,
                    .tasks = input.layout.partitions,
                    .inputs = from.fingerprint,
                    .outputs = std::move(outputs),
                    .work = {}};
  stage.work = [&](exec::StageTask& task) -> Status {
    const auto records = ALUDEL_TRY(fit.shuffle.sorted(input, task.number, name));
    return work(task, *records);
  };
  return fit.shuffle.run(stage);
}

std::uint64_t likely_documents(const Corpus& corpus) {
  constexpr std::uint64_t kUsualDocumentBytes = 2000;
  return corpus.text_bytes() / kUsualDocumentBytes;
}

exec::RecordLayout by_shard(const CorpusFit& fit, std::size_t size_bytes) {
  return {size_bytes, std::max<std::size_t>(fit.corpus.shards(), 1)};
}

exec::RecordLayout by_hash(const CorpusFit& fit, std::size_t size_bytes, std::uint64_t bytes) {
  return {size_bytes, fit.shuffle.partitions_for(bytes)};
}

}  // namespace aludel::curate
