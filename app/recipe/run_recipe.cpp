#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "app/command.h"
#include "app/recipe/build_id.h"
#include "app/recipe/memory.h"
#include "app/recipe/recipe.h"
#include "app/recipe/run_lock.h"
#include "app/recipe/step_files.h"
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "aludel/base/clock.h"
#include "aludel/base/config.h"
#include "aludel/base/hash.h"
#include "aludel/base/log.h"
#include "aludel/io/file_system.h"

namespace aludel::app {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Written whole and durably or not at all, as every marker must be.
Status write_text(const fs::path& path, const std::string& text) {
  io::LocalFileSystem files;
  ALUDEL_TRY(files.make_folders(path.parent_path()));
  return io::write_file(files, path, text);
}

/// Adds what a "{recipe}/…" string names, or every such string inside a table, to the hash.
void hash_named_files(Hasher128& hasher, const Json& value, const Values& values) {
  if (value.is_string() && value.as_string().starts_with("{recipe}/")) {
    const fs::path path = fill_in(value.as_string(), values);
    std::vector<fs::path> files = {path};
    if (fs::is_directory(path)) {
      const auto tree = fs::recursive_directory_iterator(path);
      files.assign(fs::begin(tree), fs::end(tree));
      std::ranges::sort(files);
    }
    for (const fs::path& file : files) {
      if (fs::is_regular_file(file)) hasher.update(read_text(file));
    }
  } else if (value.is_array()) {
    for (const Json& item : value.as_array()) {
      hash_named_files(hasher, item, values);
    }
  } else if (value.is_object()) {
    for (const auto& [key, item] : value.as_object()) {
      hash_named_files(hasher, item, values);
    }
  }
}

/// Sends stdout to a file for as long as it lives.
class StdoutToFile {
 public:
  explicit StdoutToFile(const std::string& path)
      : saved_(dup(STDOUT_FILENO)),
        file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
    std::fflush(stdout);
    if (open()) dup2(file_, STDOUT_FILENO);
  }

  ~StdoutToFile() {
    std::fflush(stdout);
    dup2(saved_, STDOUT_FILENO);
    close(saved_);
    if (open()) close(file_);
  }

  StdoutToFile(const StdoutToFile&) = delete;
  StdoutToFile& operator=(const StdoutToFile&) = delete;

  bool open() const { return file_ >= 0; }

  /// Makes durable what was written so far.
  Status commit() const {
    ALUDEL_TRY(flush_results());
    if (fsync(file_) == 0 || errno == EINVAL) return Ok{};  // EINVAL: no file on a disk
    return Error{Code::io_error, std::generic_category().message(errno)};
  }

 private:
  int saved_;
  int file_;
};

class Runner {
 public:
  Runner(const Recipe& recipe, const RecipeRun& run) : recipe_(recipe), run_(run) {}

  Status run_all() {
    const std::size_t last = ALUDEL_TRY(index_of(run_.to, recipe_.steps.size() - 1));
    const std::size_t again_from = ALUDEL_TRY(index_of(run_.from, recipe_.steps.size()));
    if (!run_.from.empty() && again_from > last) {
      return Error{Code::invalid_argument,
                   fmt::format("[run] --to {} comes before --from {}; the order is that of "
                               "--list",
                               run_.to, run_.from)};
    }
    std::string chain;
    for (std::size_t i = 0; i <= last; ++i) {
      const Step& step = recipe_.steps[i];
      chain = chain_fingerprint(chain, step);
      auto done = run_step(step, i, chain, i >= again_from);
      if (!done) {
        return Error(std::move(done).error())
            .with_context(
                fmt::format("step '{}' ({} of {})", step.name, i + 1, recipe_.steps.size()));
      }
    }
    return Ok{};
  }

 private:
  Result<std::size_t> index_of(const std::string& name, std::size_t otherwise) const {
    if (name.empty()) return otherwise;
    const auto found = std::ranges::find(recipe_.steps, name, &Step::name);
    if (found != recipe_.steps.end()) {
      return static_cast<std::size_t>(found - recipe_.steps.begin());
    }
    std::vector<std::string> names;
    for (const Step& step : recipe_.steps) {
      names.push_back(step.name);
    }
    return Error{Code::invalid_argument,
                 fmt::format("[run] no step '{}'; the steps are {}", name, fmt::join(names, ", "))};
  }

  Values values(const Step& step) const {
    return {{"run", run_.run_folder},
            {"recipe", recipe_.folder},
            {"config", run_.run_folder + "/steps/" + step.name + ".toml"},
            {"threads", std::to_string(run_.threads)}};
  }

