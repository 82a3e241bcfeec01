#include "aludel/base/config.h"
#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/layers/shared/model_files.h"

namespace aludel::curate {
namespace {

struct TopicSettings {
  std::string down_sampled = "ads";
  double keep_rate = 0.1;
  double min_probability = 0.5;

  template <class V>
  void visit(V& v) {
    v("down_sampled", down_sampled, "topic of which only a part stays; empty: none");
    v("keep_rate", keep_rate, "share of that topic's documents that stays, chosen by seed and id",
      kShare);
    v("min_probability", min_probability, "a document is of a topic from this probability on",
      kShare);
  }
};

/// Keeps the stated part of the topic that is down-sampled.
Verdict judge_topic(const TopicSettings& settings, std::uint64_t seed, Document& document) {
  Json& annotation = document.annotations["topic"];
  const std::string topic = annotation.string_or("topic", "");
  const double probability = annotation.number_or("probability", 0);
  if (topic != settings.down_sampled || probability < settings.min_probability) {
    return {true, "", probability};
  }
  const bool stays = Rng(seed, hash64(document.id)).uniform() < settings.keep_rate;
  annotation["sampled"] = stays;
  if (stays) return {true, "", probability};
  return {false, topic + "_downsampled", probability};
}

class TopicLayer final : public Layer {
 public:
  TopicLayer(const TopicSettings& settings, text::Classifier model, std::uint64_t seed)
      : settings_(settings), model_(std::move(model)), seed_(seed) {}

  Verdict judge(Document& document) const override {
    const std::vector<float> p = model_.predict(document.text);
    std::size_t best = 0;
    for (std::size_t topic = 1; topic < p.size(); ++topic) {
      if (p[topic] > p[best]) best = topic;
    }
    Json annotation = Json::object();
    annotation["topic"] = model_.labels()[best];
    annotation["probability"] = static_cast<double>(p[best]);
    document.annotations["topic"] = std::move(annotation);
    return judge_topic(settings_, seed_, document);
  }

 private:
  TopicSettings settings_;
  text::Classifier model_;
  std::uint64_t seed_;
};

/// Judges by topic and probability as they were noted.
class StoredTopicLayer final : public Layer {
 public:
  StoredTopicLayer(TopicSettings settings, std::uint64_t seed)
      : settings_(std::move(settings)), seed_(seed) {}

  Verdict judge(Document& document) const override {
    Json noted = Json::object();
    if (const Json* notes = document.annotations.find("topic")) {
      noted["topic"] = notes->string_or("topic", "");
      noted["probability"] = notes->number_or("probability", 0);
    }
    document.annotations["topic"] = std::move(noted);
    return judge_topic(settings_, seed_, document);
  }

 private:
  TopicSettings settings_;
  std::uint64_t seed_;
};

constexpr std::string_view kTopicDials[] = {"down_sampled", "keep_rate", "min_probability"};

Result<TopicSettings> read_topic_settings(const Json& settings) {
  TopicSettings read;
  ALUDEL_TRY(read_config(settings, read, "layer topic"));
  return read;
}

Result<std::unique_ptr<Layer>> make_topic(const Json& settings, const LayerContext& context) {
  const TopicSettings read = ALUDEL_TRY(read_topic_settings(settings));
  auto model =
      ALUDEL_TRY(load_classifier(context.files, context.models_folder, kTopicModel, "topic"));
  return std::unique_ptr<Layer>(std::make_unique<TopicLayer>(read, std::move(model), context.seed));
}

Result<std::unique_ptr<Layer>> make_stored_topic(const Json& settings,
                                                 const LayerContext& context) {
  return std::unique_ptr<Layer>(
      std::make_unique<StoredTopicLayer>(ALUDEL_TRY(read_topic_settings(settings)), context.seed));
}

}  // namespace

extern constinit const LayerSpec layer_topic = {
    .name = "topic",
    .summary = "Names each document's topic; keeps a stated part of the advertisements.",
    .source = "Yi, arXiv:2403.04652 2.1 (advertisements are down-sampled)",
    .kind = LayerKind::document,
    .show_settings = default_settings<TopicSettings>,
    .make = make_topic,
    .dials = kTopicDials,
    .make_stored = make_stored_topic,
};

}  // namespace aludel::curate
