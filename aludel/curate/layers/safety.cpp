#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/layers/safety/sentences.h"
#include "aludel/curate/model_files.h"
#include "aludel/io/file_system.h"
#include "aludel/safety/scorer.h"

namespace aludel::curate {
namespace {

struct SafetySettings {
  double threshold = 0.5;
  double model_threshold = 0.95;
  bool lexicon_only = false;
  std::vector<std::string> mask;
  std::vector<std::string> tag;
  std::vector<std::string> lists;

  template <class V>
  void visit(V& v) {
    v("threshold", threshold, "lexicon score, 0 to 1, from which a document is of a class");
    v("model_threshold", model_threshold,
      "probability by the trained model from which a document is of a class");
    v("lexicon_only", lexicon_only, "judge without the trained model, by phrases alone");
    v("mask", mask, "classes whose sentences are removed and the document kept");
    v("tag", tag, "classes that are noted only; all others drop the document");
    v("lists", lists,
      "further word lists, class=path: a phrase a line, a weight of 1 to 5 before it");
  }
};

enum class SafetyAction : std::uint8_t { drop, mask, tag };

using SafetyActions = std::array<SafetyAction, safety::kSafetyClassCount>;

Result<safety::SafetyClass> class_named(std::string_view name) {
  const auto which = safety::find_safety_class(name);
  if (which) return *which;
  return Error{Code::invalid_argument, fmt::format("[safety] no class '{}'", name)};
}

Result<SafetyActions> actions_of(const SafetySettings& settings) {
  SafetyActions actions{};
  for (const std::string& name : settings.mask) {
    actions.at(static_cast<std::size_t>(ALUDEL_TRY(class_named(name)))) = SafetyAction::mask;
  }
  for (const std::string& name : settings.tag) {
    actions.at(static_cast<std::size_t>(ALUDEL_TRY(class_named(name)))) = SafetyAction::tag;
  }
  return actions;
}

Result<std::vector<safety::LexiconList>> read_lists(const std::vector<std::string>& lists,
                                                    io::FileSystem& files) {
  std::vector<safety::LexiconList> all;
  for (const std::string& list : lists) {
    const auto equals = list.find('=');
    if (equals == std::string::npos) {
      return Error{Code::invalid_argument,
                   fmt::format("[safety] list '{}', expected class=path", list)};
    }
    const safety::SafetyClass which = ALUDEL_TRY(class_named(list.substr(0, equals)));
    all.push_back({which, ALUDEL_TRY(io::read_file(files, list.substr(equals + 1)))});
  }
  return all;
}

class SafetyLayer final : public Layer {
 public:
  SafetyLayer(const SafetySettings& settings, const SafetyActions& actions,
              safety::SafetyScorer scorer)
      : settings_(settings), actions_(actions), scorer_(std::move(scorer)) {}

  Verdict judge(Document& document) const override {
    const safety::SafetyScores scores = scorer_.score(document.text);
    Json annotation = Json::object();
    Json found = Json::object();
    Verdict verdict;
    std::vector<safety::LexiconHit> masked;
    for (std::size_t i = 0; i < safety::kSafetyClassCount; ++i) {
      const auto which = static_cast<safety::SafetyClass>(i);
      const safety::SafetyScore& score = scores.of(which);
      if (!is_of_class(score)) {
        verdict.score = verdict.keep ? std::max(verdict.score, score.lexicon) : verdict.score;
        continue;
      }
      found[safety::safety_class_name(which)] = note(which, score);
      if (actions_.at(i) == SafetyAction::mask) {
        std::ranges::copy_if(scores.hits, std::back_inserter(masked),
                             [&](const safety::LexiconHit& hit) { return hit.which == which; });
      }
      const bool is_worse = verdict.keep || score.value() > verdict.score;
      if (actions_.at(i) == SafetyAction::drop && is_worse) {
        verdict = {false, std::string(safety::safety_class_name(which)), score.value()};
      }
    }
    if (!masked.empty()) {
      annotation["sentences_removed"] = remove_sentences(document.text, masked);
    }
    annotation["classes"] = std::move(found);
    document.annotations["safety"] = std::move(annotation);
    return verdict;
  }

 private:
  bool is_of_class(const safety::SafetyScore& score) const {
    return score.lexicon >= settings_.threshold ||
           (score.model && static_cast<double>(*score.model) >= settings_.model_threshold);
  }

  Json note(safety::SafetyClass which, const safety::SafetyScore& score) const {
    Json note = Json::object();
    note["lexicon"] = score.lexicon;
    if (score.model) note["model"] = static_cast<double>(*score.model);
    note["basis"] = scorer_.has_model(which) ? "lexicon and model" : "lexicon only, unmeasured";
    return note;
  }

  SafetySettings settings_;
  SafetyActions actions_;
  safety::SafetyScorer scorer_;
};

Result<std::unique_ptr<Layer>> make_safety(const Json& json, const LayerContext& context) {
  SafetySettings settings;
  ALUDEL_TRY(read_config(json, settings, "safety"));
  const SafetyActions actions = ALUDEL_TRY(actions_of(settings));
  const auto lists = ALUDEL_TRY(read_lists(settings.lists, context.files));
  std::optional<text::Classifier> model;
  if (!settings.lexicon_only) {
    model =
        ALUDEL_TRY(load_classifier(context.files, context.models_folder, kSafetyModel, "safety"));
  }
  auto scorer = ALUDEL_TRY(safety::SafetyScorer::create(lists, std::move(model)));
  return std::unique_ptr<Layer>(
      std::make_unique<SafetyLayer>(settings, actions, std::move(scorer)));
}

}  // namespace

extern constinit const LayerSpec layer_safety = {
    .name = "safety",
    .summary = "Drops, masks or tags the fourteen classes of unsafe text.",
    .source = "RAISE: Yi technical report, arXiv:2403.04652, section 5; the lexicons are our own",
    .kind = LayerKind::edit,
    .defaults = [] { return dump_config(SafetySettings{}); },
    .make = make_safety,
};

}  // namespace aludel::curate