  std::string chain_fingerprint(const std::string& before, const Step& step) const {
    Hasher128 hasher;
    hasher.update(before);
    Json described = dump_config(step);
    hasher.update(described.dump());
    hash_named_files(hasher, described, values(step));
    return hasher.digest().hex();
  }

  fs::path marker_path(const Step& step) const {
    return fs::path(run_.run_folder) / "steps" / (step.name + ".json");
  }

  Json read_marker(const Step& step) const {
    return parse_json(read_text(marker_path(step))).value_or(Json::object());
  }

  /// Takes "finished" from the steps behind `index`: they read what is about to be made anew.
  Status reopen_steps_after(std::size_t index) const {
    for (std::size_t i = index + 1; i < recipe_.steps.size(); ++i) {
      Json marker = read_marker(recipe_.steps[i]);
      if (!marker.bool_or("finished", false)) continue;
      marker["finished"] = false;
      ALUDEL_TRY(write_text(marker_path(recipe_.steps[i]), marker.dump()));
    }
    return Ok{};
  }

  Status run_step(const Step& step, std::size_t index, const std::string& chain, bool again) {
    const std::string place =
        fmt::format("step {}/{} {}", index + 1, recipe_.steps.size(), step.name);
    Json marker = read_marker(step);
    const bool same = marker.string_or("fingerprint", "") == chain;
    if (same && !again && marker.bool_or("finished", false)) {
      const std::string missing =
          what_is_missing(paths_written(step, values(step)), marker.find("files"));
      if (missing.empty()) {
        const bool same_build = marker.string_or("build", "") == build_id();
        log_info("{}: done before{}", place,
                 same_build
                     ? ""
                     : ", by another build of aludel; --from " + step.name + " runs it again");
        return Ok{};
      }
      log_info("{}: runs again, and what follows it: {}", place, missing);
      again = true;
    }
    if (again) {
      ALUDEL_TRY(reopen_steps_after(index));
      for (const std::string& output : step.outputs) {
        fs::remove_all(fill_in(output, values(step)));
      }
    }
    if (!same || again) marker = Json::object();
    log_info("{}: {}", place, step.what);
    marker["name"] = step.name;
    marker["fingerprint"] = chain;
    marker["build"] = build_id();
    marker["finished"] = false;
    ALUDEL_TRY(write_text(marker_path(step), marker.dump()));
    if (!step.config.is_null()) {
      ALUDEL_TRY(write_text(fill_in("{config}", values(step)),
                            write_toml(fill_in_strings(step.config, values(step)))));
    }
    reset_peak_memory();
    const double started = now_seconds();
    ALUDEL_TRY(run_command(step));
    marker["seconds"] = marker.number_or("seconds", 0) + now_seconds() - started;
    marker["peak_memory_bytes"] =
        std::max(marker.integer_or("peak_memory_bytes", 0), peak_memory_bytes());
    marker["files"] = count_files(paths_written(step, values(step)));
    marker["finished"] = true;
    return write_text(marker_path(step), marker.dump());
  }

  Status run_command(const Step& step) const {
    std::vector<std::string> words;
    for (const std::string& word : step.command) {
      words.push_back(fill_in(word, values(step)));
    }
    const CommandSpec* command = ALUDEL_TRY(find_command(words[0]));
    words.erase(words.begin());
    if (step.result.empty()) {
      ALUDEL_TRY(command->run({*command, std::move(words), run_.isa, Caller::recipe}));
      return Ok{};
    }
    const std::string result = fill_in(step.result, values(step));
    const std::string part = result + ".part";
    fs::create_directories(fs::path(result).parent_path());
    {
      const StdoutToFile redirected(part);
      if (!redirected.open()) return Error{Code::io_error, "[run] cannot write " + part};
      ALUDEL_TRY(command->run({*command, std::move(words), run_.isa, Caller::recipe}));
      auto written = redirected.commit();
      if (!written) return std::move(written).error().with_context(part);
    }
    return io::LocalFileSystem().rename(part, result);
  }

  const Recipe& recipe_;
  const RecipeRun& run_;
};

}  // namespace

Status run_recipe(const Recipe& recipe, const RecipeRun& run) {
  std::error_code error;
  fs::create_directories(run.run_folder, error);
  if (error) return Error{Code::io_error, "[run] " + run.run_folder + ": " + error.message()};
  const RunLock lock = ALUDEL_TRY(RunLock::take(run.run_folder));
  ALUDEL_TRY(write_text(fs::path(run.run_folder) / "recipe.toml", write_toml(dump_config(recipe))));
  return Runner(recipe, run).run_all();
}

}  // namespace aludel::app
