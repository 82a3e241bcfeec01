#include "aludel/curate/run/stored_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/curate/layout/run_paths.h"

namespace aludel::curate {
Status check_same_sources(const CurateConfig& run, const CurateConfig& now) {
  const auto is_same = [](const SourceConfig& a, const SourceConfig& b) {
    return a.name == b.name && a.profile == b.profile && a.kind == b.kind;
  };
  if (!std::ranges::equal(run.sources, now.sources, is_same)) {
    return Error{Code::invalid_argument,
                 "[curate] the config names other [[sources]] than the run that is read: leave "
                 "them out to take the run's"};
  }
  const bool is_part =
      (now.limit > 0 && now.limit != run.limit) || (now.sample > 0 && now.sample != run.sample);
  if (!is_part) return Ok{};
  return Error{Code::invalid_argument,
               "[curate] a run is read again as a whole: leave limit and sample out"};
}

namespace {

/// Puts `compat` = "none" in place of "", by which runs until December 2026 named our own way of
/// counting, into a run's config.
void spell_as_now(Json& config) {
  Json* layers = config.find("layers");
  if (layers == nullptr || !layers->is_object()) return;
  for (auto& [layer, settings] : layers->as_object()) {
    Json* compat = settings.is_object() ? settings.find("compat") : nullptr;
    if (compat == nullptr || !compat->is_string() || !compat->as_string().empty()) continue;
    *compat = "none";
  }
}

}  // namespace

Result<CurateConfig> read_resolved_config(io::FileSystem& files, const std::string& folder) {
  const std::string path = io::join_path(folder, kResolvedConfig);
  Json table = ALUDEL_TRY(parse_toml(ALUDEL_TRY(io::read_file(files, path)), path));
  spell_as_now(table);
  const std::string from = table.string_or("from", "");
  table["from"] = "";
  CurateConfig config = ALUDEL_TRY(read_curate_config(write_toml(table), path, {}));
  config.from = from;
  return config;
}

Result<StoredRun> StoredRun::open(io::FileSystem& files, const std::string& folder) {
  StoredRun run(files, io::without_end_slashes(folder));
  const bool has_config = files.info(io::join_path(run.folder_, kResolvedConfig)).has_value();
  auto ledger = read_ledger(files, run.folder_);
  const bool has_ledger = ledger || ledger.error().code != Code::not_found;
  if (!has_config || !has_ledger) {
    return Error{Code::not_found,
                 fmt::format("[curate] {} is no finished run of curate: it has no {}", run.folder_,
                             has_config ? kLedgerFile : kResolvedConfig)};
  }
  run.config_ = ALUDEL_TRY(read_resolved_config(files, run.folder_));
  run.ledger_ = ALUDEL_TRY(std::move(ledger));
  return run;
}

Result<std::vector<Shard>> StoredRun::shards() const {
  std::vector<Shard> shards;
  for (const std::string_view part : {kKeptFolder, kRejectsFolder}) {
    const std::string part_folder = io::join_path(folder_, part);
    for (const io::FileInfo& file : ALUDEL_TRY(files_->list(part_folder))) {
      Shard& shard = shards.emplace_back();
      const std::string name = file.path.substr(folder_.size() + 1);
      shard.parts.push_back({file.path, name, "jsonl", 0, file.size_bytes});
      shard.size_bytes = file.size_bytes;
      shard.content = fmt::format("{} {} {}", name, file.version, file.size_bytes);
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
    same["from"] = "";
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
