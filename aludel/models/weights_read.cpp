#include <algorithm>

#include <fmt/format.h>

#include "aludel/models/weight_files.h"
#include "aludel/models/weights.h"

namespace aludel::models {

using tensor::DType;

Result<Weights> load_weights(io::FileSystem& files, const std::string& folder, const Model& model,
                             DType type) {
  const WeightFiles opened = ALUDEL_TRY(WeightFiles::open(files, folder, model));
  const std::vector<WeightInfo> expected = model.description.weights(model.config);
  for (const auto& [name, view] : opened.all()) {
    if (std::ranges::find(expected, name, &WeightInfo::name) == expected.end()) {
      if (view->name.ends_with(".scales") || view->name.ends_with(".biases")) {
        return Error{Code::unsupported, fmt::format("{}: [weights] this model is quantised ({}); "
                                                    "give the one that it was made of",
                                                    folder, view->name)};
      }
      return Error{Code::corrupt_data,
                   fmt::format("{}: [weights] unknown weight {}", folder, view->name)};
    }
  }
  Weights weights;
  for (const WeightInfo& info : expected) {
    const io::TensorView* view = ALUDEL_TRY(opened.find(info.name));
    auto weight = read_weight(*view, info.shape, type);
    if (!weight) return std::move(weight).error().with_context(folder);
    weights.set(info.name, weight.value());
  }
  return weights;
}

}  // namespace aludel::models
