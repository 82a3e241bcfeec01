#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/base/log.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/layers/quality/coherence.h"
#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/curate/layers/shared/quantile_sketch.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

constexpr int kMostSeams = 8;  // a text of many parts is cut as often, and what is left goes on
constexpr std::size_t kLeastPart = 5;  // a part below one in five is no reason to drop the rest

struct QualitySettings {
  double drop_share = 0.1;
  double min_score = 0.05;
  double keep_score = 0.5;
  double max_incoherence = 0.75;
  std::string on_splice = "truncate";
  std::int64_t min_documents = 100;

  template <class V>
  void visit(V& v) {
    v("drop_share", drop_share,
      "share of each language's documents that reach this layer which falls, worst first", kShare);
    v("min_score", min_score, "a document below this falls, however many do", kShare);
    v("keep_score", keep_score, "a document from this on stays, however few fall", kShare);
    v("max_incoherence", max_incoherence,
      "above this, two unrelated texts are held to be joined; 1: never", kShare);
    v("on_splice", on_splice,
      "truncate (the larger part stays, the other is a reject: cut_at_seam) or drop (the whole, "
      "unless the smaller part is less than a fifth)");
    v("min_documents", min_documents,
      "documents of a language from which on joined texts are looked for", at_least(0));
  }
};

std::string quality_state_path(const std::string& folder) {
  return io::join_path(folder, "quality.jsonl");
}

/// So that a quantile of however many scores is exact.
double rounded_score(double score) {
  return static_cast<double>(QuantileSketch::rounded(static_cast<float>(score)));
}

/// Scores by the model, or as they were noted in an annotated run, where a text is as it was then.
class QualityScorer {
 public:
  /// Without a model every score must have been noted.
  QualityScorer(std::optional<text::Classifier> model, bool uses_notes)
      : model_(std::move(model)),
        good_(model_ ? model_->find_label(kGoodLabel) : 0),
        uses_notes_(uses_notes) {}

  /// Of a document whose text was not cut yet.
  double of_whole(const Document& document) const {
    const Json* notes = uses_notes_ ? document.annotations.find("quality") : nullptr;
    if (notes != nullptr && notes->find("whole_score") != nullptr) {
      return rounded_score(notes->number_or("whole_score", 0));
    }
    if (notes != nullptr && notes->find("seam") == nullptr && notes->find("score") != nullptr) {
      return rounded_score(notes->number_or("score", 0));
    }
    return of_text(document.text);
  }

  double of_text(std::string_view text) const {
    return model_ ? rounded_score(static_cast<double>(model_->predict(text)[good_])) : 0;
  }

 private:
  std::optional<text::Classifier> model_;
  std::size_t good_;
  bool uses_notes_;
};

class QualityFit final : public Fit {
 public:
  QualityFit(const QualitySettings& settings, const QualityScorer& scorer)
      : settings_(settings), scorer_(scorer) {}

  void observe(const Document& document) override {
    PerLanguage& language = languages_[document.language];
    language.scores.add(static_cast<float>(scorer_.of_whole(document)));
    const std::vector<text::Term> terms = text::split_terms(document.text);
    language.terms.add(terms);
    language.references.add(document.text, terms);
  }

  void merge(Fit& later) override {
    for (auto& [name, other] : static_cast<QualityFit&>(later).languages_) {
      PerLanguage& language = languages_[name];
      language.scores.merge(other.scores);
      language.terms.merge(other.terms);
      language.references.merge(other.references);
    }
  }

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, quality_state_path(state_folder)));
    for (const auto& [name, language] : languages_) {
      Json row = Json::object();
      row["language"] = name;
      row["cut"] = cut(name, language.scores);
      row["median"] = language.scores.quantile(0.5);
      row["terms"] = language.terms.to_json();
      ALUDEL_TRY(writer.write(row));
      for (Json& document : language.references.to_rows()) {
        Json reference = Json::object();
        reference["language"] = name;
        reference["reference"] = std::move(document);
        ALUDEL_TRY(writer.write(reference));
      }
    }
    return writer.commit();
  }

 private:
  struct PerLanguage {
    QuantileSketch scores;
    text::TermStatistics terms;
    quality::ReferenceSample references;
  };

  /// The score below which documents of the language fall; says of what the share is one, and where
  /// a bound on the score keeps it from being met.
  double cut(const std::string& name, const QuantileSketch& scores) const {
    const double wanted = scores.quantile(settings_.drop_share);
    if (settings_.drop_share > 0) {
      log_info("layer quality: drop_share {} is of the {} documents in '{}' that reach the layer",
               settings_.drop_share, scores.count(), name);
    }
    if (settings_.drop_share > 0 && wanted > settings_.keep_score) {
      log_warning(
          "layer quality: in '{}' drop_share {} is not met: it would take documents with scores up "
          "to {:.3f}, and keep_score {} keeps those from there on (keep_score = 1 lets them fall)",
          name, settings_.drop_share, wanted, settings_.keep_score);
    }
    return std::clamp(wanted, settings_.min_score, settings_.keep_score);
  }

  QualitySettings settings_;
  const QualityScorer& scorer_;
  std::map<std::string, PerLanguage> languages_;
};

