#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "aludel/base/json_bytes.h"
#include "aludel/curate/learn/corpus.h"

namespace aludel::curate {

/// Sums a corpus up. One task for each shard adds the shard's documents to a Summary of its own and
/// writes it as rows (base/json_bytes.h); then the rows of all shards, in order, are added to one
/// Summary. Each Summary begins as a copy of `empty`.
///
///   struct Summary {
///     void add(const Document& document);
///     std::vector<Json> rows() const;
///     Status add_row(const Json& row);  // adds a row of another Summary
///   };
template <class Summary>
Result<Summary> sum_up(const CorpusFit& fit, const Summary& empty) {
  constexpr std::size_t kWriteBytes = std::size_t{64} << 10;
  io::FileSystem& files = fit.shuffle.files();
  const auto path_of = [&](std::size_t shard) {
    return fmt::format("{}/summary/{:05}.rows", fit.shuffle.folder(), shard);
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
    const auto writer = ALUDEL_TRY(files.create_scratch(in_run(path)));
    std::string bytes;
    for (const Json& row : summary.rows()) {
      append_json_bytes(bytes, row);
      if (bytes.size() < kWriteBytes) continue;
      ALUDEL_TRY(writer->write(bytes));
      bytes.clear();
    }
    ALUDEL_TRY(writer->write(bytes));
    task.files.push_back(path);
    return writer->commit();
  };
  ALUDEL_TRY(fit.shuffle.run(stage));
  Summary all = empty;
  for (std::size_t shard = 0; shard < stage.tasks; ++shard) {
    const std::string path = in_run(path_of(shard));
    const std::string bytes = ALUDEL_TRY(io::read_file(files, path));
    Json row;
    for (std::string_view left = bytes; !left.empty();) {
      if (!take_json_bytes(left, row)) {
        return Error{Code::corrupt_data, path + ": [summary] no rows of a shard"};
      }
      ALUDEL_TRY(all.add_row(row));
    }
  }
  return all;
}

}  // namespace aludel::curate
