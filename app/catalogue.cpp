#include "app/catalogue.h"

#include "app/command.h"
#include <fmt/format.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/curate/model_building/config.h"
#include "aludel/eval/suite.h"
#include "aludel/io/format.h"
#include "aludel/models/family.h"
#include "aludel/models/quantisation/quantise.h"
#include "aludel/planted/planted.h"
#include "aludel/tensor/op.h"
#include "aludel/train/train_config.h"

namespace aludel::app {
namespace {

template <class Spec>
const Spec& spec_of(const Spec* entry) {
  return *entry;
}

template <class Spec>
const Spec& spec_of(const Spec& entry) {
  return entry;
}

/// Members of any registry or array whose Spec has name, summary and source.
template <class Specs>
std::vector<Member> members_of(const Specs& specs) {
  std::vector<Member> members;
  for (const auto& entry : specs) {
    const auto& spec = spec_of(entry);
    Member& member = members.emplace_back();
    member.name = spec.name;
    member.summary = spec.summary;
    if constexpr (requires { spec.source; }) member.source = spec.source;
  }
  return members;
}

std::vector<Member> planted_members() {
  std::vector<Member> members;
  for (const planted::PlantedKindInfo& kind : planted::planted_kinds()) {
    members.push_back(
        {std::string(kind.name), std::string(kind.summary), std::string(kind.layers)});
  }
  return members;
}

/// The keys of a config struct with their meaning and default.
std::vector<Member> members_of_config(const Fields& fields, const std::string& prefix) {
  std::vector<Member> members;
  const Json defaults = dump_config(fields);
  for (const Field& field : fields.all()) {
    if (const auto* section = std::get_if<std::vector<Field>>(&field.target)) {
      Fields inner;
      inner.all() = *section;
      const auto below = members_of_config(inner, prefix + field.name + ".");
      members.insert(members.end(), below.begin(), below.end());
      continue;
    }
    if (const auto* list = std::get_if<FieldList>(&field.target)) {
      members.push_back({prefix + field.name, field.help + "; a list of tables", ""});
      const auto below = members_of_config(list->append(), prefix + field.name + "[].");
      members.insert(members.end(), below.begin(), below.end());
      continue;
    }
    const std::string allowed = allowed_text(field);
    members.push_back(
        {prefix + field.name,
         fmt::format("{}{}{}; default {}", field.help, allowed.empty() ? "" : "; takes ", allowed,
                     defaults.find(field.name)->dump()),
         ""});
  }
  return members;
}

template <class Config>
std::vector<Member> config_members() {
  Config config;
  return members_of_config(fields_of(config), "");
}

/// Every setting of every layer by its key in [layers].
std::vector<Member> layer_config_members() {
  std::vector<Member> members;
  for (const curate::LayerSpec* layer : curate::cascade()) {
    layer->show_settings([&](const Fields& fields) {
      const auto of_layer = members_of_config(fields, fmt::format("{}.", layer->name));
      members.insert(members.end(), of_layer.begin(), of_layer.end());
    });
  }
  return members;
}

}  // namespace

std::vector<Family> catalogue() {
  return {
      {"commands", members_of(all_commands())},
      {"layers", members_of(curate::cascade())},
      {"formats", members_of(io::all_formats())},
      {"models", members_of(models::all_families())},
      {"ops", members_of(tensor::all_ops())},
      {"schemes", members_of(models::all_quantisation_schemes())},
      {"planted", planted_members()},
      {"suites", members_of(eval::all_suites())},
      {"curate_config", config_members<curate::CurateConfig>()},
      {"layer_config", layer_config_members()},
      {"models_config", config_members<curate::ModelsConfig>()},
      {"train_config", config_members<train::TrainConfig>()},
  };
}

}  // namespace aludel::app
