// Speed of training steps: tokens and floating-point operations per second, and each operation's
// share of the time. Prints one JSON line.
//   build/release/step_bench [threads] [f32|bf16] [rows] [row tokens]
// make bench: $threads
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "bench/machine.h"

#include "aludel/base/clock.h"
#include "aludel/base/isa.h"
#include "aludel/base/rng.h"
#include "aludel/tensor/gemm.h"
#include "aludel/train/adamw.h"
#include "aludel/train/model_tape.h"

namespace {

using namespace aludel;  // NOLINT(google-build-using-namespace): a program of one file

models::Model bench_model() {
  models::ModelConfig config;
  config.vocabulary = 4096;
  config.width = 256;
  config.inner_width = 704;
  config.blocks = 6;
  config.heads = 8;
  config.kv_heads = 4;
  config.head_size = 32;
  config.max_positions = 2048;
  return models::make_model(config).value();
}

train::Batch random_batch(std::size_t rows, std::size_t row_tokens, std::size_t vocabulary) {
  train::Batch batch;
  batch.rows = rows;
  batch.row_tokens = row_tokens;
  Rng rng(1, 1);
  for (std::size_t row = 0; row < rows; ++row) {
    batch.pieces.push_back(static_cast<std::int32_t>(row_tokens));
    for (std::size_t t = 0; t < row_tokens; ++t) {
      batch.positions.push_back(static_cast<std::int32_t>(t));
      batch.ids.push_back(static_cast<std::int32_t>(rng.below(vocabulary)));
      batch.labels.push_back(static_cast<std::int32_t>(rng.below(vocabulary)));
    }
  }
  return batch;
}

/// Operations of a forward and backward pass: 6 per weight in a product and token, and causal
/// attention, which is half of the square; nothing that is computed twice counts twice.
double step_operations(const models::ModelConfig& config, const train::Batch& batch) {
  const auto tokens = static_cast<double>(batch.ids.size());
  const auto weights =
      static_cast<double>(config.parameter_count() - config.vocabulary * config.width);
  const auto attention = static_cast<double>(config.blocks * config.heads * config.head_size) *
                         static_cast<double>(batch.row_tokens);
  return tokens * (6 * weights + 6 * attention);
}

int measure(int count, char** values) {
  const auto number = [&](int index, std::size_t otherwise) {
    return count > index ? std::strtoull(values[index], nullptr, 10) : otherwise;
  };
  const char* forced = std::getenv("ALUDEL_ISA");
  const Isa isa = choose_isa(forced == nullptr ? "" : forced).value();
  limit_libraries(isa);
  tensor::limit_onednn(isa);
  Threads threads(static_cast<int>(number(1, 2)));
  tensor::Device device(threads, isa);
  const models::Model description = bench_model();
  const bool narrow = count > 2 ? std::string(values[2]) == "bf16"
                                : train::best_precision(device) == train::Precision::bf16;
  train::TrainModel model(device, description, models::initial_weights(description, 1),
                          narrow ? train::Precision::bf16 : train::Precision::f32);
  train::AdamW optimizer(device, {}, model.parameters());
  const train::Batch batch =
      random_batch(number(3, 8), number(4, 512), description.config.vocabulary);
  const float factor = 1.0F / static_cast<float>(batch.ids.size());
  std::vector<double> seconds;
  std::vector<double> processor;
  for (int step = 0; step < 8; ++step) {
    const double start = now_seconds();
    const double processor_start = bench::cpu_seconds();
    model.zero_gradients();
    model.loss_and_gradients(batch, factor);
    optimizer.step(1e-3);
    model.weights_changed();
    seconds.push_back(now_seconds() - start);
    processor.push_back(bench::cpu_seconds() - processor_start);
  }
  seconds.erase(seconds.begin());  // the first one prepares products and takes memory
  std::ranges::sort(seconds);
  std::ranges::sort(processor);
  const double median = seconds[seconds.size() / 2];
  const double operations = step_operations(description.config, batch);
  const auto tokens = static_cast<double>(batch.ids.size());
  Json out = Json::object();
  out["bench"] = "train_step";
  bench::add_machine(out, threads.count(), isa);
  out["precision"] = narrow ? "bf16" : "f32";
  out["parameters"] = static_cast<std::int64_t>(description.config.parameter_count());
  out["tokens"] = static_cast<std::int64_t>(batch.ids.size());
  out["seconds"] = median;
  out["best_seconds"] = seconds.front();
  out["tokens_per_second"] = tokens / median;
  out["gflops"] = operations / median / 1e9;
  out["best_gflops"] = operations / seconds.front() / 1e9;
  out["processor_seconds"] = processor.front();
  out["activation_mb"] = static_cast<double>(device.buffers().bytes()) / 1e6;
  std::printf("%s\n", out.dump().c_str());
  return 0;
}

}  // namespace

int main(int count, char** values) {
  try {
    return measure(count, values);
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "step_bench: %s\n", bug.what());
    return 1;
  }
}
