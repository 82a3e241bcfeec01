#include "aludel/curate/run/layer_runner.h"

#include <utility>

#include "aludel/base/check.h"
#include "aludel/base/clock.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/notes.h"

namespace aludel::curate {
namespace {

/// Whether one of the rules keeps a document that a layer drops; the document is tagged with it.
bool is_recovered(std::span<const RecoverRule> rules, std::string_view layer,
                  const Verdict& verdict, Document& document) {
  for (const RecoverRule& rule : rules) {
    if (!rule.matches(layer, verdict, document)) continue;
    Json& tag = document.annotations["recovered"][layer];
    tag = Json::object();
    tag["reason"] = verdict.reason;
    tag["score"] = verdict.score;
    tag["rule"] = rule.text;
    return true;
  }
  return false;
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

LayerOutcome LayerRunner::run(const LayerSpec& spec, const Layer& layer, Document& document) const {
  const bool may_edit = spec.kind != LayerKind::document;
  const std::size_t size_before = document.text.size();
  std::string before = may_edit ? document.text : std::string();
  const std::size_t place = layer_place(spec.name);
  LayerOutcome outcome;
  outcome.bytes_in = text_bytes_before(document, place);
  outcome.bytes_judged = size_before > 0 ? size_before : document.raw.size();
  const double started = thread_seconds();
  outcome.verdict = layer.judge(document);
  outcome.seconds = thread_seconds() - started;
  ALUDEL_CHECK(may_edit || size_before == 0 || document.text.size() == size_before,
               "a layer that is no edit changed the text");
  if (!document.text.empty()) document.raw.clear();
  const bool is_changed = may_edit && before != document.text;
  const bool was_edited_before = was_edited(document, spec.name);
  outcome.bytes_out = is_changed ? document.text.size() : text_bytes_before(document, place + 1);
  outcome.is_edited = (is_changed && size_before > 0) || was_edited_before;
  if (outcome.is_edited && is_changed) outcome.text_before = std::move(before);
  Verdict& verdict = outcome.verdict;
  if (outcome.bytes_out == 0 && verdict.keep) {
    verdict.keep = false;
    verdict.reason = "no_text";
  }
  if (!verdict.keep && outcome.bytes_out > 0) {
    verdict.keep = is_recovered(recover_, spec.name, verdict, document);
  }
  // A layer that extracts the text has its output for its input, except where the run that the
  // document is read from noted 0: it dropped the page before making text of it.
  if (outcome.bytes_in == 0 && (verdict.keep || !was_edited_before)) {
    outcome.bytes_in = outcome.bytes_out;
  }
  return outcome;
}

void LayerRunner::settle(const LayerSpec& spec, Document& document, LayerOutcome& outcome) const {
  if (!outcome.is_edited) return;
  if (purpose_ == Purpose::annotate && spec.edits == Edits::decision) {
    if (outcome.text_before) document.text = *std::exchange(outcome.text_before, {});
    outcome.verdict.cut_off.clear();
    outcome.bytes_out = document.text.size();
    outcome.is_edited = false;
  } else if (outcome.text_before) {
    document.annotations[spec.name]["bytes_in"] = outcome.bytes_in;
  }
}

}  // namespace aludel::curate
