#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/io/formats/jsonl.h"

// Findings: what a layer's plan found about single documents. state/LAYER/SHARD.jsonl.zst has one
// object with the document's `id` a line, in the documents' order; a document without a finding has
// no line. Beside it SHARD.seen.jsonl.zst names the layer, then all documents that the plan has
// seen. docs/formats/findings.md.
namespace aludel::curate {

/// Writes a file of seen_path(): {"layer"}, then {"id"} of each document that a shard has for the
/// layer. One caller at a time.
class SeenWriter {
 public:
  static Result<SeenWriter> create(io::FileSystem& files, const std::string& path,
                                   std::string_view layer);

  Status add(std::string_view id);

  Status commit() { return writer_.commit(); }

 private:
  explicit SeenWriter(io::JsonlWriter writer) : writer_(std::move(writer)) {}

  io::JsonlWriter writer_;
};

/// Reader of a shard's findings, beside its documents. One caller at a time.
class FindingsReader {
 public:
  /// Opens the findings of a shard. Errors: not_found when the state is missing.
  static Result<FindingsReader> open(io::FileSystem& files, const std::string& state_folder,
                                     std::size_t shard);

  /// Returns the finding of a document; null if there is none. REQUIRES: called with the id of
  /// every document that the plan has read, in that order.
  Result<Json> take(std::string_view id);

  /// Checks at the end of the shard that no finding is left. Errors: corrupt_data if one is left,
  /// because then no document has its id, and a finding must not be lost in silence.
  Status check_all_taken();

 private:
  explicit FindingsReader(io::JsonlReader reader) : reader_(std::move(reader)) {}

  Status advance();

  io::JsonlReader reader_;
  Json next_;
  bool is_begun_ = false;
};

/// All findings of a state in memory, by id, for documents in any order.
class FindingsById {
 public:
  /// Reads a state. Errors: not_found when it is missing or, as states of earlier versions, does
  /// not say which layer made it and which documents that layer saw; invalid_argument for the state
  /// of another layer and for a folder above states; corrupt_data.
  static Result<FindingsById> read(io::FileSystem& files, const std::string& state_folder,
                                   std::string_view layer);

  /// Returns the finding of a document; null if there is none.
  Json find(const std::string& id) const;

  /// True if the plan has seen this document.
  bool has_seen(std::string_view id) const;

 private:
  std::map<std::string, Json> rows_;
  std::unordered_set<std::uint64_t> seen_;  // hashes of ids
};

/// Reads the finding of one document; null if there is none.
Result<Json> find_finding(io::FileSystem& files, const std::string& state_folder,
                          std::string_view id);

}  // namespace aludel::curate
