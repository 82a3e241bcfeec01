#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/tensor/op.h"

// A part of a model as data: coarse operations over named weights, in the order of the paper.
namespace aludel::models {

/// What an executor supplies with each run.
enum class Context : std::uint8_t {
  ids,              // [T] i32
  cosines,          // [T, D/2] f32, of each token's position; see rope.h
  sines,            // [T, D/2] f32
  document_starts,  // [N+1] i32: documents do not see each other
};

/// An input of a step: a value of this program, one of its weights, or a Context.
struct Operand {
  enum class Kind : std::uint8_t { value, weight, context };
  Kind kind = Kind::value;
  std::size_t index = 0;  // of the value, the weight, or the Context

  bool operator==(const Operand& other) const = default;
};

enum class Initial : std::uint8_t { normal, ones };  // normal: standard deviation 0.02

/// A weight by its Hugging Face name (in a block: without "model.layers.N.").
struct WeightInfo {
  std::string name;
  tensor::Shape shape;
  Initial initial = Initial::normal;
};

/// One application of an operation. Step i makes value i + 1; value 0 is what comes in.
/// Only outputs[0] of an operation is a value, the others are the executor's business.
struct Step {
  const tensor::OpSpec* op = nullptr;
  std::vector<Operand> inputs;
  std::vector<double> numbers;
};

/// Steps in order; the last one makes the result.
class Program {
 public:
  static Operand input() { return {}; }

  static Operand context(Context which) {
    return {Operand::Kind::context, static_cast<std::size_t>(which)};
  }

  Operand weight(std::string_view name, const tensor::Shape& shape,
                 Initial initial = Initial::normal);

  Operand apply(const tensor::OpSpec& op, std::initializer_list<Operand> inputs,
                std::initializer_list<double> numbers = {});

  std::span<const Step> steps() const { return steps_; }

  std::span<const WeightInfo> weights() const { return weights_; }

  std::size_t value_count() const { return steps_.size() + 1; }

  /// Whether a value is the residual stream or is added to it. Executors keep those in f32 where
  /// the others may be bf16.
  bool in_residual_stream(std::size_t value) const;

 private:
  std::vector<Step> steps_;
  std::vector<WeightInfo> weights_;
};

}  // namespace aludel::models
