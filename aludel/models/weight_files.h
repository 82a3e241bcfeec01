#pragma once
// The tensors of a model folder as its files have them, by the names that this program uses.

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/io/formats/safetensors.h"
#include "aludel/models/family.h"
#include "aludel/tensor/tensor.h"

namespace aludel::models {

/// The tensors of FOLDER/model.safetensors, and where that is not there, those that
/// FOLDER/model.safetensors.index.json names, each from the file that it names. The views live as
/// long as this object.
class WeightFiles {
 public:
  /// Says on stderr what it leaves out: an index beside a whole file, tensors of a shard that the
  /// index does not give to it, buffers of the rotary angles. A head that repeats a tied embedding
  /// table is left out without a word. Errors: those of reading; corrupt_data for an index that is
  /// none, a tensor that is not in its file, two names for one weight, and a head beside a tied
  /// table that it differs from.
  static Result<WeightFiles> open(io::FileSystem& files, const std::string& folder,
                                  const Model& model);

  const std::map<std::string, const io::TensorView*, std::less<>>& all() const { return by_name_; }

  /// Errors: corrupt_data when it is missing.
  Result<const io::TensorView*> find(std::string_view name) const;

 private:
  Status open_whole(io::FileSystem& files, const Model& model, const std::string& path);
  Status open_shards(io::FileSystem& files, const Model& model, const std::string& index);
  Status add(const Model& model, const io::TensorView& view);
  Status leave_out_repeated_head(const Model& model);

  std::string folder_;
  std::size_t buffers_ = 0;                 // of rotary angles, which config.json gives
  std::deque<io::SafetensorsFile> opened_;  // which views point into
  std::map<std::string, const io::TensorView*, std::less<>> by_name_;
};

/// F32, F16 or BF16 elements as `type` (f32 or bf16); a vector is f32 always.
/// Errors: unsupported for other dtypes; corrupt_data for another shape.
Result<tensor::Tensor> read_weight(const io::TensorView& view, const tensor::Shape& expected,
                                   tensor::DType type);

}  // namespace aludel::models
