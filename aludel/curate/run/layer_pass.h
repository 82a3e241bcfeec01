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

/// What a layer takes over from a finished run that is read again.
struct Reuse {
  Origin origin = Origin::measured;
  bool measures = true;           // some documents
  std::string state_folder = {};  // of that run; empty: the layer learns anew
};

/// A layer of a run with its models loaded: one Layer for each different set of settings.
class ActiveLayer {
 public:
  /// Makes the layers for `profiles` (indices into profile_names()); none where it is off.
  /// Errors: those of LayerSpec::make, with the layer's name and how to go on without it.
  static Result<ActiveLayer> make(const ResolvedLayer& resolved,
                                  std::span<const std::size_t> profiles,
                                  const LayerContext& context, const Reuse& reuse = {});

  /// A layer that is one and the same for all profiles.
  static ActiveLayer of(const LayerSpec& spec, const Json& settings, std::unique_ptr<Layer> layer);

  const LayerSpec& spec() const { return *spec_; }

  /// The layer that judges documents of a profile; nullptr where it is off.
  const Layer* for_profile(std::size_t profile) const { return by_profile_[profile]; }

  /// REQUIRES: it is not off for the profile.
  RunningLayer running(std::size_t profile) const {
    return {*spec_, *by_profile_[profile], reuse_.origin};
  }

  bool is_off() const { return layers_.empty(); }

  /// What it must learn before it decides; empty for nothing. Profiles share it, and its state.
  CorpusPlan learn() const;

  bool learns() const { return copies_state() || learn(); }

  /// Whether its state is that of the finished run.
  bool copies_state() const { return !reuse_.state_folder.empty(); }

  const std::string& state_to_copy() const { return reuse_.state_folder; }

  /// Whether the run waits before it until all documents are there.
  bool waits_for_corpus() const { return spec_->waits_for_corpus() && learns(); }

  /// Whether its plan leaves findings of single documents.
  bool has_findings() const { return spec_->learns != Learns::limits && learn(); }

  Status load_limits(io::FileSystem& files, const std::string& state_folder);

  /// Fingerprint of name and settings.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  const LayerSpec* spec_ = nullptr;
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<const Layer*> by_profile_;
  Reuse reuse_;
  std::string fingerprint_;
};

/// What a layer's steps took: processor seconds, and bytes of text that came in,
/// or of the fetched page where the layer makes the text.
struct LayerTime {
  double seconds = 0;
  std::uint64_t bytes = 0;
};

using LayerTimes = std::map<std::string_view, LayerTime>;

/// Sends documents through some layers in order, and counts. One caller at a time.
class LayerPass {
 public:
  /// The first of `layers` finds documents measured where it waits for the corpus; what `next`, of
  /// the segment that follows, must know before it learns is measured behind the last of them (null
  /// where there is none). To annotate, a drop is only noted in annotations.LAYER.would_drop, and
  /// of edits only repairs are done. Else a document that a rule of `recover` matches is kept, and
  /// annotations.recovered says by which rule; one without a text cannot be.
  LayerPass(std::span<const ActiveLayer> layers, const ActiveLayer* next, const GroupWords& terms,
            Purpose purpose, std::span<const RecoverRule> recover)
      : layers_(layers), next_(next), terms_(terms), purpose_(purpose), runner_(purpose, recover) {}

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
  Verdict judge(const ActiveLayer& active, Document& document, LayerCounts& counts);
  void note(const RunningLayer& running, const Document& document, const LayerOutcome& outcome);
  void measure_for_next(Document& document);

  std::span<const ActiveLayer> layers_;
  const ActiveLayer* next_;
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
