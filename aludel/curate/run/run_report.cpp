#include "aludel/curate/run/run_report.h"

#include <algorithm>

#include "aludel/base/log.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/model_building/model_cards.h"
#include "aludel/curate/report/report_data.h"

namespace aludel::curate {
namespace {

/// Adds what each class is judged by to the rows of the layers that tell classes apart.
void add_class_basis(io::FileSystem& files, const CurateConfig& config, Json& rows) {
  for (const ResolvedLayer& layer : resolve_layers(config)) {
    const auto on = std::ranges::find_if(layer.by_profile, &LayerSettings::on);
    if (layer.spec->class_basis == nullptr || on == layer.by_profile.end()) continue;
    for (Json& row : rows.as_array()) {
      if (row.string_or("name", "") != layer.spec->name) continue;
      row["classes"] = layer.spec->class_basis(on->settings, files, config.models);
    }
  }
}

}  // namespace

Status write_run_report(io::FileSystem& files, const CurateConfig& config, const RunShape& shape,
                        const Json& timing, const std::vector<Json>& models) {
  Notes notes;
  for (std::size_t shard = 0; shard < shape.shards; ++shard) {
    for (std::size_t segment = 0; segment < shape.segments; ++segment) {
      const std::string path = io::join_path(config.out, notes_path(segment, shard));
      const std::string text = ALUDEL_TRY(io::read_file(files, path));
      ALUDEL_TRY(add_notes(notes, ALUDEL_TRY(parse_json(text))));
    }
  }
  Json report = make_layer_report(notes);
  add_class_basis(files, config, *report.find("layers"));
  ALUDEL_TRY(
      io::write_file(files, io::join_path(config.out, kLayersReport), report.dump_pretty() + "\n"));
  Json of_models = Json::object();
  of_models["models"] = Json(Json::Array(models.begin(), models.end()));
  of_models["cautions"] = Json::array();
  for (const std::string& caution : model_cautions(models, *report.find("layers"))) {
    log_warning("{}", caution);
    of_models["cautions"].push_back(caution);
  }
  ALUDEL_TRY(io::write_file(files, io::join_path(config.out, kModelsReport),
                            of_models.dump_pretty() + "\n"));
  return io::write_file(files, io::join_path(config.out, kTimingReport),
                        timing.dump_pretty() + "\n");
}

}  // namespace aludel::curate
