#pragma once
// The JSON body of a completion request, read and checked.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "aludel/infer/generation.h"
#include "aludel/serve/request_members.h"
#include "aludel/text/chat_template.h"

namespace aludel::serve {

enum class CompletionKind : std::uint8_t { text, chat };

/// The member that says what the model continues.
constexpr std::string_view prompt_member(CompletionKind kind) {
  return kind == CompletionKind::chat ? "messages" : "prompt";
}

/// What the model continues: plain text, ids, or a conversation.
using CompletionPrompt =
    std::variant<std::string, std::vector<std::int32_t>, std::vector<text::ChatMessage>>;

/// A request after the defaults of OpenAI's API and of the model were filled in.
struct CompletionRequest {
  CompletionKind kind = CompletionKind::text;
  std::string model;  // "" when not named
  CompletionPrompt prompt;
  std::optional<std::int64_t> max_tokens;
  infer::SamplingOptions sampling;
  bool has_seed = false;
  std::vector<std::string> stop;
  std::vector<std::int32_t> stop_ids;  // besides the model's
  bool ignore_stop_ids = false;        // the model's
  std::int64_t top_log_probabilities = -1;
  bool stream = false;
  bool stream_usage = false;
};

/// Reads the body of POST /v1/completions (text) or /v1/chat/completions (chat). What would change
/// the reply and is not read here is refused: Members::refuse_others.
/// Source: https://platform.openai.com/docs/api-reference.
std::variant<CompletionRequest, RequestError> read_completion_request(
    std::string_view body, CompletionKind kind, const infer::SamplingOptions& defaults);

}  // namespace aludel::serve
