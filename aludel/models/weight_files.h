#pragma once
// The tensors of a model folder as its files have them, by the names that this program uses.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/io/formats/safetensors.h"
#include "aludel/models/family.h"
#include "aludel/tensor/tensor.h"

namespace aludel::models {

/// FOLDER/model.safetensors, or the shards of FOLDER/model.safetensors.index.json. The views live
/// as long as this object.
class WeightFiles {
 public:
  /// Errors: those of reading; corrupt_data for an index that is none.
  static Result<WeightFiles> open(io::FileSystem& files, const std::string& folder,
                                  const Model& model);

  const std::map<std::string, const io::TensorView*, std::less<>>& all() const { return by_name_; }

  /// Errors: corrupt_data when it is missing.
  Result<const io::TensorView*> find(std::string_view name) const;

 private:
  std::string folder_;
  std::vector<io::SafetensorsFile> opened_;
  std::map<std::string, const io::TensorView*, std::less<>> by_name_;
};

/// F32, F16 or BF16 elements as `type` (f32 or bf16); a vector is f32 always.
/// Errors: unsupported for other dtypes; corrupt_data for another shape.
Result<tensor::Tensor> read_weight(const io::TensorView& view, const tensor::Shape& expected,
                                   tensor::DType type);

}  // namespace aludel::models
