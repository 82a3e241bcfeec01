#pragma once
// Which members a request may have. What is not known here is refused, because to pass over it
// could change the reply in silence.

#include <optional>
#include <string>
#include <string_view>

#include "aludel/base/json.h"

namespace aludel::serve {

/// A request that cannot be served, and which of its members is to blame.
struct RequestError {
  std::string message;
  std::string param;
};

enum class CompletionKind : std::uint8_t { text, chat };

/// The member that says what the model continues.
constexpr std::string_view prompt_member(CompletionKind kind) {
  return kind == CompletionKind::chat ? "messages" : "prompt";
}

/// Refuses each member of a request's body, of its stream_options and of its messages that is
/// neither read by read_completion_request, nor without effect on the reply whatever its value,
/// nor set to a value that asks for nothing. Null always asks for nothing. Refuses a member that
/// stands twice, too: programs differ in which one counts.
std::optional<RequestError> refuse_unknown_members(const Json& body, CompletionKind kind);

}  // namespace aludel::serve
