#include "aludel/models/packed_weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "aludel/models/quantisation/quantise.h"
#include "aludel/models/weight_files.h"

namespace aludel::models {
namespace {

using tensor::Bf16;
using tensor::DType;
using tensor::PackedFormat;
using tensor::PackedMatrix;

constexpr std::string_view kWeight = ".weight";

/// The names of the tensors that hold one quantised matrix.
struct QuantisedNames {
  explicit QuantisedNames(std::string_view weight)
      : scales(std::string(weight.substr(0, weight.size() - kWeight.size())) + ".scales"),
        offsets(std::string(weight.substr(0, weight.size() - kWeight.size())) + ".biases") {}

  std::string scales;
  std::string offsets;
};

Error malformed(const io::TensorView& view, std::string_view what) {
  return {Code::corrupt_data, fmt::format("[quantised] {} {} [{}]: {}", view.name, view.dtype,
                                          fmt::join(view.shape, ", "), what)};
}

Result<std::vector<Bf16>> read_scales(const io::TensorView& view, std::size_t rows,
                                      std::size_t groups) {
  if (view.dtype != "BF16") {
    return Error{Code::unsupported,
                 fmt::format("[quantised] {} is {}, expected BF16", view.name, view.dtype)};
  }
  if (view.shape.size() != 2 || view.shape[0] != static_cast<std::int64_t>(rows) ||
      view.shape[1] != static_cast<std::int64_t>(groups)) {
    return malformed(view, fmt::format("expected [{}, {}]", rows, groups));
  }
  std::vector<Bf16> values(rows * groups);
  std::memcpy(values.data(), view.bytes.data(), view.bytes.size());
  // A NaN fails the comparison. The limit keeps scale * q + offset finite for every q.
  const auto usable = [](Bf16 value) {
    return std::abs(tensor::to_float(value)) <= kLargestQuantised;
  };
  const auto damaged = std::ranges::find_if_not(values, usable);
  if (damaged != values.end()) {
    return malformed(view,
                     fmt::format("row {} holds {}, expected numbers up to {:g}: the file is "
                                 "damaged",
                                 (damaged - values.begin()) / static_cast<std::ptrdiff_t>(groups),
                                 tensor::to_float(*damaged), kLargestQuantised));
  }
  return values;
}

Result<PackedMatrix> read_quantised(const WeightFiles& files, const WeightInfo& info) {
  const io::TensorView& q = *ALUDEL_TRY(files.find(info.name));
  const QuantisedNames names(info.name);
  const io::TensorView& scales = *ALUDEL_TRY(files.find(names.scales));
  const io::TensorView& offsets = *ALUDEL_TRY(files.find(names.offsets));
  const std::size_t rows = info.shape[0];
  const std::size_t columns = info.shape[1];
  if (q.dtype != "U32" || q.shape.size() != 2 || q.shape[0] != static_cast<std::int64_t>(rows) ||
      scales.shape.size() != 2 || scales.shape[1] < 1) {
    return malformed(q, fmt::format("expected U32 [{}, …] with scales [{}, …]", rows, rows));
  }
  const auto bits = static_cast<std::size_t>(q.shape[1]) * 32 / columns;
  const auto groups = static_cast<std::size_t>(scales.shape[1]);
  const std::size_t group = columns / groups;
  if ((bits != 4 && bits != 8) || columns * bits != static_cast<std::size_t>(q.shape[1]) * 32) {
    return malformed(q, fmt::format("expected 4 or 8 bits for each of {} columns", columns));
  }
  if (groups * group != columns || group % 32 != 0) {
    return malformed(scales, "expected groups of 32, 64 or 128 columns");
  }
  const std::vector<Bf16> scale_values = ALUDEL_TRY(read_scales(scales, rows, groups));
  const std::vector<Bf16> offset_values = ALUDEL_TRY(read_scales(offsets, rows, groups));
  return PackedMatrix::pack(tensor::QuantisedMatrix{
      .format = bits == 8 ? PackedFormat::q8 : PackedFormat::q4,
      .rows = rows,
      .columns = columns,
      .group = group,
      .q = {reinterpret_cast<const std::uint8_t*>(q.bytes.data()), q.bytes.size()},
      .scales = scale_values,
      .offsets = offset_values});
}

}  // namespace

std::size_t PackedWeights::bytes() const {
  std::size_t sum = 0;
  for (const auto& [name, matrix] : matrices) {
    sum += matrix.bytes();
  }
  for (const auto& [name, vector] : vectors) {
    sum += vector.bytes();
  }
  return sum;
}

PackedWeights pack_weights(const Weights& weights) {
  PackedWeights packed;
  for (const auto& [name, weight] : weights.all()) {
    if (weight.shape().rank() == 2) {
      packed.matrices.emplace(name, PackedMatrix::pack(weight));
    } else {
      packed.vectors.emplace(name, weight);
    }
  }
  return packed;
}

Result<PackedWeights> load_packed_weights(io::FileSystem& files, const std::string& folder,
                                          const Model& model) {
  const WeightFiles opened = ALUDEL_TRY(WeightFiles::open(files, folder, model));
  PackedWeights packed;
  std::set<std::string> used;
  for (const WeightInfo& info : model.description.weights(model.config)) {
    const io::TensorView& view = *ALUDEL_TRY(opened.find(info.name));
    used.insert(info.name);
    if (info.shape.rank() == 2 && opened.all().contains(QuantisedNames(info.name).scales)) {
      auto matrix = read_quantised(opened, info);
      if (!matrix) return std::move(matrix).error().with_context(folder);
      packed.matrices.emplace(info.name, std::move(matrix).value());
      used.insert({QuantisedNames(info.name).scales, QuantisedNames(info.name).offsets});
      continue;
    }
    auto weight = read_weight(view, info.shape, view.dtype == "BF16" ? DType::bf16 : DType::f32);
    if (!weight) return std::move(weight).error().with_context(folder);
    if (info.shape.rank() == 2) {
      packed.matrices.emplace(info.name, PackedMatrix::pack(weight.value()));
    } else {
      packed.vectors.emplace(info.name, std::move(weight).value());
    }
  }
  for (const auto& [name, view] : opened.all()) {
    if (!used.contains(name)) {
      return Error{Code::corrupt_data,
                   fmt::format("{}: [weights] unknown weight {}", folder, view->name)};
    }
  }
  return packed;
}

}  // namespace aludel::models
