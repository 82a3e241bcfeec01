#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/curate/document/annotations.h"

// Counts what a run could not read, by file and reason, so that nothing that was meant as a
// document is lost in silence.
namespace aludel::curate {

class DocumentReader;
struct FilePart;
struct SourceConfig;

/// True for the reasons for which a run was told to leave a document out: "forgotten",
/// "not_sampled".
bool is_told_to_leave_out(std::string_view reason);

/// Records of one file that could not be read for one reason.
struct UnreadPlace {
  std::string path;
  std::string reason;
  std::uint64_t count = 0;
  std::string example;  // what the first of them was, in a few words, or empty
};

/// The unread records of one source. Counts that are added in the order of shards give the same
/// result for any number of threads.
class Unread {
 public:
  /// How many places (file and reason) are listed: those with most unread records.
  static constexpr std::size_t kMostPlaces = 100;

  void add(const UnreadPlace& place);
  void add(const Unread& other);

  bool empty() const { return reasons_.empty(); }

  /// Returns the number of records by reason.
  const std::map<std::string, std::uint64_t>& reasons() const { return reasons_; }

  std::uint64_t records() const;

  /// Returns the places, those with most records first.
  std::vector<UnreadPlace> worst() const;

  /// Returns {"reasons": {REASON: n}, "files": [{"path", "reason", "count", "example"}],
  /// "more_files": n}.
  Json to_json() const;
  static Unread from_json(const Json& json);

 private:
  struct Place {
    std::uint64_t count = 0;
    std::string example;
  };

  void forget_smallest();

  std::map<std::string, std::uint64_t> reasons_;
  std::map<std::pair<std::string, std::string>, Place> places_;  // by path and reason
  std::uint64_t more_places_ = 0;
};

/// Returns what the reader of a part could not read, by reason. Each place becomes a row of
/// rejects/.
std::vector<UnreadPlace> unread_of(const FilePart& part, const DocumentReader& reader);

/// True if a record that was left out for that reason is a loss. What was left out on purpose is
/// not: other statuses and media types, revisits, files that come with documents (such as
/// checksums), a file that the source names twice, and what the run was told to leave out. An empty
/// record, a page without text and a file of an unknown format are not losses if a document came
/// from the same file.
bool is_loss(std::string_view reason, bool file_gave_documents);

/// Returns "bad_json 3, damaged_file 1".
std::string reasons_text(const std::map<std::string, std::uint64_t>& reasons);

/// Returns the three worst files: "a.jsonl (bad_json 376: no object), b.gz (damaged_file 1)".
std::string worst_files_text(const Unread& unread);

/// Returns the row of rejects/ of an unread place. It has no text; annotations.read has path, count
/// and, if there is one, example.
Document unread_row(const SourceConfig& source, const FilePart& part, const UnreadPlace& place);

/// Returns the last lines of a run's output: what was not read or was left out, and why, and which
/// books lack chapters. Empty if everything was read.
std::string unread_lines(const Json& ledger);

/// Returns what was not read of a source of a ledger.
Unread unread_of_source(const Json& source);

/// Returns which parts are missing from the documents of a source of a ledger.
Unread incomplete_of_source(const Json& source);

/// Returns what was not read, over all sources of a ledger.
Unread unread_of_ledger(const Json& ledger);

}  // namespace aludel::curate
