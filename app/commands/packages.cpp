#include <filesystem>

#include "app/command.h"
#include "app/process.h"
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/base/progress.h"
#include "aludel/base/stop.h"

namespace aludel::app {
namespace {

namespace fs = std::filesystem;

struct PackagesOptions {
  std::vector<std::string> names;
  std::string out;

  template <class V>
  void visit(V& v) {
    v("names", names, "Debian packages to read as data");
    v("out", out, "folder that gets one folder a package");
  }
};

/// Downloads and unpacks one package next to its final place, then renames it there.
Status unpack(const std::string& name, const fs::path& out) {
  const fs::path place = fs::absolute(out / name);
  if (fs::exists(place)) return Ok{};
  const fs::path work = fs::absolute(out / ("." + name + ".part"));
  std::error_code error;
  fs::remove_all(work, error);
  fs::create_directories(work / "tree", error);
  if (error) {
    return Error{Code::io_error, fmt::format("[packages] {}: {}", work.string(), error.message())};
  }
  auto downloaded = run_program({"apt-get", "download", name}, work);
  if (!downloaded) {
    return Error(std::move(downloaded).error())
        .with_context(fmt::format("[packages] {} (are the package lists there? "
                                  "sudo apt-get update)",
                                  name));
  }
  for (const auto& entry : fs::directory_iterator(work)) {
    if (entry.path().extension() != ".deb") continue;
    ALUDEL_TRY(run_program({"dpkg-deb", "-x", entry.path(), (work / "tree").string()}, work));
    fs::rename(work / "tree", place, error);
    fs::remove_all(work);
    if (!error) return Ok{};
    return Error{Code::io_error, fmt::format("[packages] {}: {}", place.string(), error.message())};
  }
  return Error{Code::not_found, fmt::format("[packages] apt-get brought no file for '{}'", name)};
}

Result<int> run(const CommandLine& line) {
  PackagesOptions options;
  if (ALUDEL_TRY(line.read(options, {"names"})) == Parsed::help_shown) return kExitDone;
  if (options.names.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[packages] give package names and --out FOLDER"};
  }
  io::LocalFileSystem files;
  const auto claim =
      ALUDEL_TRY(io::OutputClaim::take(files, io::join_path(options.out, "packages")));
  Progress progress("packages", options.names.size(), "packages");
  for (const std::string& name : options.names) {
    if (stop_requested()) return Error{Code::cancelled, "[packages] stopped; run again to go on"};
    ALUDEL_TRY(unpack(name, options.out));
    progress.advance(1, name);
  }
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_packages = {
    .name = "packages",
    .summary = "Downloads Debian packages and unpacks them as data, without root.",
    .details =
        "Nothing is installed. What is already there is kept, so a stopped run goes on.\n"
        "Example: aludel packages debian-handbook fortunes --out runs/sources",
    .run = run,
};

}  // namespace aludel::app
