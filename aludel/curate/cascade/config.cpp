#include "aludel/curate/cascade/config.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/embedded.h"
#include "aludel/base/memory_size.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/recover.h"
#include "aludel/io/formats/parquet.h"

namespace aludel::curate {

namespace {

constexpr std::string_view kOff = "off";

Error wrong(std::string_view what) {
  return {Code::invalid_argument, fmt::format("[curate] {}", what)};
}

Status check_known(std::string_view what, std::string_view value,
                   std::span<const std::string_view> known) {
  if (std::ranges::find(known, value) != known.end()) return Ok{};
  return wrong(fmt::format("unknown {} '{}'{}", what, value,
                           name_hint(value, {known.begin(), known.end()})));
}

/// Merges `top` into `base`: tables key by key; any other value replaces the old one.
void lay_over(Json& base, const Json& top) {
  if (!base.is_object() || !top.is_object()) {
    base = top;
    return;
  }
  for (const auto& [key, value] : top.as_object()) {
    lay_over(base[key], value);
  }
  base.line = top.line;
}

bool is_off(const Json& value) {
  return value.is_string() && value.as_string() == kOff;
}

/// Adds to an error the file and the line that `value` was read from. A value of --set has no line.
Status at_line(Status status, std::string_view file, const Json& value) {
  if (status || value.line == 0) return status;
  return std::move(status).error().with_context(fmt::format("{}:{}", file, value.line));
}

/// Removes from a table the values that --set gave, which have no line, and returns them.
Json take_sets(Json& table) {
  Json sets = Json::object();
  std::erase_if(table.as_object(), [&sets](Json::Member& member) {
    auto& [key, value] = member;
    if (value.is_object()) {
      Json inner = take_sets(value);
      if (!inner.as_object().empty()) sets[key] = std::move(inner);
      return false;
    }
    if (value.line == 0) sets[key] = value;
    return value.line == 0;
  });
  return sets;
}

/// Checks the settings of a layer against its fields. Checks those of the file and those of --set
/// apart, so that an error names the file and the line, or --set.
Status check_settings(const Json& settings, const std::string& name, std::string_view where,
                      std::string_view file) {
  const LayerSpec& spec = *ALUDEL_TRY(find_layer(name));
  Json of_file = settings;
  const Json of_sets = take_sets(of_file);
  Status status = Ok{};
  spec.show_settings([&](const Fields& fields) {
    status = read_config(of_file, fields, file);
    if (status) status = read_config(of_sets, fields, "--set");
  });
  if (status) return status;
  return std::move(status).error().with_context(fmt::format("{}.{}", where, name));
}

/// Checks a table of layers: each name is known, each value is a table of settings or "off".
Status check_layers(const Json& layers, std::string_view where, std::string_view file) {
  for (const auto& [name, value] : layers.as_object()) {
    ALUDEL_TRY(at_line(check_known("layer", name, cascade_order()), file, value));
    if (!value.is_object() && !is_off(value)) {
      return at_line(
          wrong(fmt::format("{}.{} must be a table of settings or \"off\"", where, name)), file,
          value);
    }
    if (value.is_object()) ALUDEL_TRY(check_settings(value, name, where, file));
  }
  return Ok{};
}

Status check_profiles(const Json& profiles, std::string_view file) {
  for (const auto& [profile, layers] : profiles.as_object()) {
    ALUDEL_TRY(at_line(check_known("profile", profile, profile_names()), file, layers));
    const std::string where = "profiles." + profile;
    if (!layers.is_object())
      return at_line(wrong(where + " must be a table of layers"), file, layers);
    ALUDEL_TRY(check_layers(layers, where, file));
    for (const auto& [name, value] : layers.as_object()) {
      const auto spec = find_layer(name);
      if (spec && spec.value()->waits_for_corpus() && !is_off(value)) {
        return wrong(
            fmt::format("{}.{}: the layer learns of the whole corpus; a profile can only "
                        "set it \"off\"",
                        where, name));
      }
    }
  }
  return Ok{};
}

/// Returns the table that a source was read from, which knows its line; null for a source of --set.
const Json& table_of_source(const Json& table, std::size_t number) {
  static const Json none;
  const Json* sources = table.find("sources");
  if (sources == nullptr || !sources->is_array()) return none;
  return number < sources->as_array().size() ? sources->as_array()[number] : none;
}

/// Checks that each source has a path and a unique name. `table` is the file that they were read
/// from.
Status check_sources(const std::vector<SourceConfig>& sources, const Json& table,
                     std::string_view file) {
  if (sources.empty()) return wrong("no [[sources]]: name at least one, or give --in");
  std::set<std::string> names;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const SourceConfig& source = sources[i];
    const Json& read = table_of_source(table, i);
    if (source.name.empty()) return at_line(wrong("a source needs a name"), file, read);
    if (!names.insert(source.name).second) {
      return at_line(wrong(fmt::format("two sources are named '{}'", source.name)), file, read);
    }
    if (source.path.empty()) {
      return at_line(wrong(fmt::format("source '{}' needs a path", source.name)), file, read);
    }
  }
  return Ok{};
}

Status check_targets(const CurateConfig& config) {
  if (config.target_tokens > 0 && config.target_keep > 0) {
    return wrong("set target_tokens or target_keep, not both");
  }
  return Ok{};
}

/// Returns the settings of a layer for profiles that do not change them.
LayerSettings base_settings(const CurateConfig& config, const LayerSpec& spec) {
  LayerSettings base{true, spec.defaults()};
  if (const Json* settings = config.layers.find(spec.name)) {
    base.on = !is_off(*settings);
    if (base.on) lay_over(base.settings, *settings);
  }
  return base;
}

Status check_output(const CurateConfig& config) {
  if (config.output_format == "parquet" && !io::has_parquet()) {
    return Error{Code::unsupported,
                 "[curate] output_format = \"parquet\": this program was built without Parquet; "
                 "`make parquet` builds it anew"};
  }
  return Ok{};
}

/// Returns the table of a preset. REQUIRES: there is a preset of that name.
Result<Json> preset_table(const std::string& name) {
  const auto presets = all_presets();
  const auto preset = std::ranges::find(presets, name, &EmbeddedFile::name);
  ALUDEL_CHECK(preset != presets.end(), "an unknown preset passed validation");
  return parse_toml(preset->text, "preset " + name);
}

/// Returns the value at a dotted path of tables; nullptr where there is none.
const Json* value_at(const Json& table, std::string_view path) {
  const Json* value = &table;
  while (value != nullptr && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    value = value->find(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return value;
}

/// Refuses a change of a setting of a layer that is off. `read` is what the file `file` says.
Status check_is_on(const CurateConfig& config, std::string_view changed, const Json& read,
                   std::string_view file) {
  Json all = Json::object();
  all["layers"] = config.layers;
  all["profiles"] = config.profiles;
  for (std::size_t dot = changed.find('.'); dot != std::string_view::npos;
       dot = changed.find('.', dot + 1)) {
    const std::string_view layer = changed.substr(0, dot);
    const Json* value = value_at(all, layer);
    if (value == nullptr || !is_off(*value)) continue;
    const Json* in_file = value_at(read, layer);
    const bool is_of_file = in_file != nullptr && is_off(*in_file);
    const std::string where = value->line == 0 ? "by --set"
                              : is_of_file     ? fmt::format("in {}", file)
                                               : fmt::format("in preset {}", config.preset);
    return wrong(
        fmt::format("--set {}: {} is \"off\" {}; give --set '{}={{}}' before it, which "
                    "switches the layer on",
                    changed, layer, where, layer));
  }
  return Ok{};
}

Status apply_sets(CurateConfig& config, const std::vector<std::string>& set, const Json& read,
                  std::string_view file) {
  for (const std::string& change : set) {
    const std::size_t equals = change.find('=');
    if (equals == std::string::npos) return wrong(fmt::format("--set {}: expected A=B", change));
    const std::string changed = change.substr(0, equals);
    ALUDEL_TRY(check_is_on(config, changed, read, file));
    ALUDEL_TRY(set_field(fields_of(config), changed, change.substr(equals + 1)));
  }
  return Ok{};
}

}  // namespace

Result<CurateConfig> read_curate_config(std::string_view toml, std::string_view name,
                                        const std::vector<std::string>& set) {
  const Json table = ALUDEL_TRY(parse_toml(toml, name));
  CurateConfig config;
  ALUDEL_TRY(read_config(table, config, name));
  if (!config.preset.empty()) {
    Json merged = ALUDEL_TRY(preset_table(config.preset));
    lay_over(merged, table);
    config = CurateConfig();
    ALUDEL_TRY(read_config(merged, config, name));
  }
  ALUDEL_TRY(apply_sets(config, set, table, name));
  if (!config.from.empty()) {
    return wrong(fmt::format(
        "from = \"{0}\": leave it out; `aludel corpus redecide {0}` reads that run, with "
        "the settings of --config and --set",
        config.from));
  }
  ALUDEL_TRY(check_layers(config.layers, "layers", name));
  ALUDEL_TRY(check_profiles(config.profiles, name));
  ALUDEL_TRY(check_sources(config.sources, table, name));
  if (config.limit > 0 && config.sample > 0) {
    return wrong("one of limit and sample must be 0");
  }
  ALUDEL_TRY(parse_recover_rules(config.recover));
  ALUDEL_TRY(memory_bytes_of(config));
  ALUDEL_TRY(check_targets(config));
  ALUDEL_TRY(check_output(config));
  return config;
}

Purpose purpose_of(const CurateConfig& config) {
  return config.annotate ? Purpose::annotate : Purpose::decide;
}

SourcesToCut sources_to_cut(const CurateConfig& config) {
  return {config.sources, config.task_megabytes, config.out};
}

std::vector<std::size_t> used_profiles(const CurateConfig& config) {
  std::set<std::size_t> profiles;
  for (const SourceConfig& source : config.sources) {
    profiles.insert(profile_index(source.profile));
  }
  return {profiles.begin(), profiles.end()};
}

std::vector<ResolvedLayer> resolve_layers(const CurateConfig& config) {
  std::vector<ResolvedLayer> layers;
  for (const LayerSpec* spec : cascade()) {
    const LayerSettings base = base_settings(config, *spec);
    ResolvedLayer layer{spec, {profile_names().size(), base}};
    for (std::size_t i = 0; i < profile_names().size(); ++i) {
      const Json* changes = config.profiles.find(profile_names()[i]);
      const Json* change = changes == nullptr ? nullptr : changes->find(spec->name);
      if (change == nullptr || !base.on) continue;
      layer.by_profile[i].on = !is_off(*change);
      if (layer.by_profile[i].on) lay_over(layer.by_profile[i].settings, *change);
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

Result<std::uint64_t> memory_bytes_of(const CurateConfig& config) {
  if (config.memory.empty()) return machine_memory_bytes() / 2;
  auto bytes = parse_memory_size(config.memory);
  if (!bytes) return std::move(bytes).error().with_context("[curate] memory");
  return bytes;
}

Json resolved_config(const CurateConfig& config) {
  CurateConfig resolved = config;
  resolved.out.clear();
  resolved.memory.clear();
  resolved.layers = Json::object();
  for (const LayerSpec* spec : cascade()) {
    LayerSettings base = base_settings(config, *spec);
    resolved.layers[spec->name] = base.on ? std::move(base.settings) : Json(kOff);
  }
  return dump_config(resolved);
}

}  // namespace aludel::curate
