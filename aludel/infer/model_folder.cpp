#include "aludel/infer/model_folder.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

namespace aludel::infer {
namespace {

/// A JSON file of the folder, or an empty object where there is none.
Result<Json> read_optional_json(io::FileSystem& files, const std::string& path) {
  if (!files.info(path)) return Json::object();
  auto json = parse_json(ALUDEL_TRY(io::read_file(files, path)));
  if (!json) return std::move(json).error().with_context(path);
  return json;
}

std::string model_name(const std::string& folder) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::absolute(folder, error).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  const std::string name =
      path.filename() == "model" ? path.parent_path().filename() : path.filename();
  return name.empty() ? "model" : name;
}

bool adds_begin_id(io::FileSystem& files, const std::string& folder, const Json& tokenizer_config) {
  const Json* says = tokenizer_config.find("add_bos_token");
  if (says != nullptr && says->is_bool()) return says->as_bool();
  return !files.info(io::join_path(folder, "tokenizer.json")) &&
         !files.info(io::join_path(folder, "tokenizer_config.json"));
}

std::optional<std::int32_t> valid_id(std::int32_t id, const models::ModelConfig& config) {
  if (id < 0 || static_cast<std::size_t>(id) >= config.vocabulary) return std::nullopt;
  return id;
}

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
  const Json tokenizer_config =
      ALUDEL_TRY(read_optional_json(files, io::join_path(folder, "tokenizer_config.json")));
  const auto begin_id = valid_id(config.begin_id, config);
  const auto end_id = config.end_ids.empty() ? std::nullopt : valid_id(config.end_ids[0], config);
  loaded.prompts = std::make_unique<PromptEncoder>(
      *loaded.tokenizer, adds_begin_id(files, folder, tokenizer_config) ? begin_id : std::nullopt,
      begin_id ? begin_id : end_id);
  return Ok{};
}

}  // namespace

Result<std::string> find_model_folder(io::FileSystem& files, const std::string& path) {
  for (const std::string& folder : {path, io::join_path(path, "model")}) {
    if (files.info(io::join_path(folder, "config.json"))) return folder;
  }
  return Error{Code::not_found,
               fmt::format("{}: no config.json here or in model/, so this is no model", path)};
}

Result<KvFormat> choose_kv_format(std::string_view name, const models::PackedWeights& weights) {
  if (name == "f32") return KvFormat::f32;
  if (name == "q8") return KvFormat::q8;
  if (name != "auto") {
    return Error{Code::invalid_argument,
                 fmt::format("[engine] kv '{}' is not one of auto, f32, q8", name)};
  }
  const bool quantised = std::ranges::any_of(
      weights.matrices, [](const auto& entry) { return entry.second.group() != 0; });
  return quantised ? KvFormat::q8 : KvFormat::f32;
}

Result<LoadedModel> load_model_folder(tensor::Device& device, io::FileSystem& files,
                                      const std::string& path, std::string_view kv_format,
                                      TokenizerNeed need) {
  const std::string folder = ALUDEL_TRY(find_model_folder(files, path));
  models::Model model = ALUDEL_TRY(models::load_model(files, folder));
  models::PackedWeights weights = ALUDEL_TRY(models::load_packed_weights(files, folder, model));
  const KvFormat kv = ALUDEL_TRY(choose_kv_format(kv_format, weights));
  LoadedModel loaded;
  loaded.name = model_name(folder);
  for (const std::int32_t id : model.config.end_ids) {
    if (valid_id(id, model.config)) loaded.stop_ids.push_back(id);
  }
  const std::string generation = io::join_path(folder, "generation_config.json");
  auto sampling = read_sampling(ALUDEL_TRY(read_optional_json(files, generation)));
  if (!sampling) return std::move(sampling).error().with_context(generation);
  loaded.sampling = std::move(sampling).value();
  loaded.engine = std::make_unique<Engine>(device, std::move(model), std::move(weights), kv);
  const Status tokenizer = load_tokenizer(files, folder, loaded);
  const bool excused =
      need == TokenizerNeed::optional && !tokenizer && tokenizer.error().code == Code::not_found;
  if (!tokenizer && !excused) return tokenizer.error();
  return loaded;
}

Result<SamplingOptions> read_sampling(const Json& generation_config) {
  SamplingOptions options;
  options.temperature = generation_config.number_or("temperature", options.temperature);
  options.top_k = generation_config.integer_or("top_k", options.top_k);
  options.top_p = generation_config.number_or("top_p", options.top_p);
  options.min_p = generation_config.number_or("min_p", options.min_p);
  options.repetition_penalty =
      generation_config.number_or("repetition_penalty", options.repetition_penalty);
  ALUDEL_TRY(validate(options));
  return options;
}

}  // namespace aludel::infer
