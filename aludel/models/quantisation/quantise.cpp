#include "aludel/models/quantisation/quantise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "aludel/base/check.h"

namespace aludel::models {
namespace {

using tensor::Bf16;
using tensor::PackedFormat;
using tensor::to_bf16;
using tensor::to_float;

constexpr std::array kSchemes = {
    QuantisationScheme{
        .name = "q4",
        .summary = "4 bits in groups of 64; embeddings and head in 8 bits; about 4.5 bits a weight",
        .source = "round to nearest with a search of the scale; MLX's affine layout",
        .format = PackedFormat::q4,
        .embedding_format = PackedFormat::q8,
        .group = 64},
    QuantisationScheme{.name = "q8",
                       .summary = "8 bits in groups of 64; about 8.5 bits a weight",
                       .source = "round to nearest; MLX's affine layout",
                       .format = PackedFormat::q8,
                       .embedding_format = PackedFormat::q8,
                       .group = 64},
};

constexpr std::size_t kLargestGroup = 128;
constexpr int kShrinkSteps = 16;        // q4: how far the range is narrowed, outliers clipped
constexpr float kLargestShrink = 0.4F;  // of the range

/// Scale and offset of one group, as they will be stored.
struct Grid {
  Bf16 scale;
  Bf16 offset;
};

/// The bf16 next to `value` on the side of minus infinity, or `value` itself.
Bf16 round_down(float value) {
  Bf16 rounded = to_bf16(value);
  if (to_float(rounded) > value) {
    rounded.bits = static_cast<std::uint16_t>(value > 0 ? rounded.bits - 1 : rounded.bits + 1);
  }
  return rounded;
}

/// One group on its way to levels.
class Group {
 public:
  Group(std::span<const float> weights, float levels) : weights_(weights), levels_(levels) {}

  /// A grid over the weights' range times `share`; with 1 it covers every weight.
  Grid grid_of_range(float share) const {
    const auto [low, high] = std::ranges::minmax(weights_);
    const Bf16 offset = round_down(low * share);
    const float step = (high * share - to_float(offset)) / levels_;
    const float up = -to_float(round_down(-step));
    return {to_bf16(std::max(up, 0.0F)), offset};
  }

  /// The levels nearest to the weights; returns the squared error.
  double round(const Grid& grid) {
    const float scale = to_float(grid.scale);
    const float offset = to_float(grid.offset);
    // A scale so small that its inverse overflows is none: the whole group is at the offset.
    const float inverse = scale >= std::numeric_limits<float>::min() ? 1 / scale : 0;
    double error = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      q[i] = std::clamp(std::nearbyint((weights_[i] - offset) * inverse), 0.0F, levels_);
      const double difference =
          double{weights_[i]} - (double{scale} * double{q[i]} + double{offset});
      error += difference * difference;
    }
    return error;
  }

  /// The grid that fits the weights best where they have these levels: least squares.
  Grid fit(const Grid& grid) const {
    double sum_q = 0;
    double sum_w = 0;
    double sum_qq = 0;
    double sum_qw = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      sum_q += double{q[i]};
      sum_w += double{weights_[i]};
      sum_qq += double{q[i]} * double{q[i]};
      sum_qw += double{q[i]} * double{weights_[i]};
    }
    const auto count = static_cast<double>(weights_.size());
    const double spread = sum_qq - sum_q * sum_q / count;
    if (spread <= 0) return grid;
    const double scale = (sum_qw - sum_q * sum_w / count) / spread;
    if (scale <= 0) return grid;
    return {to_bf16(static_cast<float>(scale)),
            to_bf16(static_cast<float>((sum_w - scale * sum_q) / count))};
  }

  std::array<float, kLargestGroup> q = {};

 private:
  std::span<const float> weights_;
  float levels_;
};

/// Leaves the levels of the best grid in the group.
double search(Group& group, int steps, Grid& best) {
  best = group.grid_of_range(1);
  double best_error = group.round(best);
  const auto consider = [&](const Grid& grid) {
    const double error = group.round(grid);
    if (error < best_error) {
      best_error = error;
      best = grid;
    }
  };
  for (int step = 0; step < steps; ++step) {
    const float share = 1 - kLargestShrink * static_cast<float>(step) / static_cast<float>(steps);
    const Grid grid = group.grid_of_range(share);
    consider(grid);
    consider(group.fit(grid));
  }
  return group.round(best);
}

}  // namespace

std::span<const QuantisationScheme> all_quantisation_schemes() {
  return kSchemes;
}

const QuantisationScheme& quantisation_scheme(std::string_view name) {
  const auto* const found = std::ranges::find(kSchemes, name, &QuantisationScheme::name);
  ALUDEL_CHECK(found != kSchemes.end(), "[quantise] no scheme of that name");
  return *found;
}

bool can_quantise(std::size_t columns, std::size_t group) {
  return group % 32 == 0 && group <= kLargestGroup && columns % group == 0;
}

QuantisedTensor quantise(tensor::Device& device, const tensor::Tensor& matrix, PackedFormat format,
                         std::size_t group) {
  const std::size_t rows = matrix.shape()[0];
  const std::size_t columns = matrix.shape()[1];
  ALUDEL_CHECK(can_quantise(columns, group), "[quantise] rows that groups do not fill");
  const unsigned bits = tensor::bits_of(format);
  QuantisedTensor out;
  out.format = format;
  out.rows = rows;
  out.columns = columns;
  out.group = group;
  out.q.resize(rows * columns * bits / 8);
  out.scales.resize(rows * columns / group);
  out.offsets.resize(out.scales.size());
  std::vector<double> errors(rows);
  std::vector<double> norms(rows);
  device.threads().parallel_for(rows, [&](std::size_t row) {
    for (std::size_t g = 0; g < columns / group; ++g) {
      const std::size_t first = row * columns + g * group;
      const auto weights = matrix.span<float>().subspan(first, group);
      Group levels(weights, static_cast<float>((1U << bits) - 1));
      Grid grid;
      errors[row] += search(levels, bits == 4 ? kShrinkSteps : 0, grid);
      for (const float weight : weights)
        norms[row] += double{weight} * double{weight};
      out.scales[first / group] = grid.scale;
      out.offsets[first / group] = grid.offset;
      for (std::size_t i = 0; i < group; ++i) {
        const auto value = static_cast<unsigned>(levels.q[i]);
        std::uint8_t& byte = out.q[(first + i) * bits / 8];
        byte = static_cast<std::uint8_t>(bits == 8 ? value : byte | value << (i % 2 * 4));
      }
    }
  });
  for (std::size_t row = 0; row < rows; ++row) {
    out.squared_error += errors[row];
    out.squared_norm += norms[row];
  }
  return out;
}

}  // namespace aludel::models
