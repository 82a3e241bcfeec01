#include "aludel/curate/learn/findings.h"

#include <set>

#include <fmt/format.h>

#include "aludel/base/hash.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kLayer = "layer";  // key of the first row of a seen file

/// The files of states in a folder. Other files are ignored.
struct StateFiles {
  std::vector<std::string> findings;
  std::vector<std::string> seen;
  std::set<std::string> folders_below;  // subfolders that hold a state
};

Result<StateFiles> list_state(io::FileSystem& files, const std::string& state_folder) {
  const std::string here = io::without_end_slashes(state_folder);
  StateFiles found;
  for (const io::FileInfo& info : ALUDEL_TRY(files.list(state_folder))) {
    if (info.path == state_folder) {
      return Error{Code::invalid_argument,
                   fmt::format("{}: a file; expected the folder of a state, RUN/{}", state_folder,
                               state_path("LAYER"))};
    }
    const std::string folder = io::without_end_slashes(io::folder_of(info.path));
    const bool is_seen = info.path.ends_with(kSeenEnding);
    if (folder != here) {
      if (is_seen) found.folders_below.insert(folder);
    } else if (is_seen) {
      found.seen.push_back(info.path);
    } else if (info.path.ends_with(kFindingsEnding)) {
      found.findings.push_back(info.path);
    }
  }
  return found;
}

/// Returns the reason why a layer cannot use the folder as a state.
Error no_state_of(std::string_view layer, const std::string& state_folder,
                  const StateFiles& found) {
  if (!found.findings.empty()) {
    return Error{Code::not_found,
                 state_folder +
                     ": the state does not say which layer made it and which documents it saw, "
                     "since an earlier version made it: run the curation again"};
  }
  std::string others;
  for (const std::string& folder : found.folders_below) {
    if (folder.ends_with(fmt::format("/{}", layer))) {
      return Error{
          Code::invalid_argument,
          fmt::format("{}: no state, but a folder above states; give {}", state_folder, folder)};
    }
    others += fmt::format("{}{}", others.empty() ? "" : ", ", folder);
  }
  if (others.empty()) {
    return Error{Code::not_found, state_folder + ": no state of a fitted layer"};
  }
  return Error{Code::not_found, fmt::format("{}: no state of layer {}, but others: {}",
                                            state_folder, layer, others)};
}

/// Reads the first row of a seen file. Errors: not_found if it has none, as files of earlier
/// versions; invalid_argument for the state of another layer.
Status check_made_by(std::string_view layer, const std::string& state_folder,
                     const StateFiles& found, io::JsonlReader& seen) {
  Json row;
  const bool is_empty = !ALUDEL_TRY(seen.next(row));
  const std::string maker = is_empty ? "" : row.string_or(kLayer, "");
  if (maker.empty()) return no_state_of(layer, state_folder, found);
  if (maker == layer) return Ok{};
  return Error{Code::invalid_argument,
               fmt::format("{}: layer {} made this state, and layer {} cannot judge by it; give "
                           "RUN/{}",
                           state_folder, maker, layer, state_path(layer))};
}

}  // namespace

Result<SeenWriter> SeenWriter::create(io::FileSystem& files, const std::string& path,
                                      std::string_view layer) {
  SeenWriter seen(ALUDEL_TRY(io::JsonlWriter::create(files, path)));
  Json row = Json::object();
  row[kLayer] = layer;
  ALUDEL_TRY(seen.writer_.write(row));
  return seen;
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
                           "remove {}/ and {}/ in the run folder, and run again",
                           next_.string_or("id", ""), kStateFolder, kWorkFolder)};
}

Result<FindingsById> FindingsById::read(io::FileSystem& files, const std::string& state_folder,
                                        std::string_view layer) {
  const StateFiles state = ALUDEL_TRY(list_state(files, state_folder));
  if (state.seen.empty() || state.seen.size() < state.findings.size()) {
    return no_state_of(layer, state_folder, state);
  }
  FindingsById all;
  Json row;
  for (const std::string& path : state.seen) {
    auto seen = ALUDEL_TRY(io::JsonlReader::open(files, path));
    ALUDEL_TRY(check_made_by(layer, state_folder, state, seen));
    while (ALUDEL_TRY(seen.next(row))) {
      all.seen_.insert(hash64(row.string_or("id", "")));
    }
    const std::string shard = path.substr(0, path.size() - kSeenEnding.size());
    auto findings = ALUDEL_TRY(io::JsonlReader::open(files, shard + std::string(kFindingsEnding)));
    while (ALUDEL_TRY(findings.next(row))) {
      const std::string id = row.string_or("id", "");
      all.rows_[id] = std::move(row);
    }
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
  const StateFiles state = ALUDEL_TRY(list_state(files, state_folder));
  if (state.findings.empty()) {
    return Error{Code::not_found, state_folder + ": no state of a fitted layer"};
  }
  Json row;
  for (const std::string& path : state.findings) {
    auto findings = ALUDEL_TRY(io::JsonlReader::open(files, path));
    while (ALUDEL_TRY(findings.next(row))) {
      if (row.string_or("id", "") == id) return row;
    }
  }
  return Json();
}

}  // namespace aludel::curate
