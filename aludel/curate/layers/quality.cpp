#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/base/log.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/layers/quality/coherence.h"
#include "aludel/curate/layers/quality/language_summaries.h"
#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/curate/layers/shared/quantile_sketch.h"
#include "aludel/curate/learn/summary.h"
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
      "share of each language's documents that reach this layer which falls, worst first", kShare)
        .read_at = ReadAt::learning;
    v("min_score", min_score, "a document below this falls, however many do", kShare).read_at =
        ReadAt::learning;
    v("keep_score", keep_score, "a document from this on stays, however few fall", kShare).read_at =
        ReadAt::learning;
    v("max_incoherence", max_incoherence,
      "above this, two unrelated texts are held to be joined; 1: never", kShare)
        .read_at = ReadAt::decision;
    v("on_splice", on_splice,
      "truncate: the larger part stays, the other is a reject: cut_at_seam; drop: the whole, "
      "unless "
      "the smaller part is less than a fifth",
      one_of({"truncate", "drop"}))
        .read_at = ReadAt::decision;
    v("min_documents", min_documents,
      "documents of a language from which on joined texts are looked for", at_least(0))
        .read_at = ReadAt::decision;
  }
};

std::string quality_state_path(const std::string& folder) {
  return io::join_path(folder, "quality.jsonl");
}

class QualityScorer {
 public:
  explicit QualityScorer(text::Classifier model)
      : model_(std::move(model)), good_(model_.find_label(kGoodLabel)) {}

  double score(std::string_view text) const {
    return quality::rounded_score(static_cast<double>(model_.predict(text)[good_]));
  }

 private:
  text::Classifier model_;
  std::size_t good_;
};

/// The score below which documents of the language fall; says of what the share is one, and where
/// a bound on the score keeps it from being met.
double lowest_score(const QualitySettings& settings, const std::string& language,
                    const QuantileSketch& scores) {
  const double wanted = scores.quantile(settings.drop_share);
  if (settings.drop_share > 0) {
    log_info("layer quality: drop_share {} is of the {} documents in '{}' that reach the layer",
             settings.drop_share, scores.count(), language);
  }
  if (settings.drop_share > 0 && wanted > settings.keep_score) {
    log_warning(
        "layer quality: in '{}' drop_share {} is not met: it would take documents with scores up "
        "to {:.3f}, and keep_score {} keeps those from there on (keep_score = 1 lets them fall)",
        language, settings.drop_share, wanted, settings.keep_score);
  }
  return std::clamp(wanted, settings.min_score, settings.keep_score);
}

/// Leaves each language's limit with what seams are found by.
Status learn_languages(const CorpusFit& fit, const QualitySettings& settings) {
  const auto corpus = ALUDEL_TRY(sum_up(fit, quality::LanguageSummaries()));
  const std::string folder = io::join_path(fit.shuffle.run_folder(), fit.state_folder);
  auto writer =
      ALUDEL_TRY(io::JsonlWriter::create(fit.shuffle.files(), quality_state_path(folder)));
  for (const auto& [name, language] : corpus.languages()) {
    Json row = Json::object();
    row["language"] = name;
    row["cut"] = lowest_score(settings, name, language.scores);
    row["median"] = language.scores.quantile(0.5);
    row["terms"] = language.terms.to_json();
    ALUDEL_TRY(writer.write(row));
    for (const Json& reference :
         quality::LanguageSummaries::reference_rows(name, language.references)) {
      ALUDEL_TRY(writer.write(reference));
    }
  }
  return writer.commit();
}

constexpr Rule kLowQuality = {"score", Side::at_least, "min_score", "low_quality"};
constexpr Rule kIncoherent = {"incoherence", Side::at_most, "max_incoherence", "incoherent"};

class QualityLayer final : public Layer {
 public:
  /// Without a scorer it decides by what is noted. REQUIRES: it cuts no joined texts then.
  QualityLayer(QualitySettings settings, std::optional<QualityScorer> scorer)
      : settings_(std::move(settings)), scorer_(std::move(scorer)) {}

  void measure(Document& document) const override {
    Json notes = Json::object();
    notes[kQualityScore.key] = scorer_->score(document.text);
    document.annotations["quality"] = std::move(notes);
  }

  CorpusPlan learn() const override {
    return [this](const CorpusFit& fit) { return learn_languages(fit, settings_); };
  }

