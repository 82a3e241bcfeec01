#include "aludel/curate/model_building/model_cards.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "aludel/base/json_items.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kCardEnd = ".card.json";
constexpr std::string_view kModelEnds[] = {".classifier", ".ngram"};
constexpr std::string_view kLanguageGroup = "language:";
constexpr std::size_t kShownSources = 4;
constexpr double kNotableShare = 0.01;

std::string name_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Returns what the model learned from: "debian-policy, git-doc and 3 more, 81 documents".
std::string taught_by(const Json& card) {
  std::set<std::string> names;
  std::int64_t documents = 0;
  for (const Json& source : items_of(card.find("sources"))) {
    documents += source.integer_or("documents", 0);
    for (const Json& path : items_of(source.find("path"))) {
      if (path.is_string()) names.insert(name_of(path.as_string()));
    }
  }
  if (names.empty()) return "sources that its card does not name";
  std::vector<std::string> shown(names.begin(), names.end());
  std::string more;
  if (shown.size() > kShownSources) {
    more = fmt::format(" and {} more", shown.size() - kShownSources);
    shown.resize(kShownSources);
  }
  return fmt::format("{}{} ({} documents)", fmt::join(shown, ", "), more, documents);
}

std::set<std::string> languages_of(const Json& card) {
  std::set<std::string> languages;
  const auto add = [&](const std::string& language) {
    if (!language.empty()) languages.insert(language);
  };
  add(card.string_or("language", ""));
  for (const Json& source : items_of(card.find("sources"))) {
    add(source.string_or("language", ""));
  }
  return languages;
}

/// Returns the model's result on held-out text: the least area under the curve, or the perplexity.
std::string measured_text(const Json& card) {
  const Json* held_out = card.find("held_out");
  if (held_out == nullptr) return "not measured";
  const double perplexity = held_out->number_or("perplexity", 0);
  if (perplexity > 0) return fmt::format("held-out perplexity {:.4g}", perplexity);
  double least = std::numeric_limits<double>::infinity();
  const Json* areas = held_out->find("area_under_curve");
  if (areas != nullptr && areas->is_object()) {
    for (const auto& [label, area] : areas->as_object()) {
      if (area.is_number()) least = std::min(least, area.as_number());
    }
  }
  if (std::isinf(least)) return "not measured";
  return fmt::format("held-out AUC {:.3f} or better on text of the same sources", least);
}

/// Returns the layer that uses the model of a card.
std::string layer_of(const Json& model) {
  const std::string role = model.string_or("role", "");
  return role == "lm" ? "perplexity" : role;
}

Json description_of(const std::string& path, const Json& card) {
  const std::set<std::string> languages = languages_of(card);
  Json model = Json::object();
  model["file"] = name_of(path);
  model["role"] = card.string_or("role", "");
  model["languages"] = Json(Json::Array(languages.begin(), languages.end()));
  model["line"] =
      card.is_null()
          ? fmt::format("{}: no card says what it learnt from", name_of(path))
          : fmt::format(
                "{}: learnt from {}; languages: {}; {}", name_of(path), taught_by(card),
                languages.empty() ? "not stated" : fmt::format("{}", fmt::join(languages, " ")),
                measured_text(card));
  return model;
}

/// Returns how many documents of each language a layer judged.
std::map<std::string, double> languages_judged(const Json& layers, const std::string& name) {
  std::map<std::string, double> documents;
  for (const Json& layer : items_of(&layers)) {
    if (layer.string_or("name", "") != name) continue;
    for (const Json& rate : items_of(layer.find("keep_rates"))) {
      const std::string group = rate.string_or("group", "");
      if (!group.starts_with(kLanguageGroup)) continue;
      documents[group.substr(kLanguageGroup.size())] += rate.number_or("documents", 0);
    }
  }
  return documents;
}

}  // namespace

std::vector<Json> describe_models(io::FileSystem& files, const std::vector<std::string>& paths) {
  std::vector<Json> models;
  for (const std::string& path : paths) {
    const bool is_model =
        std::ranges::any_of(kModelEnds, [&](std::string_view end) { return path.ends_with(end); });
    if (!is_model) continue;
    const auto text = io::read_file(files, path + std::string(kCardEnd));
    const auto card = text ? parse_json(text.value()) : Result<Json>(text.error());
    models.push_back(description_of(path, card ? card.value() : Json()));
  }
  return models;
}

std::vector<std::string> model_cautions(const std::vector<Json>& models, const Json& layers) {
  std::map<std::string, std::set<std::string>> known;  // by layer: what any of its models learned
  std::map<std::string, std::string> files;
  for (const Json& model : models) {
    const std::string layer = layer_of(model);
    std::string& names = files[layer];
    names += (names.empty() ? "" : ", ") + model.string_or("file", "");
    for (const Json& language : items_of(model.find("languages"))) {
      if (language.is_string()) known[layer].insert(language.as_string());
    }
  }
  std::vector<std::string> cautions;
  for (const auto& [layer, names] : files) {
    const std::map<std::string, double> judged = languages_judged(layers, layer);
    double all = 0;
    for (const auto& [language, documents] : judged) {
      all += documents;
    }
    std::vector<std::string> unseen;
    for (const auto& [language, documents] : judged) {
      if (known[layer].contains(language) || documents < kNotableShare * all) continue;
      unseen.push_back(fmt::format("{} ({:.0f} documents)", language, documents));
    }
    if (known[layer].empty() || unseen.empty()) continue;
    cautions.push_back(fmt::format("layer {} judged languages that {} did not learn: {}", layer,
                                   names, fmt::join(unseen, ", ")));
  }
  return cautions;
}

}  // namespace aludel::curate
