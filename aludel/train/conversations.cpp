#include "aludel/train/conversations.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/text/chat_template.h"

namespace aludel::train {
namespace {

/// What a row is that is no conversation.
std::string describe(const Json& row) {
  if (!row.is_object()) return "no object";
  std::string names;
  for (const auto& [name, value] : row.as_object()) {
    names += (names.empty() ? "members " : ", ") + name;
  }
  return names.empty() ? "no members" : names;
}

Result<Example> encode(const Json& row, const text::Tokenizer& tokenizer) {
  if (row.find("messages") == nullptr) {
    return Error{Code::corrupt_data,
                 fmt::format("expected {{\"messages\": [{{\"role\", \"content\"}}, …]}}; found {}",
                             describe(row))};
  }
  const auto messages = ALUDEL_TRY(text::read_messages(row));
  if (std::ranges::find(messages, text::kReplyRole, &text::ChatMessage::role) == messages.end()) {
    return Error{Code::corrupt_data, "no message is the assistant's"};
  }
  auto encoded = text::encode_chatml(tokenizer, messages, false);
  if (!encoded) return Error{Code::corrupt_data, encoded.error().message};
  const text::ChatTokens tokens = std::move(encoded).value();
  return Example{tokens.ids, {tokens.is_reply.begin(), tokens.is_reply.end()}};
}

}  // namespace

Result<std::vector<Example>> read_conversations(io::FileSystem& files, const std::string& path,
                                                const text::Tokenizer& tokenizer) {
  if (!text::can_chat(tokenizer)) {
    return Error{
        Code::unsupported,
        "[sft] the tokenizer has no <|im_start|> and <|im_end|>, or another chat template: "
        "it cannot chat"};
  }
  auto rows = ALUDEL_TRY(io::JsonlReader::open(files, path));
  std::vector<Example> examples;
  for (Json row;;) {
    auto more = rows.next(row);
    if (!more) return Error(std::move(more).error()).with_context("[sft]");
    if (!more.value()) break;
    auto example = encode(row, tokenizer);
    if (!example) {
      return Error(std::move(example).error())
          .with_context(fmt::format("[sft] {}:{}", path, rows.line_number()));
    }
    examples.push_back(std::move(example).value());
  }
  if (examples.empty()) return Error{Code::corrupt_data, "[sft] no conversation in " + path};
  return examples;
}

}  // namespace aludel::train
