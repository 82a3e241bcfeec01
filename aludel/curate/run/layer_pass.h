#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aludel/curate/cascade/config.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/cascade/recover.h"
#include "aludel/curate/report/keep_rates.h"
#include "aludel/curate/report/report_data.h"
#include "aludel/curate/run/layer_runner.h"
#include "aludel/curate/sources/ledger.h"

namespace aludel::curate {

/// How a layer is made of its settings.
using LayerMaker = std::function<Result<std::unique_ptr<Layer>>(const LayerSpec&, const Json&,
                                                                const LayerContext&)>;

/// A layer of a run with its models loaded: one Layer for each different set of settings.
class ActiveLayer {
 public:
  /// Makes the layers for `profiles` (indices into profile_names()); none where it is off. Without
  /// a maker, LayerSpec::make does it.
  /// Errors: those of the maker, with the layer's name and how to go on without it.
  static Result<ActiveLayer> make(const ResolvedLayer& resolved,
                                  std::span<const std::size_t> profiles,
                                  const LayerContext& context, const LayerMaker& maker = {});

  const LayerSpec& spec() const { return *spec_; }

  /// The layer that judges documents of a profile; nullptr where it is off.
  const Layer* for_profile(std::size_t profile) const { return by_profile_[profile]; }

  /// The limits that it holds a document's noted values against. REQUIRES: it is not off there.
  std::vector<ValueLimit> limits(std::size_t profile, const Document& document) const;

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
  std::vector<Json> settings_;  // by profile
  std::string fingerprint_;
};

/// What a layer's judge() took: processor seconds, and bytes of text that came in,
/// or of the fetched page where the layer makes the text.
struct LayerTime {
  double seconds = 0;
  std::uint64_t bytes = 0;
};

using LayerTimes = std::map<std::string_view, LayerTime>;

/// Sends documents through some layers in order, and counts. One caller at a time.
class LayerPass {
 public:
  /// To annotate, a drop is only noted in annotations.LAYER.would_drop, and of edits only repairs
  /// are done. Else a document that a rule of `recover` matches is kept, and annotations.recovered
  /// says by which rule; one without a text cannot be.
  LayerPass(std::span<const ActiveLayer> layers, const GroupWords& terms, Purpose purpose,
            std::span<const RecoverRule> recover)
      : layers_(layers), terms_(terms), purpose_(purpose), runner_(purpose, recover) {}

  /// Whether the document is kept; else its reject fields say why.
  bool pass(Document& document);

  /// Bytes of text of the last document as it came in: where it had none, of what was made of it.
  std::uint64_t entry_bytes() const { return entry_bytes_; }

  /// What the layers cut off the last document, as rejects.
  const std::vector<Document>& cut_off() const { return cut_off_; }

  Counts& counts() { return counts_; }

  const Notes& notes() const { return notes_; }

  const LayerTimes& times() const { return times_; }

 private:
  Verdict judge(const ActiveLayer& active, const Layer& layer, Document& document,
                LayerCounts& counts);
  void note(const ActiveLayer& active, const Document& document, const LayerOutcome& outcome);

  std::span<const ActiveLayer> layers_;
  const GroupWords& terms_;
  std::vector<std::string> groups_;  // of the document on its way, once it has text
  Purpose purpose_;
  LayerRunner runner_;
  std::uint64_t entry_bytes_ = 0;
  std::vector<Document> cut_off_;
  Counts counts_;
  Notes notes_;
  LayerTimes times_;
};

}  // namespace aludel::curate
