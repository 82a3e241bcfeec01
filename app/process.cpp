#include "app/process.h"

#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <fmt/ranges.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aludel/base/stop.h"

namespace aludel::app {
namespace {

constexpr int kNoSuchProgram = 127;

/// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* arguments, const char* folder, int log) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  unblock_stop_signals();
  const int input = open("/dev/null", O_RDONLY);
  dup2(input, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  if (chdir(folder) == 0) execvp(arguments[0], arguments);
  _exit(kNoSuchProgram);
}

std::string last_line(const std::string& path) {
  std::ifstream file(path);
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

}  // namespace

Status run_program(const std::vector<std::string>& words, const std::string& folder) {
  std::vector<char*> arguments;
  arguments.reserve(words.size());
  for (const std::string& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  const std::string log_path = folder + "/" + words[0] + ".log";
  const int log = open(log_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (log < 0) {
    return Error{Code::io_error, fmt::format("[process] {}: {}", log_path, std::strerror(errno))};
  }
  const pid_t child = fork();
  if (child == 0) become(arguments.data(), folder.c_str(), log);
  close(log);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) {
    return Error{Code::io_error, fmt::format("[process] {}: {}", words[0], std::strerror(errno))};
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return Ok{};
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoSuchProgram) {
    return Error{Code::not_found,
                 fmt::format("[process] there is no program '{}' on this machine", words[0])};
  }
  return Error{Code::io_error, fmt::format("[process] '{}' failed: {}", fmt::join(words, " "),
                                           last_line(log_path))};
}

}  // namespace aludel::app
