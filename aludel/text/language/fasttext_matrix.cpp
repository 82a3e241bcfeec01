#include "aludel/text/language/fasttext_matrix.h"

#include <algorithm>

namespace aludel::text {

std::span<const float> ProductQuantiser::centroid(std::size_t part, std::uint8_t code) const {
  const std::size_t begin = part * part_size;
  const std::size_t width = std::min(part_size, size - begin);
  return std::span(centroids).subspan(begin * kCentroids + code * width, width);
}

float FastTextMatrix::norm(std::size_t row) const {
  return norm_codes.empty() ? 1.0F : norm_quantiser.centroid(0, norm_codes[row])[0];
}

void FastTextMatrix::add_row(std::size_t row, std::span<float> sum) const {
  if (!dense.empty()) {
    const float* from = dense.data() + row * columns;
    for (std::size_t i = 0; i < columns; ++i) {
      sum[i] += from[i];
    }
    return;
  }
  const float scale = norm(row);
  const std::size_t parts = quantiser.parts();
  std::size_t at = 0;
  for (std::size_t part = 0; part < parts; ++part) {
    for (const float value : quantiser.centroid(part, codes[row * parts + part])) {
      sum[at++] += scale * value;
    }
  }
}

float FastTextMatrix::dot_row(std::size_t row, std::span<const float> vector) const {
  float sum = 0;
  if (!dense.empty()) {
    const float* from = dense.data() + row * columns;
    for (std::size_t i = 0; i < columns; ++i) {
      sum += from[i] * vector[i];
    }
    return sum;
  }
  const std::size_t parts = quantiser.parts();
  std::size_t at = 0;
  for (std::size_t part = 0; part < parts; ++part) {
    for (const float value : quantiser.centroid(part, codes[row * parts + part])) {
      sum += vector[at++] * value;
    }
  }
  return sum * norm(row);
}

}  // namespace aludel::text
