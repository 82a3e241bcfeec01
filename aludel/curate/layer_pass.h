#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aludel/curate/config.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/ledger.h"
#include "aludel/curate/report_data.h"
#include "aludel/safety/identity_terms.h"

namespace aludel::curate {

/// A layer of a run with its models loaded: one Layer for each different set of settings.
class ActiveLayer {
 public:
  /// Makes the layers for `profiles` (indices into profile_names()); none where it is off.
  /// Errors: those of LayerSpec::make, with the layer's name and how to go on without it.
  static Result<ActiveLayer> make(const ResolvedLayer& resolved,
                                  std::span<const std::size_t> profiles,
                                  const LayerContext& context);

  const LayerSpec& spec() const { return *spec_; }

  /// The layer that judges documents of a profile; nullptr where it is off.
  const Layer* for_profile(std::size_t profile) const { return by_profile_[profile]; }

  bool is_off() const { return layers_.empty(); }

  /// The layer to fit; nullptr for one that is not fitted. Profiles share it, and its state.
  const Layer* fitted() const;

  /// Whether it is fitted on the sources as they are read: only the layer that makes text of them
  /// is. Any other one is fitted on what the layers before it left.
  bool fits_sources() const { return spec_->kind != LayerKind::fitted && fitted() != nullptr; }

  Status load_state(io::FileSystem& files, const std::string& state_folder);

  /// Fingerprint of name and settings.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  const LayerSpec* spec_ = nullptr;
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<const Layer*> by_profile_;
  std::string fingerprint_;
};

/// Sends documents through some layers in order, and counts. One caller at a time.
class LayerPass {
 public:
  /// With `annotate`, a drop is only noted in annotations.LAYER.would_drop.
  LayerPass(std::span<const ActiveLayer> layers, const safety::IdentityTerms& terms, bool annotate)
      : layers_(layers), terms_(terms), annotate_(annotate) {}

  /// Whether the document is kept; else its reject fields say why.
  bool pass(Document& document);

  /// Bytes of text of the last document as it came in: where it had none, of what was made of it.
  std::uint64_t entry_bytes() const { return entry_bytes_; }

  /// What the layers cut off the last document, as rejects.
  const std::vector<Document>& cut_off() const { return cut_off_; }

  Counts& counts() { return counts_; }

  const Notes& notes() const { return notes_; }

  /// CPU seconds in judge(), by layer.
  const std::map<std::string_view, double>& seconds() const { return seconds_; }

 private:
  Verdict judge(const ActiveLayer& active, const Layer& layer, Document& document,
                LayerCounts& counts);

  std::span<const ActiveLayer> layers_;
  const safety::IdentityTerms& terms_;
  bool annotate_;
  std::vector<std::string> groups_;  // of the document on its way, once it has text
  std::uint64_t entry_bytes_ = 0;
  std::vector<Document> cut_off_;
  Counts counts_;
  Notes notes_;
  std::map<std::string_view, double> seconds_;
};

}  // namespace aludel::curate
