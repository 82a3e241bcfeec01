#include "aludel/models/weight_files.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include <fmt/format.h>

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

/// Buffers that old checkpoints carry, and a head that repeats the tied table.
bool may_be_ignored(std::string_view name, const Model& model) {
  return name.ends_with("rotary_emb.inv_freq") ||
         (model.config.tied_embeddings && name == "lm_head.weight");
}

/// Element `i` of a view, whatever its address.
template <class T>
T element(std::string_view bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

/// Whether all elements are finite.
bool copy_elements(const io::TensorView& view, const Tensor& to) {
  bool finite = true;
  const auto store = [&](std::size_t i, float value) {
    finite = finite && std::isfinite(value);
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
  return finite;
}

}  // namespace

Result<WeightFiles> WeightFiles::open(io::FileSystem& files, const std::string& folder,
                                      const Model& model) {
  WeightFiles opened;
  opened.folder_ = folder;
  for (const std::string& path : ALUDEL_TRY(weight_files(files, folder))) {
    opened.opened_.push_back(ALUDEL_TRY(io::SafetensorsFile::open(files, path)));
  }
  for (const io::SafetensorsFile& file : opened.opened_) {
    for (const io::TensorView& view : file.tensors()) {
      const std::string name = canonical_name(*model.family, view.name);
      if (!may_be_ignored(name, model)) opened.by_name_.insert_or_assign(name, &view);
    }
  }
  return opened;
}

Result<const io::TensorView*> WeightFiles::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return found->second;
  return Error{
      Code::corrupt_data,
      fmt::format("{}: [weights] {} is missing, which config.json asks for", folder_, name)};
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
                 fmt::format("[weights] {} has shape [{}], config.json makes it {}", view.name,
                             fmt::join(view.shape, ", "), expected.text())};
  }
  Tensor weight = Tensor::empty(expected.rank() == 1 ? DType::f32 : type, expected);
  if (!copy_elements(view, weight)) {
    return Error{Code::corrupt_data,
                 fmt::format("[weights] {} holds values that are not finite: the file is damaged, "
                             "or its training diverged",
                             view.name)};
  }
  return weight;
}

}  // namespace aludel::models
