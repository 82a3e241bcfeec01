#pragma once

#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "aludel/curate/learn/corpus.h"

namespace aludel::curate {

/// Sums a corpus up. One task for each shard adds the shard's documents to a Summary of its own and
/// writes it as rows; then the rows of all shards, in order, are added to one Summary. Each Summary
/// begins as a copy of `empty`.
///
///   struct Summary {
///     void add(const Document& document);
///     std::vector<Json> rows() const;
///     Status add_row(const Json& row);  // adds a row of another Summary
///   };
template <class Summary>
Result<Summary> sum_up(const CorpusFit& fit, const Summary& empty) {
  io::FileSystem& files = fit.shuffle.files();
  const auto path_of = [&](std::size_t shard) {
    return fmt::format("{}/summary/{:05}.jsonl", fit.shuffle.folder(), shard);
  };
  const auto in_run = [&](const std::string& path) {
    return io::join_path(fit.shuffle.run_folder(), path);
  };
  exec::Stage stage{
      .name = "summary", .tasks = fit.corpus.shards(), .inputs = "", .outputs = {}, .work = {}};
  stage.work = [&](exec::StageTask& task) -> Status {
    Summary summary = empty;
    ALUDEL_TRY(fit.corpus.read(task.number, [&](const CorpusDocument& item) -> Status {
      summary.add(item.document);
      return Ok{};
    }));
    const std::string path = path_of(task.number);
    io::JsonlWriter writer(ALUDEL_TRY(files.create_scratch(in_run(path))));
    for (const Json& row : summary.rows()) {
      ALUDEL_TRY(writer.write(row));
    }
    task.files.push_back(path);
    return writer.commit();
  };
  ALUDEL_TRY(fit.shuffle.run(stage));
  Summary all = empty;
  for (std::size_t shard = 0; shard < stage.tasks; ++shard) {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, in_run(path_of(shard))));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      ALUDEL_TRY(all.add_row(row));
    }
  }
  return all;
}

}  // namespace aludel::curate
