#include <optional>
#include <utility>

#include "aludel/base/config.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/layers/safety/class_basis.h"
#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/safety/class_basis.h"
#include "aludel/safety/lexicon_lists.h"
#include "aludel/safety/masking.h"
#include "aludel/safety/policy.h"
#include "aludel/safety/scorer.h"

namespace aludel::curate {
namespace {

Json note_of(const safety::SafetyScore& score) {
  Json note = Json::object();
  note["lexicon"] = score.lexicon;
  if (score.model) note["model"] = static_cast<double>(*score.model);
  return note;
}

/// Key of all classes' scores in the notes, which only an annotated run keeps.
constexpr std::string_view kScores = "scores";

/// Returns those that are not zero.
Json scores_to_json(const safety::ClassScores& scores) {
  Json all = Json::object();
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores.at(i).value() <= 0) continue;
    all[safety::safety_class_name(static_cast<safety::SafetyClass>(i))] = note_of(scores.at(i));
  }
  return all;
}

safety::ClassScores scores_from_json(const Json* noted) {
  safety::ClassScores scores{};
  for (std::size_t i = 0; noted != nullptr && i < scores.size(); ++i) {
    const Json* score = noted->find(safety::safety_class_name(static_cast<safety::SafetyClass>(i)));
    if (score == nullptr) continue;
    scores.at(i).lexicon = score->number_or("lexicon", 0);
    if (score->find("model") != nullptr) {
      scores.at(i).model = static_cast<float>(score->number_or("model", 0));
    }
  }
  return scores;
}

/// Returns the classes found, as annotations.safety.classes has them.
Json classes_found(const safety::SafetyDecision& decision, const safety::ClassScores& scores) {
  Json found = Json::object();
  for (const safety::SafetyClass which : decision.found) {
    const safety::SafetyScore& score = scores.at(static_cast<std::size_t>(which));
    Json& note = found[safety::safety_class_name(which)];
    note = note_of(score);
    note["basis"] = score.model ? safety::kLexiconAndModel : safety::kLexiconOnly;
  }
  return found;
}

class SafetyLayer final : public Layer {
 public:
  /// Without a scorer it decides by what is noted. REQUIRES: no class is masked then.
  SafetyLayer(const safety::SafetyPolicy& policy, std::optional<safety::SafetyScorer> scorer,
              Purpose purpose)
      : policy_(policy), scorer_(std::move(scorer)), purpose_(purpose) {}

  void measure(Document& document) const override {
    Json notes = Json::object();
    notes[kScores] = scores_to_json(scorer_->score(document.text, page_title(document)).classes);
    document.annotations["safety"] = std::move(notes);
  }

  Verdict decide(Document& document) const override {
    const Json* before = document.annotations.find("safety");
    const Json* noted = before == nullptr ? nullptr : before->find(kScores);
    const safety::ClassScores scores = scores_from_json(noted);
    const safety::SafetyDecision decision = policy_.decide(scores);
    Verdict verdict{.score = decision.score};
    if (decision.drops_for) {
      verdict.keep = false;
      verdict.reason = safety::safety_class_name(*decision.drops_for);
    }
    Json notes = Json::object();
    if (decision.masks) mask(document, notes, verdict);
    notes["classes"] = classes_found(decision, scores);
    if (purpose_ == Purpose::annotate && noted != nullptr) notes[kScores] = *noted;
    document.annotations["safety"] = std::move(notes);
    return verdict;
  }

 private:
  /// Takes the sentences out; the text is searched again for the places, which no note has.
  void mask(const Document& document, Json& notes, Verdict& verdict) const {
    auto masked = safety::mask_sentences(document.text, page_title(document), *scorer_, policy_);
    if (!masked) return;
    verdict.text = std::move(masked->text);
    notes["sentences_removed"] = masked->sentences_removed;
  }

  safety::SafetyPolicy policy_;
  std::optional<safety::SafetyScorer> scorer_;
  Purpose purpose_;
};

Result<std::unique_ptr<Layer>> make_safety(const Json& json, const LayerContext& context) {
  safety::SafetySettings settings;
  ALUDEL_TRY(read_config(json, settings, "layers.safety"));
  const auto policy = ALUDEL_TRY(safety::SafetyPolicy::create(settings));
  std::optional<safety::SafetyScorer> scorer;
  if (context.measures || !settings.mask.empty()) {
    const auto lists = ALUDEL_TRY(safety::read_lexicon_lists(context.files, settings.lists));
    std::optional<text::Classifier> model;
    if (!settings.lexicon_only) {
      model =
          ALUDEL_TRY(load_classifier(context.files, context.models_folder, kSafetyModel, "safety"));
    }
    scorer = ALUDEL_TRY(safety::SafetyScorer::create(lists, std::move(model)));
  }
  return std::unique_ptr<Layer>(
      std::make_unique<SafetyLayer>(policy, std::move(scorer), context.purpose));
}

}  // namespace

extern constinit const LayerSpec layer_safety = {
    .name = "safety",
    .summary = "Drops, masks or tags the fourteen classes of unsafe text.",
    .source = "RAISE: Yi technical report, arXiv:2403.04652, section 5; the lexicons are our own",
    .show_settings = default_settings<safety::SafetySettings>,
    .make = make_safety,
    .edits = Edits::decisions,
    .decides_by = DecidesBy::text,
    .class_basis = safety_class_basis,
};

}  // namespace aludel::curate
