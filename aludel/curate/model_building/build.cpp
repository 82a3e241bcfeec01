#include "aludel/curate/model_building/build.h"

#include <set>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/log.h"
#include "aludel/base/memory_size.h"
#include "aludel/base/rng.h"
#include "aludel/base/stop.h"
#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/curate/model_building/corruption.h"
#include "aludel/curate/model_building/reference.h"
#include "aludel/safety/class_basis.h"
#include "aludel/text/classifier/examples.h"
#include "aludel/text/ngram_lm/text_lm.h"

namespace aludel::curate {
namespace {

Json source_of(const Reference& reference) {
  Json source = Json::object();
  for (const std::string& path : reference.config.path) {
    source["path"].push_back(path);
  }
  for (const std::string& role : reference.config.roles) {
    source["roles"].push_back(role);
  }
  if (!reference.config.language.empty()) source["language"] = reference.config.language;
  if (!reference.config.licence.empty()) source["licence"] = reference.config.licence;
  if (!reference.config.labelled_by.empty()) {
    source["labelled_by"] = reference.config.labelled_by;
  }
  source["documents"] = reference.documents;
  source["passages"] = static_cast<std::int64_t>(reference.passages.size());
  source["bytes"] = reference.bytes;
  source["xxh128"] = reference.hash.hex();
  return source;
}

/// The folder that receives the models and their cards.
class ModelsFolder {
 public:
  ModelsFolder(io::FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  Status write(std::string_view file, std::string_view bytes, Json card) {
    ALUDEL_TRY(io::write_file(files_, path_of(file), bytes));
    return write_card(file, bytes, std::move(card));
  }

  /// Writes the card of a file that is there already, with size and hash of its bytes.
  Status write_card(std::string_view file, std::string_view bytes, Json card) {
    Json whole = Json::object();
    whole["file"] = file;
    whole["size_bytes"] = static_cast<std::int64_t>(bytes.size());
    whole["xxh128"] = hash128(bytes).hex();
    for (Json::Member& member : card.as_object()) {
      whole[member.first] = std::move(member.second);
    }
    const std::string path = path_of(file);
    ALUDEL_TRY(io::write_file(files_, path + ".card.json", whole.dump_pretty() + "\n"));
    log_info("{}: {:.1f} MB, held out: {}", path, static_cast<double>(bytes.size()) / 1e6,
             whole.find("held_out")->dump());
    cards_.push_back(std::move(whole));
    return Ok{};
  }

  std::string path_of(std::string_view file) const { return io::join_path(path_, file); }

  std::vector<Json> cards() && { return std::move(cards_); }

 private:
  io::FileSystem& files_;
  std::string path_;
  std::vector<Json> cards_;
};

Status build_lm(io::FileSystem& files, const std::string& language,
                const std::vector<Reference>& references, const ModelsConfig& config,
                Threads& threads, ModelsFolder& folder) {
  Json card = Json::object();
  card["role"] = "lm";
  card["language"] = language;
  card["order"] = config.lm_order;
  const std::string file = lm_file_name(language);
  text::TextLmSettings settings;
  settings.order = static_cast<int>(config.lm_order);
  auto memory = parse_memory_size(config.lm_memory);
  if (!memory) return std::move(memory).error().with_context("[models] lm_memory");
  settings.memory_bytes = memory.value();
  settings.work_folder = folder.path_of(file + ".work");
  auto trainer = ALUDEL_TRY(text::TextLmTrainer::create(files, threads, settings));
  std::vector<const std::string*> held_out;
  for (const Reference& reference : references) {
    if (!reference.has_role("lm") || reference.config.language != language) continue;
    card["sources"].push_back(source_of(reference));
    for (std::size_t i = 0; i < reference.passages.size(); ++i) {
      if (reference.held_out[i]) {
        held_out.push_back(&reference.passages[i]);
      } else {
        ALUDEL_TRY(trainer.add_text(reference.passages[i]));
      }
    }
  }
  ALUDEL_TRY(trainer.train(folder.path_of(file)));
  const auto model = ALUDEL_TRY(text::NgramModel::load(files, folder.path_of(file)));
  text::NgramScore score;
  for (const std::string* passage : held_out) {
    score.add(text::score_text(model, *passage));
  }
  card["units"] = trainer.units();
  Json& measured = card["held_out"];
  measured["units"] = score.units;
  const bool is_measured = score.units > 0;  // else null: the mean of nothing is not a good score
  measured["perplexity"] = is_measured ? Json(score.perplexity()) : Json();
  measured["unknown_share"] =
      is_measured ? Json(static_cast<double>(score.unknown) / static_cast<double>(score.units))
                  : Json();
  return folder.write_card(file, model.bytes(), std::move(card));
}

/// The examples of one classifier: those to train on and those to measure with.
struct ExampleSets {
  std::vector<text::Example> train;
  std::vector<text::Example> held_out;
  std::vector<text::Example> held_out_by_people;  // the part of held_out that people labelled
  Json sources = Json::array();

  void add(std::string text, std::string_view label, bool is_held_out) {
    (is_held_out ? held_out : train).push_back({std::move(text), {std::string(label)}});
  }

