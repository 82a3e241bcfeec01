#pragma once

#include <string>

#include "aludel/tensor/tensor.h"

namespace aludel::train {

/// A tensor that training changes: its f32 master copy, and its f32 gradient of the same shape.
/// The name is the one of the Hugging Face checkpoint.
struct Parameter {
  std::string name;
  tensor::Tensor value;
  tensor::Tensor gradient;
};

}  // namespace aludel::train
