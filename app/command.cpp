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

Result<int> run_action(const CommandLine& line, std::span<const Action> actions) {
  const std::string name = line.words.empty() ? "" : line.words[0];
  if (name == "--help" || name == "-h") {
    print(fmt::format("{}\n\n{}", line.command.summary, line.command.details));
    return kExitDone;
  }
  std::vector<std::string_view> names;
  for (const Action& action : actions) {
    names.push_back(action.name);
    if (action.name != name) continue;
    const std::string both = fmt::format("{} {}", line.command.name, name);
    CommandSpec command = line.command;
    command.name = both;
    command.run = action.run;
    if (!action.summary.empty()) command.summary = action.summary;
    if (!action.details.empty()) command.details = action.details;
    return action.run({command, {line.words.begin() + 1, line.words.end()}, line.isa, line.caller});
  }
  return Error{Code::invalid_argument,
               fmt::format("[{}] expected one of: {}, not '{}'", line.command.name,
                           fmt::join(names, ", "), name)};
}

}  // namespace aludel::app
