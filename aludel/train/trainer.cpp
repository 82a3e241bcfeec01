#include "aludel/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/clock.h"
#include "aludel/base/config.h"
#include "aludel/base/log.h"
#include "aludel/base/progress.h"
#include "aludel/base/stop.h"
#include "aludel/infer/model_folder.h"
#include "aludel/io/formats/token_shard.h"
#include "aludel/io/input_recorder.h"
#include "aludel/models/family.h"
#include "aludel/models/weights.h"
#include "aludel/text/chat_template.h"
#include "aludel/text/tokenizer/shard_vocabulary.h"
#include "aludel/text/tokenizer/tokenizer.h"
#include "aludel/train/batch.h"
#include "aludel/train/checkpoint.h"
#include "aludel/train/identity.h"
#include "aludel/train/model_tape.h"
#include "aludel/train/run_folder.h"
#include "aludel/train/throughput.h"
#include "aludel/train/train_log.h"
#include "aludel/train/training_data.h"

namespace aludel::train {
namespace {

Precision precision_of(const TrainConfig& config, const tensor::Device& device) {
  if (config.precision == "auto") return best_precision(device);
  return config.precision == "bf16" ? Precision::bf16 : Precision::f32;
}

tensor::DType dtype_of(Precision precision) {
  return precision == Precision::bf16 ? tensor::DType::bf16 : tensor::DType::f32;
}

std::size_t target_count(const Batch& batch) {
  return static_cast<std::size_t>(
      std::ranges::count_if(batch.labels, [](std::int32_t label) { return label != kNoLabel; }));
}

struct ModelAndWeights {
  models::Model model;
  models::Weights weights;
};

/// What the model learns to end a text and a reply with stands in its configs, too.
void add_stop_ids(const text::Tokenizer& tokenizer, models::ModelConfig& config) {
  for (const std::int32_t id : text::stop_ids(tokenizer)) {
    if (std::ranges::count(config.end_ids, id) == 0) config.end_ids.push_back(id);
  }
}

Result<ModelAndWeights> start_model(const TrainConfig& config, io::FileSystem& files,
                                    const text::Tokenizer& tokenizer) {
  if (!config.init.empty()) {
    const std::string init = ALUDEL_TRY(infer::find_model_folder(files, config.init));
    models::Model model = ALUDEL_TRY(models::load_model(files, init));
    ALUDEL_TRY(check_row_tokens(config, static_cast<std::int64_t>(model.config.context_length())));
    if (model.config.vocabulary < static_cast<std::size_t>(tokenizer.vocab_size())) {
      return Error{Code::invalid_argument,
                   fmt::format("[train] {} has a vocabulary of {}, the tokenizer one of {}",
                               config.init, model.config.vocabulary, tokenizer.vocab_size())};
    }
    const auto own = text::Tokenizer::load(files, init);
    if (!own && own.error().code == Code::io_error) return own.error();
    if (own && text::vocabulary_hash(own.value()) != text::vocabulary_hash(tokenizer)) {
      log_warning(
          "train: {} was trained with a tokenizer of another vocabulary than {}: its ids "
          "mean other pieces",
          config.init, config.tokenizer);
    }
    add_stop_ids(tokenizer, model.config);
    models::Weights weights =
        ALUDEL_TRY(models::load_weights(files, init, model, tensor::DType::f32));
    return ModelAndWeights{std::move(model), std::move(weights)};
  }
  models::ModelConfig shape =
      model_config(config.shape, static_cast<std::size_t>(tokenizer.vocab_size()));
  // PackedRows puts the end id before each document, so a generation from nothing begins with it.
  shape.begin_id = tokenizer.text_begin().value_or(tokenizer.end_id().value_or(-1));
  add_stop_ids(tokenizer, shape);
  models::Model model = ALUDEL_TRY(models::make_model(shape));
  models::Weights weights = models::initial_weights(model, static_cast<std::uint64_t>(config.seed));
  return ModelAndWeights{std::move(model), std::move(weights)};
}

/// The files that a run reads, each kind by itself.
struct Inputs {
  explicit Inputs(io::FileSystem& files)
      : tokenizer(files), data(files), validation(files), init(files) {}

  /// The hash of what each setting names, "" for what is not given.
  Result<Json> hashes() const {
    Json hashes = Json::object();
    hashes["tokenizer"] = ALUDEL_TRY(tokenizer.fingerprint());
    hashes["data"] = ALUDEL_TRY(data.fingerprint());
    hashes["validation"] = ALUDEL_TRY(validation.fingerprint());
    hashes["init"] = ALUDEL_TRY(init.fingerprint());
    return hashes;
  }

