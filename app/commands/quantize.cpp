#include "app/model_command.h"
#include <fmt/format.h>

#include "aludel/base/clock.h"
#include "aludel/base/json.h"
#include "aludel/base/stop.h"
#include "aludel/base/utf8.h"
#include "aludel/infer/score.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/models/quantisation/quantise_folder.h"

namespace aludel::app {
namespace {

struct QuantizeOptions {
  std::string model;
  std::string scheme = "q4";
  std::string out;
  std::string eval;
  std::int64_t eval_bytes = 200'000;
  std::int64_t threads = 0;
  bool json = false;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("model", model, "a model folder, or a run with model/");
    v("scheme", scheme, "how weights are stored", one_of(models::all_quantisation_schemes()));
    v("out", out, "folder to write");
    v("eval", eval, "text file on which the loss before and after is measured");
    v("eval_bytes", eval_bytes, "at most so many bytes of it", at_least(1));
    v("threads", threads, "0: one per core", kThreadCounts);
    v("json", json, "print one JSON object");
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

Result<double> bits_per_byte(const CommandLine& line, const QuantizeOptions& options,
                             const std::string& folder, std::string_view text) {
  const auto running =
      ALUDEL_TRY(open_model(line, {.model = folder, .threads = options.threads, .kv = "auto"},
                            infer::TokenizerNeed::required));
  const auto score =
      ALUDEL_TRY(infer::score_text(*running->loaded.engine, *running->loaded.prompts, text, 0,
                                   [](std::int64_t) { return !stop_requested(); }));
  return score.bits_per_byte();
}

Json to_json(const models::QuantisationReport& report, const QuantizeOptions& options) {
  Json json = Json::object();
  json["scheme"] = options.scheme;
  json["out"] = options.out;
  json["bytes_before"] = report.bytes_before;
  json["bytes_after"] = report.bytes_after;
  json["size_ratio"] =
      static_cast<double>(report.bytes_after) / static_cast<double>(report.bytes_before);
  json["quantised_matrices"] = report.quantised_matrices;
  json["kept_matrices"] = report.kept_matrices;
  json["relative_error"] = report.relative_error();
  return json;
}

Result<int> run(const CommandLine& line) {
  QuantizeOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  if (options.model.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[quantize] give a model and --out"};
  }
  const auto& scheme = models::quantisation_scheme(options.scheme);
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  const std::string from = ALUDEL_TRY(infer::find_model_folder(files, options.model));
  const auto claim =
      ALUDEL_TRY(io::OutputClaim::take(files, io::join_path(options.out, "config.json")));
  const double started = now_seconds();
  Json json;
  {
    Threads threads(static_cast<int>(options.threads));
    tensor::Device device(threads, line.isa);
    json = to_json(ALUDEL_TRY(models::quantise_folder(device, files, from, options.out, scheme)),
                   options);
  }
  json["seconds"] = now_seconds() - started;
  if (!options.eval.empty()) {
    std::string text = ALUDEL_TRY(io::read_file(files, options.eval));
    const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(1, options.eval_bytes));
    if (text.size() > limit) text.resize(utf8_boundary(text, limit));
    const double before = ALUDEL_TRY(bits_per_byte(line, options, from, text));
    const double after = ALUDEL_TRY(bits_per_byte(line, options, options.out, text));
    json["bits_per_byte_before"] = before;
    json["bits_per_byte_after"] = after;
    json["bits_per_byte_change"] = after / before - 1;
  }
  if (options.json) {
    print(json.dump());
  } else {
    for (const auto& [name, value] : json.as_object()) {
      print(fmt::format("{:<24}{}", name, value.is_string() ? value.as_string() : value.dump()));
    }
  }
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_quantize = {
    .name = "quantize",
    .summary = "Stores a model's weights in 4 or 8 bits.",
    .details =
        "Writes a model folder that every command takes; docs/formats/quantised.md tells its\n"
        "layout. With --eval it says what the loss was before and after.\n"
        "Example: aludel quantize RUN --scheme q4 --out RUN-q4 --eval held-out.txt --json",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
