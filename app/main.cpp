#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <new>
#include <string>

#include "app/command.h"
#include "generated/commit.h"
#include <fmt/format.h>

#include "aludel/base/isa.h"
#include "aludel/base/log.h"
#include "aludel/base/stop.h"
#include "aludel/tensor/gemm.h"

namespace {

using aludel::Code;
using aludel::Result;
using aludel::app::CommandSpec;

std::string overview() {
  std::string out = "aludel: raw web crawl to a served language model, one program\n\nCommands:\n";
  std::size_t width = 0;
  for (const CommandSpec* command : aludel::app::all_commands()) {
    width = std::max(width, command->name.size());
  }
  for (const CommandSpec* command : aludel::app::all_commands()) {
    out += fmt::format("  {:<{}} {}\n", command->name, width, command->summary);
  }
  return out +
         "\nSee: aludel help COMMAND, aludel --version\n"
         "aludel -q COMMAND (or --quiet) writes warnings and errors only.\n"
         "ALUDEL_ISA=scalar|avx2|avx512|avx512_bf16 forces an instruction set.\n";
}

/// What this binary is: version, commit, optional parts, and the instruction sets that it uses on
/// this CPU: no more than ALUDEL_ISA asks for.
std::string version(aludel::Isa isa) {
  std::string sets;
  for (const auto each :
       {aludel::Isa::scalar, aludel::Isa::avx2, aludel::Isa::avx512, aludel::Isa::avx512_bf16}) {
    if (each <= isa) sets += fmt::format("{}{}", sets.empty() ? "" : ", ", aludel::isa_name(each));
  }
  return fmt::format("aludel " ALUDEL_VERSION "\ncommit: " ALUDEL_COMMIT
                     "\noptional parts: " ALUDEL_PARTS "\ninstruction sets: {}\ndevices: CPU",
                     sets);
}

/// One line on stderr, for commands that run kernels, where somebody looks at it or asked for it.
void log_isa(aludel::Isa isa, const char* forced) {
  const bool is_forced = forced != nullptr && *forced != 0;
  if (!is_forced && !aludel::log_is_terminal()) return;
  aludel::log_info("instruction set: {}, {}", aludel::isa_name(isa),
                   is_forced ? "as ALUDEL_ISA asks for" : "the best of this CPU");
}

bool asks_for_help(const std::vector<std::string>& words) {
  return std::ranges::any_of(
      words, [](const std::string& word) { return word == "--help" || word == "-h"; });
}

Result<int> run(std::vector<std::string> words) {
  if (!words.empty() && (words[0] == "-q" || words[0] == "--quiet")) {
    aludel::log_quietly();
    words.erase(words.begin());
  }
  const char* forced = std::getenv("ALUDEL_ISA");
  const aludel::Isa isa = ALUDEL_TRY(aludel::choose_isa(forced == nullptr ? "" : forced));
  aludel::limit_libraries(isa);
  aludel::tensor::limit_onednn(isa);
  if (!words.empty() && words[0] == "--version") {
    aludel::app::print(version(isa));
    return aludel::app::kExitDone;
  }
  if (words.empty() || words[0] == "--help" || words[0] == "-h" ||
      (words[0] == "help" && words.size() == 1)) {
    aludel::app::print(overview());
    return aludel::app::kExitDone;
  }
  if (words[0] == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  const CommandSpec* command = ALUDEL_TRY(aludel::app::find_command(words[0]));
  words.erase(words.begin());
  if (command->compute == aludel::app::Compute::kernels && !asks_for_help(words)) {
    log_isa(isa, forced);
  }
  return command->run({*command, std::move(words), isa});
}

int exit_code(Code code) {
  return code == Code::invalid_argument ? 2 : code == Code::cancelled ? 3 : 1;
}

/// Ends the program without a word, as other tools end where `head` has seen enough.
void end_by_closed_pipe() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
}

}  // namespace

int main(int count, char** values) {
  aludel::catch_stop_signals();
  try {
    auto result = run(std::vector<std::string>(values + 1, values + count));
    if (auto flushed = aludel::app::flush_results(); result && !flushed) {
      result = std::move(flushed).error();
    }
    if (aludel::pipe_was_closed()) end_by_closed_pipe();
    if (result) return result.value();
    aludel::log_line(result.error().message);
    return exit_code(result.error().code);
  } catch (const std::bad_alloc&) {
    aludel::log_line("out of memory: what was asked for does not fit this machine");
    return 1;
  } catch (const std::exception& bug) {
    aludel::log_line(fmt::format("a bug, please report it: {}", bug.what()));
    return 1;
  }
}
