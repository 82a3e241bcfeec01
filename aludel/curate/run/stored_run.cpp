#include "aludel/curate/run/stored_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/curate/layout/run_paths.h"
#include "aludel/io/input_recorder.h"

namespace aludel::curate {
Status check_same_sources(const CurateConfig& run, const CurateConfig& now) {
  const auto is_same = [](const SourceConfig& a, const SourceConfig& b) {
    return a.name == b.name && a.profile == b.profile && a.kind == b.kind;
  };
  if (std::ranges::equal(run.sources, now.sources, is_same)) return Ok{};
  return Error{Code::invalid_argument,
               "[curate] the config names other [[sources]] than the run that is read: leave them "
               "out to take the run's"};
}

namespace {

/// Returns the text of a run's config with `compat` = "none" in place of "", by which runs until
/// December 2026 named our own way of counting.
Result<std::string> spelled_as_now(const std::string& toml, const std::string& path) {
  Json config = ALUDEL_TRY(parse_toml(toml, path));
  Json* layers = config.find("layers");
  bool is_changed = false;
  if (layers != nullptr && layers->is_object()) {
    for (auto& [layer, settings] : layers->as_object()) {
      Json* compat = settings.is_object() ? settings.find("compat") : nullptr;
      if (compat == nullptr || !compat->is_string() || !compat->as_string().empty()) continue;
      *compat = "none";
      is_changed = true;
    }
  }
  return is_changed ? write_toml(config) : toml;
}

}  // namespace

Result<StoredRun> StoredRun::open(io::FileSystem& files, const std::string& folder) {
  StoredRun run(files, io::without_end_slashes(folder));
  auto toml = io::read_file(files, io::join_path(run.folder_, kResolvedConfig));
  auto ledger = read_ledger(files, run.folder_);
  const bool has_ledger = ledger || ledger.error().code != Code::not_found;
  if (!toml || !has_ledger) {
    return Error{Code::not_found,
                 fmt::format("[curate] {} is no finished run of curate: it has no {}", run.folder_,
                             toml ? kLedgerFile : kResolvedConfig)};
  }
  const std::string path = io::join_path(folder, kResolvedConfig);
  const std::string text = ALUDEL_TRY(spelled_as_now(toml.value(), path));
  run.config_ = ALUDEL_TRY(read_curate_config(text, path, {}));
  run.ledger_ = ALUDEL_TRY(std::move(ledger));
  return run;
}

Result<std::vector<Shard>> StoredRun::shards(Contents contents) const {
  std::vector<Shard> shards;
  for (const std::string_view part : {kKeptFolder, kRejectsFolder}) {
    const std::string part_folder = io::join_path(folder_, part);
    for (const io::FileInfo& file : ALUDEL_TRY(files_->list(part_folder))) {
      Shard& shard = shards.emplace_back();
      const std::string name = file.path.substr(folder_.size() + 1);
      shard.parts.push_back({file.path, name, "jsonl", 0, file.size_bytes});
      shard.size_bytes = file.size_bytes;
      if (contents == Contents::names) continue;
      shard.content = name + " " + ALUDEL_TRY(io::hash_file(*files_, file.path)).hex();
    }
  }
  return shards;
}

Counts StoredRun::unread() const {
  Counts counts;
  for (const auto& [name, source] : ledger_.find("sources")->as_object()) {
    SourceCounts& item = counts[name];
    item.bytes_raw = static_cast<std::uint64_t>(source.find("in")->integer_or("bytes_raw", 0));
    item.truncated = static_cast<std::uint64_t>(source.find("in")->integer_or("truncated", 0));
    item.unread = unread_of_source(source);
    item.incomplete = incomplete_of_source(source);
    LayerCounts& read = item.layers[std::string(kReadLayer)];
    const Json& row = source.find("layers")->as_array().front();
    const Json* dropped = row.find("dropped");
    if (dropped == nullptr) continue;
    for (const auto& [reason, count] : dropped->as_object()) {
      if (!count.is_integer()) continue;
      read.dropped[reason] = static_cast<std::uint64_t>(count.as_integer());
      read.in += read.dropped[reason];
    }
  }
  return counts;
}

Result<CurateConfig> config_over_run(const StoredRun& run, std::string_view toml,
                                     std::string_view name, const std::vector<std::string>& set) {
  CurateConfig config;
  const Json resolved = resolved_config(run.config());
  if (toml.empty()) {
    Json same = resolved;
    same["annotate"] = false;
    same["recover"] = Json::array();
    config = ALUDEL_TRY(read_curate_config(write_toml(same), name, set));
  } else {
    std::string text(toml);
    if (ALUDEL_TRY(parse_toml(toml, name)).find("sources") == nullptr) {
      Json sources = Json::object();
      sources["sources"] = *resolved.find("sources");
      text += "\n" + write_toml(sources);
    }
    config = ALUDEL_TRY(read_curate_config(text, name, set));
  }
  ALUDEL_TRY(check_same_sources(run.config(), config));
  config.from = run.folder();
  return config;
}

}  // namespace aludel::curate
