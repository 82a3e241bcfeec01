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

/// Where a layer's verdicts come from when a finished run is read again.
enum class Origin : std::uint8_t {
  off,
  noted,     // the run's notes hold: only decide() runs, unless the text has changed since
  measured,  // the layer measures the text again
  settled    // the run's verdicts hold; documents that it did not judge are measured
};

/// The result of one layer for one document. Bytes are of text.
struct LayerOutcome {
  Verdict verdict = {};        // keep with a reason: a rule of `recover` keeps what the layer drops
  std::uint64_t bytes_in = 0;  // if the layer made the text, the size of that
  std::uint64_t bytes_out = 0;
  std::uint64_t bytes_judged = 0;  // of the text, or of the fetched page that the text was made of
  double seconds = 0;              // processor time that the layer took
  bool is_edited = false;          // by this call, or in the run that the document is read from
  /// The text before the edit, if this call made one.
  std::optional<std::string> text_before = {};
};

/// Returns the reject that holds the text which a layer's verdict cuts off the document.
Document reject_of_cut_off(const Document& document, std::string_view layer,
                           const Verdict& verdict);

/// A layer as a run uses it.
struct RunningLayer {
  const LayerSpec& spec;
  const Layer& layer;
  Origin origin = Origin::measured;
};

/// The runner of a layer's steps. Curate, `aludel layer` and the explanation of a document all use
/// it, so they treat a document alike. Concurrent calls: yes.
class LayerRunner {
 public:
  /// Ignores `recover` in a run that annotates, since such a run drops nothing.
  explicit LayerRunner(Purpose purpose, std::span<const RecoverRule> recover = {})
      : purpose_(purpose),
        recover_(purpose == Purpose::annotate ? std::span<const RecoverRule>() : recover) {}

  /// Measures the document, unless its notes or its verdict of an earlier run hold. Returns the
  /// processor seconds that this took.
  double measure(const RunningLayer& running, Document& document) const;

  /// Measures, decides and edits. Drops the document as `no_text` if the layer leaves no text.
  /// Keeps a document that the layer drops if a rule of `recover` matches, and writes the rule to
  /// annotations.recovered.
  LayerOutcome run(const RunningLayer& running, Document& document) const;

  /// Decides and edits in the same way. REQUIRES: the document is measured already.
  LayerOutcome decide_measured(const RunningLayer& running, Document& document) const;

  /// Ends the layer's work on a document, after all who look at the edit have seen it. With
  /// Purpose::annotate, undoes an edit that is a decision. Notes the size of the text before any
  /// other edit of this call as `bytes_in`.
  void settle(const LayerSpec& spec, Document& document, LayerOutcome& outcome) const;

 private:
  /// The document as it was before the layer's steps.
  struct Before {
    std::uint64_t bytes_in;
    std::uint64_t bytes_judged;
    std::optional<std::string> text;  // only if measure() may change it
  };

  static Before look_at(const LayerSpec& spec, const Document& document);
  LayerOutcome decide(const RunningLayer& running, Document& document, Before before) const;

  Purpose purpose_;
  std::span<const RecoverRule> recover_;
};

}  // namespace aludel::curate
