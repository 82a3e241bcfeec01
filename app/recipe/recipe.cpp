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

std::string fill_in(std::string text,
                    const std::vector<std::pair<std::string, std::string>>& values) {
  for (const auto& [name, value] : values) {
    const std::string hole = "{" + name + "}";
    for (std::size_t at = text.find(hole); at != std::string::npos;
         at = text.find(hole, at + value.size())) {
      text.replace(at, hole.size(), value);
    }
  }
  return text;
}

}  // namespace aludel::app