  io::InputRecorder tokenizer;
  io::InputRecorder data;
  io::InputRecorder validation;
  io::InputRecorder init;
};

/// One run, from the checkpoint it is given to the model folder it leaves.
class Trainer {
 public:
  Trainer(const TrainConfig& config, const TrainContext& context, tensor::Device& device,
          TrainingData& data, const ModelAndWeights& start, Json identity)
      : config_(config),
        context_(context),
        device_(device),
        data_(data),
        train_model_(device, start.model, start.weights, precision_of(config, device)),
        optimizer_(device, config.optimizer, train_model_.parameters()) {
    at_.identity = std::move(identity);
  }

  Status run(const std::optional<Checkpoint>& start) {
    if (start) {
      ALUDEL_TRY(restore_checkpoint(context_.files, *start, train_model_.parameters(), optimizer_));
      // A run that failed may have left more of them, and this one may write none.
      ALUDEL_TRY(remove_older_checkpoints(context_.files, checkpoint_folder(config_)));
      at_.step = start->at.step;
      at_.tokens = start->at.tokens;
      at_.seconds = start->at.seconds;
      train_model_.weights_changed();
    }
    log_ = ALUDEL_TRY(TrainLog::open(context_.files, log_path(config_), at_.step));
    {
      Progress progress("train", static_cast<std::uint64_t>(config_.steps - at_.step), "steps");
      while (at_.step < config_.steps) {
        ALUDEL_TRY(step(progress));
        if (stop_requested()) {
          ALUDEL_TRY(save());
          return Error{Code::cancelled,
                       fmt::format("[train] stopped after step {}; run again to go on", at_.step)};
        }
      }
    }
    return finish();
  }

 private:
  Status step(Progress& progress) {
    const double started = now_seconds();
    Batch batch;
    for (std::int64_t row = 0; row < config_.rows; ++row) {
      data_.rows().append(static_cast<std::uint64_t>(at_.step * config_.rows + row), batch);
    }
    const double rate = learning_rate(config_.schedule, at_.step, config_.steps);
    const std::size_t targets = target_count(batch);
    ALUDEL_CHECK(targets > 0, "every row has a target");
    train_model_.zero_gradients();
    const double loss =
        train_model_.loss_and_gradients(batch, 1.0F / static_cast<float>(targets)).sum /
        static_cast<double>(targets);
    if (!std::isfinite(loss)) {
      return Error{Code::corrupt_data,
                   fmt::format("[train] the loss is not finite at step {}: lower schedule.peak "
                               "({})",
                               at_.step + 1, config_.schedule.peak)};
    }
    const double norm = optimizer_.step(rate);
    train_model_.weights_changed();
    const double seconds = now_seconds() - started;
    ++at_.step;
    at_.tokens += static_cast<std::int64_t>(batch.ids.size());
    at_.seconds += seconds;
    flop_ += training_flop(train_model_.model().config, batch);
    flop_seconds_ += seconds;
    const double speed = static_cast<double>(batch.ids.size()) / seconds;
    Json row = Json::object();
    row["step"] = at_.step;
    row["tokens"] = at_.tokens;
    row["loss"] = loss;
    row["gradient_norm"] = norm;
    row["learning_rate"] = rate;
    row["tokens_per_second"] = std::round(speed);
    const bool last = at_.step == config_.steps;
    const bool saves = last || at_.step % config_.checkpoint_every == 0;
    const bool between = config_.evaluate_every > 0 && at_.step % config_.evaluate_every == 0;
    if (data_.has_validation() && (saves || between)) ALUDEL_TRY(add_validation(row, last));
    log_->add(row);
    progress.advance(1, fmt::format("loss {:.3f}, {:.0f} tokens/s, {:.0f} % of matmul{}", loss,
                                    speed, 100 * utilisation(), validation_note_));
    if (saves) ALUDEL_TRY(save());
    return Ok{};
  }

  Result<Validation> validation(std::int64_t rows) {
    Validation found = data_.validate(train_model_, rows);
    if (std::isfinite(found.loss)) return found;
    return Error{Code::corrupt_data,
                 fmt::format("[train] the held-out loss is not finite after step {}: lower "
                             "schedule.peak ({})",
                             at_.step, config_.schedule.peak)};
  }

  Status add_validation(Json& row, bool all) {
    const Validation found = ALUDEL_TRY(validation(all ? 0 : config_.validation_rows));
    row["validation_loss"] = found.loss;
    row["validation_bits_per_token"] = found.loss / std::numbers::ln2;
    row["validation_bits_per_byte"] = found.bits_per_byte ? Json(*found.bits_per_byte) : Json();
    validation_note_ = found.bits_per_byte
                           ? fmt::format(", held out {:.3f} bits per byte", *found.bits_per_byte)
                           : fmt::format(", held out {:.3f} nats per token", found.loss);
    last_validation_ = found;
    return Ok{};
  }

