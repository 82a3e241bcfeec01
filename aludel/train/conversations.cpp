#include "aludel/train/conversations.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/io/codec.h"
#include "aludel/io/lines.h"
#include "aludel/text/chat_template.h"

namespace aludel::train {
namespace {

Result<Example> encode(const Json& row, const text::Tokenizer& tokenizer) {
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
  io::LineReader lines(ALUDEL_TRY(io::open_decompressed(files, path)));
  std::vector<Example> examples;
  for (std::string_view line; ALUDEL_TRY(lines.next(line));) {
    if (line.empty()) continue;
    const std::string place = fmt::format("[sft] {}:{}", path, lines.line_number());
    auto row = parse_json(line);
    if (!row) return Error(std::move(row).error()).with_context(place);
    auto example = encode(row.value(), tokenizer);
    if (!example) return Error(std::move(example).error()).with_context(place);
    examples.push_back(std::move(example).value());
  }
  if (examples.empty()) return Error{Code::corrupt_data, "[sft] no conversation in " + path};
  return examples;
}

}  // namespace aludel::train
