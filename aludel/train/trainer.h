#pragma once

#include "aludel/base/isa.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/io/file_system.h"
#include "aludel/io/keeping_file_system.h"
#include "aludel/train/train_config.h"

namespace aludel::train {

/// What a training run may use.
struct TrainContext {
  io::FileSystem& files;
  Threads& threads;
  Isa isa;
  io::Existing existing = io::Existing::keep;  // another training that OUT holds
};

/// Trains as the config says, from OUT's newest checkpoint where its steps are this run's
/// (find_start). Leaves OUT/train_log.jsonl, OUT/train.json (what was reached, and how fast),
/// OUT/checkpoints and the result as a Hugging Face folder, OUT/model. The weights are the same
/// bytes for any number of threads, and after any kill and restart, at one instruction set. Errors:
/// those of reading and writing; io_error while another process trains in OUT; invalid_argument
/// where OUT holds another training; corrupt_data for data that does not fit the tokenizer or has
/// nothing to learn; cancelled after a stop signal, with a checkpoint written.
Status train(const TrainConfig& config, const TrainContext& context);

}  // namespace aludel::train
