#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aludel::curate {

/// What a layer decides about a document. Only the pipeline drops and edits: it counts `reason`
/// (snake_case, from a small fixed set per layer) in the ledger, and writes reason and score into
/// the rejects.
struct Verdict {
  bool keep = true;
  std::string reason = {};
  double score = 0;
  /// What the text becomes where the decision cuts it or masks a part. Only a layer whose spec says
  /// Edits::decisions sets it.
  std::optional<std::string> text = {};
  std::string cut_off = {};  // text that the edit parted from the document: a reject of its own
  double cut_off_score = 0;  // of that reject
};

/// The reason of such a reject. The document that it was cut from goes on, so the ledger counts its
/// bytes as removed, and no document as dropped.
inline constexpr std::string_view kCutAtSeam = "cut_at_seam";

}  // namespace aludel::curate
