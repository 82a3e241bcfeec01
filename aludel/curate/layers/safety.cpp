#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/layers/safety/sentences.h"
#include "aludel/curate/layers/shared/model_files.h"
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
    v("threshold", threshold, "lexicon score, 0 to 1, from which a document is of a class",
      at_least(0));
    v("model_threshold", model_threshold,
      "probability by the trained model from which a document is of a class", at_least(0));
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

/// The title as layer `language` noted it, which extraction leaves out of the text.
std::string title_of(const Document& document) {
  const Json* notes = document.annotations.find("language");
  return notes == nullptr ? "" : notes->string_or("title", "");
}

/// What decides: the classes' scores against the thresholds, and what each class calls for.
class SafetyRules {
 public:
  SafetyRules(const SafetySettings& settings, const SafetyActions& actions)
      : threshold_(settings.threshold),
        model_threshold_(settings.model_threshold),
        actions_(actions) {}

  bool is_of_class(const safety::SafetyScore& score) const {
    return score.lexicon >= threshold_ || is_by_model(score);
  }

  bool is_by_model(const safety::SafetyScore& score) const {
    return score.model && static_cast<double>(*score.model) >= model_threshold_;
  }

  bool masks(std::size_t which) const { return actions_.at(which) == SafetyAction::mask; }

  /// The classes found, as annotations.safety.classes has them; `scores` by SafetyClass.
  Verdict judge(std::span<const safety::SafetyScore> scores, Json& found) const {
    Verdict verdict;
    for (std::size_t i = 0; i < safety::kSafetyClassCount; ++i) {
      const safety::SafetyScore& score = scores[i];
      if (!is_of_class(score)) {
        verdict.score = verdict.keep ? std::max(verdict.score, score.lexicon) : verdict.score;
        continue;
      }
      const std::string_view name = safety::safety_class_name(static_cast<safety::SafetyClass>(i));
      found[name] = note(score);
      found[name]["basis"] = score.model ? "lexicon and model" : "lexicon only, unmeasured";
      const bool is_worse = verdict.keep || score.value() > verdict.score;
      if (actions_.at(i) == SafetyAction::drop && is_worse) {
        verdict = {false, std::string(name), score.value()};
      }
    }
    return verdict;
  }

  static Json note(const safety::SafetyScore& score) {
    Json note = Json::object();
    note["lexicon"] = score.lexicon;
    if (score.model) note["model"] = static_cast<double>(*score.model);
    return note;
  }

 private:
  double threshold_;
  double model_threshold_;
  SafetyActions actions_;
};

/// Key of all classes' scores in the notes, which only an annotated run keeps.
constexpr std::string_view kScores = "scores";

/// Those that are not zero.
Json scores_to_json(const safety::SafetyScores& scores) {
  Json all = Json::object();
  for (std::size_t i = 0; i < safety::kSafetyClassCount; ++i) {
    const auto which = static_cast<safety::SafetyClass>(i);
    if (scores.of(which).value() > 0) {
      all[safety::safety_class_name(which)] = SafetyRules::note(scores.of(which));
    }
  }
  return all;
}

using ClassScores = std::array<safety::SafetyScore, safety::kSafetyClassCount>;