class QualityLayer final : public Layer {
 public:
  QualityLayer(QualitySettings settings, QualityScorer scorer)
      : settings_(std::move(settings)), scorer_(std::move(scorer)) {}

  std::unique_ptr<Fit> start_fit() const override {
    return std::make_unique<QualityFit>(settings_, scorer_);
  }

  Status load_state(io::FileSystem& files, const std::string& state_folder) override {
    const std::string path = quality_state_path(state_folder);
    const auto corrupt = [&path](std::string_view what) {
      return Error{Code::corrupt_data, fmt::format("[layer quality] {}: {}", path, what)};
    };
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, path));
    std::map<std::string, LanguageState> states;
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      LanguageState& state = states[row.string_or("language", "")];
      if (const Json* reference = row.find("reference"); reference != nullptr) {
        if (!state.references.add_row(*reference)) return corrupt("a wrong sampled document");
        continue;
      }
      const Json* terms = row.find("terms");
      const double cut = row.number_or("cut", -1);
      if (terms == nullptr || cut < 0 || cut > 1) return corrupt("no terms, or no cut from 0 to 1");
      auto statistics = text::TermStatistics::from_json(*terms);
      if (!statistics) return corrupt(statistics.error().message);
      state.cut = cut;
      state.terms = std::move(statistics).value();
      state.has_terms = true;
    }
    for (auto& [name, state] : states) {
      if (!state.has_terms) return corrupt(fmt::format("no terms of language '{}'", name));
      languages_.insert_or_assign(
          name, Cut{state.cut, quality::SeamFinder(std::move(state.terms), state.references)});
    }
    return Ok{};
  }

  Verdict judge(Document& document) const override {
    const auto language = languages_.find(document.language);
    const double whole = scorer_.of_whole(document);
    Json annotation = Json::object();
    Verdict verdict{true, "", whole};
    if (language != languages_.end() &&
        language->second.seams.documents() >= static_cast<std::uint64_t>(settings_.min_documents)) {
      verdict = judge_coherence(document, language->second.seams, annotation);
      if (annotation.find("seam") != nullptr) annotation["whole_score"] = whole;
    }
    if (verdict.keep) {
      const bool is_cut = annotation.find("kept_part") != nullptr;
      verdict.score = is_cut ? scorer_.of_text(document.text) : whole;
      annotation["score"] = verdict.score;
      if (verdict.score < min_score(document)) {
        verdict.keep = false;
        verdict.reason = "low_quality";
      }
    }
    document.annotations["quality"] = std::move(annotation);
    return verdict;
  }

  Json fitted_cut_offs(const Document& document) const override {
    Json cuts = Json::object();
    cuts["score"]["at_least"] = min_score(document);
    // Where a seam is cut, the limit says where, and drops nothing.
    if (settings_.on_splice == "drop") cuts["incoherence"]["at_most"] = settings_.max_incoherence;
    return cuts;
  }

 private:
  struct LanguageState {
    double cut = 0;
    text::TermStatistics terms;
    quality::ReferenceSample references;
    bool has_terms = false;
  };

  struct Cut {
    double score;
    quality::SeamFinder seams;
  };

  double min_score(const Document& document) const {
    const auto language = languages_.find(document.language);
    return language == languages_.end() ? settings_.min_score : language->second.score;
  }

  /// Cuts a joined text at its seam, and what stays at the seams that it still has, and gives back
  /// what was cut off; or says that the text falls, where settings want that.
  /// DEVIATION: Yi splits an incoherent document; here the larger part goes on as the document and
  /// the rest becomes a reject. A layer makes no documents, so that every count of the ledger is of
  /// documents that were read.
  Verdict judge_coherence(Document& document, const quality::SeamFinder& finder,
                          Json& annotation) const {
    quality::Seam seam = finder.find(document.text);
    annotation["incoherence"] = seam.incoherence;
    Verdict verdict{true, "", seam.incoherence, "", seam.incoherence};
    for (int seams = 0; seams < kMostSeams && seam.incoherence > settings_.max_incoherence;
         ++seams) {
      const std::size_t size = document.text.size();
      const bool first_is_larger = seam.position >= size / 2;
      if (seams == 0) {
        annotation["seam"] = static_cast<std::int64_t>(seam.position);
        const std::size_t smaller = std::min(seam.position, size - seam.position);
        if (settings_.on_splice == "drop" && smaller >= size / kLeastPart) {
          return {false, "incoherent", seam.incoherence};
        }
        annotation["kept_part"] = first_is_larger ? "first" : "second";
      } else {
        annotation["seams"] = seams + 1;
      }
      const std::string first = document.text.substr(0, seam.position);
      const std::string second = document.text.substr(seam.position);
      const std::string& part = first_is_larger ? first : second;
      if (!verdict.cut_off.empty()) verdict.cut_off += "\n\n";
      verdict.cut_off += first_is_larger ? second : first;
      document.text = part.substr(0, part.find_last_not_of(" \t\r\n") + 1);
      seam = finder.find(document.text);
    }
    return verdict;
  }

  QualitySettings settings_;
  QualityScorer scorer_;
  std::map<std::string, Cut> languages_;
};

