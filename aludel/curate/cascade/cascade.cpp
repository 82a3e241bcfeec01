#include "aludel/curate/cascade/cascade.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "aludel/base/config.h"

namespace aludel::curate {

Json LayerSpec::defaults() const {
  Json defaults;
  show_settings([&](const Fields& fields) { defaults = dump_config(fields); });
  return defaults;
}

std::vector<std::string> LayerSpec::settings_read_at(ReadAt when, const Json& settings) const {
  const std::span<const Rule> held = rules_with(settings);
  std::vector<std::string> names;
  show_settings([&](const Fields& fields) {
    for (const Field& field : fields.all()) {
      const bool is_limit = std::ranges::find(held, field.name, &Rule::setting) != held.end();
      if ((is_limit ? ReadAt::decision : field.read_at) == when) names.push_back(field.name);
    }
  });
  return names;
}

std::span<const std::string_view> cascade_order() {
  static constexpr std::string_view kOrder[] = {
      "language",        "metrics",       "repetition",  "correction", "perplexity", "quality",
      "paragraph_dedup", "minhash_dedup", "exact_dedup", "safety",     "topic",      "semantic"};
  return kOrder;
}

std::vector<const LayerSpec*> cascade() {
  std::vector<const LayerSpec*> layers;
  for (const std::string_view name : cascade_order()) {
    const auto found = std::ranges::find(all_layers(), name, &LayerSpec::name);
    if (found != all_layers().end()) layers.push_back(*found);
  }
  return layers;
}

Result<const LayerSpec*> find_layer(std::string_view name) {
  const auto found = std::ranges::find(all_layers(), name, &LayerSpec::name);
  if (found != all_layers().end()) return *found;
  std::vector<std::string> names;
  for (const LayerSpec* spec : cascade()) {
    names.emplace_back(spec->name);
  }
  return Error{Code::invalid_argument,
               fmt::format("[curate] no layer '{}'{}", name, name_hint(name, names))};
}

}  // namespace aludel::curate
