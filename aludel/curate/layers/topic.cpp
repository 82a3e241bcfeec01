#include <optional>

#include "aludel/base/config.h"
#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/layers/shared/model_files.h"

namespace aludel::curate {
namespace {

struct TopicSettings {
  std::string down_sampled = "ads";
  double keep_rate = 0.1;
  double min_probability = 0.5;

  template <class V>
  void visit(V& v) {
    v("down_sampled", down_sampled, "topic of which only a part stays; empty: none").read_at =
        ReadAt::decision;
    v("keep_rate", keep_rate, "share of that topic's documents that stays, chosen by seed and id",
      kShare)
        .read_at = ReadAt::decision;
    v("min_probability", min_probability, "a document is of a topic from this probability on",
      kShare)
        .read_at = ReadAt::decision;
  }
};

class TopicLayer final : public Layer {
 public:
  /// Without a model it decides by what is noted.
  TopicLayer(TopicSettings settings, std::optional<text::Classifier> model, std::uint64_t seed)
      : settings_(std::move(settings)), model_(std::move(model)), seed_(seed) {}

  void measure(Document& document) const override {
    const std::vector<float> p = model_->predict(document.text);
    std::size_t best = 0;
    for (std::size_t topic = 1; topic < p.size(); ++topic) {
      if (p[topic] > p[best]) best = topic;
    }
    Json annotation = Json::object();
    annotation[kTopic.key] = model_->labels()[best];
    annotation["probability"] = static_cast<double>(p[best]);
    document.annotations["topic"] = std::move(annotation);
  }

  /// Keeps the stated part of the topic that is down-sampled.
  Verdict decide(Document& document) const override {
    Json& annotation = document.annotations["topic"];
    const std::string topic = topic_of(document);
    const double probability = annotation.number_or("probability", 0);
    remove_note(annotation, "sampled");
    if (topic != settings_.down_sampled || probability < settings_.min_probability) {
      return {true, "", probability};
    }
    const bool stays = Rng(seed_, hash64(document.id)).uniform() < settings_.keep_rate;
    annotation["sampled"] = stays;
    if (stays) return {true, "", probability};
    return {false, topic + "_downsampled", probability};
  }

 private:
  TopicSettings settings_;
  std::optional<text::Classifier> model_;
  std::uint64_t seed_;
};

Result<std::unique_ptr<Layer>> make_topic(const Json& settings, const LayerContext& context) {
  TopicSettings read;
  ALUDEL_TRY(read_config(settings, read, "layers.topic"));
  std::optional<text::Classifier> model;
  if (context.measures) {
    model = ALUDEL_TRY(load_classifier(context.files, context.models_folder, kTopicModel, "topic"));
  }
  return std::unique_ptr<Layer>(
      std::make_unique<TopicLayer>(std::move(read), std::move(model), context.seed));
}

}  // namespace

extern constinit const LayerSpec layer_topic = {
    .name = "topic",
    .summary = "Names each document's topic; keeps a stated part of the advertisements.",
    .source = "Yi, arXiv:2403.04652 2.1 (advertisements are down-sampled)",
    .show_settings = default_settings<TopicSettings>,
    .make = make_topic,
};

}  // namespace aludel::curate
