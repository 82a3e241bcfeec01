#include <algorithm>

#include "app/model_command.h"
#include <fmt/format.h>

#include "aludel/base/clock.h"
#include "aludel/base/json.h"
#include "aludel/base/rng.h"
#include "aludel/tensor/machine_limits.h"

namespace aludel::app {
namespace {

struct BenchOptions {
  ModelOptions model{.model = "", .threads = 2, .kv = "auto"};
  std::int64_t prompt = 512;
  std::int64_t generate = 128;
  std::int64_t depth = 0;
  std::int64_t batch = 1;
  std::int64_t repeats = 3;
  bool json = false;

  template <class V>
  void visit(V& v) {
    model.visit(v);
    v("prompt", prompt, "tokens of the prompt that is timed", at_least(1));
    v("generate", generate, "tokens generated one by one that are timed", at_least(1));
    v("depth", depth, "tokens that stand before both", at_least(0));
    v("batch", batch, "texts that are generated at a time", at_least(1));
    v("repeats", repeats, "runs; the median is reported", at_least(1));
    v("json", json, "print one JSON object");
  }
};

/// One text that grows by ids that no prompt chose.
class Text {
 public:
  explicit Text(infer::Engine& engine) : engine_(engine), sequence_(engine.new_sequence()) {}

  std::int32_t next_id() { return static_cast<std::int32_t>(rng_.below(vocabulary_)); }

  void take_prompt(std::int64_t tokens) {
    while (tokens > 0) {
      std::vector<std::int32_t> ids(
          static_cast<std::size_t>(std::min(tokens, infer::kPrefillChunk)));
      for (std::int32_t& id : ids)
        id = next_id();
      tokens -= static_cast<std::int64_t>(ids.size());
      const infer::ModelInput input{
          sequence_.get(), ids,
          tokens == 0 ? infer::LogitsFor::last_token : infer::LogitsFor::none};
      engine_.run(std::span(&input, 1));
    }
  }

  infer::SequenceCache* sequence() { return sequence_.get(); }

 private:
  infer::Engine& engine_;
  std::unique_ptr<infer::SequenceCache> sequence_;
  Rng rng_{17, 0};
  std::uint64_t vocabulary_ = static_cast<std::uint64_t>(engine_.vocab_size());
};

/// Seconds for `tokens` steps in which each text takes one token.
double time_decoding(infer::Engine& engine, std::vector<Text>& texts, std::int64_t tokens) {
  const double started = now_seconds();
  for (std::int64_t i = 0; i < tokens; ++i) {
    std::vector<std::int32_t> ids;
    ids.reserve(texts.size());
    for (Text& text : texts)
      ids.push_back(text.next_id());
    std::vector<infer::ModelInput> inputs;
    for (std::size_t t = 0; t < texts.size(); ++t) {
      inputs.push_back(
          {texts[t].sequence(), std::span(ids).subspan(t, 1), infer::LogitsFor::last_token});
    }
    engine.run(inputs);
  }
  return now_seconds() - started;
}

struct Timings {
  std::vector<double> prefill;  // tokens per second
  std::vector<double> decode;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double spread(const std::vector<double>& values) {
  const auto [low, high] = std::ranges::minmax(values);
  return (high - low) / median(values);
}

Timings measure(infer::Engine& engine, const BenchOptions& options) {
  Timings timings;
  for (std::int64_t i = 0; i <= options.repeats; ++i) {  // the first run warms up
    std::vector<Text> texts;
    for (std::int64_t b = 0; b < options.batch; ++b) {
      texts.emplace_back(engine);
      texts.back().take_prompt(options.depth);
    }
    const double started = now_seconds();
    texts[0].take_prompt(options.prompt);
    const double prefill = now_seconds() - started;
    const double decode = time_decoding(engine, texts, options.generate);
    if (i == 0) continue;
    timings.prefill.push_back(static_cast<double>(options.prompt) / prefill);
    timings.decode.push_back(static_cast<double>(options.generate * options.batch) / decode);
  }
  return timings;
}

Json report(const RunningModel& running, const BenchOptions& options, const Timings& timings,
            const tensor::MachineLimits& limits, Isa isa) {
  const infer::Engine& engine = *running.loaded.engine;
  const double prefill = median(timings.prefill);
  const double decode = median(timings.decode);
  const auto bytes = static_cast<double>(engine.weights().bytes());
  const auto parameters = static_cast<double>(engine.model().config.parameter_count());
  Json json = Json::object();
  json["model"] = running.loaded.name;
  json["parameters"] = engine.model().config.parameter_count();
  json["weight_bytes"] = engine.weights().bytes();
  json["isa"] = isa_name(isa);
  json["kernels"] = tensor::packed_kernels(isa).name;
  json["threads"] = running.threads.count();
  json["prompt"] = options.prompt;
  json["generate"] = options.generate;
  json["depth"] = options.depth;
  json["batch"] = options.batch;
  json["prefill_tokens_per_second"] = prefill;
  json["prefill_spread"] = spread(timings.prefill);
  json["decode_tokens_per_second"] = decode;
  json["decode_spread"] = spread(timings.decode);
  json["prefill_gigaflops"] = prefill * 2 * parameters / 1e9;
  json["decode_weight_gigabytes_per_second"] =
      decode / static_cast<double>(options.batch) * bytes / 1e9;
  json["machine_read_gigabytes_per_second"] = limits.read_gigabytes_per_second;
  json["machine_f32_gigaflops"] = limits.f32_gigaflops;
  json["machine_bf16_gigaflops"] = limits.bf16_gigaflops;
  return json;
}

Result<int> run(const CommandLine& line) {
  BenchOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  const auto running = ALUDEL_TRY(open_model(line, options.model, infer::TokenizerNeed::optional));
  infer::Engine& engine = *running->loaded.engine;
  if (options.depth + options.prompt + options.generate > engine.context_length()) {
    return Error{
        Code::invalid_argument,
        fmt::format("[bench] {} tokens do not fit into the context of {}",
                    options.depth + options.prompt + options.generate, engine.context_length())};
  }
  const tensor::MachineLimits limits = tensor::measure_machine(running->device);
  const Json json = report(*running, options, measure(engine, options), limits, line.isa);
  if (options.json) {
    print(json.dump());
  } else {
    for (const auto& [name, value] : json.as_object()) {
      print(fmt::format("{:<40}{}", name, value.is_string() ? value.as_string() : value.dump()));
    }
  }
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_bench = {
    .name = "bench",
    .summary = "Measures how fast a model reads and writes, beside the machine's limits.",
    .details =
        "Prefill reads --prompt tokens in chunks, decode writes --generate tokens one by one, "
        "both\n"
        "behind --depth tokens. The machine's read bandwidth and matrix products (oneDNN) are\n"
        "measured in the same run: decode cannot pass read bandwidth / weight bytes.\n"
        "Example: aludel bench MODEL --prompt 512 --generate 128 --depth 0 --threads 2 --json",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
