#include "app/catalogue.h"
#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/isa.h"

namespace aludel::app {
namespace {

constexpr std::string_view kAll = "all";

Choices families() {
  Choices families = one_of(catalogue());
  families.names.emplace(families.names.begin(), kAll);
  return families;
}

struct ListOptions {
  std::string family{kAll};
  bool markdown = false;

  template <class V>
  void visit(V& v) {
    v("family", family, "what to show", families());
    v("markdown", markdown, "write the tables of docs/reference.md");
  }
};

std::string plain_table(const Family& family) {
  std::string out = fmt::format("{}:\n", family.name);
  for (const Member& member : family.members) {
    out += fmt::format("  {:<22} {}{}\n", member.name, member.summary,
                       member.source.empty() ? "" : fmt::format(" [{}]", member.source));
  }
  return out;
}

std::string markdown_table(const Family& family) {
  std::string out = fmt::format("## {}\n\n| name | what | source |\n|---|---|---|\n", family.name);
  for (const Member& member : family.members) {
    out += fmt::format("| `{}` | {} | {} |\n", member.name, member.summary, member.source);
  }
  return out + "\n";
}

Result<int> run(const CommandLine& line) {
  ListOptions options;
  if (ALUDEL_TRY(line.read(options, {"family"})) == Parsed::help_shown) return kExitDone;
  std::string out;
  for (const Family& family : catalogue()) {
    if (options.family != kAll && options.family != family.name) continue;
    out += options.markdown ? markdown_table(family) : plain_table(family);
  }
  print(out);
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_list = {
    .name = "list",
    .summary = "Shows what this binary knows, with sources.",
    .details =
        "Example: aludel list layers\n"
        "docs/reference.md is `aludel list --markdown`.",
    .run = run,
};

}  // namespace aludel::app
