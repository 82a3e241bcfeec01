#include "app/commands/curate/dry_run.h"

#include <map>

#include <fmt/format.h>

#include "aludel/curate/layer_pass.h"
#include "aludel/curate/model_cards.h"
#include "aludel/curate/sources.h"
#include "aludel/io/input_recorder.h"
#include "aludel/report/html.h"

namespace aludel::app {
namespace {

Json sources_json(const curate::CurateConfig& config, const std::vector<curate::Shard>& shards) {
  struct Found {
    std::map<std::string, std::uint64_t> files;  // by format
    std::uint64_t bytes = 0;
  };

  std::vector<Found> found(config.sources.size());
  for (const curate::Shard& shard : shards) {
    Found& source = found[shard.source];
    source.bytes += shard.size_bytes;
    for (const curate::FilePart& part : shard.parts) {
      if (part.begin == 0) ++source.files[part.format.empty() ? "unknown" : part.format];
    }
  }
  Json sources = Json::array();
  for (std::size_t i = 0; i < found.size(); ++i) {
    Json row = Json::object();
    row["name"] = config.sources[i].name;
    row["files"] = Json::object();
    for (const auto& [format, count] : found[i].files) {
      row["files"][format] = count;
    }
    row["bytes"] = found[i].bytes;
    sources.push_back(std::move(row));
  }
  return sources;
}

}  // namespace

Result<Json> dry_run(io::FileSystem& files, Threads& threads, const curate::CurateConfig& config) {
  const auto shards = ALUDEL_TRY(curate::plan_shards(files, config, curate::Contents::names));
  Json plan = Json::object();
  plan["sources"] = sources_json(config, shards);
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
    const auto made = curate::ActiveLayer::make(resolved, used, context);
    row["on"] = !made || !made.value().is_off();
    if (!made) {
      row["problem"] = made.error().message;
      ++problems;
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
  for (const Json& source : plan.find("sources")->as_array()) {
    std::string formats;
    for (const auto& [format, count] : source.find("files")->as_object()) {
      formats += fmt::format("{}{} {}", formats.empty() ? "" : ", ", format, count.as_integer());
    }
    text += fmt::format("source {}: {} of files ({})\n", source.string_or("name", ""),
                        report::human_bytes(source.number_or("bytes", 0)), formats);
  }
  for (const Json& layer : plan.find("layers")->as_array()) {
    const std::string problem = layer.string_or("problem", "");
    text += fmt::format("layer {}: {}\n", layer.string_or("name", ""),
                        !problem.empty()             ? "MISSING: " + problem
                        : layer.bool_or("on", false) ? std::string("on")
                                                     : std::string("off"));
  }
  for (const Json& model : plan.find("models")->as_array()) {
    text += "model " + model.as_string() + "\n";
  }
  return text + fmt::format("{} tasks; nothing was written, the run folder would be {}",
                            plan.integer_or("tasks", 0), plan.string_or("out", "(none: --out)"));
}

}  // namespace aludel::app
