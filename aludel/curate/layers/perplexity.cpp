#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/layers/perplexity/word_order.h"
#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/curate/layers/shared/quantile.h"
#include "aludel/curate/layers/shared/quantile_sketch.h"
#include "aludel/curate/learn/summary.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/text/ngram_lm/text_lm.h"

namespace aludel::curate {
namespace {

struct PerplexitySettings {
  std::vector<std::string> languages = {"en", "zh"};
  double drop_share = 0.02;
  double deviations = 5;
  double min_order_gain = 0.15;
  double order_gain_margin = 1;

  template <class V>
  void visit(V& v) {
    v("languages", languages, "languages that there is a model of; others stop the run");
    v("drop_share", drop_share, "at most this share of a language's documents is too perplexing",
      kShare)
        .read_at = ReadAt::learning;
    v("deviations", deviations,
      "and only from so many deviations above the median of log perplexity on (1.48 x the median "
      "absolute deviation)",
      at_least(0))
        .read_at = ReadAt::learning;
    v("min_order_gain", min_order_gain,
      "log of (perplexity of the same words in random order / perplexity) under which words are in "
      "no order")
        .read_at = ReadAt::decision;
    v("order_gain_margin", order_gain_margin,
      "the same lower by this / sqrt(words): of a few words the gain is mostly chance", at_least(0))
        .read_at = ReadAt::decision;
  }
};

/// What a document's language model says of it.
struct Perplexity {
  double log = 0;    // natural logarithm, per unit
  double units = 1;  // words, or letters of scripts without spaces
};

Perplexity perplexity_of(const text::NgramModel& model, const std::vector<text::KnownUnit>& known,
                         const std::vector<std::uint32_t>& order) {
  const text::NgramScore score = model.score(known, order);
  return {std::log(score.perplexity()),
          static_cast<double>(std::max<std::uint64_t>(score.units, 1))};
}

/// What a text's words are in its order, and by how much that order lowers their log perplexity:
/// about 0 for words in no order, whatever the words are.
struct OrderedPerplexity {
  Perplexity perplexity;
  double order_gain;
};

OrderedPerplexity ordered_perplexity(const text::NgramModel& model, std::string_view text) {
  constexpr int kOrders = 2;
  const WordOrders orders(text, text::units_for(model, text), text::marks_of(model));
  const std::vector<text::KnownUnit> known = model.look_up(orders.hashes());
  const Perplexity found = perplexity_of(model, known, orders.of_text());
  double sum = 0;
  for (std::uint64_t i = 0; i < kOrders; ++i) {
    sum += perplexity_of(model, known, orders.random(Rng(hash64(text), i))).log;
  }
  return {found, sum / kOrders - found.log};
}

/// CCNet's three parts of a language: up to its 30th percentile, its 60th, and the rest.
std::string_view bucket_of(int percentile) {
  if (percentile <= 30) return "head";
  return percentile <= 60 ? "middle" : "tail";
}

using Models = std::map<std::string, text::NgramModel, std::less<>>;

std::string perplexity_state_path(const std::string& folder) {
  return io::join_path(folder, "perplexity.jsonl");
}

constexpr Rule kTooPerplexing = {"perplexity", Side::at_most, "drop_share", "perplexity_high"};
constexpr Rule kNoWordOrder = {"order_gain", Side::at_least, "min_order_gain", "no_word_order"};

/// The log perplexities of each language.
class LogsByLanguage {
 public:
  void add(const Document& document) {
    QuantileSketch& logs = logs_[document.language];
    if (const auto log = log_perplexity(document)) logs.add(static_cast<float>(*log));
  }

  std::vector<Json> rows() const {
    std::vector<Json> rows;
    for (const auto& [language, logs] : logs_) {
      Json& row = rows.emplace_back(Json::object());
      row["language"] = language;
      row["logs"] = logs.to_json();
    }
    return rows;
  }

  Status add_row(const Json& row) {
    const Json* logs = row.find("logs");
    logs_[row.string_or("language", "")].merge(
        ALUDEL_TRY(QuantileSketch::from_json(logs == nullptr ? Json() : *logs)));
    return Ok{};
  }

  const std::map<std::string, QuantileSketch>& logs() const { return logs_; }

 private:
  std::map<std::string, QuantileSketch> logs_;
};

/// A language's limit, and where its documents lie. Errors: not_found where none of them has a
/// perplexity, since there is no model of the language.
Result<Json> limit_row(const PerplexitySettings& settings, const std::string& language,
                       const QuantileSketch& logs) {
  if (logs.count() == 0) {
    return Error{Code::not_found,
                 fmt::format("[layers.perplexity] documents of language '{}', but no model of "
                             "it: build one and name it in `languages`, let layer `language` "
                             "drop them, or set the layer off",
                             language)};
  }
  const double median = logs.quantile(0.5);
  const double deviation = 1.4826 * logs.median_distance(median);
  Json row = Json::object();
  row["language"] = language;
  for (const float log : logs.percentiles()) {
    row["percentiles_log"].push_back(static_cast<double>(log));
  }
  row["median_log"] = median;
  row["deviation"] = deviation;
  row["max_log"] =
      std::max(logs.quantile(1 - settings.drop_share), median + settings.deviations * deviation);
  return row;
}

Status learn_limits(const CorpusFit& fit, const PerplexitySettings& settings) {
  const auto corpus = ALUDEL_TRY(sum_up(fit, LogsByLanguage()));
  const std::string folder = io::join_path(fit.shuffle.run_folder(), fit.state_folder);
  auto writer =
      ALUDEL_TRY(io::JsonlWriter::create(fit.shuffle.files(), perplexity_state_path(folder)));
  for (const auto& [language, logs] : corpus.logs()) {
    ALUDEL_TRY(writer.write(ALUDEL_TRY(limit_row(settings, language, logs))));
  }
  return writer.commit();
}

class PerplexityLayer final : public Layer {
 public:
  /// Without models it decides by what is noted.
  PerplexityLayer(PerplexitySettings settings, Models models)
      : settings_(std::move(settings)), models_(std::move(models)) {}

