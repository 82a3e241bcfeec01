#include "aludel/models/weight_files.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/io/exists.h"
#include "aludel/io/json_file.h"

namespace aludel::models {
namespace {

using tensor::DType;
using tensor::Shape;
using tensor::Tensor;

constexpr std::string_view kSingleFile = "model.safetensors";
constexpr std::string_view kHead = "lm_head.weight";
constexpr std::string_view kIndexFile = "model.safetensors.index.json";

/// The names of the tensors that an index gives to each file.
using ShardTensors = std::map<std::string, std::vector<std::string>>;

Result<ShardTensors> read_index(io::FileSystem& files, const std::string& index) {
  const Json json = ALUDEL_TRY(io::read_json_object(files, index));
  const Json* map = json.find("weight_map");
  if (map == nullptr || !map->is_object()) {
    return Error{Code::corrupt_data, index + ": [weights] no object weight_map"};
  }
  ShardTensors shards;
  for (const auto& [weight, file] : map->as_object()) {
    if (!file.is_string() || file.as_string().empty()) {
      return Error{Code::corrupt_data, fmt::format("{}: [weights] no file for {}", index, weight)};
    }
    if (file.as_string().find('/') != std::string::npos) {
      return Error{Code::corrupt_data,
                   fmt::format("{}: [weights] the file for {} is '{}', which leads out of the "
                               "folder; only files beside the index are read",
                               index, weight, file.as_string())};
    }
    shards[file.as_string()].push_back(weight);
  }
  return shards;
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

/// Whether it is a buffer that old checkpoints carry: config.json gives its values.
bool is_rotary_buffer(std::string_view name) {
  return name.ends_with("rotary_emb.inv_freq");
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
  const std::string whole = io::join_path(folder, kSingleFile);
  const std::string index = io::join_path(folder, kIndexFile);
  const bool has_index = ALUDEL_TRY(io::exists(files, index));
  // A whole file counts before an index, as in transformers: the index is a left-over of shards.
  const bool has_whole = ALUDEL_TRY(io::exists(files, whole));
  ALUDEL_TRY(has_index && !has_whole ? opened.open_shards(files, model, index)
                                     : opened.open_whole(files, model, whole));
  ALUDEL_TRY(opened.leave_out_repeated_head(model));
  if (has_whole && has_index) log_warning("{} is not read: {} is there", index, kSingleFile);
  if (opened.buffers_ > 0) {
    log_info("{}: {} tensors rotary_emb.inv_freq are not read: config.json gives the angles",
             folder, opened.buffers_);
  }
  return opened;
}

Status WeightFiles::open_whole(io::FileSystem& files, const Model& model, const std::string& path) {
  opened_.push_back(ALUDEL_TRY(io::SafetensorsFile::open(files, path)));
  for (const io::TensorView& view : opened_.back().tensors()) {
    ALUDEL_TRY(add(model, view));
  }
  return Ok{};
}

Status WeightFiles::open_shards(io::FileSystem& files, const Model& model,
                                const std::string& index) {
  for (const auto& [name, weights] : ALUDEL_TRY(read_index(files, index))) {
    const std::string path = io::join_path(folder_, name);
    const io::SafetensorsFile& file =
        opened_.emplace_back(ALUDEL_TRY(io::SafetensorsFile::open(files, path)));
    for (const std::string& weight : weights) {
      const io::TensorView* view = file.find(weight);
      if (view == nullptr) {
        return Error{Code::corrupt_data,
                     fmt::format("{}: [weights] {} is not in {}, which {} names for it", folder_,
                                 weight, name, kIndexFile)};
      }
      ALUDEL_TRY(add(model, *view));
    }
    const std::size_t others = file.tensors().size() - weights.size();
    if (others > 0) {
      log_warning("{}: {} tensors are not read: {} does not name this file for them", path, others,
                  kIndexFile);
    }
  }
  return Ok{};
}

Status WeightFiles::add(const Model& model, const io::TensorView& view) {
  const std::string name = canonical_name(*model.family, view.name);
  if (is_rotary_buffer(name)) {
    ++buffers_;
    return Ok{};
  }
  const auto [place, is_new] = by_name_.emplace(name, &view);
  if (is_new) return Ok{};
  return Error{Code::corrupt_data, fmt::format("{}: [weights] both {} and {} are there for {}",
                                               folder_, place->second->name, view.name, name)};
}

/// Takes out the head where config.json ties it to the embedding table and it repeats that table.
/// One that differs is refused: transformers 4 overwrites such a head, transformers 5 uses it.
Status WeightFiles::leave_out_repeated_head(const Model& model) {
  const std::string& table_name = model.description.head;
  const auto head = by_name_.find(kHead);
  if (!model.config.tied_embeddings || head == by_name_.end() || table_name == kHead) return Ok{};
  const io::TensorView& table = *ALUDEL_TRY(find(table_name));
  const io::TensorView& repeated = *head->second;
  if (repeated.dtype != table.dtype || repeated.shape != table.shape ||
      repeated.bytes != table.bytes) {
    return Error{Code::corrupt_data,
                 fmt::format("{}: [weights] config.json says tie_word_embeddings = true, but {} "
                             "differs from {}: set it to false to use that head, or take the "
                             "tensor out of its file",
                             folder_, repeated.name, table.name)};
  }
  by_name_.erase(head);
  return Ok{};
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
