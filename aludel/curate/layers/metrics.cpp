#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/curate/layer.h"

namespace aludel::curate {
namespace {

struct MetricsSettings {
  std::int64_t min_words = 50;
  std::int64_t max_words = 100'000;

  template <class V>
  void visit(V& v) {
    v("min_words", min_words, "fewest words; Gopher, arXiv:2112.11446 A1.1");
    v("max_words", max_words, "most words; Gopher, arXiv:2112.11446 A1.1");
  }
};

class MetricsLayer final : public Layer {
 public:
  explicit MetricsLayer(const MetricsSettings& settings) : settings_(settings) {}

  Verdict judge(Document& document) const override {
    std::int64_t words = 0;
    bool inside = false;
    for (const char c : document.text) {
      const bool space = c == ' ' || (c >= '\t' && c <= '\r');
      if (!space && !inside) ++words;
      inside = !space;
    }
    document.annotations["metrics"]["words"] = words;
    const auto score = static_cast<double>(words);
    if (words < settings_.min_words) return {false, "too_few_words", score};
    if (words > settings_.max_words) return {false, "too_many_words", score};
    return {true, "", score};
  }

 private:
  MetricsSettings settings_;
};

}  // namespace

extern constinit const LayerSpec layer_metrics = {
    .name = "metrics",
    .summary = "Drops documents with too few or too many words.",
    .source = "Gopher, arXiv:2112.11446",
    .kind = LayerKind::document,
    .defaults = [] { return dump_config(MetricsSettings{}); },
    .make = [](const Json& settings, const LayerContext&) -> Result<std::unique_ptr<Layer>> {
      MetricsSettings read;
      ALUDEL_TRY(read_config(settings, read, "layer metrics"));
      return std::unique_ptr<Layer>(std::make_unique<MetricsLayer>(read));
    },
};

}  // namespace aludel::curate