  CorpusPlan learn() const override {
    return [this](const CorpusFit& fit) { return learn_limits(fit, settings_); };
  }

  Status load_limits(io::FileSystem& files, const std::string& state_folder) override {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, perplexity_state_path(state_folder)));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      Distribution distribution{row.number_or("max_log", 0), {}};
      const Json* percentiles = row.find("percentiles_log");
      if (percentiles == nullptr || !percentiles->is_array() ||
          percentiles->as_array().size() != 101 ||
          !std::ranges::all_of(percentiles->as_array(),
                               [](const Json& value) { return value.is_number(); })) {
        return Error{Code::corrupt_data, "[layers.perplexity] the state has no 101 percentiles"};
      }
      for (const Json& value : percentiles->as_array()) {
        distribution.percentiles.push_back(static_cast<float>(value.as_number()));
      }
      distributions_[row.string_or("language", "")] = std::move(distribution);
    }
    return Ok{};
  }

  void measure(Document& document) const override {
    const auto model = models_.find(document.language);
    if (model == models_.end()) return remove_note(document.annotations, "perplexity");
    const auto [found, order_gain] = ordered_perplexity(model->second, document.text);
    Json notes = Json::object();
    notes["perplexity"] = std::exp(found.log);
    notes["order_gain"] = order_gain;
    notes[kLogPerplexity.key] = found.log;
    notes["units"] = found.units;
    document.annotations["perplexity"] = std::move(notes);
  }

  Verdict decide(Document& document) const override {
    const auto log = log_perplexity(document);
    if (!log) return {};
    note_percentile(document);
    const Json& notes = *document.annotations.find("perplexity");
    const double value = notes.number_or("perplexity", 0);
    const double gain = notes.number_or("order_gain", 0);
    // Rounded as it was when the limit was learned, so that the value at the limit is not above it.
    const auto learned = distributions_.find(document.language);
    if (learned != distributions_.end() &&
        static_cast<float>(*log) > static_cast<float>(learned->second.max_log)) {
      return {false, std::string(kTooPerplexing.reason), value};
    }
    if (gain < min_order_gain(notes)) return {false, std::string(kNoWordOrder.reason), gain};
    return {true, "", value};
  }

  Rules rules(const Document& document) const override {
    Rules rules;
    const auto learned = distributions_.find(document.language);
    if (learned != distributions_.end()) {
      rules.add(kTooPerplexing, std::exp(learned->second.max_log));
    }
    if (const Json* notes = document.annotations.find("perplexity")) {
      rules.add(kNoWordOrder, min_order_gain(*notes));
    }
    return rules;
  }

 private:
  /// Of log perplexity in one language.
  struct Distribution {
    double max_log = 0;
    std::vector<float> percentiles;
  };

  double min_order_gain(const Json& notes) const {
    return settings_.min_order_gain -
           settings_.order_gain_margin / std::sqrt(notes.number_or("units", 1));
  }

  /// Names where in its language a document stands whose log perplexity is noted.
  void note_percentile(Document& document) const {
    const auto fitted = distributions_.find(document.language);
    if (fitted == distributions_.end()) return;
    Json& notes = document.annotations["perplexity"];
    const int percentile = percentile_of(static_cast<float>(notes.number_or(kLogPerplexity.key, 0)),
                                         fitted->second.percentiles);
    notes["percentile"] = percentile;
    notes["bucket"] = bucket_of(percentile);
  }

  PerplexitySettings settings_;
  Models models_;
  std::map<std::string, Distribution, std::less<>> distributions_;
};

Result<Models> load_models(const PerplexitySettings& settings, const LayerContext& context) {
  Models models;
  for (const std::string& language : settings.languages) {
    const std::string path = io::join_path(context.models_folder, lm_file_name(language));
    auto model = text::NgramModel::load(context.files, path);
    if (!model) {
      return Error{model.error().code,
                   fmt::format("[layers.perplexity] {}: build it with `aludel models build`, name "
                               "its folder with --models, or set the layer off",
                               model.error().message)};
    }
    if (model.value().units() == text::NgramUnits::ids) {
      return Error{
          Code::invalid_argument,
          fmt::format("[layers.perplexity] {} is a model of token ids, not of text", path)};
    }
    models.emplace(language, std::move(model).value());
  }
  if (models.empty()) {
    return Error{Code::invalid_argument, "[layers.perplexity] `languages` names no language"};
  }
  return models;
}

Result<std::unique_ptr<Layer>> make_perplexity(const Json& settings, const LayerContext& context) {
  PerplexitySettings read;
  ALUDEL_TRY(read_config(settings, read, "layers.perplexity"));
  Models models;
  if (context.measures) models = ALUDEL_TRY(load_models(read, context));
  return std::unique_ptr<Layer>(
      std::make_unique<PerplexityLayer>(std::move(read), std::move(models)));
}

}  // namespace

extern constinit const LayerSpec layer_perplexity = {
    .name = "perplexity",
    .summary = "Drops what a language model finds far too perplexing, or without word order.",
    .source = "CCNet, arXiv:1911.00359; Yi, arXiv:2403.04652 2.1; the order gain is ours",
    .show_settings = default_settings<PerplexitySettings>,
    .make = make_perplexity,
    .learns = Learns::limits,
};

}  // namespace aludel::curate
