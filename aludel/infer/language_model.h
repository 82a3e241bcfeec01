#pragma once
// What generation needs from a model: tokens in, logits out, with a cache per text.

#include <cstdint>
#include <memory>
#include <span>

namespace aludel::infer {

/// One text inside a model: its keys and values so far.
class SequenceCache {
 public:
  virtual ~SequenceCache() = default;
  /// Tokens that the model has taken in.
  virtual std::int64_t length() const = 0;
};

enum class LogitsFor : std::uint8_t { none, last_token, every_token };

/// The next tokens of one text.
struct ModelInput {
  SequenceCache* sequence = nullptr;
  std::span<const std::int32_t> ids;
  LogitsFor logits = LogitsFor::last_token;
};

/// A model's arithmetic. One caller at a time.
class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  virtual std::int64_t vocab_size() const = 0;
  virtual std::int64_t context_length() const = 0;
  virtual std::unique_ptr<SequenceCache> new_sequence() = 0;

  /// Appends each input's ids to its sequence and returns the logits that were asked for, [rows, V]
  /// in order of inputs and tokens, until the next call. A row depends on its own text only: not on
  /// the other inputs, nor on how the text was cut into calls.
  /// REQUIRES: ids inside the vocabulary, texts inside the context, each sequence at most once.
  virtual std::span<const float> run(std::span<const ModelInput> inputs) = 0;
};

}  // namespace aludel::infer