ClassScores scores_from_json(const Json* noted) {
  ClassScores scores{};
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

class SafetyLayer final : public Layer {
 public:
  /// Without a scorer it decides by what is noted. REQUIRES: no class is masked then.
  SafetyLayer(const SafetyRules& rules, std::optional<safety::SafetyScorer> scorer, Purpose purpose)
      : rules_(rules), scorer_(std::move(scorer)), purpose_(purpose) {}

  void measure(Document& document) const override {
    Json notes = Json::object();
    notes[kScores] = scores_to_json(scorer_->score(document.text, title_of(document)));
    document.annotations["safety"] = std::move(notes);
  }

  Verdict decide(Document& document) const override {
    const Json* before = document.annotations.find("safety");
    const Json* noted = before == nullptr ? nullptr : before->find(kScores);
    const ClassScores scores = scores_from_json(noted);
    Json notes = Json::object();
    Json found = Json::object();
    Verdict verdict = rules_.judge(scores, found);
    if (masks_any(scores)) mask(document, notes, verdict);
    notes["classes"] = std::move(found);
    if (purpose_ == Purpose::annotate && noted != nullptr) notes[kScores] = *noted;
    document.annotations["safety"] = std::move(notes);
    return verdict;
  }

 private:
  bool masks(std::size_t which, const safety::SafetyScore& score) const {
    return rules_.masks(which) && rules_.is_of_class(score);
  }

  bool masks_any(const ClassScores& scores) const {
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (masks(i, scores.at(i))) return true;
    }
    return false;
  }

  /// Takes the sentences out; the text is searched again for the places, which no note has.
  void mask(const Document& document, Json& notes, Verdict& verdict) const {
    const auto places = to_mask(document.text, scorer_->score(document.text, title_of(document)));
    if (places.empty()) return;
    verdict.text = document.text;
    notes["sentences_removed"] = remove_sentences(*verdict.text, places);
  }

  /// The places whose sentences go, in order: the phrases of the classes that are masked, and where
  /// the model finds such a class, the sentences in which it alone finds it, too.
  std::vector<safety::LexiconHit> to_mask(std::string_view text,
                                          const safety::SafetyScores& scores) const {
    std::vector<safety::LexiconHit> places;
    for (std::size_t i = 0; i < safety::kSafetyClassCount; ++i) {
      const auto which = static_cast<safety::SafetyClass>(i);
      if (!masks(i, scores.of(which))) continue;
      std::ranges::copy_if(scores.hits, std::back_inserter(places),
                           [&](const safety::LexiconHit& hit) { return hit.which == which; });
      if (!rules_.is_by_model(scores.of(which))) continue;
      for (const auto [begin, end] : sentences_of(text)) {
        const auto sentence = scorer_->score(text.substr(begin, end - begin));
        if (rules_.is_by_model(sentence.of(which))) places.push_back({begin, end, 0, which, 0});
      }
    }
    std::ranges::stable_sort(places, {}, &safety::LexiconHit::begin);
    return places;
  }

  SafetyRules rules_;
  std::optional<safety::SafetyScorer> scorer_;
  Purpose purpose_;
};

constexpr std::string_view kSafetyDials[] = {"threshold", "model_threshold", "mask", "tag"};

Result<std::unique_ptr<Layer>> make_safety(const Json& json, const LayerContext& context) {
  SafetySettings settings;
  ALUDEL_TRY(read_config(json, settings, "safety"));
  const SafetyActions actions = ALUDEL_TRY(actions_of(settings));
  std::optional<safety::SafetyScorer> scorer;
  if (context.measures || !settings.mask.empty()) {
    const auto lists = ALUDEL_TRY(read_lists(settings.lists, context.files));
    std::optional<text::Classifier> model;
    if (!settings.lexicon_only) {
      model =
          ALUDEL_TRY(load_classifier(context.files, context.models_folder, kSafetyModel, "safety"));
    }
    scorer = ALUDEL_TRY(safety::SafetyScorer::create(lists, std::move(model)));
  }
  return std::unique_ptr<Layer>(std::make_unique<SafetyLayer>(SafetyRules(settings, actions),
                                                              std::move(scorer), context.purpose));
}

}  // namespace

extern constinit const LayerSpec layer_safety = {
    .name = "safety",
    .summary = "Drops, masks or tags the fourteen classes of unsafe text.",
    .source = "RAISE: Yi technical report, arXiv:2403.04652, section 5; the lexicons are our own",
    .show_settings = default_settings<SafetySettings>,
    .make = make_safety,
    .edits = Edits::decisions,
    .decides_by = DecidesBy::text,
    .dials = kSafetyDials,
};

}  // namespace aludel::curate
