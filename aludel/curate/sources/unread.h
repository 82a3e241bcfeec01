#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/curate/document/annotations.h"

// What a run could not read, by file and reason: nothing that was meant as a document is lost in
// silence.
namespace aludel::curate {

class DocumentReader;
struct FilePart;
struct SourceConfig;

/// Reasons for which a document is left out because the run was told so: "forgotten",
/// "not_sampled".
bool is_told_to_leave_out(std::string_view reason);

/// Records of one file that could not be read for one reason.
struct UnreadPlace {
  std::string path;
  std::string reason;
  std::uint64_t count = 0;
  std::string example;  // what the first of them was, in a few words; empty where nobody says
};

/// The unread records of one source. Adding in the order of shards gives the same for any number
/// of threads.
class Unread {
 public:
  /// The files listed by name; of more, those with most unread records.
  static constexpr std::size_t kMostPlaces = 100;

  void add(const UnreadPlace& place);
  void add(const Unread& other);

  bool empty() const { return reasons_.empty(); }

  /// Records by reason.
  const std::map<std::string, std::uint64_t>& reasons() const { return reasons_; }

  std::uint64_t records() const;

  /// The files, the worst first.
  std::vector<UnreadPlace> worst() const;

  /// {"reasons": {REASON: n}, "files": [{"path", "reason", "count", "example"}], "more_files": n}
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

/// What the reader of a part could not read, by reason: a row of rejects/ for each.
std::vector<UnreadPlace> unread_of(const FilePart& part, const DocumentReader& reader);

/// Whether a record left out for that reason is a loss. What was left out on purpose (other
/// statuses and media types, revisits, files that come with documents as checksums do, a file that
/// the source names twice, and what the run was told to leave out) is none; neither is an empty
/// record or a file of an unknown format where a document came of the same file.
bool is_loss(std::string_view reason, bool file_gave_documents);

/// "bad_json 3, damaged_file 1"
std::string reasons_text(const std::map<std::string, std::uint64_t>& reasons);

/// "a.jsonl (bad_json 376: no object), b.gz (damaged_file 1)": the three worst files.
std::string worst_files_text(const Unread& unread);

/// The row of rejects/ of an unread place: no text, and annotations.read has path, count and
/// example.
Document unread_row(const SourceConfig& source, const FilePart& part, const UnreadPlace& place);

/// The last lines of a run over its ledger: what was not read and what was left out, and why, and
/// which books lack chapters. Empty where everything was read.
std::string unread_lines(const Json& ledger);

/// What was not read of a source of a ledger.
Unread unread_of_source(const Json& source);

/// Of which documents of a source of a ledger some parts were not read.
Unread incomplete_of_source(const Json& source);

/// What was not read, over all sources of a ledger.
Unread unread_of_ledger(const Json& ledger);

}  // namespace aludel::curate
