#include "app/recipe/recipe.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "aludel/base/config.h"

namespace aludel::app {
namespace {

constexpr const char* kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_";
constexpr std::size_t kMaxSteps = 1000;

/// The steps that one with `each` stands for.
Result<std::vector<Step>> expand(const Step& step, const std::string& path) {
  if (step.each.is_null()) return std::vector<Step>{step};
  const auto wrong = [&] {
    return Error{Code::invalid_argument,
                 fmt::format("[recipe] {}: each of step '{}': expected lists of strings, as in "
                             "each = {{ seed = [\"1\", \"2\"] }}, "
                             "that make at most {} steps",
                             path, step.name, kMaxSteps)};
  };
  std::vector<Values> combinations = {{}};
  for (const auto& [name, list] : step.each.as_object()) {
    std::vector<Values> longer;
    if (!list.is_array()) return wrong();
    for (const Values& values : combinations) {
      for (const Json& value : list.as_array()) {
        if (!value.is_string() || longer.size() == kMaxSteps) return wrong();
        longer.push_back(values);
        longer.back().emplace_back(name, value.as_string());
      }
    }
    combinations = std::move(longer);
  }
  if (combinations.empty()) return wrong();
  std::vector<Step> steps;
  for (const Values& values : combinations) {
    Step& one = steps.emplace_back(step);
    const Json filled = fill_in_strings(dump_config(one), values);
    ALUDEL_TRY(read_config(filled, one, path));
    one.each = Json();
  }
  return steps;
}

}  // namespace

Result<Recipe> load_recipe(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    return Error{Code::not_found,
                 fmt::format("[recipe] cannot read '{}'; the project's are in recipes/", path)};
  }
  std::ostringstream text;
  text << file.rdbuf();
  Recipe recipe;
  ALUDEL_TRY(read_config(ALUDEL_TRY(parse_toml(text.str(), path)), recipe, path));
  recipe.folder = std::filesystem::absolute(path).parent_path();
  if (recipe.name.empty() || recipe.steps.empty()) {
    return Error{Code::invalid_argument, fmt::format("[recipe] {}: no name or no steps", path)};
  }
  std::vector<Step> steps;
  for (const Step& step : recipe.steps) {
    const std::vector<Step> expanded = ALUDEL_TRY(expand(step, path));
    steps.insert(steps.end(), expanded.begin(), expanded.end());
  }
  recipe.steps = std::move(steps);
  std::set<std::string> names;
  for (const Step& step : recipe.steps) {
    // A name becomes a file name: RUN/steps/NAME.json.
    if (step.name.empty() || step.name.find_first_not_of(kNameCharacters) != std::string::npos) {
      return Error{Code::invalid_argument,
                   fmt::format("[recipe] {}: step name '{}': expected letters a-z, digits and _",
                               path, step.name)};
    }
    if (step.command.empty() || !names.insert(step.name).second) {
      return Error{Code::invalid_argument,
                   fmt::format("[recipe] {}: step '{}' has no command or a name used before", path,
                               step.name)};
    }
  }
  return recipe;
}

std::string fill_in(std::string text, const Values& values) {
  for (const auto& [name, value] : values) {
    const std::string hole = "{" + name + "}";
    for (std::size_t at = text.find(hole); at != std::string::npos;
         at = text.find(hole, at + value.size())) {
      text.replace(at, hole.size(), value);
    }
  }
  return text;
}

Json fill_in_strings(const Json& value, const Values& values) {
  Json filled = value;
  if (value.is_string()) {
    filled = Json(fill_in(value.as_string(), values));
  } else if (value.is_array()) {
    for (Json& item : filled.as_array()) {
      item = fill_in_strings(item, values);
    }
  } else if (value.is_object()) {
    for (auto& [key, item] : filled.as_object()) {
      item = fill_in_strings(item, values);
    }
  }
  return filled;
}

}  // namespace aludel::app