  /// Adds the passages of a reference. The label "*" means the label that each document states.
  void add(const Reference& reference, std::string_view label) {
    for (std::size_t i = 0; i < reference.passages.size(); ++i) {
      add(reference.passages[i], label == "*" ? reference.labels[i] : label, reference.held_out[i]);
      if (reference.held_out[i] && reference.config.labelled_by == kByPeople) {
        held_out_by_people.push_back(held_out.back());
      }
    }
  }
};

/// Returns the passages of each role that begins with `prefix`; the rest of the role is their
/// label.
ExampleSets examples_by_role(const std::vector<Reference>& references, std::string_view prefix) {
  ExampleSets sets;
  for (const Reference& reference : references) {
    bool is_source = false;
    for (const std::string& role : reference.config.roles) {
      if (!role.starts_with(prefix)) continue;
      sets.add(reference, role.substr(prefix.size()));
      is_source = true;
    }
    if (is_source) sets.sources.push_back(source_of(reference));
  }
  return sets;
}

/// Adds corrupted copies of good passages as bad ones. A copy is held out if its passage is.
Result<std::int64_t> add_corrupted(const std::vector<Reference>& references,
                                   const ModelsConfig& config, ExampleSets& sets) {
  std::vector<std::string> good;
  std::vector<bool> held_out;
  for (const Reference& reference : references) {
    if (!reference.has_role("quality_good")) continue;
    good.insert(good.end(), reference.passages.begin(), reference.passages.end());
    held_out.insert(held_out.end(), reference.held_out.begin(), reference.held_out.end());
  }
  std::vector<const Corruption*> corruptions;
  for (const std::string& name : config.corruptions) {
    corruptions.push_back(&corruption_named(name));
  }
  std::int64_t count = 0;
  for (std::size_t i = 0; i < good.size() && !corruptions.empty(); ++i) {
    Rng random(static_cast<std::uint64_t>(config.seed) + 1, hash64(good[i]));
    if (random.uniform() >= config.corrupted_share) continue;
    const Corruption& corruption = *corruptions[random.below(corruptions.size())];
    sets.add(corruption.corrupt({good, i}, random), kBadLabel, held_out[i]);
    ++count;
  }
  return count;
}

Json counts_of(const std::vector<text::Example>& examples, const text::Classifier& model) {
  std::vector<std::int64_t> counts(model.labels().size(), 0);
  for (const text::Example& example : examples) {
    const std::size_t label = model.find_label(example.labels[0]);
    if (label < counts.size()) ++counts[label];
  }
  Json json = Json::object();
  for (std::size_t label = 0; label < counts.size(); ++label) {
    json[model.labels()[label]] = counts[label];
  }
  return json;
}

constexpr std::int64_t kQualityFolds = 10;

Status build_classifier(std::string_view file, ExampleSets sets, Json card,
                        const ModelsConfig& config, ModelsFolder& folder) {
  text::ClassifierSettings settings = config.classifier;
  settings.seed = config.seed;
  // Layer quality compares its scores with settings that are probabilities.
  if (file == kQualityModel && settings.calibration_folds == 0) {
    settings.calibration_folds = kQualityFolds;
  }
  auto trained =
      text::Classifier::train(settings, text::labelled_texts(sets.train), stop_requested);
  if (!trained) return std::move(trained).error().with_context(file);
  const text::Classifier& model = trained.value();
  const text::ClassifierScore score = text::measure(model, sets.held_out);
  card["settings"] = dump_config(settings);
  card["sources"] = std::move(sets.sources);
  card["examples"] = counts_of(sets.train, model);
  Json& measured = card["held_out"];
  measured["examples"] = counts_of(sets.held_out, model);
  measured["accuracy"] = score.accuracy;
  for (std::size_t label = 0; label < model.labels().size(); ++label) {
    const std::string& name = model.labels()[label];
    measured["area_under_curve"][name] = score.area_under_curve[label];
    measured["precision"][name] = score.precision[label];
    measured["recall"][name] = score.recall[label];
  }
  if (file == kSafetyModel) {
    card["classes"] = ALUDEL_TRY(safety::describe_safety_classes(model, sets.held_out_by_people));
  }
  return folder.write(file, model.to_bytes(), std::move(card));
}

Status build_quality(const std::vector<Reference>& references, const ModelsConfig& config,
                     ModelsFolder& folder) {
  ExampleSets sets;
  for (const Reference& reference : references) {
    const bool is_good = reference.has_role("quality_good");
    if (!is_good && !reference.has_role("quality_bad")) continue;
    sets.add(reference, is_good ? kGoodLabel : kBadLabel);
    sets.sources.push_back(source_of(reference));
  }
  if (sets.train.empty()) return Ok{};
  Json card = Json::object();
  card["role"] = "quality";
  card["corrupted"] = ALUDEL_TRY(add_corrupted(references, config, sets));
  return build_classifier(kQualityModel, std::move(sets), std::move(card), config, folder);
}

Status build_by_role(std::string_view role, std::string_view file,
                     const std::vector<Reference>& references, const ModelsConfig& config,
                     ModelsFolder& folder) {
  ExampleSets sets = examples_by_role(references, fmt::format("{}:", role));
  if (sets.train.empty()) return Ok{};
  Json card = Json::object();
  card["role"] = role;
  return build_classifier(file, std::move(sets), std::move(card), config, folder);
}

}  // namespace

Result<std::vector<Json>> build_models(io::FileSystem& files, const ModelsConfig& config,
                                       Threads& threads) {
  const auto references = ALUDEL_TRY(read_references(files, config));
  ALUDEL_TRY(files.make_folders(config.out));
  ModelsFolder folder(files, config.out);
  std::set<std::string> languages;
  for (const Reference& reference : references) {
    if (reference.has_role("lm")) languages.insert(reference.config.language);
  }
  for (const std::string& language : languages) {
    ALUDEL_TRY(build_lm(files, language, references, config, threads, folder));
  }
  ALUDEL_TRY(build_quality(references, config, folder));
  ALUDEL_TRY(build_by_role("topic", kTopicModel, references, config, folder));
  ALUDEL_TRY(build_by_role("safety", kSafetyModel, references, config, folder));
  return std::move(folder).cards();
}

}  // namespace aludel::curate
