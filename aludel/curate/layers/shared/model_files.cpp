#include "aludel/curate/layers/shared/model_files.h"

#include <fmt/format.h>

namespace aludel::curate {

std::string lm_file_name(std::string_view language) {
  return fmt::format("lm.{}.ngram", language);
}

Result<text::Classifier> load_classifier(io::FileSystem& files, const std::string& models_folder,
                                         std::string_view name, std::string_view layer) {
  const std::string path = io::join_path(models_folder, name);
  const auto bytes = io::read_file(files, path);
  if (!bytes) {
    return Error{bytes.error().code,
                 fmt::format("[layers.{}] {}: build it with `aludel models build`, name its folder "
                             "with --models, or set the layer off",
                             layer, bytes.error().message)};
  }
  auto model = text::Classifier::from_bytes(bytes.value());
  if (!model) return std::move(model).error().with_context(path);
  return model;
}

}  // namespace aludel::curate
