#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/clock.h"
#include "aludel/base/rng.h"
#include "aludel/curate/curate.h"
#include "aludel/curate/document/document.h"
#include "aludel/io/codec.h"
#include "aludel/io/rows.h"

// Small sources with defects, and runs of curate over them.
namespace aludel::curate {

/// A sentence of made-up words with Gopher's stop words.
inline std::string sentence(Rng& rng) {
  std::string text = "The";
  for (int word = 0; word < 12; ++word) {
    text += ' ';
    for (std::uint64_t i = 0, length = 3 + rng.below(6); i < length; ++i) {
      text += static_cast<char>('a' + rng.below(26));
    }
  }
  return text + " of that.";
}

inline std::string page(std::uint64_t number) {
  Rng rng(1, number);
  std::string text;
  for (int line = 0; line < 8; ++line) {
    text += sentence(rng) + " " + sentence(rng) + "\n";
  }
  return text;
}

inline std::string jsonl(std::uint64_t first, std::uint64_t count) {
  std::string lines;
  for (std::uint64_t i = first; i < first + count; ++i) {
    Json json = Json::object();
    json["id"] = fmt::format("page {}", i);
    json["text"] = page(i);
    lines += json.dump() + "\n";
  }
  return lines;
}

class CurateRun : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view bytes) {
    const std::string path = folder_ / name;
    ASSERT_TRUE(files_.make_folders(io::folder_of(path)));
    ASSERT_TRUE(io::write_file(files_, path, bytes));
  }

  /// Sources of each format, with defects; layers that need trained models are off.
  CurateConfig config(const std::string& out) {
    CurateConfig config = read_curate_config(toml_, "t.toml", {}).value();
    config.out = folder_ / out;
    for (SourceConfig& source : config.sources) {
      source.path[0] = folder_ / source.path[0];
    }
    return config;
  }

  Result<CurateSummary> run(const std::string& out, int workers = 2,
                            io::Existing existing = io::Existing::keep) {
    Threads threads(workers);
    return curate(files_, threads, config(out), existing);
  }

  /// Every file of a run but its timing, by its path below the run folder: "kept/…".
  std::map<std::string, std::string> content(const std::string& out) {
    std::map<std::string, std::string> all;
    for (const io::FileInfo& file : files_.list(folder_ / out).value()) {
      const std::string name = file.path.substr((folder_ / out).size() + 1);
      if (name != "report/timing.json") all[name] = io::read_file(files_, file.path).value();
    }
    return all;
  }

  Json ledger(const std::string& out) {
    return parse_json(io::read_file(files_, folder_ / (out + "/ledger.json")).value()).value();
  }

  /// The row of one layer of one source.
  Json row(const std::string& out, std::string_view source, std::string_view layer) {
    const Json all = ledger(out);
    for (const Json& row : all.find("sources")->find(source)->find("layers")->as_array()) {
      if (row.string_or("name", "") == layer) return row;
    }
    return Json();
  }

  std::vector<Document> documents(const std::string& folder) {
    std::vector<Document> all;
    for (const io::FileInfo& file : files_.list(folder_ / folder).value()) {
      const auto reader = io::open_rows(files_, file.path, document_columns()).value();
      for (Json json; reader->next(json).value();) {
        all.push_back(document_from_json(json).value());
      }
    }
    return all;
  }

  void write_sources() {
    write("open/a.jsonl", jsonl(0, 40) + "{bad\n" + jsonl(10, 1));  // the last one is a copy
    write("open/b.jsonl.gz", io::compress_gzip(jsonl(40, 20)));
    write("open/c.bin", "?");
    write("books/one.txt", page(100) + page(101));
    write("books/short.txt", "Too short.");
    toml_ = std::string(kLayersOff) + R"(
[[sources]]
name = "open"
kind = "open"
path = "open"
licence = "CC0-1.0"
[[sources]]
name = "books"
kind = "licensed"
profile = "book"
path = "books"
licence = "LicenseRef-own"
[profiles.book]
repetition = "off"
)";
  }

  static constexpr std::string_view kLayersOff =
      "preset = \"rules\"\ntask_megabytes = 1\n[layers]\nlanguage = \"off\"\n";
  std::string toml_;
  TemporaryFolder folder_;
  io::LocalFileSystem files_;
};

}  // namespace aludel::curate
