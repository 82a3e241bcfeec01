#include "aludel/curate/layers/safety/class_basis.h"

#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/safety/class_basis.h"
#include "aludel/safety/taxonomy.h"

namespace aludel::curate {
namespace {

Json all_classes(std::string_view basis) {
  Json classes = Json::object();
  for (const safety::SafetyClassInfo& info : safety::safety_classes()) {
    classes[info.name]["basis"] = basis;
  }
  return classes;
}

}  // namespace

Json safety_class_basis(const Json& settings, io::FileSystem& files,
                        const std::string& models_folder) {
  if (settings.bool_or("lexicon_only", false)) return all_classes(safety::kLexiconOnly);
  const auto card =
      io::read_file(files, io::join_path(models_folder, std::string(kSafetyModel) + ".card.json"));
  const auto parsed = card ? parse_json(card.value()) : Result<Json>(card.error());
  const Json* classes = parsed ? parsed.value().find("classes") : nullptr;
  return classes != nullptr && classes->is_object() ? *classes
                                                    : all_classes(safety::kUnmeasuredModel);
}

}  // namespace aludel::curate
