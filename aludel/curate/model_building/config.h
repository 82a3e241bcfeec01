#pragma once

// The config of `aludel models build`: what the cascade's own models are trained on.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/result.h"
#include "aludel/curate/model_building/corruption.h"
#include "aludel/text/classifier/classifier.h"

namespace aludel::curate {

/// The value of `labelled_by` for text that people labelled.
inline constexpr std::string_view kByPeople = "people";

/// Reference text, and what it is an example of.
struct ReferenceConfig {
  std::vector<std::string> path;
  std::vector<std::string> roles;
  std::string language;
  std::string licence;
  std::string labelled_by;

  template <class V>
  void visit(V& v) {
    v("path", path, "files or folders of JSONL or plain text (.gz, .zst or plain)");
    v("roles", roles,
      "what it teaches: lm, quality_good, quality_bad, topic:NAME, safety:CLASS (safety:safe for "
      "harmless text); topic:* and safety:* take the `label` of each record");
    v("language", language, "as layer `language` names it; needed for lm");
    v("licence", licence, "noted in the model cards");
    v("labelled_by", labelled_by,
      "who said what the text is; noted in the cards, and only what people labelled measures a "
      "class of safety",
      or_empty(one_of({kByPeople, "program"})));
  }
};

struct ModelsConfig {
  std::string out = "models";
  std::int64_t seed = 1;
  double held_out = 0.1;
  std::int64_t passage_words = 250;
  std::int64_t lm_order = 3;
  std::string lm_memory = "1GB";
  std::vector<std::string> corruptions = {"shuffled_words",     "keyword_stuffing",
                                          "repeated_sentences", "menu",
                                          "damaged_letters",    "scraps"};
  double corrupted_share = 0.5;
  text::ClassifierSettings classifier;
  std::vector<ReferenceConfig> reference;

  template <class V>
  void visit(V& v) {
    v("out", out, "folder for the models and their cards");
    v("seed", seed, "of what is held out, what is corrupted, and the order of learning");
    v("held_out", held_out, "share of the reference text that measures instead of teaching",
      kShareBelowOne);
    v("passage_words", passage_words, "long texts are cut at line ends into passages of this size",
      at_least(10));
    v("lm_order", lm_order, "longest n-gram of the language models", between(1, 6));
    v("lm_memory", lm_memory, "what training one of them may take, \"1GB\"; more goes to files");
    v("corruptions", corruptions, "how good passages are spoilt to be examples of bad quality",
      one_of(all_corruptions()));
    v("corrupted_share", corrupted_share, "share of the good passages that is spoilt, each once",
      kShare);
    v("classifier", classifier, "how the classifiers learn");
    v("reference", reference, "reference text");
  }
};

/// Reads a config; `set` holds changes such as "classifier.epochs=3".
/// Errors: invalid_argument for an unknown role, and as read_config.
Result<ModelsConfig> read_models_config(std::string_view toml, std::string_view name,
                                        const std::vector<std::string>& set);

}  // namespace aludel::curate
