#include "aludel/train/conversations.h"

#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/io/codec.h"
#include "aludel/io/lines.h"

namespace aludel::train {
namespace {

struct ChatIds {
  std::int32_t start;
  std::int32_t end;
};

void append(Example& example, const std::vector<std::int32_t>& ids, bool is_reply) {
  example.ids.insert(example.ids.end(), ids.begin(), ids.end());
  example.is_reply.insert(example.is_reply.end(), ids.size(), is_reply);
}

Result<Example> encode(const Json& row, const text::Tokenizer& tokenizer, const ChatIds& chat) {
  const Json* messages = row.find("messages");
  if (messages == nullptr || !messages->is_array()) {
    return Error{Code::corrupt_data, "expected {\"messages\": [{\"role\", \"content\"}, …]}"};
  }
  Example example;
  bool has_reply = false;
  for (const Json& message : messages->as_array()) {
    const std::string role = message.string_or("role", "");
    const Json* content = message.find("content");
    if (role.empty() || content == nullptr || !content->is_string()) {
      return Error{Code::corrupt_data, "a message needs a role and a content, both text"};
    }
    const bool is_reply = role == "assistant";
    has_reply = has_reply || is_reply;
    append(example, {chat.start}, false);
    append(example, tokenizer.encode(role + "\n"), false);
    append(example, tokenizer.encode(content->as_string()), is_reply);
    append(example, {chat.end}, is_reply);
    append(example, tokenizer.encode("\n"), false);
  }
  if (!has_reply) return Error{Code::corrupt_data, "no message is the assistant's"};
  return example;
}

}  // namespace

Result<std::vector<Example>> read_conversations(io::FileSystem& files, const std::string& path,
                                                const text::Tokenizer& tokenizer) {
  const auto start = tokenizer.id_of("<|im_start|>");
  const auto end = tokenizer.id_of("<|im_end|>");
  if (!start || !end) {
    return Error{Code::unsupported,
                 "[sft] the tokenizer has no <|im_start|> and <|im_end|>: it cannot chat"};
  }
  io::LineReader lines(ALUDEL_TRY(io::open_decompressed(files, path)));
  std::vector<Example> examples;
  for (std::string_view line; ALUDEL_TRY(lines.next(line));) {
    if (line.empty()) continue;
    const std::string place = fmt::format("[sft] {}:{}", path, lines.line_number());
    auto row = parse_json(line);
    if (!row) return Error(std::move(row).error()).with_context(place);
    auto example = encode(row.value(), tokenizer, {*start, *end});
    if (!example) return Error(std::move(example).error()).with_context(place);
    examples.push_back(std::move(example).value());
  }
  if (examples.empty()) return Error{Code::corrupt_data, "[sft] no conversation in " + path};
  return examples;
}

}  // namespace aludel::train
