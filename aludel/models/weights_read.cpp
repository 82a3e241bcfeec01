#include <algorithm>
#include <cstring>
#include <set>

#include <fmt/format.h>

#include "aludel/io/formats/safetensors.h"
#include "aludel/models/weights.h"

namespace aludel::models {
namespace {

using tensor::DType;
using tensor::Shape;
using tensor::Tensor;

constexpr std::string_view kSingleFile = "model.safetensors";
constexpr std::string_view kIndexFile = "model.safetensors.index.json";

/// Paths of the files that hold the weights.
Result<std::vector<std::string>> weight_files(io::FileSystem& files, const std::string& folder) {
  const std::string index = io::join_path(folder, kIndexFile);
  if (!files.info(index)) return std::vector<std::string>{io::join_path(folder, kSingleFile)};
  const auto json = parse_json(ALUDEL_TRY(io::read_file(files, index)));
  if (!json) return Error(json.error()).with_context(index);
  const Json* map = json.value().find("weight_map");
  if (map == nullptr || !map->is_object()) {
    return Error{Code::corrupt_data, index + ": [weights] no object weight_map"};
  }
  std::set<std::string> names;
  for (const auto& [weight, file] : map->as_object()) {
    if (!file.is_string() || file.as_string().find('/') != std::string::npos) {
      return Error{Code::corrupt_data, fmt::format("{}: [weights] no file for {}", index, weight)};
    }
    names.insert(io::join_path(folder, file.as_string()));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

/// The name that this program uses for a weight of a file.
std::string canonical_name(const FamilySpec& family, std::string_view name) {
  for (const auto& [theirs, ours] : family.aliases) {
    if (name.ends_with(theirs) && name.size() > theirs.size() &&
        name[name.size() - theirs.size() - 1] == '.') {
      return std::string(name.substr(0, name.size() - theirs.size())) + std::string(ours);
    }
  }
  return std::string(name);
}

/// Element `i` of a view, whatever its address.
template <class T>
T element(std::string_view bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

void copy_elements(const io::TensorView& view, const Tensor& to) {
  const auto store = [&](std::size_t i, float value) {
    if (to.dtype() == DType::f32) {
      to.data<float>()[i] = value;
    } else {
      to.data<tensor::Bf16>()[i] = tensor::to_bf16(value);
    }
  };
  for (std::size_t i = 0; i < to.elements(); ++i) {
    if (view.dtype == "F32") {
      store(i, element<float>(view.bytes, i));
    } else if (view.dtype == "BF16") {
      store(i, tensor::to_float(tensor::Bf16{element<std::uint16_t>(view.bytes, i)}));
    } else {
      store(i, tensor::half_to_float(element<std::uint16_t>(view.bytes, i)));
    }
  }
}

Result<Tensor> read_weight(const io::TensorView& view, const Shape& expected, DType type) {
  if (view.dtype != "F32" && view.dtype != "BF16" && view.dtype != "F16") {
    return Error{Code::unsupported, fmt::format("[weights] {} is {}, expected F32, F16 or BF16",
                                                view.name, view.dtype)};
  }
  const auto same = [](std::int64_t a, std::size_t b) { return static_cast<std::size_t>(a) == b; };
  bool fits = view.shape.size() == expected.rank();
  for (std::size_t axis = 0; fits && axis < expected.rank(); ++axis) {
    fits = same(view.shape[axis], expected[axis]);
  }
  if (!fits) {
    return Error{Code::corrupt_data,
                 fmt::format("[weights] {} has shape [{}], expected {}", view.name,
                             fmt::join(view.shape, ", "), expected.text())};
  }
  Tensor weight = Tensor::empty(expected.rank() == 1 ? DType::f32 : type, expected);
  copy_elements(view, weight);
  return weight;
}

/// Buffers that old checkpoints carry, and a head that repeats the tied table.
bool may_be_ignored(std::string_view name, const Model& model) {
  return name.ends_with("rotary_emb.inv_freq") ||
         (model.config.tied_embeddings && name == "lm_head.weight");
}

}  // namespace

Result<Weights> load_weights(io::FileSystem& files, const std::string& folder, const Model& model,
                             DType type) {
  const std::vector<WeightInfo> expected = model.description.weights(model.config);
  Weights weights;
  for (const std::string& path : ALUDEL_TRY(weight_files(files, folder))) {
    const auto file = io::SafetensorsFile::open(files, path);
    if (!file) return file.error();
    for (const io::TensorView& view : file.value().tensors()) {
      const std::string name = canonical_name(*model.family, view.name);
      if (may_be_ignored(name, model)) continue;
      const auto info = std::ranges::find(expected, name, &WeightInfo::name);
      if (info == expected.end()) {
        return Error{Code::corrupt_data,
                     fmt::format("{}: [weights] unknown weight {}", path, view.name)};
      }
      auto weight = read_weight(view, info->shape, type);
      if (!weight) return std::move(weight).error().with_context(path);
      weights.set(name, weight.value());
    }
  }
  for (const WeightInfo& info : expected) {
    if (!weights.all().contains(info.name)) {
      return Error{Code::corrupt_data,
                   fmt::format("{}: [weights] {} is missing", folder, info.name)};
    }
  }
  return weights;
}

}  // namespace aludel::models
