#include "aludel/curate/run/run_folder.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "aludel/base/config.h"
#include "aludel/base/log.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kDone = "run";
constexpr std::size_t kShownDifferences = 8;

/// Adds the values of a config to `out` by their dotted names. A table in a list is named by its
/// member `name`, or else by its number.
void flatten(const std::string& name, const Json& value, std::map<std::string, std::string>& out) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.as_object()) {
      flatten(name.empty() ? key : fmt::format("{}.{}", name, key), member, out);
    }
    return;
  }
  const bool is_list_of_tables =
      value.is_array() && !value.as_array().empty() && value.as_array().front().is_object();
  if (!is_list_of_tables) {
    out[name] = value.dump();
    return;
  }
  std::size_t number = 0;
  for (const Json& table : value.as_array()) {
    flatten(fmt::format("{}.{}", name, table.string_or("name", std::to_string(number++))), table,
            out);
  }
}

/// "A -> B; C -> D" for some of the differences, and how many more there are.
std::string text_of(std::vector<std::string> differences) {
  if (differences.size() > kShownDifferences) {
    const std::size_t more = differences.size() - kShownDifferences;
    differences.resize(kShownDifferences);
    differences.push_back(fmt::format("and {} more", more));
  }
  return fmt::format("{}", fmt::join(differences, "; "));
}

Error holds_another_run(const std::string& folder, const std::string& difference) {
  return {Code::invalid_argument,
          fmt::format("[curate] {} holds a finished run of something else: {}; give another --out, "
                      "or --overwrite to replace it",
                      folder, difference)};
}

/// Refuses a folder that is none for a run, or that a `forget` is at work in.
Status check_is_for_runs(io::FileSystem& files, const std::string& folder) {
  if (files.info(io::join_path(folder, kForgetJournal))) {
    return Error{
        Code::invalid_argument,
        fmt::format("[curate] in {} an `aludel corpus forget` is unfinished: give it again first",
                    folder)};
  }
  if (files.info(io::join_path(folder, kManifestFile))) return Ok{};
  const auto there = files.list(folder);
  if (!there && there.error().code != Code::not_found) return there.error();
  if (!there || there.value().empty()) return Ok{};
  return Error{Code::invalid_argument,
               fmt::format("[curate] {} holds files, but is no run folder (it has no {}); choose "
                           "an empty one",
                           folder, kManifestFile)};
}

}  // namespace

Json RunBasis::to_json() const {
  Json json = Json::object();
  json["sources"] = sources;
  json["models"] = models;
  return json;
}

std::vector<std::string> settings_that_differ(const Json& before, const Json& now) {
  std::map<std::string, std::string> old_values;
  std::map<std::string, std::string> new_values;
  flatten("", before, old_values);
  flatten("", now, new_values);
  std::set<std::string> names;
  for (const auto& [name, value] : old_values)
    names.insert(name);
  for (const auto& [name, value] : new_values)
    names.insert(name);
  const auto text_of = [](const std::map<std::string, std::string>& values,
                          const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string("nothing") : found->second;
  };
  std::vector<std::string> differences;
  for (const std::string& name : names) {
    const std::string was = text_of(old_values, name);
    const std::string is = text_of(new_values, name);
    if (was != is) differences.push_back(fmt::format("{} {} -> {}", name, was, is));
  }
  return differences;
}

Status RunFolder::check(io::FileSystem& files, const std::string& folder, const Json& settings,
                        io::Existing existing) {
  ALUDEL_TRY(check_is_for_runs(files, folder));
  if (existing == io::Existing::replace || !files.info(io::join_path(folder, kLedgerFile))) {
    return Ok{};
  }
  const std::string path = io::join_path(folder, kResolvedConfig);
  const auto toml = io::read_file(files, path);
  const auto before = toml ? parse_toml(toml.value(), path) : Result<Json>(Json());
  if (!before || !before.value().is_object()) return Ok{};
  const auto differences = settings_that_differ(before.value(), settings);
  return differences.empty() ? Status(Ok{}) : holds_another_run(folder, text_of(differences));
}

Result<RunFolder> RunFolder::open(io::FileSystem& files, std::string folder) {
  if (folder.empty()) {
    return Error{Code::invalid_argument, "[curate] no run folder: set `out` or give --out"};
  }
  RunFolder run(files, std::move(folder));
  const auto earlier = files.info(run.path(kManifestFile));
  const auto there = earlier ? Result<std::vector<io::FileInfo>>(std::vector<io::FileInfo>())
                             : files.list(run.folder_);
  ALUDEL_TRY(files.make_folders(run.folder_));
  ALUDEL_TRY(check_is_for_runs(files, run.folder_));
  run.forgotten_ = ALUDEL_TRY(Forgotten::load(files, run.folder_));
  run.was_begun_ = earlier && earlier.value().size_bytes > 0;
  run.manifest_ = ALUDEL_TRY(exec::Manifest::open(files, run.path(kManifestFile)));
  run.made_folder_ = !there;
  run.made_manifest_ = !earlier;
  return run;
}