constexpr std::string_view kQualityDials[] = {"drop_share",      "min_score", "keep_score",
                                              "max_incoherence", "on_splice", "min_documents"};

Result<QualitySettings> read_quality_settings(const Json& settings) {
  QualitySettings read;
  ALUDEL_TRY(read_config(settings, read, "layer quality"));
  if (read.on_splice != "truncate" && read.on_splice != "drop") {
    return Error{Code::invalid_argument,
                 "[layer quality] on_splice must be \"truncate\" or \"drop\""};
  }
  if (read.min_score > read.keep_score) {
    return Error{Code::invalid_argument, "[layer quality] min_score must be at most keep_score"};
  }
  return read;
}

Result<text::Classifier> load_quality_model(const LayerContext& context) {
  auto model =
      ALUDEL_TRY(load_classifier(context.files, context.models_folder, kQualityModel, "quality"));
  if (model.find_label(kGoodLabel) == model.labels().size()) {
    return Error{Code::corrupt_data, "[layer quality] the model has no label \"good\""};
  }
  return model;
}

Result<std::unique_ptr<Layer>> make_quality(const Json& settings, const LayerContext& context) {
  const QualitySettings read = ALUDEL_TRY(read_quality_settings(settings));
  return std::unique_ptr<Layer>(std::make_unique<QualityLayer>(
      read, QualityScorer(ALUDEL_TRY(load_quality_model(context)), false)));
}

/// Scores are those that were noted; the model is needed where joined texts are cut, since seams
/// depend on the corpus.
Result<std::unique_ptr<Layer>> make_stored_quality(const Json& settings,
                                                   const LayerContext& context) {
  const QualitySettings read = ALUDEL_TRY(read_quality_settings(settings));
  std::optional<text::Classifier> model;
  if (read.max_incoherence < 1) {
    auto loaded = load_quality_model(context);
    if (!loaded) {
      return std::move(loaded).error().with_context(
          "[layer quality] the parts of joined texts are scored anew: name the models, or look for "
          "none (layers.quality.max_incoherence=1)");
    }
    model = std::move(loaded).value();
  }
  return std::unique_ptr<Layer>(
      std::make_unique<QualityLayer>(read, QualityScorer(std::move(model), true)));
}

constexpr std::string_view kQualityFitted[] = {"drop_share", "min_score", "keep_score"};

}  // namespace

extern constinit const LayerSpec layer_quality = {
    .name = "quality",
    .summary = "Drops what a learned scorer puts last; parts texts that were joined.",
    .source = "Yi, arXiv:2403.04652 2.1; DCLM, arXiv:2406.11794 (a linear quality classifier)",
    .kind = LayerKind::fitted,
    .show_settings = default_settings<QualitySettings>,
    .make = make_quality,
    .dials = kQualityDials,
    .make_stored = make_stored_quality,
    .fitted_settings = kQualityFitted,
};

}  // namespace aludel::curate
