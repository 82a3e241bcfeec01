#include "app/commands/curate/dry_run.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "aludel/curate/model_building/model_cards.h"
#include "aludel/curate/run/layer_pass.h"
#include "aludel/curate/run/redecide_plan.h"
#include "aludel/curate/run/run_folder.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/io/input_recorder.h"
#include "aludel/report/html.h"

namespace aludel::app {
namespace {

/// A table of counts by name.
Json counts_json(const std::map<std::string, std::uint64_t>& counts) {
  Json table = Json::object();
  for (const auto& [name, count] : counts) {
    table[name] = count;
  }
  return table;
}

/// What a run over one source would find.
struct Found {
  std::map<std::string, std::uint64_t> files;     // by format
  std::map<std::string, std::uint64_t> not_read;  // by reason
  std::map<std::string, std::uint64_t> lacking;   // by what the message says of the format
  std::uint64_t bytes = 0;

  void add(const curate::Shard& shard) {
    bytes += shard.size_bytes;
    for (const curate::FilePart& part : shard.parts) {
      if (part.begin > 0) continue;
      if (part.unread.empty()) {
        ++files[part.format.empty() ? "unknown" : part.format];
      } else {
        ++not_read[part.unread];
      }
      if (part.unread == curate::kFormatNotBuilt) ++lacking[part.unread_because];
    }
  }
};

Json sources_json(const curate::CurateConfig& config, const std::vector<curate::Shard>& shards) {
  std::vector<Found> found(config.sources.size());
  for (const curate::Shard& shard : shards) {
    found[shard.source].add(shard);
  }
  Json sources = Json::array();
  for (std::size_t i = 0; i < found.size(); ++i) {
    Json row = Json::object();
    row["name"] = config.sources[i].name;
    row["files"] = counts_json(found[i].files);
    row["not_read"] = counts_json(found[i].not_read);
    row["not_built"] = counts_json(found[i].lacking);
    row["bytes"] = found[i].bytes;
    sources.push_back(std::move(row));
  }
  return sources;
}

/// The finished run that would be read again.
Json run_json(const curate::StoredRun& run, const std::vector<curate::Shard>& shards) {
  const curate::CurateSummary summary = curate::summary_of(run.ledger());
  Json json = Json::object();
  json["folder"] = run.folder();
  json["annotated"] = run.kind() == curate::RunKind::annotated;
  json["documents_in"] = summary.documents_in;
  json["documents_kept"] = summary.documents_kept;
  json["files"] = shards.size();
  json["bytes"] = curate::stored_bytes(shards);
  return json;
}

/// "jsonl 3, warc 1"
std::string counts_text(const Json* counts) {
  std::string text;
  for (const auto& [name, count] : counts->as_object()) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count.as_integer());
  }
  return text;
}

std::string source_text(const Json& source) {
  const std::string formats = counts_text(source.find("files"));
  std::string text = fmt::format("source {}: {} of files ({})\n", source.string_or("name", ""),
                                 report::human_bytes(source.number_or("bytes", 0)),
                                 formats.empty() ? "none that can be read" : formats);
  const std::string not_read = counts_text(source.find("not_read"));
  if (!not_read.empty()) text += fmt::format("  not read: {}\n", not_read);
  for (const auto& [lack, count] : source.find("not_built")->as_object()) {
    text += fmt::format("  {} files: {}\n", count.as_integer(), lack);
  }
  return text;
}

std::string run_text(const Json& run) {
  return fmt::format("run {}: {}, {} documents, {} of them kept, {} in {} files\n",
                     run.string_or("folder", ""),
                     run.bool_or("annotated", false) ? "annotated" : "decided",
                     run.integer_or("documents_in", 0), run.integer_or("documents_kept", 0),
                     report::human_bytes(run.number_or("bytes", 0)), run.integer_or("files", 0));
}

std::string layer_text(const Json& layer) {
  const std::string problem = layer.string_or("problem", "");
  const std::string origin = layer.string_or("origin", "");
  return fmt::format("layer {}: {}{}\n", layer.string_or("name", ""),
                     !problem.empty()             ? "MISSING: " + problem
                     : layer.bool_or("on", false) ? std::string("on")
                                                  : std::string("off"),
                     origin.empty() ? "" : ", " + origin);
}

}  // namespace

Result<Json> dry_run(io::FileSystem& files, Threads& threads, const curate::CurateConfig& config,
                     io::Existing existing) {
  std::optional<curate::StoredRun> run;
  std::vector<curate::PlannedLayer> origins;
  if (!config.from.empty()) {
    run = ALUDEL_TRY(curate::StoredRun::open(files, config.from));
    origins = ALUDEL_TRY(curate::plan_over_run(*run, config));
  }
  if (!config.out.empty()) {
    ALUDEL_TRY(
        curate::RunFolder::check(files, config.out, curate::resolved_config(config), existing));
  }
  const auto shards =
      ALUDEL_TRY(run ? run->shards() : curate::plan_shards(files, curate::sources_to_cut(config)));
  Json plan = Json::object();
  if (run) plan["run"] = run_json(*run, shards);
  plan["sources"] = run ? Json::array() : sources_json(config, shards);
  plan["tasks"] = shards.size();
  plan["out"] = config.out;
  plan["layers"] = Json::array();
  std::int64_t problems = 0;
  io::InputRecorder recorder(files);
  const curate::LayerContext context{recorder, config.models,
                                     static_cast<std::uint64_t>(config.seed), threads,
                                     curate::purpose_of(config)};
  const std::vector<std::size_t> used = curate::used_profiles(config);
  for (const curate::ResolvedLayer& resolved : curate::resolve_layers(config)) {
    Json row = Json::object();
    row["name"] = resolved.spec->name;
    const auto made = curate::ActiveLayer::make(
        resolved, used, context,
        run ? curate::reuse_of(origins, *resolved.spec, *run) : curate::Reuse());
    if (!made && made.error().code == Code::invalid_argument) return made.error();
    row["on"] = !made || !made.value().is_off();
    if (!made) {
      row["problem"] = made.error().message;
      ++problems;
    }
    const auto origin = std::ranges::find(origins, resolved.spec, &curate::PlannedLayer::spec);
    if (origin != origins.end() && origin->origin != curate::Origin::off) {
      row["origin"] = origin->how();
    }
    plan["layers"].push_back(std::move(row));
  }
  plan["models"] = Json::array();
  for (const Json& model : curate::describe_models(files, recorder.paths())) {
    plan["models"].push_back(model.string_or("line", ""));
  }
  plan["problems"] = problems;
  return plan;
}

std::string dry_run_text(const Json& plan) {
  std::string text;
  if (const Json* run = plan.find("run")) text += run_text(*run);
  for (const Json& source : plan.find("sources")->as_array()) {
    text += source_text(source);
  }
  for (const Json& layer : plan.find("layers")->as_array()) {
    text += layer_text(layer);
  }
  for (const Json& model : plan.find("models")->as_array()) {
    text += "model " + model.as_string() + "\n";
  }
  const std::string out = plan.string_or("out", "");
  return text + fmt::format("{} tasks; nothing was written, the run folder {}",
                            plan.integer_or("tasks", 0),
                            out.empty() ? "is to be given with --out" : "would be " + out);
}

}  // namespace aludel::app