  Status load_limits(io::FileSystem& files, const std::string& state_folder) override {
    const std::string path = quality_state_path(state_folder);
    const auto corrupt = [&path](std::string_view what) {
      return Error{Code::corrupt_data, fmt::format("[layers.quality] {}: {}", path, what)};
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

  Verdict decide(Document& document) const override {
    const auto language = languages_.find(document.language);
    const double whole = quality::noted_score(document);
    Json annotation = Json::object();
    Verdict verdict{true, "", whole};
    if (language != languages_.end() &&
        language->second.seams.documents() >= static_cast<std::uint64_t>(settings_.min_documents)) {
      verdict = judge_coherence(document.text, language->second.seams, annotation);
      if (annotation.find("seam") != nullptr) annotation["whole_score"] = whole;
    }
    if (verdict.keep) {
      verdict.score = verdict.text ? scorer_->score(*verdict.text) : whole;
      annotation[kQualityScore.key] = verdict.score;
      if (verdict.score < min_score(document)) {
        verdict.keep = false;
        verdict.reason = kLowQuality.reason;
      }
    }
    document.annotations["quality"] = std::move(annotation);
    return verdict;
  }

  Rules rules(const Document& document) const override {
    Rules rules;
    rules.add(kLowQuality, min_score(document));
    // Where a seam is cut, the limit says where, and drops nothing.
    if (settings_.on_splice == "drop") rules.add(kIncoherent, settings_.max_incoherence);
    return rules;
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
  Verdict judge_coherence(const std::string& text, const quality::SeamFinder& finder,
                          Json& annotation) const {
    quality::Seam seam = finder.find(text);
    annotation["incoherence"] = seam.incoherence;
    Verdict verdict{.score = seam.incoherence, .cut_off_score = seam.incoherence};
    std::string left = text;
    for (int seams = 0; seams < kMostSeams && seam.incoherence > settings_.max_incoherence;
         ++seams) {
      const std::size_t size = left.size();
      const bool first_is_larger = seam.position >= size / 2;
      if (seams == 0) {
        annotation["seam"] = static_cast<std::int64_t>(seam.position);
        const std::size_t smaller = std::min(seam.position, size - seam.position);
        if (settings_.on_splice == "drop" && smaller >= size / kLeastPart) {
          return {false, std::string(kIncoherent.reason), seam.incoherence};
        }
        annotation["kept_part"] = first_is_larger ? "first" : "second";
      } else {
        annotation["seams"] = seams + 1;
      }
      const std::string first = left.substr(0, seam.position);
      const std::string second = left.substr(seam.position);
      const std::string& part = first_is_larger ? first : second;
      if (!verdict.cut_off.empty()) verdict.cut_off += "\n\n";
      verdict.cut_off += first_is_larger ? second : first;
      left = part.substr(0, part.find_last_not_of(" \t\r\n") + 1);
      verdict.text = left;
      seam = finder.find(left);
    }
    return verdict;
  }

  QualitySettings settings_;
  std::optional<QualityScorer> scorer_;
  std::map<std::string, Cut> languages_;
};

Result<QualitySettings> read_quality_settings(const Json& settings) {
  QualitySettings read;
  ALUDEL_TRY(read_config(settings, read, "layers.quality"));
  if (read.min_score > read.keep_score) {
    return Error{Code::invalid_argument, "[layers.quality] min_score must be at most keep_score"};
  }
  return read;
}

Result<text::Classifier> load_quality_model(const LayerContext& context) {
  auto model =
      ALUDEL_TRY(load_classifier(context.files, context.models_folder, kQualityModel, "quality"));
  if (model.find_label(kGoodLabel) == model.labels().size()) {
    return Error{Code::corrupt_data, "[layers.quality] the model has no label \"good\""};
  }
  return model;
}

/// The parts of joined texts are scored anew, since seams depend on the corpus.
Result<std::unique_ptr<Layer>> make_quality(const Json& settings, const LayerContext& context) {
  const QualitySettings read = ALUDEL_TRY(read_quality_settings(settings));
  std::optional<QualityScorer> scorer;
  if (context.measures || read.max_incoherence < 1) {
    auto model = load_quality_model(context);
    if (!model && !context.measures) {
      return std::move(model).error().with_context(
          "[layers.quality] the parts of joined texts are scored anew: name the models, or look "
          "for "
          "none (layers.quality.max_incoherence=1)");
    }
    scorer.emplace(ALUDEL_TRY(std::move(model)));
  }
  return std::unique_ptr<Layer>(std::make_unique<QualityLayer>(read, std::move(scorer)));
}

}  // namespace

extern constinit const LayerSpec layer_quality = {
    .name = "quality",
    .summary = "Drops what a learned scorer puts last; parts texts that were joined.",
    .source = "Yi, arXiv:2403.04652 2.1; DCLM, arXiv:2406.11794 (a linear quality classifier)",
    .show_settings = default_settings<QualitySettings>,
    .make = make_quality,
    .edits = Edits::decisions,
    .learns = Learns::limits,
    .decides_by = DecidesBy::text,
};

}  // namespace aludel::curate
