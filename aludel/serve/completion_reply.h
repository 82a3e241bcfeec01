#pragma once
// Replies of the completion routes, as one JSON object or as server-sent events.

#include <cstdint>
#include <memory>
#include <string>

#include "aludel/infer/generation.h"
#include "aludel/serve/completion_request.h"
#include "aludel/serve/http_reply.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::serve {

/// What every part of one reply repeats, and its form.
struct ReplyForm {
  CompletionKind kind = CompletionKind::text;
  std::string id;
  std::string model;
  std::int64_t created_seconds = 0;  // since 1970
  bool stream = false;
  bool stream_usage = false;
  bool log_probabilities = false;
};

/// The sink that writes a generated text to a client in that form. It asks to wait while the client
/// reads too slowly, and cancels when the client has left.
/// Source: https://platform.openai.com/docs/api-reference/chat/streaming.
std::unique_ptr<infer::GenerationSink> completion_sink(ReplyForm form, HttpReply reply,
                                                       const text::Tokenizer& tokenizer);

}  // namespace aludel::serve
