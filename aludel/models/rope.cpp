#include "aludel/models/rope.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace aludel::models {
namespace {

/// theta^(-2i/D) in f32.
std::vector<float> plain_frequencies(double theta, std::size_t head_size) {
  std::vector<float> inverse(head_size / 2);
  for (std::size_t i = 0; i < inverse.size(); ++i) {
    const float exponent = static_cast<float>(2 * i) / static_cast<float>(head_size);
    inverse[i] = 1.0F / std::pow(static_cast<float>(theta), exponent);
  }
  return inverse;
}

std::vector<float> dynamic_frequencies(const RopeConfig& config, std::size_t head_size,
                                       std::size_t tokens) {
  const double length = std::max(static_cast<double>(tokens), config.original_positions);
  const double size = static_cast<double>(head_size);
  const double stretch = config.factor * length / config.original_positions - (config.factor - 1);
  return plain_frequencies(config.theta * std::pow(stretch, size / (size - 2)), head_size);
}

/// The dimension whose wave makes `rotations` turns in the original context.
double yarn_dimension(const RopeConfig& config, double head_size, double rotations) {
  return head_size * std::log(config.original_positions / (rotations * 2 * std::numbers::pi)) /
         (2 * std::log(config.theta));
}

void stretch_yarn(const RopeConfig& config, std::size_t head_size, std::vector<float>& inverse) {
  const double size = static_cast<double>(head_size);
  double low = yarn_dimension(config, size, config.beta_fast);
  double high = yarn_dimension(config, size, config.beta_slow);
  if (config.truncate) {
    low = std::floor(low);
    high = std::ceil(high);
  }
  low = std::max(low, 0.0);
  high = std::min(high, size - 1);
  if (low == high) high += 0.001;
  for (std::size_t i = 0; i < inverse.size(); ++i) {
    const double ramp = std::clamp((static_cast<double>(i) - low) / (high - low), 0.0, 1.0);
    const double plain = inverse[i];
    inverse[i] = static_cast<float>(plain / config.factor * ramp + plain * (1 - ramp));
  }
}

float yarn_attention_factor(const RopeConfig& config) {
  const auto scale = [&](double mscale) {
    return config.factor <= 1 ? 1.0 : 0.1 * mscale * std::log(config.factor) + 1.0;
  };
  if (config.attention_factor != 0) return static_cast<float>(config.attention_factor);
  if (config.mscale != 0 && config.mscale_all_dim != 0) {
    return static_cast<float>(scale(config.mscale) / scale(config.mscale_all_dim));
  }
  return static_cast<float>(scale(1.0));
}

void stretch_llama3(const RopeConfig& config, std::vector<float>& inverse) {
  for (float& frequency : inverse) {
    const double turns = config.original_positions * frequency / (2 * std::numbers::pi);
    const double smooth = (turns - config.low_frequency_factor) /
                          (config.high_frequency_factor - config.low_frequency_factor);
    const double kept = std::clamp(smooth, 0.0, 1.0);
    frequency = static_cast<float>((1 - kept) * frequency / config.factor + kept * frequency);
  }
}

}  // namespace

RopeFrequencies rope_frequencies(const RopeConfig& config, std::size_t head_size,
                                 std::size_t tokens) {
  RopeFrequencies out{plain_frequencies(config.theta, head_size), 1.0F};
  switch (config.scaling) {
    case RopeScaling::none:
      break;
    case RopeScaling::linear:
      for (float& frequency : out.inverse) {
        frequency /= static_cast<float>(config.factor);
      }
      break;
    case RopeScaling::dynamic:
      out.inverse = dynamic_frequencies(config, head_size, tokens);
      break;
    case RopeScaling::yarn:
      stretch_yarn(config, head_size, out.inverse);
      out.attention_factor = yarn_attention_factor(config);
      break;
    case RopeScaling::llama3:
      stretch_llama3(config, out.inverse);
      break;
  }
  return out;
}

void write_rope_angles(const RopeFrequencies& frequencies, std::span<const std::int32_t> positions,
                       const tensor::Tensor& cosines, const tensor::Tensor& sines) {
  float* cosine = cosines.data<float>();
  float* sine = sines.data<float>();
  for (const std::int32_t position : positions) {
    for (const float frequency : frequencies.inverse) {
      const float angle = static_cast<float>(position) * frequency;
      *cosine++ = std::cos(angle) * frequencies.attention_factor;
      *sine++ = std::sin(angle) * frequencies.attention_factor;
    }
  }
}

}  // namespace aludel::models
