#include "aludel/models/quantisation/quantise_folder.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "aludel/io/json_file.h"
#include "aludel/io/place.h"
#include "aludel/models/weight_files.h"

namespace aludel::models {
namespace {

using tensor::DType;
using tensor::PackedFormat;
using tensor::Tensor;

constexpr std::string_view kWeight = ".weight";

/// The tensors of the new file, with the memory that they lie in.
class QuantisedFile {
 public:
  void add(const std::string& name, const Tensor& tensor) {
    tensors_.push_back(tensor);
    std::vector<std::int64_t> shape;
    for (std::size_t axis = 0; axis < tensor.shape().rank(); ++axis) {
      shape.push_back(static_cast<std::int64_t>(tensor.shape()[axis]));
    }
    push(name, tensor.dtype() == DType::f32 ? "F32" : "BF16", std::move(shape), tensor.raw(),
         tensor.bytes());
  }

  void add(const std::string& weight_name, QuantisedTensor tensor) {
    const QuantisedTensor& kept = quantised_.emplace_back(std::move(tensor));
    const std::string base = weight_name.substr(0, weight_name.size() - kWeight.size());
    const auto rows = static_cast<std::int64_t>(kept.rows);
    const auto groups = static_cast<std::int64_t>(kept.columns / kept.group);
    const auto words = static_cast<std::int64_t>(kept.columns * tensor::bits_of(kept.format) / 32);
    push(weight_name, "U32", {rows, words}, kept.q.data(), kept.q.size());
    push(base + ".scales", "BF16", {rows, groups}, kept.scales.data(), kept.scales.size() * 2);
    push(base + ".biases", "BF16", {rows, groups}, kept.offsets.data(), kept.offsets.size() * 2);
  }

  Status write(io::FileSystem& files, const std::string& path) const {
    return io::write_safetensors(files, path, views_, {{"format", "mlx"}});
  }

 private:
  void push(std::string name, std::string dtype, std::vector<std::int64_t> shape, const void* data,
            std::size_t bytes) {
    io::TensorView& view = views_.emplace_back();
    view.name = std::move(name);
    view.dtype = std::move(dtype);
    view.shape = std::move(shape);
    view.bytes = {static_cast<const char*>(data), bytes};
  }