void RunFolder::abandon_unbegun() {
  if (!made_manifest_) return;
  const auto there = files_->list(folder_);
  const bool is_all_of_it = there && there.value().size() == 1;
  manifest_.reset();
  // The caller reports why the run failed. If this fails, too, only an empty file is left.
  (void)files_->remove(made_folder_ && is_all_of_it ? folder_ : path(kManifestFile));
  made_manifest_ = false;
}

bool RunFolder::is_done(const RunBasis& basis) const {
  const auto row = manifest_->find(exec::task_key(basis.done));
  if (!row || !files_->info(path(kLedgerFile))) return false;
  return std::ranges::all_of(row->outputs, [&](const exec::OutputFile& output) {
    const auto found = exec::describe_output(*files_, folder_, output.path);
    return found && found.value().xxh128 == output.xxh128;
  });
}

/// Returns what differs from an earlier run in this folder; empty if that is not known. `earlier`
/// is the RunBasis::to_json() of that run, null if it was not finished.
std::string RunFolder::difference_from(const Json& earlier, const RunBasis& basis) const {
  std::vector<std::string> differences;
  const auto toml = io::read_file(*files_, path(kResolvedConfig));
  const auto settings =
      toml ? parse_toml(toml.value(), path(kResolvedConfig)) : Result<Json>(Json());
  if (settings && settings.value().is_object()) {
    differences = settings_that_differ(settings.value(), basis.settings);
  }
  const auto is_other = [&](std::string_view key, const std::string& now) {
    return earlier.find(key) != nullptr && earlier.string_or(key, "") != now;
  };
  if (is_other("sources", basis.sources))
    differences.emplace_back("the files that are read (their names, sizes or times of change)");
  if (is_other("models", basis.models)) differences.emplace_back("the models and lists");
  return text_of(std::move(differences));
}

bool RunFolder::would_replace(const RunBasis& basis) const {
  const auto finished =
      files_->info(path(kLedgerFile)) ? manifest_->find_stage(kDone) : std::nullopt;
  return finished && finished->key != exec::task_key(basis.done);
}

Status RunFolder::begin(const RunBasis& basis, io::Existing existing) {
  const auto finished =
      files_->info(path(kLedgerFile)) ? manifest_->find_stage(kDone) : std::nullopt;
  made_manifest_ = false;  // begin() writes to the folder, so abandon_unbegun() must not remove it
  if (would_replace(basis)) {
    std::string difference = difference_from(finished->counts, basis);
    if (difference.empty()) difference = "the files that are read, or the models";
    if (existing == io::Existing::keep) {
      return holds_another_run(folder_, difference);
    }
    log_warning("{}: replaces the finished run there: {}", folder_, difference);
    ALUDEL_TRY(files_->remove(path(kLedgerFile)));  // without a ledger it is not a finished run
    ALUDEL_TRY(files_->remove(path(kReportFile)));
  } else if (!finished && was_begun_) {
    const std::string difference = difference_from(Json(), basis);
    if (!difference.empty()) {
      log_warning(
          "{}: was begun with other settings: {}; finished work that they do not touch is "
          "used again, the rest is done anew",
          folder_, difference);
    }
  }
  ALUDEL_TRY(files_->remove(path(kCommandReport)));  // of another start, where it is there
  ALUDEL_TRY(io::write_file(*files_, path(kResolvedConfig), write_toml(basis.settings)));
  for (const std::string_view folder :
       {kKeptFolder, kRejectsFolder, kStateFolder, kReportFolder, kNotesFolder, kUnpackedKeptFolder,
        kUnpackedRejectsFolder}) {
    ALUDEL_TRY(files_->make_folders(path(folder)));
  }
  return Ok{};
}

Status RunFolder::finish(const RunBasis& basis, std::span<const exec::ManifestRow> rows) {
  exec::ManifestRow done;
  done.key = exec::task_key(basis.done);
  done.stage = kDone;
  done.config = basis.done.config;
  done.counts = basis.to_json();
  std::vector<std::string> keys;
  for (const exec::ManifestRow& row : rows) {
    keys.push_back(row.key);
    std::ranges::copy_if(row.outputs, std::back_inserter(done.outputs),
                         [](const auto& output) { return !is_below(output.path, kWorkFolder); });
  }
  ALUDEL_TRY(sweep(done.outputs));
  done.outputs.push_back(
      ALUDEL_TRY(exec::describe_output(*files_, folder_, std::string(kLayersReport))));
  ALUDEL_TRY(manifest_->replace(keys, done));
  return remove_scratch();
}

/// Removes the files that an earlier config left in kept/, rejects/ and state/.
Status RunFolder::sweep(std::span<const exec::OutputFile> valid) {
  std::set<std::string, std::less<>> names;
  for (const exec::OutputFile& output : valid) {
    names.insert(output.path);
  }
  for (const std::string_view folder : {kKeptFolder, kRejectsFolder, kStateFolder}) {
    for (const io::FileInfo& file : ALUDEL_TRY(files_->list(path(folder)))) {
      if (names.contains(file.path.substr(folder_.size() + 1))) continue;
      ALUDEL_TRY(files_->remove(file.path));
    }
  }
  return Ok{};
}

}  // namespace aludel::curate
