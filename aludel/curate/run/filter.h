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

/// Options of `aludel layer`, which runs one layer as a filter between other tools.
struct FilterOptions {
  std::string layer = {};  // has an initialiser, so that a caller may name only some members
  std::string preset = "web";
  std::vector<std::string> set = {};  // changes to the layer's settings: min_words=30
  std::string models = {};
  std::int64_t seed = 0;
  std::string state = {};  // the state of a layer that learns, as a run left it in state/LAYER
  std::string scratch_folder = {};  // where a layer that learns without a state keeps its input
};

struct FilterSummary {
  std::uint64_t documents = 0;
  std::uint64_t dropped = 0;
  std::uint64_t cut_off = 0;  // parts of documents, each given back as a reject behind its document
};

/// Reads one document a line and gives each back to `out` as one line, in the same order. The line
/// then has annotations.LAYER, and rejected_by, reason and score if the layer drops the document.
/// A part that the layer cuts off a document follows it as a line of its own: a reject whose id
/// ends in #cut. Members that do not belong to a document stay as they are; if another tool used a
/// name that the layer writes, its value moves to that name with `_`. A document that comes in as a
/// reject passes without being judged. A line that is not a document comes back as a reject by
/// "read". A document's own profile decides which settings
/// judge it, and whether it is judged at all (filter_layer.h).
/// A layer that learns and has no state keeps its input in the scratch folder, learns of all
/// documents, and then judges them. Its annotations name a document without an id "line N", and one
/// with the id of an earlier document "line N (ID)".
/// Errors: invalid_argument for wrong names and settings, for settings that the state fixes, and
/// for the state of another layer; not_found for missing models and states; not_found, after all
/// lines are given back, for documents that a state of findings has never seen, which are not
/// judged; cancelled when a stop was asked for, which is checked between two documents.
Result<FilterSummary> filter_documents(io::FileSystem& files, Threads& threads,
                                       const FilterOptions& options,
                                       std::unique_ptr<io::ByteReader> in,
                                       const std::function<Status(std::string_view)>& out);

}  // namespace aludel::curate
