#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/io/formats/jsonl.h"

// What a corpus layer's fit found of single documents: state/LAYER/SHARD.jsonl.zst, one object with
// the document's `id` a line, in the documents' order; a document of which there is nothing to say
// has none. Beside it SHARD.seen.jsonl.zst names the layer, then all documents that the state
// speaks for. docs/formats/findings.md.
namespace aludel::curate {

/// state_folder/00012.jsonl.zst
std::string findings_path(const std::string& state_folder, std::size_t shard);

/// state_folder/00012.seen.jsonl.zst: {"layer"}, then {"id"} of each document that a shard had for
/// it.
std::string seen_path(const std::string& state_folder, std::size_t shard);

/// Writes such a file. One caller at a time.
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

/// Reads a shard's findings beside its documents. One caller at a time.
class FindingsReader {
 public:
  /// Errors: not_found when the state is missing.
  static Result<FindingsReader> open(io::FileSystem& files, const std::string& state_folder,
                                     std::size_t shard);

  /// What was found of a document; null for nothing. REQUIRES: called with the id of every
  /// document that was fitted, in that order.
  Result<Json> take(std::string_view id);

  /// For the end of the shard. Errors: corrupt_data where a finding is left, since no document had
  /// its id: what a fit found must not be passed over in silence.
  Status check_all_taken();

 private:
  explicit FindingsReader(io::JsonlReader reader) : reader_(std::move(reader)) {}

  Status advance();

  io::JsonlReader reader_;
  Json next_;
  bool is_begun_ = false;
};

/// Writes the findings of a whole corpus as one file, and the ids of all its documents beside it;
/// rows that are null are left out.
Status write_all_findings(io::FileSystem& files, const std::string& state_folder,
                          std::string_view layer, const std::vector<std::string>& ids,
                          const std::vector<Json>& rows);

/// All findings of a state by id: for documents that come in any order, in as much memory.
class FindingsById {
 public:
  /// Errors: not_found when the state is missing, or does not say which layer made it and which
  /// documents it saw, as those of earlier versions; invalid_argument for the state of another
  /// layer and for a folder above states; corrupt_data.
  static Result<FindingsById> read(io::FileSystem& files, const std::string& state_folder,
                                   std::string_view layer);

  /// Null for nothing.
  Json find(const std::string& id) const;

  /// Whether the state speaks for this document at all.
  bool has_seen(std::string_view id) const;

 private:
  std::map<std::string, Json> rows_;
  std::unordered_set<std::uint64_t> seen_;  // hashes of ids
};

/// What a state says of one document; null for nothing.
Result<Json> find_finding(io::FileSystem& files, const std::string& state_folder,
                          std::string_view id);

}  // namespace aludel::curate
