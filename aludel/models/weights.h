#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "aludel/models/family.h"
#include "aludel/tensor/tensor.h"

namespace aludel::models {

/// The weights of a model by full name. Tensors are handles: copying Weights copies no element.
class Weights {
 public:
  /// REQUIRES: the weight exists.
  const tensor::Tensor& at(std::string_view name) const;

  const tensor::Tensor& block(std::size_t block, std::string_view name) const {
    return at(block_weight_name(block, name));
  }

  void set(std::string_view name, const tensor::Tensor& weight) {
    by_name_.insert_or_assign(std::string(name), weight);
  }

  const std::map<std::string, tensor::Tensor, std::less<>>& all() const { return by_name_; }

 private:
  std::map<std::string, tensor::Tensor, std::less<>> by_name_;
};

/// Reads the tensors of FOLDER as WeightFiles finds them. F32, F16
/// and BF16 become `type` (f32 or bf16); vectors (norms) are f32 always. Weights may go by the
/// family's aliases. Errors: those of reading; corrupt_data for a weight that is missing, has
/// another shape or dtype, or is unknown.
Result<Weights> load_weights(io::FileSystem& files, const std::string& folder, const Model& model,
                             tensor::DType type);

/// Random weights in f32: normal with standard deviation sqrt(2 / 5C), norms 1 (Nguyen & Salazar
/// 2019, arXiv:1910.05895, section 3.2). Each depends on the seed and its name alone.
Weights initial_weights(const Model& model, std::uint64_t seed);

/// Writes config.json, generation_config.json (with all end ids and, where it is not empty, the
/// chat template) and model.safetensors, in `type` (f32 or bf16; vectors too), as Hugging Face
/// transformers loads them. Errors: those of FileSystem.
Status write_hf_folder(io::FileSystem& files, const std::string& folder, const Model& model,
                       const Weights& weights, tensor::DType type,
                       std::string_view chat_template = "");

}  // namespace aludel::models
