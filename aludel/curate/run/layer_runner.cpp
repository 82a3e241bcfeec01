#include "aludel/curate/run/layer_runner.h"

#include <limits>
#include <utility>

#include "aludel/base/check.h"
#include "aludel/base/clock.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/notes.h"

namespace aludel::curate {
namespace {

/// True if a rule keeps the document that a layer drops. Writes the rule to the document's
/// annotations.
bool is_recovered(std::span<const RecoverRule> rules, std::string_view layer,
                  const Verdict& verdict, Document& document) {
  for (const RecoverRule& rule : rules) {
    if (!rule.matches(layer, verdict, document)) continue;
    Json& tag = document.annotations[kRecovered][layer];
    tag = Json::object();
    tag["reason"] = verdict.reason;
    tag["score"] = verdict.score;
    tag["rule"] = rule.text;
    return true;
  }
  return false;
}

bool is_settled(const RunningLayer& running, const Document& document) {
  return running.origin == Origin::settled && is_settled_at(document, running.spec.name);
}

Verdict verdict_of(const RunningLayer& running, Document& document) {
  if (!is_settled(running, document)) return running.layer.decide(document);
  if (stored_rejected_by(document) == running.spec.name) return stored_verdict(document);
  return {true, "", std::numeric_limits<double>::quiet_NaN()};  // no score is known
}

}  // namespace

Document reject_of_cut_off(const Document& document, std::string_view layer,
                           const Verdict& verdict) {
  Document reject = document;
  reject.id += "#cut";
  reject.text = verdict.cut_off;
  reject.rejected_by = layer;
  reject.reason = kCutAtSeam;
  reject.score = verdict.cut_off_score;
  return reject;
}

double LayerRunner::measure(const RunningLayer& running, Document& document) const {
  const LayerSpec& spec = running.spec;
  const bool notes_stand = running.origin == Origin::noted && has_stored_text(document);
  if (is_settled(running, document) || notes_stand) return 0;
  const std::size_t size_before = document.text.size();
  const double started = thread_seconds();
  remove_note(document.annotations, spec.name);  // notes of an earlier run
  running.layer.measure(document);
  ALUDEL_CHECK(spec.edits == Edits::repairs || document.text.size() == size_before,
               "a layer that repairs nothing changed the text");
  return thread_seconds() - started;
}

LayerOutcome LayerRunner::run(const RunningLayer& running, Document& document) const {
  Before before = look_at(running.spec, document);
  const double seconds = measure(running, document);
  LayerOutcome outcome = decide(running, document, std::move(before));
  outcome.seconds += seconds;
  return outcome;
}

LayerOutcome LayerRunner::decide_measured(const RunningLayer& running, Document& document) const {
  return decide(running, document, look_at(running.spec, document));
}

LayerRunner::Before LayerRunner::look_at(const LayerSpec& spec, const Document& document) {
  Before before{text_bytes_before(document, layer_place(spec.name)),
                document.text.empty() ? document.raw.size() : document.text.size(),
                {}};
  if (spec.edits == Edits::repairs) before.text = document.text;
  return before;
}

LayerOutcome LayerRunner::decide(const RunningLayer& running, Document& document,
                                 Before before) const {
  const LayerSpec& spec = running.spec;
  LayerOutcome outcome{.bytes_in = before.bytes_in, .bytes_judged = before.bytes_judged};
  const std::size_t size_before = document.text.size();
  const double started = thread_seconds();
  outcome.verdict = verdict_of(running, document);
  outcome.seconds = thread_seconds() - started;
  ALUDEL_CHECK(document.text.size() == size_before, "a decision changed the text itself");
  Verdict& verdict = outcome.verdict;
  if (verdict.text) {
    ALUDEL_CHECK(spec.edits == Edits::decisions, "a layer edits as it says in its LayerSpec");
    before.text = std::exchange(document.text, *std::move(verdict.text));
    verdict.text.reset();
  }
  if (!document.text.empty()) document.raw.clear();
  const bool is_changed = before.text && *before.text != document.text;
  const bool was_edited_before = was_edited(document, spec.name);
  outcome.bytes_out =
      is_changed ? document.text.size() : text_bytes_before(document, layer_place(spec.name) + 1);
  outcome.is_edited = (is_changed && !before.text->empty()) || was_edited_before;
  if (outcome.is_edited && is_changed) outcome.text_before = std::move(before.text);
  if (outcome.bytes_out == 0 && verdict.keep) {
    verdict.keep = false;
    verdict.reason = "no_text";
  }
  if (!verdict.keep && outcome.bytes_out > 0) {
    verdict.keep = is_recovered(recover_, spec.name, verdict, document);
  }
  // A layer that extracts the text gets none, so its output size counts as its input size.
  // Exception: the document is dropped, and the run that it was read from noted a size of 0, since
  // a run that decides drops such a page before it extracts the text.
  if (outcome.bytes_in == 0 && (verdict.keep || !was_edited_before)) {
    outcome.bytes_in = outcome.bytes_out;
  }
  return outcome;
}

void LayerRunner::settle(const LayerSpec& spec, Document& document, LayerOutcome& outcome) const {
  if (!outcome.is_edited) return;
  if (purpose_ == Purpose::annotate && spec.edits == Edits::decisions) {
    if (outcome.text_before) document.text = *std::exchange(outcome.text_before, {});
    outcome.verdict.cut_off.clear();
    outcome.bytes_out = document.text.size();
    outcome.is_edited = false;
  } else if (outcome.text_before) {
    document.annotations[spec.name]["bytes_in"] = outcome.bytes_in;
  }
}

}  // namespace aludel::curate
