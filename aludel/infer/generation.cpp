#include "aludel/infer/generation.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace aludel::infer {

std::string_view finish_reason_name(FinishReason reason) {
  constexpr std::string_view kNames[] = {"stop", "length", "cancelled"};
  return kNames[static_cast<std::size_t>(reason)];
}

Status validate(const GenerationRequest& request, const LanguageModel& model) {
  const auto refuse = [](std::string message) {
    return Error{Code::invalid_argument, std::move(message)};
  };
  ALUDEL_TRY(check_config(request.sampling, "sampling"));
  if (request.prompt.empty()) return refuse("the prompt has no tokens");
  const auto tokens = static_cast<std::int64_t>(request.prompt.size());
  if (tokens >= model.context_length()) {
    return refuse(fmt::format("the prompt has {} tokens, the model's context holds {}", tokens,
                              model.context_length()));
  }
  if (request.max_tokens < 1) return refuse("max_tokens must be at least 1");
  for (const std::int32_t id : request.prompt) {
    if (id < 0 || id >= model.vocab_size()) {
      return refuse(
          fmt::format("token id {} is outside of the vocabulary of {}", id, model.vocab_size()));
    }
  }
  return Ok{};
}

Generation::Generation(GenerationRequest request, LanguageModel& model,
                       const text::Tokenizer& tokenizer, GenerationSink& sink)
    : request_(std::move(request)),
      model_(model),
      tokenizer_(tokenizer),
      sink_(sink),
      cache_(model.new_sequence()),
      decoder_(tokenizer, text::StreamDecoder::After::prompt),
      matcher_(request_.stop),
      ids_(std::move(request_.prompt)),
      prompt_tokens_(static_cast<std::int64_t>(ids_.size())),
      last_length_(prompt_tokens_ +
                   std::min(request_.max_tokens, model.context_length() - prompt_tokens_)) {}

ModelInput Generation::next_input(std::int64_t chunk) const {
  const std::int64_t done = cache_->length();
  const std::int64_t left = text_tokens() - done;
  const std::int64_t count = std::min(left, chunk);
  return {.sequence = cache_.get(),
          .ids = std::span(ids_).subspan(static_cast<std::size_t>(done),
                                         static_cast<std::size_t>(count)),
          .logits = count == left ? LogitsFor::last_token : LogitsFor::none};
}

Status Generation::advance(const ModelInput& input, std::span<const float> logits,
                           Sampler& sampler) {
  if (input.logits == LogitsFor::none) return Ok{};
  const auto drawn = sampler.draw(logits, ids_, request_.sampling, text_tokens());
  if (!drawn) {
    ended_ = true;
    return drawn.error();
  }
  std::vector<TokenChance> chances;
  if (request_.top_log_probabilities >= 0) {
    chances = token_chances(logits, drawn.value(),
                            static_cast<std::size_t>(request_.top_log_probabilities));
  }
  take(drawn.value(), std::move(chances));
  return Ok{};
}

void Generation::take(std::int32_t id, std::vector<TokenChance> chances) {
  ids_.push_back(id);
  if (std::ranges::find(request_.stop_ids, id) != request_.stop_ids.end()) {
    return end(FinishReason::stop);
  }
  const GeneratedToken token{id, tokenizer_.surface(id), std::move(chances)};
  sink_.on_token(token, matcher_.push(decoder_.push(id)));
  if (matcher_.stopped()) return end(FinishReason::stop);
  if (tokens_to_come() <= 0) end(FinishReason::length);
}

void Generation::cancel() {
  if (!ended_) end(FinishReason::cancelled);
}

void Generation::end(FinishReason reason) {
  ended_ = true;
  std::string rest = matcher_.push(decoder_.finish());
  rest += matcher_.finish();
  sink_.on_end({.reason = reason,
                .prompt_tokens = prompt_tokens_,
                .completion_tokens = text_tokens() - prompt_tokens_},
               rest);
}

Status generate(LanguageModel& model, const text::Tokenizer& tokenizer, GenerationRequest request,
                GenerationSink& sink) {
  ALUDEL_TRY(validate(request, model));
  Generation generation(std::move(request), model, tokenizer, sink);
  Sampler sampler;
  while (!generation.ended()) {
    if (sink.demand() == Demand::cancel) {
      generation.cancel();
      break;
    }
    const ModelInput input = generation.next_input(kPrefillChunk);
    const std::span<const float> logits = model.run(std::span(&input, 1));
    ALUDEL_TRY(generation.advance(input, logits, sampler));
  }
  return Ok{};
}

}  // namespace aludel::infer
