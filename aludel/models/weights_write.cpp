#include "aludel/io/formats/safetensors.h"
#include "aludel/models/weights.h"

namespace aludel::models {
namespace {

using tensor::DType;
using tensor::Tensor;

/// The weight in another dtype, element by element: no wide copy of a large model.
Tensor in_type(const Tensor& weight, DType type) {
  if (weight.dtype() == type) return weight;
  Tensor out = Tensor::empty(type, weight.shape());
  for (std::size_t i = 0; i < out.elements(); ++i) {
    if (type == DType::bf16) {
      out.data<tensor::Bf16>()[i] = tensor::to_bf16(weight.data<float>()[i]);
    } else {
      out.data<float>()[i] = tensor::to_float(weight.data<tensor::Bf16>()[i]);
    }
  }
  return out;
}

io::TensorView view_of(std::string_view name, const Tensor& weight) {
  io::TensorView view;
  view.name = name;
  view.dtype = weight.dtype() == DType::f32 ? "F32" : "BF16";
  for (std::size_t axis = 0; axis < weight.shape().rank(); ++axis) {
    view.shape.push_back(static_cast<std::int64_t>(weight.shape()[axis]));
  }
  view.bytes = {static_cast<const char*>(weight.raw()), weight.bytes()};
  return view;
}

Json generation_config(const ModelConfig& config, std::string_view chat_template) {
  Json json = Json::object();
  if (config.begin_id >= 0) json["bos_token_id"] = config.begin_id;
  Json ends = Json::array();
  for (const std::int32_t id : config.end_ids) {
    ends.push_back(id);
  }
  if (!config.end_ids.empty()) json["eos_token_id"] = ends;
  if (!chat_template.empty()) json["chat_template"] = chat_template;
  return json;
}

}  // namespace

Status write_hf_folder(io::FileSystem& files, const std::string& folder, const Model& model,
                       const Weights& weights, DType type, std::string_view chat_template) {
  ALUDEL_TRY(files.make_folders(folder));
  const Json config =
      model.family->write_config(model.config, type == DType::f32 ? "float32" : "bfloat16");
  ALUDEL_TRY(io::write_file(files, io::join_path(folder, "config.json"), config.dump_pretty()));
  ALUDEL_TRY(io::write_file(files, io::join_path(folder, "generation_config.json"),
                            generation_config(model.config, chat_template).dump_pretty()));
  std::vector<Tensor> kept;
  std::vector<io::TensorView> views;
  for (const WeightInfo& info : model.description.weights(model.config)) {
    kept.push_back(in_type(weights.at(info.name), type));
    views.push_back(view_of(info.name, kept.back()));
  }
  return io::write_safetensors(files, io::join_path(folder, "model.safetensors"), views,
                               {{"format", "pt"}});
}

}  // namespace aludel::models
