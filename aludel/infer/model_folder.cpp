#include "aludel/infer/model_folder.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/log.h"
#include "aludel/io/exists.h"
#include "aludel/io/json_file.h"
#include "aludel/text/chat_template.h"

namespace aludel::infer {
namespace {

std::string model_name(const std::string& folder) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::absolute(folder, error).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  const std::string name =
      path.filename() == "model" ? path.parent_path().filename() : path.filename();
  return name.empty() ? "model" : name;
}

/// Reads the tokenizer, and takes from it what stands in front of a text and what ends a reply.
Status load_tokenizer(io::FileSystem& files, const std::string& folder, LoadedModel& loaded) {
  const models::ModelConfig& config = loaded.engine->model().config;
  auto tokenizer = text::Tokenizer::load(files, folder);
  if (!tokenizer) return std::move(tokenizer).error();
  if (static_cast<std::size_t>(tokenizer.value().vocab_size()) > config.vocabulary) {
    return Error{Code::corrupt_data,
                 fmt::format("{}: the tokenizer has {} pieces, the model's vocabulary {}", folder,
                             tokenizer.value().vocab_size(), config.vocabulary)};
  }
  loaded.tokenizer = std::make_unique<text::Tokenizer>(std::move(tokenizer).value());
  for (const std::int32_t id : text::stop_ids(*loaded.tokenizer)) {
    if (std::ranges::find(loaded.stop_ids, id) == loaded.stop_ids.end()) {
      loaded.stop_ids.push_back(id);
    }
  }
  std::optional<std::int32_t> empty_id;
  if (config.begin_id >= 0) {
    empty_id = config.begin_id;
  } else if (!loaded.stop_ids.empty()) {
    empty_id = loaded.stop_ids[0];
  }
  loaded.prompts =
      std::make_unique<PromptEncoder>(*loaded.tokenizer, loaded.tokenizer->text_begin(), empty_id);
  return Ok{};
}

KvFormat choose_kv_format(std::string_view name, const models::PackedWeights& weights) {
  const auto* const choice = std::ranges::find(kKvChoices, name, &KvChoice::name);
  ALUDEL_CHECK(choice != std::end(kKvChoices), "[engine] an unknown format of keys and values");
  if (choice->format) return *choice->format;
  const bool quantised = std::ranges::any_of(
      weights.matrices, [](const auto& entry) { return entry.second.group() != 0; });
  return quantised ? KvFormat::q8 : KvFormat::f32;
}

}  // namespace

Result<std::string> find_model_folder(io::FileSystem& files, const std::string& path) {
  for (const std::string& folder : {path, io::join_path(path, "model")}) {
    if (ALUDEL_TRY(io::exists(files, io::join_path(folder, "config.json")))) return folder;
  }
  return Error{Code::not_found,
               fmt::format("{}: no config.json here or in model/, so this is no model", path)};
}

Result<LoadedModel> load_model_folder(tensor::Device& device, io::FileSystem& files,
                                      const std::string& path, std::string_view kv_format,
                                      TokenizerNeed need) {
  const std::string folder = ALUDEL_TRY(find_model_folder(files, path));
  models::Model model = ALUDEL_TRY(models::load_model(files, folder));
  models::PackedWeights weights = ALUDEL_TRY(models::load_packed_weights(files, folder, model));
  const KvFormat kv = choose_kv_format(kv_format, weights);
  LoadedModel loaded;
  loaded.name = model_name(folder);
  loaded.stop_ids = model.config.end_ids;
  const std::string generation = io::join_path(folder, "generation_config.json");
  const Json stated = ALUDEL_TRY(io::read_optional_json_object(files, generation));
  auto sampling = read_sampling(stated);
  if (!sampling) return std::move(sampling).error().with_context(generation);
  loaded.sampling = sampling.value();
  if (const auto unused = unused_members(stated); !unused.empty()) {
    log_warning("{}: {} not used here", generation, fmt::join(unused, ", "));
  }
  loaded.engine = std::make_unique<Engine>(device, std::move(model), std::move(weights), kv);
  const Status tokenizer = load_tokenizer(files, folder, loaded);
  const bool excused =
      need == TokenizerNeed::optional && !tokenizer && tokenizer.error().code == Code::not_found;
  if (!tokenizer && !excused) return tokenizer.error();
  return loaded;
}

}  // namespace aludel::infer
