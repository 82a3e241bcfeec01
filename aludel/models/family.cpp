#include "aludel/models/family.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/io/json_file.h"
#include "aludel/models/config_numbers.h"

namespace aludel::models {
namespace {

/// Takes over what FOLDER/generation_config.json says of ids: those at which a reply ends, which a
/// chat model often has there only, and the one that a generation from nothing begins with.
Status read_generation_config(io::FileSystem& files, const std::string& folder,
                              ModelConfig& config) {
  const std::string path = io::join_path(folder, "generation_config.json");
  const Json json = ALUDEL_TRY(io::read_optional_json_object(files, path));
  auto ends = read_token_ids(json, "eos_token_id", config.vocabulary);
  if (!ends) return std::move(ends).error().with_context(path);
  for (const std::int32_t id : ends.value()) {
    if (std::ranges::find(config.end_ids, id) == config.end_ids.end()) config.end_ids.push_back(id);
  }
  auto begin = read_token_ids(json, "bos_token_id", config.vocabulary);
  if (!begin) return std::move(begin).error().with_context(path);
  if (!begin.value().empty()) config.begin_id = begin.value()[0];
  return Ok{};
}

}  // namespace

std::string block_weight_name(std::size_t block, std::string_view name) {
  return fmt::format("model.layers.{}.{}", block, name);
}

std::vector<WeightInfo> ModelDescription::weights(const ModelConfig& config) const {
  std::vector<WeightInfo> all(start.weights().begin(), start.weights().end());
  for (std::size_t i = 0; i < config.blocks; ++i) {
    for (const WeightInfo& weight : block.weights()) {
      all.push_back({block_weight_name(i, weight.name), weight.shape, weight.initial});
    }
  }
  all.insert(all.end(), finish.weights().begin(), finish.weights().end());
  if (std::ranges::find(all, head, &WeightInfo::name) == all.end()) {
    all.push_back({head, {config.vocabulary, config.width}, Initial::normal});
  }
  return all;
}

namespace {

Error unknown_architecture(const std::string& name) {
  std::string known;
  for (const FamilySpec* family : all_families()) {
    for (const std::string_view architecture : family->architectures) {
      known += fmt::format("{}{}", known.empty() ? "" : ", ", architecture);
    }
  }
  return Error{Code::unsupported,
               fmt::format("[models] architecture '{}' is not known; known: {}", name, known)};
}

}  // namespace

Result<Model> make_model(const ModelConfig& config) {
  for (const FamilySpec* family : all_families()) {
    if (std::ranges::count(family->architectures, config.architecture) != 0) {
      return Model{family, config, family->describe(config)};
    }
  }
  return unknown_architecture(config.architecture);
}

Result<Model> load_model(io::FileSystem& files, const std::string& folder) {
  const std::string path = io::join_path(folder, "config.json");
  const Json json = ALUDEL_TRY(io::read_json_object(files, path));
  std::string architecture;
  if (const Json* names = json.find("architectures"); names != nullptr && names->is_array() &&
                                                      !names->as_array().empty() &&
                                                      names->as_array()[0].is_string()) {
    architecture = names->as_array()[0].as_string();
  }
  for (const FamilySpec* family : all_families()) {
    if (std::ranges::count(family->architectures, architecture) == 0) continue;
    auto config = family->read_config(json);
    if (!config) return std::move(config).error().with_context(path);
    config.value().architecture = architecture;
    ALUDEL_TRY(read_generation_config(files, folder, config.value()));
    return make_model(config.value());
  }
  return unknown_architecture(architecture).with_context(path);
}

}  // namespace aludel::models
