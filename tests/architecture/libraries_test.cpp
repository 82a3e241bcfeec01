// Fails when a library includes a library that its aludel_library(DEPS) line does not reach, when
// a file is too long or in the wrong place, and when library code names a banned symbol.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

struct Source {
  std::string path;  // from the root: "aludel/base/log.cpp"
  std::vector<std::string> lines;

  bool is_test() const { return path.starts_with("tests/") || path.ends_with("_test.cpp"); }

  std::string place(std::size_t line) const { return path + ":" + std::to_string(line + 1); }
};

std::vector<Source> sources_under(std::initializer_list<std::string_view> folders) {
  const fs::path root = ALUDEL_SOURCE_DIR;
  std::vector<Source> sources;
  for (const std::string_view folder : folders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cpp") continue;
      Source& source = sources.emplace_back();
      source.path = fs::relative(entry.path(), root);
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        source.lines.push_back(line);
      }
    }
  }
  return sources;
}

// Reads "name dep dep" lines that aludel_library() wrote, already in bottom-up order.
std::vector<std::vector<std::string>> declared_libraries() {
  std::vector<std::vector<std::string>> libraries;
  std::ifstream file(ALUDEL_LIBRARIES_FILE);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    libraries.emplace_back(std::istream_iterator<std::string>(words),
                           std::istream_iterator<std::string>());
  }
  return libraries;
}

std::map<std::string, std::set<std::string>> reachable_libraries() {
  std::map<std::string, std::set<std::string>> reach;
  for (const std::vector<std::string>& names : declared_libraries()) {
    for (const std::string& dep : names) {
      reach[names[0]].merge(dep == names[0] ? std::set{dep} : std::set(reach.at(dep)));
    }
  }
  return reach;
}

// The libraries that the sources of each library include, tests of it as well.
std::map<std::string, std::set<std::string>> included_libraries() {
  const std::regex include("#include \"aludel/([a-z0-9_]+)/");
  std::map<std::string, std::set<std::string>> included;
  for (const Source& source : sources_under({"aludel"})) {
    std::set<std::string>& names = included[*std::next(fs::path(source.path).begin())];
    for (const std::string& line : source.lines) {
      if (std::smatch match; std::regex_search(line, match, include)) names.insert(match[1]);
    }
  }
  return included;
}

// A line without its string literals and its comment.
std::string code_of(const std::string& line) {
  static const std::regex literal(R"("(\\.|[^"\\])*")");
  const std::string code = std::regex_replace(line, literal, "");
  return code.substr(0, code.find("//"));
}

void expect_absent(const Source& source, const std::regex& banned) {
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    EXPECT_FALSE(std::regex_search(code_of(source.lines[i]), banned))
        << source.place(i) << ": " << source.lines[i];
  }
}

TEST(Architecture, LibrariesIncludeOnlyWhatTheyDeclare) {
  const auto reach = reachable_libraries();
  const std::regex include("#include \"aludel/([a-z0-9_]+)/");
  for (const Source& source : sources_under({"aludel"})) {
    const std::string library = *std::next(fs::path(source.path).begin());
    ASSERT_TRUE(reach.contains(library)) << source.path << " is in no aludel_library()";
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(source.lines[i], match, include)) continue;
      EXPECT_TRUE(reach.at(library).contains(match[1])) << source.place(i) << ": " << match[1];
    }
  }
}

TEST(Architecture, LibrariesUseWhatTheyDeclare) {
  auto included = included_libraries();
  for (const std::vector<std::string>& names : declared_libraries()) {
    for (const std::string& dep : names) {
      EXPECT_TRUE(included[names[0]].contains(dep)) << names[0] << " declares " << dep;
    }
  }
}

// The folders of curate, bottom up: a file includes its own folder and those before it. The run
// itself (curate.h, curate.cpp) stands above `run` and below `revisit`. aludel/curate/README.md
// says what each holds.
TEST(Architecture, FoldersOfCurateIncludeOnlyThoseBelow) {
  const std::vector<std::string> order = {"layout",  "document", "sources", "learn",
                                          "cascade", "layers",   "target",  "model_building",
                                          "report",  "run",      "",        "revisit"};
  const std::regex include("#include \"aludel/curate/(([a-z0-9_]+)/)?[a-z0-9_/]+\\.h\"");
  const auto rank = [&](const std::string& folder) {
    return std::ranges::find(order, folder) - order.begin();
  };
  for (const Source& source : sources_under({"aludel/curate"})) {
    if (source.is_test()) continue;
    const fs::path inside = fs::path(source.path).lexically_relative("aludel/curate");
    const std::string folder = inside.has_parent_path() ? inside.begin()->string() : "";
    ASSERT_LT(rank(folder), std::ssize(order)) << source.path << " is in no folder of the order";
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(source.lines[i], match, include)) continue;
      EXPECT_LE(rank(match[2]), rank(folder)) << source.place(i) << ": " << source.lines[i];
    }
  }
}

// What lies where in a run of curate stands in aludel/curate/layout/run_paths.h alone.
TEST(Architecture, NamesOfARunsFilesAreSpelledOnce) {
  const std::regex spelled(
      R"re("(ledger\.json|config\.resolved\.toml|forgotten\.jsonl|forget\.json|report\.html|)re"
      R"re(report/(layers|models|timing|command)\.json|(/?manifest\.jsonl)|)re"
      R"re((state|work|kept|rejects)/[^"\\]*)")re");
  for (const Source& source : sources_under({"aludel", "app"})) {
    if (source.is_test() || source.path.starts_with("aludel/curate/layout/")) continue;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      const std::string code = source.lines[i].substr(0, source.lines[i].find("//"));
      EXPECT_FALSE(std::regex_search(code, spelled)) << source.place(i) << ": " << code;
    }
  }
}

TEST(Architecture, FilesAreShortAndInTheirPlace) {
  for (const Source& source : sources_under({"aludel", "app", "bench", "fuzz", "tests"})) {
    EXPECT_LE(source.lines.size(), source.is_test() ? 800U : 400U) << source.path;
    EXPECT_EQ(source.path.ends_with("_fuzz.cpp"), source.path.starts_with("fuzz/")) << source.path;
  }
}

TEST(Architecture, OnlyCheckThrowsAndNothingExits) {
  const std::regex exits(R"(\b(exit|_Exit|quick_exit|abort|terminate)\s*\(|using namespace std)");
  const std::regex throws(R"(\bthrow\b)");
  for (const Source& source : sources_under({"aludel"})) {
    expect_absent(source, exits);
    if (source.path != "aludel/base/check.h") expect_absent(source, throws);
  }
}

TEST(Architecture, OnlyTheLogPrints) {
  const std::regex prints(
      R"(\b(v?f?printf|f?puts|f?putc|putchar|perror|std::cout|std::cerr|std::clog|fmt::print)\b)");
  for (const Source& source : sources_under({"aludel"})) {
    if (source.path != "aludel/base/log.cpp" && !source.is_test()) expect_absent(source, prints);
  }
}

TEST(Architecture, HeavyHeadersStayInSources) {
  const std::regex heavy(R"(#include [<"](regex>|iostream>|boost/|toml\+\+|CLI/|simdjson|arrow/))");
  for (const Source& source : sources_under({"aludel", "app"})) {
    if (!source.path.ends_with(".h")) continue;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(source.lines[i], heavy)) << source.place(i);
    }
  }
}

}  // namespace
