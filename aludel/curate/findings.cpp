#include "aludel/curate/findings.h"

#include <functional>

#include <fmt/format.h>

#include "aludel/base/hash.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kSeenEnding = ".seen.jsonl.zst";

using UseRow = std::function<bool(Json)>;

enum class RowsOf : std::uint8_t { findings, seen };

/// Shows all rows of a state until `use` returns false.
Status for_each_row(io::FileSystem& files, const std::string& state_folder, RowsOf of,
                    const UseRow& use) {
  const auto infos = ALUDEL_TRY(files.list(state_folder));
  if (infos.empty()) return Error{Code::not_found, state_folder + ": no state of a fitted layer"};
  for (const io::FileInfo& info : infos) {
    if (info.path.ends_with(kSeenEnding) != (of == RowsOf::seen)) continue;
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, info.path));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      if (!use(std::move(row))) return Ok{};
    }
  }
  return Ok{};
}

}  // namespace

std::string findings_path(const std::string& state_folder, std::size_t shard) {
  return io::join_path(state_folder, fmt::format("{:05}.jsonl.zst", shard));
}

std::string seen_path(const std::string& state_folder, std::size_t shard) {
  return io::join_path(state_folder, fmt::format("{:05}{}", shard, kSeenEnding));
}

Result<SeenWriter> SeenWriter::create(io::FileSystem& files, const std::string& path) {
  return SeenWriter(ALUDEL_TRY(io::JsonlWriter::create(files, path)));
}

Status SeenWriter::add(std::string_view id) {
  Json row = Json::object();
  row["id"] = id;
  return writer_.write(row);
}

Result<FindingsReader> FindingsReader::open(io::FileSystem& files, const std::string& state_folder,
                                            std::size_t shard) {
  return FindingsReader(
      ALUDEL_TRY(io::JsonlReader::open(files, findings_path(state_folder, shard))));
}

Status FindingsReader::advance() {
  is_begun_ = true;
  if (!ALUDEL_TRY(reader_.next(next_))) next_ = Json();
  return Ok{};
}

Result<Json> FindingsReader::take(std::string_view id) {
  if (!is_begun_) ALUDEL_TRY(advance());
  if (next_.is_null() || next_.string_or("id", "") != id) return Json();
  Json found = std::move(next_);
  ALUDEL_TRY(advance());
  return found;
}

Status FindingsReader::check_all_taken() {
  if (!is_begun_) ALUDEL_TRY(advance());
  if (next_.is_null()) return Ok{};
  return Error{Code::corrupt_data,
               fmt::format("[findings] there is one of '{}', which is not among the documents: "
                           "remove state/ and work/ in the run folder, and run again",
                           next_.string_or("id", ""))};
}

Status write_all_findings(io::FileSystem& files, const std::string& state_folder,
                          const std::vector<std::string>& ids, const std::vector<Json>& rows) {
  auto seen = ALUDEL_TRY(SeenWriter::create(files, seen_path(state_folder, 0)));
  for (const std::string& id : ids) {
    ALUDEL_TRY(seen.add(id));
  }
  ALUDEL_TRY(seen.commit());
  auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, findings_path(state_folder, 0)));
  for (const Json& row : rows) {
    if (!row.is_null()) ALUDEL_TRY(writer.write(row));
  }
  return writer.commit();
}

Result<FindingsById> FindingsById::read(io::FileSystem& files, const std::string& state_folder) {
  FindingsById all;
  ALUDEL_TRY(for_each_row(files, state_folder, RowsOf::findings, [&](Json row) {
    const std::string id = row.string_or("id", "");
    all.rows_[id] = std::move(row);
    return true;
  }));
  ALUDEL_TRY(for_each_row(files, state_folder, RowsOf::seen, [&](Json row) {
    all.seen_.insert(hash64(row.string_or("id", "")));
    return true;
  }));
  if (all.seen_.empty() && !all.rows_.empty()) {
    return Error{Code::not_found,
                 state_folder +
                     ": the state does not say which documents it saw, since an earlier "
                     "version made it: run the curation again"};
  }
  return all;
}

Json FindingsById::find(const std::string& id) const {
  const auto found = rows_.find(id);
  return found == rows_.end() ? Json() : found->second;
}

bool FindingsById::has_seen(std::string_view id) const {
  return seen_.contains(hash64(id));
}

Result<Json> find_finding(io::FileSystem& files, const std::string& state_folder,
                          std::string_view id) {
  Json found;
  ALUDEL_TRY(for_each_row(files, state_folder, RowsOf::findings, [&](Json row) {
    if (row.string_or("id", "") == id) found = std::move(row);
    return found.is_null();
  }));
  return found;
}

}  // namespace aludel::curate