  /// Model FLOPs as a share of what a plain matrix product reaches here. The limit is measured
  /// again now and then, and the best kept: other work on the machine would make it look low.
  double utilisation() {
    constexpr std::int64_t kStepsBetween = 100;
    if (matmul_flop_per_second_ == 0 || at_.step % kStepsBetween == 0) {
      const double measured =
          measured_matmul_flop_per_second(device_, dtype_of(train_model_.precision()));
      matmul_flop_per_second_ = std::max(matmul_flop_per_second_, measured);
    }
    return flop_seconds_ > 0 ? flop_ / flop_seconds_ / matmul_flop_per_second_ : 0;
  }

  Status save() {
    ALUDEL_TRY(log_->write(context_.files));
    return write_checkpoint(context_.files, checkpoint_folder(config_), at_,
                            train_model_.parameters(), optimizer_);
  }

  Status finish() {
    const std::string folder = model_folder(config_);
    ALUDEL_TRY(context_.files.make_folders(folder));
    ALUDEL_TRY(models::write_hf_folder(context_.files, folder, train_model_.model(),
                                       train_model_.weights(), tensor::DType::f32,
                                       data_.chat_template()));
    ALUDEL_TRY(data_.copy_tokenizer(folder));
    const Json before = ALUDEL_TRY(read_summary(context_.files, config_));
    const std::string run = aludel::fingerprint(at_.identity);
    if (flop_seconds_ == 0 && before.string_or("run", "") == run) return Ok{};
    if (!last_validation_ && data_.has_validation()) {
      last_validation_ = ALUDEL_TRY(validation(0));
    }
    Json summary = Json::object();
    summary["run"] = run;
    summary["stage"] = config_.stage;
    summary["parameters"] =
        static_cast<std::int64_t>(train_model_.model().config.parameter_count());
    summary["steps"] = at_.step;
    summary["tokens"] = at_.tokens;
    summary["seconds"] = at_.seconds;
    summary["tokens_per_second"] = static_cast<double>(at_.tokens) / std::max(at_.seconds, 1e-9);
    add_measures(before, summary);
    if (last_validation_) {
      summary["validation_loss"] = last_validation_->loss;
      summary["validation_bits_per_byte"] =
          last_validation_->bits_per_byte ? Json(*last_validation_->bits_per_byte) : Json();
    }
    if (!data_.conversations().is_null()) summary["conversations"] = data_.conversations();
    summary["identity"] = at_.identity;
    return io::write_file(context_.files, summary_path(config_), summary.dump_pretty());
  }

  /// How fast it trained, and with what; where it had nothing left to train, what stood in
  /// train.json stays: that was measured while it trained.
  void add_measures(const Json& before, Json& summary) {
    Json measures = Json::object();
    measures["flop_utilisation"] = utilisation();
    measures["matmul_flop_per_second"] = matmul_flop_per_second_;
    measures["precision"] = tensor::dtype_name(dtype_of(train_model_.precision()));
    measures["isa"] = isa_name(device_.isa());
    measures["threads"] = context_.threads.count();
    for (const auto& [name, value] : measures.as_object()) {
      const Json* kept = flop_seconds_ == 0 ? before.find(name) : nullptr;
      summary[name] = kept == nullptr ? value : *kept;
    }
  }

  const TrainConfig& config_;
  const TrainContext& context_;
  tensor::Device& device_;
  TrainingData& data_;
  TrainModel train_model_;
  AdamW optimizer_;
  Progression at_;
  std::optional<TrainLog> log_;
  std::optional<Validation> last_validation_;
  std::string validation_note_;
  double flop_ = 0;
  double flop_seconds_ = 0;
  double matmul_flop_per_second_ = 0;
};

}  // namespace

Status train(const TrainConfig& config, const TrainContext& context) {
  ALUDEL_TRY(validate(config));
  const auto claim = ALUDEL_TRY(io::OutputClaim::take(context.files, summary_path(config)));
  Inputs inputs(context.files);
  const auto tokenizer = ALUDEL_TRY(text::Tokenizer::load(inputs.tokenizer, config.tokenizer));
  const auto data =
      ALUDEL_TRY(TrainingData::open(config, inputs.data, inputs.validation, tokenizer));
  if (config.stage == "pretrain") {
    for (const std::string& prefix : {config.data, config.validation}) {
      if (prefix.empty()) continue;
      ALUDEL_TRY(text::check_shard_vocabulary(context.files, prefix, tokenizer, config.tokenizer));
    }
  }
  tensor::Device device(context.threads, context.isa);
  const auto weights = ALUDEL_TRY(start_model(config, inputs.init, tokenizer));
  const Json hashes = ALUDEL_TRY(inputs.hashes());
  const auto start = ALUDEL_TRY(find_start(context.files, config, hashes, context.existing));
  return Trainer(config, context, device, *data, weights, identity_of(config, hashes)).run(start);
}

}  // namespace aludel::train
