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
  bool measures = true;           // true: at least some documents are measured
  std::string state_folder = {};  // of that run; empty: the layer learns anew
};

/// A layer of a run with its models loaded: one Layer for each different set of settings.
class ActiveLayer {
 public:
  /// Makes the layers for `profiles` (indices into profile_names()), and none for a profile in
  /// which the layer is off. Errors: those of LayerSpec::make, with the layer's name and, for a
  /// missing model or list, how to run without it.
  static Result<ActiveLayer> make(const ResolvedLayer& resolved,
                                  std::span<const std::size_t> profiles,
                                  const LayerContext& context, const Reuse& reuse = {});

  /// Makes an active layer out of one Layer that all profiles share.
  static ActiveLayer of(const LayerSpec& spec, const Json& settings, std::unique_ptr<Layer> layer);

  const LayerSpec& spec() const { return *spec_; }

  /// Returns the layer that judges documents of a profile; nullptr if it is off there.
  const Layer* for_profile(std::size_t profile) const { return by_profile_[profile]; }

  /// Returns the layer as LayerRunner takes it. REQUIRES: it is not off for the profile.
  RunningLayer running(std::size_t profile) const {
    return {*spec_, *by_profile_[profile], reuse_.origin};
  }

  bool is_off() const { return layers_.empty(); }

  /// Returns the plan that must run before the layer decides; empty if there is none. All profiles
  /// share it, and its state.
  CorpusPlan learn() const;

  bool learns() const { return copies_state() || learn(); }

  /// True if its state is a copy of that of the finished run.
  bool copies_state() const { return !reuse_.state_folder.empty(); }

  const std::string& state_to_copy() const { return reuse_.state_folder; }

  /// True if the run must have all documents before the layer decides.
  bool waits_for_corpus() const { return spec_->waits_for_corpus() && learns(); }

  /// True if its plan leaves findings of single documents.
  bool has_findings() const { return spec_->learns != Learns::limits && learn(); }

  Status load_limits(io::FileSystem& files, const std::string& state_folder);

  /// Returns the fingerprint of name, settings and seed.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  const LayerSpec* spec_ = nullptr;
  std::vector<std::unique_ptr<Layer>> layers_;
  std::vector<const Layer*> by_profile_;
  Reuse reuse_;
  std::string fingerprint_;
};

/// The cost of a layer's steps: processor seconds, and the bytes that came in, of text, or of
/// fetched pages if the layer makes the text.
struct LayerTime {
  double seconds = 0;
  std::uint64_t bytes = 0;
};

using LayerTimes = std::map<std::string_view, LayerTime>;

/// The pass of documents through some layers in order, with its counts. One caller at a time.
class LayerPass {
 public:
  /// If the first of `layers` waits for the corpus, its documents are measured already. `next` is
  /// the first layer of the next segment, or null; kept documents are measured for it, too. With
  /// Purpose::annotate a drop is only noted, in annotations.LAYER.would_drop, and only edits that
  /// are repairs are made. Else a document with text that a rule of `recover` matches is kept, and
  /// annotations.recovered says by which rule.
  LayerPass(std::span<const ActiveLayer> layers, const ActiveLayer* next, const GroupWords& terms,
            Purpose purpose, std::span<const RecoverRule> recover)
      : layers_(layers), next_(next), terms_(terms), purpose_(purpose), runner_(purpose, recover) {}

  /// Sends a document through the layers. Returns true if it is kept; else its reject fields say
  /// why it is not.
  bool pass(Document& document);

  /// Returns the bytes of text of the last document as it came in; if it had none, of the text that
  /// was made of it.
  std::uint64_t entry_bytes() const { return entry_bytes_; }

  /// Returns the rejects of what the layers cut off the last document.
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
  std::vector<std::string> groups_;  // of the current document, once it has text
  Purpose purpose_;
  LayerRunner runner_;
  std::uint64_t entry_bytes_ = 0;
  std::vector<Document> cut_off_;
  Counts counts_;
  Notes notes_;
  LayerTimes times_;
};

}  // namespace aludel::curate
