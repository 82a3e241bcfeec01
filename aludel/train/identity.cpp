#include "aludel/train/identity.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/train/schedule.h"

namespace aludel::train {
namespace {

/// Settings that no weight depends on.
constexpr std::array<std::string_view, 5> kFree = {"out", "evaluate_every", "checkpoint_every",
                                                   "validation", "validation_rows"};

/// Settings that name what is read: its contents count, and are compared by their hash.
constexpr std::array<std::string_view, 3> kPaths = {"data", "tokenizer", "init"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

bool sets_the_rate(std::string_view name) {
  return name == "steps" || name.starts_with("schedule.");
}

void flatten(const Json& table, const std::string& prefix, std::map<std::string, Json>& flat) {
  for (const auto& [key, value] : table.as_object()) {
    if (value.is_object()) {
      flatten(value, prefix + key + ".", flat);
    } else {
      flat[prefix + key] = value;
    }
  }
}

std::map<std::string, Json> settings_of(const Json& identity) {
  std::map<std::string, Json> flat;
  const Json* config = identity.find("config");
  if (config != nullptr && config->is_object()) flatten(*config, "", flat);
  return flat;
}

/// Whether each of the first steps has the same learning rate in both runs.
bool same_rates(const TrainConfig& before, const TrainConfig& now, std::int64_t steps_done) {
  if (steps_done > std::min(before.steps, now.steps)) return false;
  for (std::int64_t step = 0; step < steps_done; ++step) {
    if (learning_rate(before.schedule, step, before.steps) !=
        learning_rate(now.schedule, step, now.steps)) {
      return false;
    }
  }
  return true;
}

std::string change(std::string_view name, const Json& before, const Json& now) {
  return fmt::format("{}: {} -> {}", name, before.dump(), now.dump());
}

void compare_inputs(const Json& before, const Json& inputs, IdentityChanges& found) {
  const Json* old = before.find("inputs");
  for (const auto& [name, hash] : inputs.as_object()) {
    const std::string was = old == nullptr ? "" : old->string_or(name, "");
    if (was == hash.as_string()) continue;
    auto& changes = is_one_of(name, kFree) ? found.harmless : found.harmful;
    changes.push_back(fmt::format("what {} holds", name));
  }
}

}  // namespace

Json identity_of(const TrainConfig& config, const Json& inputs) {
  Json identity = Json::object();
  identity["config"] = dump_config(config);
  identity["inputs"] = inputs;
  return identity;
}

IdentityChanges changes_since(const Json& before, const TrainConfig& config, const Json& inputs,
                              std::int64_t steps_done) {
  IdentityChanges found;
  TrainConfig old;
  const Json* old_config = before.find("config");
  if (old_config == nullptr || !read_config(*old_config, old, "before") || !validate(old)) {
    found.harmful.emplace_back("written by another version of aludel");
    return found;
  }
  const bool rates_stay = same_rates(old, config, steps_done);
  // A setting that came later had its default then.
  const auto was = settings_of(identity_of(old, Json::object()));
  for (const auto& [name, value] : settings_of(identity_of(config, inputs))) {
    const Json& old_value = was.at(name);
    if (old_value.dump() == value.dump()) continue;
    const bool is_harmless = is_one_of(name, kFree) || is_one_of(name, kPaths) ||
                             (sets_the_rate(name) && rates_stay) ||
                             (name.starts_with("shape.") && !config.init.empty());
    (is_harmless ? found.harmless : found.harmful).push_back(change(name, old_value, value));
  }
  compare_inputs(before, inputs, found);
  return found;
}

}  // namespace aludel::train
