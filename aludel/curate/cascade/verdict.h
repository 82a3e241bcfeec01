#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aludel::curate {

/// A layer's decision about a document. The layer itself neither drops nor edits: the runner makes
/// the edit, and the run counts `reason` (snake_case, from a small fixed set per layer) in the
/// ledger and writes reason and score to the rejects.
struct Verdict {
  bool keep = true;
  std::string reason = {};
  double score = 0;
  /// The new text, if the decision cuts the text or masks a part of it. Only a layer whose spec
  /// says Edits::decisions sets it.
  std::optional<std::string> text = {};
  std::string cut_off = {};  // text that the edit cuts off, which becomes a reject of its own
  double cut_off_score = 0;  // the score of that reject
};

/// The reason of a reject that holds cut-off text. The document that it was cut from continues, so
/// the ledger counts its bytes as removed, and no document as dropped.
inline constexpr std::string_view kCutAtSeam = "cut_at_seam";

}  // namespace aludel::curate
