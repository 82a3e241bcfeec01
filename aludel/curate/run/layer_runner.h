#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/cascade/recover.h"
#include "aludel/curate/document/document.h"

namespace aludel::curate {

/// Where a layer's verdicts come from, where a finished run is read again.
enum class Origin : std::uint8_t {
  off,
  noted,     // the run's notes stand: only decide() runs, as long as the text is the run's
  measured,  // again, from the text
  settled    // what the run decided stands; what it did not judge is measured
};

/// What one layer made of one document. Bytes are of text.
struct LayerOutcome {
  Verdict verdict = {};        // kept with a reason: a rule of `recover` keeps what the layer drops
  std::uint64_t bytes_in = 0;  // where the layer made the text, of what it made
  std::uint64_t bytes_out = 0;
  std::uint64_t bytes_judged = 0;  // text, or the fetched page of which the layer made it
  double seconds = 0;              // of processor time that the layer took
  bool is_edited = false;          // by this call, or in the run that the document is read from
  /// The text before an edit of this call.
  std::optional<std::string> text_before = {};
};

/// The reject of what a layer's verdict says was cut off the document.
Document reject_of_cut_off(const Document& document, std::string_view layer,
                           const Verdict& verdict);

/// A layer as a run has it.
struct RunningLayer {
  const LayerSpec& spec;
  const Layer& layer;
  Origin origin = Origin::measured;
};

/// Takes documents through a layer's steps: the one way in which curate, `aludel layer` and the
/// explanation of a document do it. Concurrent calls: yes.
class LayerRunner {
 public:
  /// A run that annotates recovers nothing, since it drops nothing.
  explicit LayerRunner(Purpose purpose, std::span<const RecoverRule> recover = {})
      : purpose_(purpose),
        recover_(purpose == Purpose::annotate ? std::span<const RecoverRule>() : recover) {}

  /// Measures the document, unless its notes or its verdict stand. Returns processor seconds.
  double measure(const RunningLayer& running, Document& document) const;

  /// Measures, decides and edits. A layer that leaves no text drops the document as `no_text`; a
  /// drop that a rule of `recover` matches is kept, and the document is tagged with the rule.
  LayerOutcome run(const RunningLayer& running, Document& document) const;

  /// The same for a document that is measured already.
  LayerOutcome decide_measured(const RunningLayer& running, Document& document) const;

  /// Ends the layer's part, once all that look at the edit have seen it: to annotate, an edit that
  /// is a decision is undone; any other leaves `bytes_in` among the layer's notes.
  void settle(const LayerSpec& spec, Document& document, LayerOutcome& outcome) const;

 private:
  /// A document before a layer's steps.
  struct Before {
    std::uint64_t bytes_in;
    std::uint64_t bytes_judged;
    std::optional<std::string> text;  // where measure() may change it
  };

  static Before look_at(const LayerSpec& spec, const Document& document);
  LayerOutcome decide(const RunningLayer& running, Document& document, Before before) const;

  Purpose purpose_;
  std::span<const RecoverRule> recover_;
};

}  // namespace aludel::curate
