#include "aludel/curate/cascade/stored_layer.h"

#include <string>
#include <utility>

#include "aludel/base/check.h"
#include "aludel/curate/cascade/limits.h"
#include "aludel/curate/cascade/notes.h"

namespace aludel::curate {
namespace {

class CutOffLayer final : public Layer {
 public:
  CutOffLayer(const LayerSpec& spec, Json settings) : spec_(spec), settings_(std::move(settings)) {}

  Verdict judge(Document& document) const override {
    const Json* noted = document.annotations.find(spec_.name);
    return noted == nullptr ? Verdict{}
                            : judge_noted(spec_.cut_offs_of(settings_), *noted, settings_);
  }

 private:
  const LayerSpec& spec_;
  Json settings_;
};

class StoredOrMeasuredLayer final : public Layer {
 public:
  StoredOrMeasuredLayer(std::unique_ptr<Layer> stored, std::unique_ptr<Layer> measured)
      : stored_(std::move(stored)), measured_(std::move(measured)) {}

  Verdict judge(Document& document) const override {
    return has_stored_text(document) ? stored_->judge(document) : measured_->judge(document);
  }

 private:
  std::unique_ptr<Layer> stored_;
  std::unique_ptr<Layer> measured_;
};

}  // namespace

const Json* value_of_rule(const CutOff& cut_off, const Json& noted) {
  const bool is_barred = !cut_off.unless.empty() && noted.find(cut_off.unless) != nullptr;
  return is_barred ? nullptr : noted.find(cut_off.value);
}

double number_of_setting(const Json& settings, std::string_view name) {
  const Json* value = settings.find(name);
  ALUDEL_CHECK(value != nullptr && (value->is_number() || value->is_bool()),
               "a cut-off names a setting that is no number");
  if (value->is_bool()) return value->as_bool() ? 1 : 0;
  return value->as_number();
}

Verdict judge_noted(std::span<const CutOff> cut_offs, const Json& noted, const Json& settings) {
  Json ignored = Json::object();
  Limits limits(ignored);
  for (const CutOff& cut_off : cut_offs) {
    const Json* value = value_of_rule(cut_off, noted);
    if (value == nullptr || !value->is_number()) continue;
    const double limit = number_of_setting(settings, cut_off.setting);
    if (cut_off.side == Side::at_least) {
      limits.at_least(cut_off.value, value->as_number(), limit, cut_off.reason);
    } else {
      limits.at_most_unless_off(cut_off.value, value->as_number(), {limit, cut_off.off},
                                cut_off.reason);
    }
  }
  return limits.verdict();
}

Result<std::unique_ptr<Layer>> make_stored_layer(const LayerSpec& spec, const Json& settings,
                                                 const LayerContext& context) {
  ALUDEL_CHECK(spec.is_stored(), "a layer whose annotations are enough");
  if (spec.make_stored != nullptr) return spec.make_stored(settings, context);
  ALUDEL_TRY(spec.make(settings, context));  // checks them; such a layer needs no model
  return std::unique_ptr<Layer>(std::make_unique<CutOffLayer>(spec, settings));
}

std::unique_ptr<Layer> make_stored_or_measured(std::unique_ptr<Layer> stored,
                                               std::unique_ptr<Layer> measured) {
  return std::make_unique<StoredOrMeasuredLayer>(std::move(stored), std::move(measured));
}

}  // namespace aludel::curate
