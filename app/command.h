#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/isa.h"
#include "aludel/base/result.h"
#include "aludel/io/keeping_file_system.h"

namespace aludel::app {

inline constexpr std::string_view kOverwriteHelp =
    "replace what is finished there, where this would make something else of it";

// The exit codes of every command: also 1 failed, 2 wrong usage or config, 3 stopped and resumable,
// which main makes of an Error's code.
inline constexpr int kExitDone = 0;

enum class Parsed : std::uint8_t { run, help_shown };

struct CommandSpec;

/// Who gave the words: a recipe owns the folder that its steps write into.
enum class Caller : std::uint8_t { user, recipe };

/// Whether a command runs kernels: then the instruction set is logged at its start.
enum class Compute : std::uint8_t { none, kernels };

/// The words after a subcommand, the command they belong to (for --help), and the instruction set
/// that was chosen at start.
struct CommandLine {
  const CommandSpec& command;
  std::vector<std::string> words;
  Isa isa;
  Caller caller = Caller::user;

  /// Reads flags into an option struct's fields: `max_tokens` is --max-tokens; a section's field is
  /// --section.name. `positional` names the fields that are given without a flag, in order; the
  /// last may be a list. --help prints all fields.
  /// Errors: invalid_argument for an unknown flag, or a value of the wrong type or that is not
  /// allowed.
  Result<Parsed> read(const Fields& fields, std::vector<std::string> positional = {}) const;

  /// What the command may do to finished files where it writes, given its flag --overwrite.
  io::Existing existing(bool overwrite) const {
    return overwrite || caller == Caller::recipe ? io::Existing::replace : io::Existing::keep;
  }

  template <class Options>
  Result<Parsed> read(Options& options, std::vector<std::string> positional = {}) const {
    return read(fields_of(options), std::move(positional));
  }
};

/// One subcommand. `details` follows the summary in `aludel help NAME`: what it reads and writes,
/// with an example that works.
struct CommandSpec {
  std::string_view name;
  std::string_view summary;
  std::string_view details;
  Result<int> (*run)(const CommandLine& line);
  Compute compute = Compute::none;
};

/// Generated from app/commands/, sorted by name.
std::span<const CommandSpec* const> all_commands();

/// Errors: invalid_argument with the nearest name.
Result<const CommandSpec*> find_command(const std::string& name);

/// One verb of a command that has several: `aludel tokenizer train`. Its --help shows `summary` and
/// `details`, or those of the command where it has none.
struct Action {
  std::string_view name;
  Result<int> (*run)(const CommandLine& line);
  std::string_view summary = {};
  std::string_view details = {};
};

/// Runs the action that the first word names, with the words behind it; for the action the
/// command's name is both words, "tokenizer train". --help shows the command's details.
/// Errors: invalid_argument where no action has that name.
Result<int> run_action(const CommandLine& line, std::span<const Action> actions);

/// A result on stdout, with a newline. What stdout does not take is known at flush_results().
void print(std::string_view text);

/// Hands on all that was printed. Errors: resource_exhausted (disk full), io_error: some of it was
/// lost since the last call.
Status flush_results();

}  // namespace aludel::app
