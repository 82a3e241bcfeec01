#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"

// The config of a run's sources.
namespace aludel::curate {

/// Returns the profiles that a source may have: web, book, code, qa. Each has settings of its own.
std::span<const std::string_view> profile_names();

/// Returns the index of a profile in profile_names(). REQUIRES: it is one of them.
std::size_t profile_index(std::string_view profile);

/// Returns what SourceConfig::format may be: "auto", and the names of source_formats().
std::span<const std::string_view> source_format_names();

/// One `[[sources]]` table.
struct SourceConfig {
  std::string name;
  std::string kind = "web";
  std::vector<std::string> path;
  std::string licence;
  std::string owner;
  std::string dump;
  std::string profile = "web";
  std::string format = "auto";
  std::string text_key = "text";
  std::string id_key = "id";

  template <class V>
  void visit(V& v) {
    v("name", name, "the name in the ledger; unique");
    v("kind", kind, "the terms that it is under", one_of({"web", "open", "licensed"}));
    v("path", path,
      "files, folders (with all below them), patterns (*, **, ?, [a-z]), http(s):// or s3://");
    v("licence", licence, "the licence of its documents, SPDX where there is one");
    v("owner", owner, "who owns the rights");
    v("dump", dump,
      "name of the crawl: documents of one are compared by dedup; empty: what an archive or a "
      "document says");
    v("profile", profile, "which settings judge it", one_of(profile_names()));
    v("format", format, "what its files are; auto: by the first bytes of each, then its name",
      one_of(source_format_names()));
    v("text_key", text_key, "of records: the member or column with the text; \"a.b\" is b of a");
    v("id_key", id_key, "of records: the member or column with the id, kept as an annotation");
  }
};

/// What plan_shards() cuts: the sources, and the size of a task. `own_run` is the folder of the run
/// that reads them; it is not input if it lies in an input folder.
struct SourcesToCut {
  std::span<const SourceConfig> sources;
  std::int64_t task_megabytes = 0;
  std::string own_run = {};
};

}  // namespace aludel::curate