  std::deque<Tensor> tensors_;
  std::deque<QuantisedTensor> quantised_;
  std::vector<io::TensorView> views_;
};

Tensor to_narrow(const Tensor& matrix) {
  Tensor narrow = Tensor::empty(DType::bf16, matrix.shape());
  for (std::size_t i = 0; i < matrix.elements(); ++i) {
    narrow.data<tensor::Bf16>()[i] = tensor::to_bf16(matrix.data<float>()[i]);
  }
  return narrow;
}

/// The group size that fits a row, the scheme's or a smaller one; 0 if none does.
std::size_t group_for(std::size_t columns, std::size_t group) {
  for (; group >= 32; group /= 2) {
    if (can_quantise(columns, group)) return group;
  }
  return 0;
}

/// Whether it is the embedding table or the head.
bool is_outer(const ModelDescription& description, std::string_view name) {
  return name == description.head ||
         std::ranges::any_of(description.start.weights(),
                             [&](const WeightInfo& weight) { return weight.name == name; });
}

Json parameters_of(PackedFormat format, std::size_t group) {
  Json json = Json::object();
  json["group_size"] = static_cast<std::uint64_t>(group);
  json["bits"] = static_cast<std::int64_t>(tensor::bits_of(format));
  return json;
}

bool is_weight_file(const std::filesystem::path& path) {
  const std::string extension = path.extension();
  return extension == ".safetensors" || extension == ".bin" || extension == ".gguf" ||
         extension == ".pt" || extension == ".pth" ||
         path.filename() == "model.safetensors.index.json";
}

/// Whether the file stands in the folder itself, not in a folder below.
bool is_directly_in(const std::filesystem::path& file, const std::string& folder) {
  return (std::filesystem::path(folder) / file.filename()).lexically_normal() ==
         file.lexically_normal();
}

bool is_copied(const std::filesystem::path& path) {
  return !is_weight_file(path) && path.filename() != "config.json";
}

/// Copies what is no weight and no config.json; adds up the weights' sizes.
Result<std::uint64_t> copy_other_files(io::FileSystem& files, const std::string& from,
                                       const std::string& to) {
  std::uint64_t weight_bytes = 0;
  for (const io::FileInfo& file : ALUDEL_TRY(files.list(from))) {
    const std::filesystem::path path = file.path;
    if (path.extension() == ".safetensors") weight_bytes += file.size_bytes;
    if (!is_directly_in(path, from) || !is_copied(path)) continue;
    const std::string bytes = ALUDEL_TRY(io::read_file(files, file.path));
    ALUDEL_TRY(io::write_file(files, io::join_path(to, path.filename().string()), bytes));
  }
  return weight_bytes;
}

Error wrong_target(const std::string& to, std::string_view why) {
  return {Code::invalid_argument,
          fmt::format("[quantise] --out {}: {}; give a new folder, for example {}-quantised", to,
                      why, to)};
}

/// Refuses a folder that is the source or around it, or that holds what no quantisation wrote: its
/// config.json would stand before a run's model, or beside another model's weights. What an earlier
/// or a killed quantisation left is written over.
Status check_target(io::FileSystem& files, const std::string& from, const std::string& to) {
  const std::filesystem::path source = io::place_of(from);
  const std::filesystem::path target = io::place_of(to);
  if (source == target) return wrong_target(to, "the model itself is there");
  const auto to_source = source.lexically_relative(target);
  if (!to_source.empty() && *to_source.begin() != "..") {
    return wrong_target(to, fmt::format("the model is inside of it, in {}", from));
  }
  const auto there = files.list(to);
  if (!there) return there.error().code == Code::not_found ? Status(Ok{}) : there.error();
  std::set<std::string> ours = {"config.json", "model.safetensors"};
  for (const io::FileInfo& file : ALUDEL_TRY(files.list(from))) {
    const std::filesystem::path path = file.path;
    if (is_directly_in(path, from) && is_copied(path)) ours.insert(path.filename());
  }
  for (const io::FileInfo& file : there.value()) {
    const std::filesystem::path path = file.path;
    if (!is_directly_in(path, to) || !ours.contains(path.filename())) {
      return wrong_target(to, fmt::format("{} is there already", file.path));
    }
  }
  const auto config = io::read_file(files, io::join_path(to, "config.json"));
  if (!config) return Ok{};
  if (parse_json(config.value()).value_or(Json::object()).find("quantization") != nullptr) {
    return Ok{};
  }
  return wrong_target(to, "a model that is not quantised is there already");
}

}  // namespace

double QuantisationReport::relative_error() const {
  return squared_norm > 0 ? std::sqrt(squared_error / squared_norm) : 0;
}

Result<QuantisationReport> quantise_folder(tensor::Device& device, io::FileSystem& files,
                                           const std::string& from, const std::string& to,
                                           const QuantisationScheme& scheme) {
  ALUDEL_TRY(check_target(files, from, to));
  const Model model = ALUDEL_TRY(load_model(files, from));
  Json config = ALUDEL_TRY(io::read_json_object(files, io::join_path(from, "config.json")));
  if (config.find("quantization") != nullptr || config.find("quantization_config") != nullptr) {
    return Error{Code::invalid_argument, from + ": [quantise] this model is quantised already"};
  }
  const WeightFiles opened = ALUDEL_TRY(WeightFiles::open(files, from, model));
  ALUDEL_TRY(files.make_folders(to));
  QuantisationReport report;
  report.bytes_before = ALUDEL_TRY(copy_other_files(files, from, to));
  Json parameters = parameters_of(scheme.format, scheme.group);
  QuantisedFile out;
  for (const WeightInfo& info : model.description.weights(model.config)) {
    auto read = read_weight(*ALUDEL_TRY(opened.find(info.name)), info.shape, DType::f32);
    if (!read) return std::move(read).error().with_context(from);
    const Tensor weight = std::move(read).value();
    if (info.shape.rank() != 2) {
      out.add(info.name, weight);
      continue;
    }
    const auto too_large = [](float x) { return std::abs(x) > kLargestQuantised; };
    if (std::ranges::any_of(weight.span<float>(), too_large)) {
      return Error{Code::corrupt_data, fmt::format("{}: [quantise] {} holds numbers over {:g}",
                                                   from, info.name, kLargestQuantised)};
    }
    const PackedFormat format =
        is_outer(model.description, info.name) ? scheme.embedding_format : scheme.format;
    const std::size_t group = group_for(info.shape[1], scheme.group);
    const std::string layer = info.name.substr(0, info.name.size() - kWeight.size());
    if (group == 0) {
      out.add(info.name, to_narrow(weight));
      parameters[layer] = false;
      ++report.kept_matrices;
      continue;
    }
    QuantisedTensor quantised = quantise(device, weight, format, group);
    report.squared_error += quantised.squared_error;
    report.squared_norm += quantised.squared_norm;
    ++report.quantised_matrices;
    if (format != scheme.format || group != scheme.group) {
      parameters[layer] = parameters_of(format, group);
    }
    out.add(info.name, std::move(quantised));
  }
  config["quantization"] = parameters;
  config["quantization_config"] = parameters;
  const std::string path = io::join_path(to, "model.safetensors");
  ALUDEL_TRY(out.write(files, path));
  ALUDEL_TRY(io::write_file(files, io::join_path(to, "config.json"), config.dump_pretty()));
  report.bytes_after = ALUDEL_TRY(files.info(path)).size_bytes;
  return report;
}

}  // namespace aludel::models
