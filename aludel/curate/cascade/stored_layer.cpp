#include "aludel/curate/cascade/stored_layer.h"

#include <string>
#include <utility>

#include "aludel/base/check.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/cascade/rules.h"

namespace aludel::curate {
namespace {

class CutOffLayer final : public Layer {
 public:
  CutOffLayer(const LayerSpec& spec, const Json& settings)
      : spec_(spec), rules_(spec.cut_offs_of(settings), settings) {}

  Verdict judge(Document& document) const override {
    const Json* noted = document.annotations.find(spec_.name);
    return noted == nullptr ? Verdict{} : rules_.decide(*noted);
  }

 private:
  const LayerSpec& spec_;
  Rules rules_;
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
