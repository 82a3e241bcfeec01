#include <algorithm>

#include "app/command.h"
#include "app/text_rows.h"

#include "aludel/base/log.h"
#include "aludel/base/stop.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/classifier/examples.h"

namespace aludel::app {
namespace {

struct ClassifierOptions;

Status train(io::FileSystem& files, const ClassifierOptions& options);
Status test(io::FileSystem& files, const ClassifierOptions& options);
Status apply(io::FileSystem& files, const ClassifierOptions& options);

struct Action {
  std::string_view name;
  Status (*run)(io::FileSystem& files, const ClassifierOptions& options);
};

constexpr Action kActions[] = {{"train", train}, {"test", test}, {"apply", apply}};

struct ClassifierOptions {
  std::string action;
  std::vector<std::string> data;
  std::string model;
  double threshold = 0.5;
  text::ExampleSettings fields;
  text::ClassifierSettings settings;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("action", action, "what to do", one_of(kActions));
    v("data", data, "JSONL files (.gz, .zst or plain) with a text and a label a row");
    v("model", model, "the classifier's file: train writes it, test and apply read it");
    v("threshold", threshold, "test: probability from which a text counts as of a label", kShare);
    v("fields", fields, "where a row has what");
    v("settings", settings, "how train learns");
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

Result<text::Classifier> load_model(io::FileSystem& files, const std::string& path) {
  const std::string bytes = ALUDEL_TRY(io::read_file(files, path));
  auto model = text::Classifier::from_bytes(bytes);
  if (!model) return std::move(model).error().with_context(path);
  return model;
}

Status train(io::FileSystem& files, const ClassifierOptions& options) {
  const auto claim = ALUDEL_TRY(io::OutputClaim::take(files, options.model));
  const auto examples = ALUDEL_TRY(text::read_examples(files, options.data, options.fields));
  const auto model = ALUDEL_TRY(
      text::Classifier::train(options.settings, text::labelled_texts(examples), stop_requested));
  const std::string bytes = model.to_bytes();
  ALUDEL_TRY(io::write_file(files, options.model, bytes));
  log_info("classifier of {} labels from {} texts: {} ({} bytes)", model.labels().size(),
           examples.size(), options.model, bytes.size());
  return Ok{};
}

Status test(io::FileSystem& files, const ClassifierOptions& options) {
  const auto examples = ALUDEL_TRY(text::read_examples(files, options.data, options.fields));
  const auto model = ALUDEL_TRY(load_model(files, options.model));
  const text::ClassifierScore score = text::measure(model, examples, options.threshold);
  Json out = Json::object();
  out["examples"] = static_cast<std::int64_t>(examples.size());
  out["accuracy"] = score.accuracy;
  for (std::size_t label = 0; label < model.labels().size(); ++label) {
    const std::string& name = model.labels()[label];
    out["area_under_curve"][name] = score.area_under_curve[label];
    out["precision"][name] = score.precision[label];
    out["recall"][name] = score.recall[label];
  }
  print(out.dump());
  return Ok{};
}

Status apply(io::FileSystem& files, const ClassifierOptions& options) {
  const auto model = ALUDEL_TRY(load_model(files, options.model));
  const auto add_label = [&](std::string_view text, Json& row) {
    const auto p = model.predict(text);
    std::size_t best = 0;
    for (std::size_t label = 0; label < p.size(); ++label) {
      if (p[label] > p[best]) best = label;
      row["probabilities"][model.labels()[label]] = static_cast<double>(p[label]);
    }
    row["label"] = model.labels()[best];
  };
  const TextField field{"classifier", "--fields.text-field", options.fields.text_field};
  return print_text_rows(files, options.data, field, add_label);
}

Result<int> run(const CommandLine& line) {
  ClassifierOptions options;
  if (ALUDEL_TRY(line.read(options, {"action", "data"})) == Parsed::help_shown) return kExitDone;
  if (options.model.empty() || options.data.empty()) {
    return Error{Code::invalid_argument, "[classifier] give --model FILE and data files"};
  }
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  const auto* const action = std::ranges::find(kActions, options.action, &Action::name);
  ALUDEL_TRY(action->run(files, options));
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_classifier = {
    .name = "classifier",
    .summary = "Trains, measures and applies a linear text classifier.",
    .details =
        "Example: aludel classifier train labelled.jsonl --model quality.bin\n"
        "test prints accuracy and each label's area under the ROC curve, precision and recall as "
        "one\n"
        "JSON object;\n"
        "apply prints one JSON object a row with its label and probabilities.",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
