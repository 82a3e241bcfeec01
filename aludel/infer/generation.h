#pragma once
// One reply in progress: from a prompt's ids to text, token by token.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/infer/language_model.h"
#include "aludel/infer/sampler.h"
#include "aludel/infer/stop_matcher.h"
#include "aludel/text/tokenizer/stream_decoder.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::infer {

struct GenerationRequest {
  std::vector<std::int32_t> prompt;
  std::int64_t max_tokens = 256;
  SamplingOptions sampling;
  std::vector<std::string> stop;            // text before the first of them is the reply
  std::vector<std::int32_t> stop_ids;       // a token of these ends the reply and is not shown
  std::int64_t top_log_probabilities = -1;  // -1: none are computed; n: of the n likeliest too
};

/// A token of the reply.
struct GeneratedToken {
  std::int32_t id = 0;
  std::string_view surface;          // its own bytes, maybe a part of a character
  std::vector<TokenChance> chances;  // the token itself, then the likeliest, if asked for
};

enum class FinishReason : std::uint8_t { stop, length, cancelled };

/// "stop", "length" or "cancelled".
std::string_view finish_reason_name(FinishReason reason);

struct GenerationEnd {
  FinishReason reason = FinishReason::stop;
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;  // the stop token counts
};

/// What the reader of a reply wants at the moment.
enum class Demand : std::uint8_t { more, wait, cancel };

/// Where a reply goes. Called by the thread that generates.
class GenerationSink {
 public:
  virtual ~GenerationSink() = default;
  virtual Demand demand() = 0;
  /// `text`: what may be shown now, whole characters, often less or more than the token's own.
  virtual void on_token(const GeneratedToken& token, std::string_view text) = 0;
  /// `text`: the rest that was held back.
  virtual void on_end(const GenerationEnd& end, std::string_view text) = 0;
  virtual void on_failure(const Error& error) = 0;
};

/// Errors: invalid_argument for an empty prompt, an id outside of the vocabulary, a prompt that
/// fills the context, or sampling options out of range.
Status validate(const GenerationRequest& request, const LanguageModel& model);

/// The state of one reply. REQUIRES: validate(request, model); the tokenizer outlives it.
class Generation {
 public:
  Generation(GenerationRequest request, LanguageModel& model, const text::Tokenizer& tokenizer,
             GenerationSink& sink);

  /// What the model must take in next: at most `chunk` ids of the prompt, or the last token drawn.
  ModelInput next_input(std::int64_t chunk) const;

  /// Continues after `input` ran; `logits` [V] follow its last token where they were asked for.
  /// Errors: as check_logits; the reply has ended, and its sink is still to be told.
  Status advance(const ModelInput& input, std::span<const float> logits, Sampler& sampler);

  void cancel();

  bool ended() const { return ended_; }

  /// Gives up what the model remembers of the text, which it must take in anew to go on. The reply
  /// stays the same: a row of logits depends on the text only, and a draw on its position.
  void forget() { cache_ = model_.new_sequence(); }

  /// Whether the model still has to take in more than the last token.
  bool takes_in_text() const { return text_tokens() - cached_tokens() > 1; }

  std::int64_t text_tokens() const { return static_cast<std::int64_t>(ids_.size()); }

  std::int64_t cached_tokens() const { return cache_->length(); }

  /// Tokens that the reply may still get.
  std::int64_t tokens_to_come() const { return last_length_ - text_tokens(); }

 private:
  void take(std::int32_t id, std::vector<TokenChance> chances);
  void end(FinishReason reason);

  GenerationRequest request_;
  LanguageModel& model_;
  const text::Tokenizer& tokenizer_;
  GenerationSink& sink_;
  std::unique_ptr<SequenceCache> cache_;
  text::StreamDecoder decoder_;
  StopMatcher matcher_;
  std::vector<std::int32_t> ids_;  // prompt and reply
  std::int64_t prompt_tokens_;
  std::int64_t last_length_;  // of prompt and reply, where the reply must end
  bool ended_ = false;
};

/// Runs one reply to its end. Errors: as validate and check_logits; the sink's on_failure is not
/// called.
Status generate(LanguageModel& model, const text::Tokenizer& tokenizer, GenerationRequest request,
                GenerationSink& sink);

/// Ids of a prompt that one call of the model takes in.
inline constexpr std::int64_t kPrefillChunk = 256;

}  // namespace aludel::infer
