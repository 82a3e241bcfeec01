#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// One layer as a filter between other tools.
struct FilterOptions {
  std::string layer = {};  // initialisers, so that a caller may name some members only
  std::string preset = "web";
  std::vector<std::string> set = {};  // changes to the layer's settings: min_words=30
  std::string models = {};
  std::int64_t seed = 0;
  std::string state = {};           // of a fitted layer, as a run left it in state/LAYER
  std::string scratch_folder = {};  // where a fitted layer without state keeps its input meanwhile
};

struct FilterSummary {
  std::uint64_t documents = 0;
  std::uint64_t dropped = 0;
  std::uint64_t cut_off = 0;  // parts of documents, given back as rejects behind them
};

/// Reads one document a line and gives each back to `out` in the same order as one line: with
/// annotations.LAYER, and with rejected_by, reason and score when the layer drops it. What a layer
/// cuts off a document follows it as a line of its own, a reject whose id ends in #cut. Keys that
/// are not a document's stay, and what another tool wrote under one that changes is set aside with
/// `_`; what came in as a reject passes unjudged; a line that is no document comes back as a reject
/// by "read". A document's own profile decides which settings judge it. A fitted layer without a
/// state keeps its input in the scratch folder, sees it all, then judges; its annotations name a
/// document without an id, or with that of an earlier one, "line N". Errors: invalid_argument for
/// wrong names and settings, settings that the state decides and the state of another layer,
/// not_found for missing models and state, and, when all lines are given back, for documents that a
/// state of findings never saw, unjudged; cancelled when a stop was asked for, which is looked at
/// between two documents.
Result<FilterSummary> filter_documents(io::FileSystem& files, Threads& threads,
                                       const FilterOptions& options,
                                       std::unique_ptr<io::ByteReader> in,
                                       const std::function<Status(std::string_view)>& out);

}  // namespace aludel::curate
