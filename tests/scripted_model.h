#pragma once
// A model that says what a test wrote for it, and a vocabulary of bytes to say it in.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/infer/language_model.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel {

inline constexpr std::int32_t kEndId = 2;         // <|endoftext|>
inline constexpr std::int32_t kChatEndId = 7;     // <|im_end|>
inline constexpr std::int32_t kFirstByteId = 10;  // of 256
inline constexpr std::int32_t kWordId = 266;      // "word"

/// Every byte is a token, besides the specials of Yi and one word.
inline text::Tokenizer byte_tokenizer() {
  text::TokenizerModel model;
  for (const char* name : {"<unk>", "<|startoftext|>", "<|endoftext|>", "<a>", "<b>", "<c>",
                           "<|im_start|>", "<|im_end|>", "<|im_sep|>", "<d>"}) {
    model.pieces.push_back({name, 0, text::PieceKind::control});
  }
  model.pieces[0].kind = text::PieceKind::unknown;
  for (int byte = 0; byte < 256; ++byte) {
    model.pieces.push_back({text::piece_of_byte(byte), 0, text::PieceKind::byte});
  }
  model.pieces.push_back({"word", -1, text::PieceKind::normal});
  model.begin_id = 1;
  model.end_id = kEndId;
  return text::Tokenizer::make(std::move(model)).value();
}

/// The ids of a text's bytes.
inline std::vector<std::int32_t> byte_ids(std::string_view text) {
  std::vector<std::int32_t> ids;
  for (const char byte : text)
    ids.push_back(kFirstByteId + static_cast<unsigned char>(byte));
  return ids;
}

/// Its likeliest next token is what `next` says of the text so far; it remembers every call.
class ScriptedModel final : public infer::LanguageModel {
 public:
  using Next = std::function<std::int32_t(std::span<const std::int32_t> text)>;

  /// What `next` says to make the logits useless.
  static constexpr std::int32_t kNoNumber = -1;

  explicit ScriptedModel(Next next, std::int64_t context = 512)
      : next_(std::move(next)), context_(context) {}

  /// Continues any prompt of that many tokens with the script.
  static Next after(std::size_t prompt, std::vector<std::int32_t> script) {
    return [prompt, script = std::move(script)](std::span<const std::int32_t> text) {
      const std::size_t place = text.size() - prompt;
      return place < script.size() ? script[place] : kEndId;
    };
  }

  std::int64_t vocab_size() const override { return kWordId + 1; }

  std::int64_t context_length() const override { return context_; }

  std::unique_ptr<infer::SequenceCache> new_sequence() override {
    return std::make_unique<Sequence>(cached_);
  }

  std::span<const float> run(std::span<const infer::ModelInput> inputs) override {
    logits_.clear();
    batch_sizes.push_back(inputs.size());
    for (const infer::ModelInput& input : inputs) {
      auto& text = static_cast<Sequence*>(input.sequence)->ids;
      for (std::size_t i = 0; i < input.ids.size(); ++i) {
        text.push_back(input.ids[i]);
        most_cached_ = std::max(most_cached_, ++*cached_);
        const bool wanted =
            input.logits == infer::LogitsFor::every_token ||
            (input.logits == infer::LogitsFor::last_token && i + 1 == input.ids.size());
        if (!wanted) continue;
        const std::size_t row = logits_.size();
        logits_.resize(row + static_cast<std::size_t>(vocab_size()), 0.0F);
        const std::int32_t next = next_(text);
        logits_[row + static_cast<std::size_t>(std::max(next, 0))] =
            next == kNoNumber ? std::numeric_limits<float>::quiet_NaN() : likeliest_logit;
      }
    }
    return logits_;
  }

  /// Tokens that all its sequences ever held at a time.
  std::int64_t most_cached() const { return most_cached_; }

  std::vector<std::size_t> batch_sizes;  // of each call
  float likeliest_logit = 10.0F;         // the others' is 0

 private:
  struct Sequence final : infer::SequenceCache {
    explicit Sequence(std::shared_ptr<std::int64_t> all) : cached(std::move(all)) {}

    ~Sequence() override { *cached -= length(); }

    Sequence(const Sequence&) = delete;
    Sequence& operator=(const Sequence&) = delete;

    std::int64_t length() const override { return static_cast<std::int64_t>(ids.size()); }

    std::vector<std::int32_t> ids;
    std::shared_ptr<std::int64_t> cached;
  };

  Next next_;
  std::int64_t context_;
  std::int64_t most_cached_ = 0;
  std::shared_ptr<std::int64_t> cached_ = std::make_shared<std::int64_t>(0);
  std::vector<float> logits_;
};

}  // namespace aludel
