#include "aludel/curate/run/layer_pass.h"

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/curate/cascade/notes.h"

namespace aludel::curate {

namespace {

/// A stand-in for a layer that has no document to judge, so that its models are not loaded.
class IdleLayer final : public Layer {
 public:
  Verdict decide(Document& document) const override {
    static_cast<void>(document);
    ALUDEL_CHECK(false, "a document behind the layers that rules name");
    return {};
  }
};

/// Makes a layer. Errors: those of LayerSpec::make, with the layer's name and, for a missing model
/// or list, how to run without it.
Result<std::unique_ptr<Layer>> make_layer(const LayerSpec& spec, const Json& settings,
                                          LayerContext context, const Reuse& reuse) {
  if (reuse.origin == Origin::settled && !reuse.measures) {
    return std::unique_ptr<Layer>(std::make_unique<IdleLayer>());
  }
  context.measures = reuse.measures;
  auto layer = spec.make(settings, context);
  if (layer) return layer;
  Error error = std::move(layer).error();
  if (reuse.origin == Origin::noted && reuse.measures) {
    error =
        std::move(error).with_context("a layer before it cuts texts, and those are measured again");
  }
  const bool is_missing = error.code == Code::not_found;  // a model or a list
  const std::string way_out =
      is_missing ? fmt::format(" (layers.{} = \"off\" goes on without it)", spec.name) : "";
  return std::move(error).with_context(fmt::format("layer {}{}", spec.name, way_out));
}

}  // namespace

Result<ActiveLayer> ActiveLayer::make(const ResolvedLayer& resolved,
                                      std::span<const std::size_t> profiles,
                                      const LayerContext& context, const Reuse& reuse) {
  ActiveLayer active;
  active.spec_ = resolved.spec;
  active.reuse_ = reuse;
  active.by_profile_.resize(resolved.by_profile.size());
  std::map<std::string, const Layer*> made;  // by settings
  for (const std::size_t profile : profiles) {
    const LayerSettings& settings = resolved.by_profile[profile];
    if (!settings.on) continue;
    const std::string text = settings.settings.dump();
    if (!made.contains(text)) {
      active.layers_.push_back(
          ALUDEL_TRY(make_layer(*resolved.spec, settings.settings, context, reuse)));
      made[text] = active.layers_.back().get();
    }
    active.by_profile_[profile] = made[text];
    active.fingerprint_ += fmt::format("{}={};", profile, text);
  }
  active.fingerprint_ =
      aludel::fingerprint(Json::Array{resolved.spec->name, active.fingerprint_, context.seed});
  return active;
}

ActiveLayer ActiveLayer::of(const LayerSpec& spec, const Json& settings,
                            std::unique_ptr<Layer> layer) {
  ActiveLayer active;
  active.spec_ = &spec;
  active.by_profile_.assign(profile_names().size(), layer.get());
  active.layers_.push_back(std::move(layer));
  active.fingerprint_ = aludel::fingerprint(Json::Array{spec.name, settings});
  return active;
}

CorpusPlan ActiveLayer::learn() const {
  const bool has_no_sources = spec_->learns == Learns::sources && reuse_.origin != Origin::measured;
  if (copies_state() || has_no_sources) return {};
  for (const auto& layer : layers_) {
    if (CorpusPlan plan = layer->learn()) return plan;
  }
  return {};
}

Status ActiveLayer::load_limits(io::FileSystem& files, const std::string& state_folder) {
  for (const auto& layer : layers_) {
    ALUDEL_TRY(layer->load_limits(files, state_folder));
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
    if (active.for_profile(profile) == nullptr) continue;
    const std::string_view name = active.spec().name;
    LayerCounts& counts = source.layers[std::string(name)];
    const std::uint64_t bytes_before = counts.bytes_in;
    const Verdict verdict = judge(active, document, counts);
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
  measure_for_next(document);
  document.scan.clear();
  return true;
}

void LayerPass::measure_for_next(Document& document) {
  const std::size_t profile = profile_index(document.profile);
  if (next_ == nullptr || next_->for_profile(profile) == nullptr) return;
  times_[next_->spec().name].seconds += runner_.measure(next_->running(profile), document);
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

void LayerPass::note(const RunningLayer& running, const Document& document,
                     const LayerOutcome& outcome) {
  const Json* annotation = document.annotations.find(running.spec.name);
  static const Json nothing = Json::object();
  const Json& noted = annotation == nullptr ? nothing : *annotation;
  LayerNotes& notes = notes_[std::string(running.spec.name)];
  const std::string* before = outcome.text_before ? &*outcome.text_before : nullptr;
  notes.note(document, outcome.verdict, groups_, noted, before);
  if (!notes.wants_values(document)) return;
  notes.note_values(document, outcome.verdict, noted, running.layer.rules(document));
}

Verdict LayerPass::judge(const ActiveLayer& active, Document& document, LayerCounts& counts) {
  const RunningLayer running = active.running(profile_index(document.profile));
  const bool is_measured = &active == layers_.data() && active.waits_for_corpus();
  LayerOutcome outcome =
      is_measured ? runner_.decide_measured(running, document) : runner_.run(running, document);
  LayerTime& time = times_[active.spec().name];
  time.seconds += outcome.seconds;
  time.bytes += outcome.bytes_judged;
  if (groups_.empty() && !document.text.empty()) groups_ = groups_of(document, terms_);
  note(running, document, outcome);
  runner_.settle(active.spec(), document, outcome);
  count(counts, outcome, purpose_);
  return std::move(outcome.verdict);
}

}  // namespace aludel::curate
