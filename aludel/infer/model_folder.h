#pragma once
// A model folder opened to generate: config, weights, tokenizer, generation_config.json.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/infer/engine.h"
#include "aludel/infer/generation_config.h"
#include "aludel/infer/prompt_encoder.h"

namespace aludel::infer {

/// The folder with config.json: `path`, or PATH/model where `path` is a run.
/// Errors: not_found.
Result<std::string> find_model_folder(io::FileSystem& files, const std::string& path);

/// How keys and values are asked for.
struct KvChoice {
  std::string_view name;
  std::optional<KvFormat> format;  // without it q8 for quantised weights, else f32
};

inline constexpr KvChoice kKvChoices[] = {
    {"auto", std::nullopt}, {"f32", KvFormat::f32}, {"q8", KvFormat::q8}};

/// What a model generates with. The tokenizer is there unless the folder has none.
struct LoadedModel {
  std::string name;  // of the folder, or of the run that it is the model of
  std::unique_ptr<Engine> engine;
  std::unique_ptr<text::Tokenizer> tokenizer;
  std::unique_ptr<PromptEncoder> prompts;  // with the tokenizer
  /// Of config.json, generation_config.json, the tokenizer, and what ChatML writes behind a reply.
  std::vector<std::int32_t> stop_ids;
  StatedSampling sampling;  // by generation_config.json
};

enum class TokenizerNeed : std::uint8_t { required, optional };

/// Opens a model folder or a run folder. What several of its files state is decided once: the
/// vocabulary and what begins a text in text::Tokenizer::load, sizes, context length and end ids in
/// models::load_model, where a reply ends here. Warns of unused_members() of the
/// generation_config.json. REQUIRES: `kv_format` names one of kKvChoices.
/// Errors: those of reading; corrupt_data, unsupported as models::load_model and load_weights;
/// corrupt_data for a tokenizer with more pieces than the model's vocabulary.
Result<LoadedModel> load_model_folder(tensor::Device& device, io::FileSystem& files,
                                      const std::string& path, std::string_view kv_format,
                                      TokenizerNeed need);

}  // namespace aludel::infer
