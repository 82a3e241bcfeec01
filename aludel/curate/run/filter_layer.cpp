#include "aludel/curate/run/filter_layer.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/run/stored_run.h"
#include "aludel/io/place.h"

namespace aludel::curate {
namespace {

/// REQUIRES: there is a layer of that name.
ResolvedLayer layer_named(const CurateConfig& config, std::string_view name) {
  std::vector<ResolvedLayer> layers = resolve_layers(config);
  return std::move(*std::ranges::find(layers, name,
                                      [](const ResolvedLayer& layer) { return layer.spec->name; }));
}

/// The layer's settings for each profile: those of the preset, with --set on top.
Result<ResolvedLayer> resolve(const FilterOptions& options) {
  ALUDEL_TRY(find_layer(options.layer));
  Json table = Json::object();
  if (!options.preset.empty()) table["preset"] = options.preset;
  Json source = Json::object();
  source["name"] = "stdin";
  source["path"] = "-";
  table["sources"] = Json::Array{source};
  const std::string toml = write_toml(table);
  const CurateConfig preset = ALUDEL_TRY(read_curate_config(toml, "the command line", {}));
  std::vector<std::string> set;
  const Json* of_preset = preset.layers.find(options.layer);
  if (of_preset != nullptr && !of_preset->is_object()) {  // off
    set.push_back(fmt::format("layers.{}={{}}", options.layer));
  }
  for (const std::string& change : options.set) {
    set.push_back(fmt::format("layers.{}.{}", options.layer, change));
  }
  return layer_named(ALUDEL_TRY(read_curate_config(toml, "the command line", set)), options.layer);
}

/// Errors: invalid_argument for a setting that the given state decides, which would have no effect.
Status check_decided_by_state(const FilterOptions& options, const LayerSpec& spec) {
  std::vector<std::string_view> given;
  for (const std::string_view change : options.set) {
    given.push_back(change.substr(0, change.find_first_of(".= ")));
  }
  if (options.seed != 0) given.push_back("seed");
  std::vector<std::string> decided = spec.settings_read_at(ReadAt::learning, spec.defaults());
  if (spec.learns_by_seed) decided.emplace_back("seed");
  for (const std::string& name : decided) {
    if (std::ranges::find(given, name) == given.end()) continue;
    return Error{Code::invalid_argument,
                 fmt::format("[layer] the state decides {} of {}: leave out {}{}, or --state", name,
                             spec.name, name == "seed" ? "--" : "--set ", name)};
  }
  return Ok{};
}

/// Switches the layer off for the profiles that the state's run had it off for, and on for the
/// others. Returns false for a state that lies in no run's folder.
Result<bool> switch_as_the_run(io::FileSystem& files, const FilterOptions& options,
                               ResolvedLayer& layer) {
  const std::string state = io::place_of(options.state);
  const std::string below_run = "/" + state_path(options.layer);
  if (!state.ends_with(below_run)) return false;
  const std::string run = state.substr(0, state.size() - below_run.size());
  if (!files.info(io::join_path(run, kResolvedConfig))) return false;
  const ResolvedLayer of_run =
      layer_named(ALUDEL_TRY(read_resolved_config(files, run)), options.layer);
  for (std::size_t i = 0; i < layer.by_profile.size(); ++i) {
    layer.by_profile[i].on = of_run.by_profile[i].on;
  }
  return true;
}

}  // namespace

Result<ResolvedLayer> layer_of_filter(io::FileSystem& files, const FilterOptions& options) {
  ResolvedLayer layer = ALUDEL_TRY(resolve(options));
  bool is_as_in_a_run = false;
  if (!options.state.empty()) {
    ALUDEL_TRY(check_decided_by_state(options, *layer.spec));
    is_as_in_a_run = ALUDEL_TRY(switch_as_the_run(files, options, layer));
  }
  if (!is_as_in_a_run) layer.by_profile[0].on = true;
  return layer;
}

}  // namespace aludel::curate
