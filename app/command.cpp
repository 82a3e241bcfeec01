#include "app/command.h"

#include <algorithm>

#include <fmt/format.h>

namespace aludel::app {

Result<const CommandSpec*> find_command(const std::string& name) {
  const auto commands = all_commands();
  const auto found = std::ranges::find(commands, name, &CommandSpec::name);
  if (found != commands.end()) return *found;
  std::vector<std::string> names;
  for (const CommandSpec* command : commands) {
    names.emplace_back(command->name);
  }
  const std::string nearest = nearest_name(name, names);
  return Error{Code::invalid_argument,
               fmt::format("no command '{}'{}; see: aludel help", name,
                           nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest))};
}

}  // namespace aludel::app
