#include "aludel/curate/model_building/config.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/safety/taxonomy.h"

namespace aludel::curate {
namespace {

Status check_role(const std::string& role, const ReferenceConfig& reference) {
  if (role == "quality_good" || role == "quality_bad") return Ok{};
  if (role == "lm") {
    if (!reference.language.empty()) return Ok{};
    return Error{Code::invalid_argument, "[models] reference text for lm needs a language"};
  }
  if (role.starts_with("topic:") && role.size() > 6) return Ok{};
  if (role.starts_with("safety:")) {
    const std::string name = role.substr(7);
    if (name == "*" || name == safety::kSafeLabel || safety::find_safety_class(name)) return Ok{};
    return Error{Code::invalid_argument, fmt::format("[models] no safety class '{}'", name)};
  }
  return Error{Code::invalid_argument,
               fmt::format("[models] unknown role '{}'; known: lm, quality_good, quality_bad, "
                           "topic:NAME, safety:CLASS, and :* for the label that each record states",
                           role)};
}

Status check(const ModelsConfig& config) {
  if (config.reference.empty()) {
    return Error{Code::invalid_argument, "[models] no [[reference]] text is named"};
  }
  for (const ReferenceConfig& reference : config.reference) {
    if (reference.path.empty() || reference.roles.empty()) {
      return Error{Code::invalid_argument, "[models] a reference needs a path and roles"};
    }
    for (const std::string& role : reference.roles) {
      ALUDEL_TRY(check_role(role, reference));
    }
  }
  return text::validate(config.classifier);
}

}  // namespace

Result<ModelsConfig> read_models_config(std::string_view toml, std::string_view name,
                                        const std::vector<std::string>& set) {
  ModelsConfig config;
  ALUDEL_TRY(read_config(ALUDEL_TRY(parse_toml(toml, name)), config, name));
  const Fields fields = fields_of(config);
  for (const std::string& change : set) {
    const std::size_t equals = change.find('=');
    if (equals == std::string::npos) {
      return Error{Code::invalid_argument,
                   fmt::format("[models] --set {}, expected key=value", change)};
    }
    ALUDEL_TRY(set_field(fields, change.substr(0, equals), change.substr(equals + 1)));
  }
  ALUDEL_TRY(check(config));
  return config;
}

}  // namespace aludel::curate
