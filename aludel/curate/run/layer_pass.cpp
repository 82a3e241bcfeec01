#include "aludel/curate/run/layer_pass.h"

#include <fmt/format.h>

#include "aludel/curate/cascade/notes.h"

namespace aludel::curate {

Result<ActiveLayer> ActiveLayer::make(const ResolvedLayer& resolved,
                                      std::span<const std::size_t> profiles,
                                      const LayerContext& context, const LayerMaker& maker) {
  ActiveLayer active;
  active.spec_ = resolved.spec;
  active.by_profile_.resize(resolved.by_profile.size());
  active.settings_.resize(resolved.by_profile.size());
  std::map<std::string, const Layer*> made;  // by settings
  for (const std::size_t profile : profiles) {
    const LayerSettings& settings = resolved.by_profile[profile];
    if (!settings.on) continue;
    const std::string text = settings.settings.dump();
    if (!made.contains(text)) {
      auto layer = maker ? maker(*resolved.spec, settings.settings, context)
                         : resolved.spec->make(settings.settings, context);
      if (!layer) {
        const bool is_missing = layer.error().code == Code::not_found;  // a model or a list
        const std::string way_out =
            is_missing
                ? fmt::format(" (layers.{} = \"off\" goes on without it)", resolved.spec->name)
                : "";
        return std::move(layer).error().with_context(
            fmt::format("layer {}{}", resolved.spec->name, way_out));
      }
      active.layers_.push_back(std::move(layer).value());
      made[text] = active.layers_.back().get();
    }
    active.by_profile_[profile] = made[text];
    active.settings_[profile] = settings.settings;
    active.fingerprint_ += fmt::format("{}={};", profile, text);
  }
  active.fingerprint_ =
      aludel::fingerprint(Json::Array{resolved.spec->name, active.fingerprint_, context.seed});
  return active;
}

std::vector<ValueLimit> ActiveLayer::limits(std::size_t profile, const Document& document) const {
  return limits_of(*spec_, settings_[profile], by_profile_[profile]->fitted_cut_offs(document));
}

const Layer* ActiveLayer::fitted() const {
  for (const auto& layer : layers_) {
    if (layer->corpus_plan() || layer->state_plan() || layer->start_fit() != nullptr) {
      return layer.get();
    }
  }
  return nullptr;
}

Status ActiveLayer::load_state(io::FileSystem& files, const std::string& state_folder) {
  for (const auto& layer : layers_) {
    ALUDEL_TRY(layer->load_state(files, state_folder));
  }
  return Ok{};
}

bool LayerPass::pass(Document& document) {
  cut_off_.clear();
  groups_.clear();
  entry_bytes_ = text_bytes_before(document, 0);
  bool entered = entry_bytes_ > 0;
  SourceCounts& source = counts_[document.source];
  const std::size_t profile = profile_index(document.profile);
  for (const ActiveLayer& active : layers_) {
    const Layer* layer = active.for_profile(profile);
    if (layer == nullptr) continue;
    const std::string_view name = active.spec().name;
    LayerCounts& counts = source.layers[std::string(name)];
    const std::uint64_t bytes_before = counts.bytes_in;
    const Verdict verdict = judge(active, *layer, document, counts);
    if (!entered) entry_bytes_ = counts.bytes_in - bytes_before;
    entered = true;
    if (!verdict.cut_off.empty()) cut_off_.push_back(reject_of_cut_off(document, name, verdict));
    if (verdict.keep) continue;
    if (purpose_ == Purpose::annotate) {
      note_would_drop(document, name, verdict);
      continue;
    }
    document.rejected_by = name;
    document.reason = verdict.reason;
    document.score = verdict.score;
    document.scan.clear();
    return false;
  }
  document.scan.clear();
  return true;
}

namespace {

void count(LayerCounts& counts, const LayerOutcome& outcome, Purpose purpose) {
  const Verdict& verdict = outcome.verdict;
  ++counts.in;
  counts.bytes_in += outcome.bytes_in;
  if (!verdict.keep && purpose != Purpose::annotate) {
    ++counts.dropped[verdict.reason];
    counts.bytes_dropped += outcome.bytes_in;
    return;
  }
  ++counts.kept;
  if (outcome.is_edited) ++counts.edited;
  if (verdict.keep && !verdict.reason.empty()) ++counts.recovered;
  counts.bytes_out += outcome.bytes_out;
  counts.bytes_removed +=
      static_cast<std::int64_t>(outcome.bytes_in) - static_cast<std::int64_t>(outcome.bytes_out);
}

}  // namespace

void LayerPass::note(const ActiveLayer& active, const Document& document,
                     const LayerOutcome& outcome) {
  const std::string_view name = active.spec().name;
  const Json* annotation = document.annotations.find(name);
  static const Json nothing = Json::object();
  const Json& noted = annotation == nullptr ? nothing : *annotation;
  LayerNotes& notes = notes_[std::string(name)];
  const std::string* before = outcome.text_before ? &*outcome.text_before : nullptr;
  notes.note(document, outcome.verdict, groups_, noted, before);
  if (!notes.wants_values(document)) return;
  notes.note_values(document, outcome.verdict, noted,
                    active.limits(profile_index(document.profile), document));
}

Verdict LayerPass::judge(const ActiveLayer& active, const Layer& layer, Document& document,
                         LayerCounts& counts) {
  LayerOutcome outcome = runner_.run(active.spec(), layer, document);
  LayerTime& time = times_[active.spec().name];
  time.seconds += outcome.seconds;
  time.bytes += outcome.bytes_judged;
  if (groups_.empty() && !document.text.empty()) groups_ = groups_of(document, terms_);
  note(active, document, outcome);
  runner_.settle(active.spec(), document, outcome);
  count(counts, outcome, purpose_);
  return std::move(outcome.verdict);
}

}  // namespace aludel::curate
