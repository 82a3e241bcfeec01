#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/sources/unread.h"
#include "aludel/io/file_system.h"

// The account of all documents: docs/formats/ledger.md.
namespace aludel::curate {

/// The counts of one layer for one source. Bytes are of text; of a document that had no text yet
/// (HTML before layer `language`), they are of the text that was made of it.
/// in = kept + all dropped; bytes_in = bytes_out + bytes_dropped + bytes_removed.
struct LayerCounts {
  std::uint64_t in = 0;
  std::uint64_t kept = 0;
  std::map<std::string, std::uint64_t> dropped;  // by reason
  std::uint64_t edited = 0;                      // of the kept
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t bytes_dropped = 0;  // of dropped documents, as they came in
  std::int64_t bytes_removed = 0;   // from kept documents; negative when edits added some
  std::uint64_t recovered = 0;      // of the kept: those that only a rule of `recover` kept

  void add(const LayerCounts& other);
};

/// The counts of one source. `layers` also has the pseudo-layer "read".
struct SourceCounts {
  std::uint64_t bytes_raw = 0;
  std::uint64_t truncated = 0;  // of the documents read: those that the crawler had cut
  std::map<std::string, LayerCounts, std::less<>> layers;
  Unread unread;
  Unread incomplete;  // parts missing from documents that were read: "missing_chapters"

  void add(const SourceCounts& other);
};

/// Counts by name of the source. The numbers are sums, so the order of adding does not matter for
/// them.
using Counts = std::map<std::string, SourceCounts, std::less<>>;

void add_counts(Counts& counts, const Counts& other);

Json to_json(const Counts& counts);
Result<Counts> counts_from_json(const Json& json);

/// A row of the ledger: a layer's name, and whether it is on for a source.
struct LedgerLayer {
  std::string name;
  bool on = true;
};

struct LedgerSource {
  std::string name;
  std::vector<LedgerLayer> layers;  // the whole cascade in order, without "read"
};

/// Returns the content of ledger.json. A layer that is off has {"name", "off": true} and no
/// numbers. Tokens are null until add_tokens() writes them.
Json make_ledger(const std::vector<LedgerSource>& sources, const Counts& counts);

/// The totals of a run over all sources.
struct CurateSummary {
  std::uint64_t documents_in = 0;
  std::uint64_t documents_kept = 0;
  std::uint64_t bytes_raw = 0;
  std::uint64_t bytes_kept = 0;  // of text
  bool was_done_before = false;
};

/// Returns the totals of a ledger. REQUIRES: check_ledger() found no error.
CurateSummary summary_of(const Json& ledger);

/// Checks that every source balances: in each layer in = kept + dropped, each layer's input is the
/// output of the layer before, and the same holds for the bytes.
/// Errors: corrupt_data with source and layer.
Status check_ledger(const Json& ledger);

/// Reads RUN/ledger.json. Errors: those of reading; corrupt_data, with the file's name, if it is
/// not a ledger or does not balance.
Result<Json> read_ledger(io::FileSystem& files, const std::string& run_folder);

/// Writes the tokens that tokenization counted to out.tokens of RUN/ledger.json. A source that is
/// not in the map gets 0. Errors: those of read_ledger() and of writing.
Status add_tokens(io::FileSystem& files, const std::string& run_folder,
                  const std::map<std::string, std::uint64_t>& tokens_by_source);

}  // namespace aludel::curate
