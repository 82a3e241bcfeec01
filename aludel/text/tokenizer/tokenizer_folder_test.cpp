// What several files of a tokenizer's folder state together.
#include "tests/memory_file_system.h"
#include <gtest/gtest.h>

#include "aludel/text/chat_template.h"
#include "aludel/text/tokenizer/sentencepiece_file.h"
#include "aludel/text/tokenizer/tokenizer.h"
#include "aludel/text/tokenizer/tokenizer_json.h"

namespace aludel::text {
namespace {

constexpr std::string_view kPost = R"({"type": "TemplateProcessing",
  "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
  "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}})";

/// <unk>, <s>, </s>, the byte pieces (3 to 258), "a" (259) and "b" (260).
TokenizerModel base_model() {
  TokenizerModel model;
  model.pieces = {{"<unk>", 0, PieceKind::unknown},
                  {"<s>", 0, PieceKind::control},
                  {"</s>", 0, PieceKind::control}};
  for (int byte = 0; byte < 256; ++byte) {
    model.pieces.push_back({piece_of_byte(byte), 0, PieceKind::byte});
  }
  model.pieces.push_back({"a", -1, PieceKind::normal});
  model.pieces.push_back({"b", -2, PieceKind::normal});
  model.begin_id = 1;
  model.end_id = 2;
  return model;
}

/// A folder "t" with some files of a tokenizer.
class TokenizerFolder : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view bytes) {
    files_.files()["t/" + name] = std::string(bytes);
  }

  void write_model() { write("tokenizer.model", write_sentencepiece(base_model())); }

  /// A tokenizer.json of the base vocabulary with some members replaced.
  Json json() const { return parse_json(write_tokenizer_json(base_model())).value(); }

  Result<Tokenizer> load(const std::string& path = "t") { return Tokenizer::load(files_, path); }

  std::string error_of_load() {
    const auto loaded = load();
    return loaded ? "loaded" : loaded.error().message;
  }

  void expect_chat_marks(const char* label) {
    const auto loaded = load();
    ASSERT_TRUE(loaded) << label << ": " << loaded.error().message;
    EXPECT_EQ(loaded.value().id_of("<|im_start|>"), 261) << label;
    EXPECT_EQ(loaded.value().id_of("<|im_end|>"), 262) << label;
    EXPECT_TRUE(can_chat(loaded.value())) << label;
    EXPECT_GT(loaded.value().encode("<|im_end|>").size(), 1U) << label;
  }

  std::optional<std::int32_t> text_begin() {
    const auto loaded = load();
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
    return loaded ? loaded.value().text_begin() : std::nullopt;
  }

  MemoryFileSystem files_;
};

TEST_F(TokenizerFolder, ReadsTokensThatAnyFileAddsBesideTokenizerModel) {
  write_model();
  write("added_tokens.json", R"({"<|im_end|>": 262, "<|im_start|>": 261})");
  expect_chat_marks("added_tokens.json");
  files_.files().erase("t/added_tokens.json");
  const char* decoder = R"({"added_tokens_decoder": {"1": {"content": "<s>", "special": true},
    "261": {"content": "<|im_start|>", "special": true},
    "262": {"content": "<|im_end|>", "special": false}}})";
  write("tokenizer_config.json", decoder);
  expect_chat_marks("added_tokens_decoder");
  files_.files().erase("t/tokenizer_config.json");
  Json file = json();
  for (const auto& [text, id] : {std::pair("<|im_start|>", 261), std::pair("<|im_end|>", 262)}) {
    Json token = Json::object();
    token["id"] = id;
    token["content"] = text;
    token["special"] = true;
    file["added_tokens"].push_back(token);
  }
  write("tokenizer.json", file.dump());
  expect_chat_marks("tokenizer.json");
  write("added_tokens.json", R"({"<|im_start|>": 261, "<|im_end|>": 262})");
  write("tokenizer_config.json", decoder);
  expect_chat_marks("all of them at once");
  files_.files().erase("t/tokenizer.model");
  expect_chat_marks("without tokenizer.model");
}

TEST_F(TokenizerFolder, CutsAddedTokensThatAreNoSpecialsOutOfText) {
  write_model();
  write("added_tokens.json", R"({"[PAD]": 261, "[TOOL]": 262})");
  write("special_tokens_map.json", R"({"pad_token": {"content": "[PAD]"}})");
  const Tokenizer tokenizer = load().value();
  EXPECT_TRUE(tokenizer.is_special(261));
  EXPECT_FALSE(tokenizer.is_special(262));
  EXPECT_EQ(tokenizer.encode("a[TOOL]a"), (std::vector<std::int32_t>{259, 262, 259}));
  EXPECT_GT(tokenizer.encode("[PAD]").size(), 1U);
  EXPECT_EQ(tokenizer.decode(std::vector<std::int32_t>{261, 262}), "[TOOL]");
}

TEST_F(TokenizerFolder, RefusesFilesThatContradictEachOther) {
  write_model();
  const auto expect_error = [&](std::string_view part) {
    EXPECT_NE(error_of_load().find(part), std::string::npos) << error_of_load();
  };
  write("added_tokens.json", R"({"<x>": 259})");
  expect_error("[added_tokens.json] the id 259 is '<x>', but 'a' elsewhere");
  write("added_tokens.json", R"({"a": 261})");
  expect_error("[added_tokens.json] 'a' has the id 261, but 259 elsewhere");
  write("added_tokens.json", R"({"<x>": 261})");
  write("tokenizer_config.json", R"({"added_tokens_decoder": {"262": {"content": "<x>"}}})");
  expect_error("[tokenizer_config.json] '<x>' has the id 262, but 261 elsewhere");
  write("tokenizer_config.json", R"({"added_tokens_decoder": {"261": {"content": "<y>"}}})");
  expect_error("[tokenizer_config.json] the id 261 is '<y>', but '<x>' elsewhere");
  files_.files().erase("t/tokenizer_config.json");
  write("added_tokens.json", R"({"<x>": 262, "<y>": 263})");
  expect_error("has the id 263");
  for (const char* id : {"-1", "9223372036854775807", "4294967557", "1.5", "\"261\""}) {
    write("added_tokens.json", std::string(R"({"<x>": )") + id + "}");
    expect_error("[added_tokens.json]");
  }
  write("added_tokens.json", "{}");
  Json file = json();
  file["model"]["vocab"]["b"] = 259;
  write("tokenizer.json", file.dump());
  expect_error("the id 259 is 'b', but 'a' in tokenizer.model");
  file = json();
  file["model"]["vocab"]["c"] = 261;
  write("tokenizer.json", file.dump());
  expect_error("piece 'c' has the id 261, but tokenizer.model beside it has 261 pieces");
  write("tokenizer.json", "{");
  expect_error("tokenizer.json");
}

TEST_F(TokenizerFolder, RefusesAMemberThatStandsTwiceInAnyFile) {
  for (const char* name : {"tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
                           "tokenizer.json"}) {
    files_.files().clear();
    write_model();
    write(name, R"({"eos_token": {"content": "<s>", "content": "</s>"}})");
    EXPECT_EQ(error_of_load().find(std::string("t/") + name +
                                   ": [json] 'eos_token.content' stands twice"),
              0U)
        << error_of_load();
  }
  files_.files().clear();
  std::string text = json().dump();
  text.insert(text.find("\"b\":260"), "\"b\":259,");
  write("tokenizer.json", text);
  EXPECT_EQ(error_of_load().find("t/tokenizer.json: [json] 'model.vocab.b' stands twice"), 0U)
      << error_of_load();
}

TEST_F(TokenizerFolder, NamesAPointerOfGitLfsAndAPageInPlaceOfAnyFile) {
  const std::pair<std::string_view, std::string_view> stand_ins[] = {
      {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 5\n",
       ": this is a Git LFS pointer"},
      {"<!DOCTYPE html>\n<html lang=\"en\"><head><title>404", ": this is a web page"}};
  for (const auto& [bytes, words] : stand_ins) {
    for (const std::string name : {"tokenizer.model", "tokenizer.json", "tokenizer_config.json"}) {
      files_.files().clear();
      if (name != "tokenizer.json") write_model();
      write(name, bytes);
      EXPECT_EQ(error_of_load().find("t/" + name + std::string(words)), 0U) << error_of_load();
    }
  }
}

TEST_F(TokenizerFolder, NamesAnIdThatNoFileGivesAPiece) {
  write_model();
  write("added_tokens.json", R"({"<x>": 262, "<s>": 1})");
  EXPECT_NE(error_of_load().find("no piece has the id 261"), std::string::npos);
}

TEST_F(TokenizerFolder, BeginsATextWhereTheTemplateOfTokenizerJsonDoes) {
  Json file = json();
  write("tokenizer.json", file.dump());
  EXPECT_EQ(text_begin(), std::nullopt);
  file["post_processor"] = parse_json(kPost).value();
  write("tokenizer.json", file.dump());
  EXPECT_EQ(text_begin(), 1);
  write("tokenizer_config.json",
        R"({"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>"})");
  EXPECT_EQ(text_begin(), 1);
  EXPECT_EQ(load().value().encode_for_model("a"), (std::vector<std::int32_t>{1, 259}));
  EXPECT_EQ(load().value().encode("a"), (std::vector<std::int32_t>{259}));
  write("tokenizer_config.json",
        R"({"tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": false})");
  EXPECT_EQ(text_begin(), std::nullopt);
  file["post_processor"] = Json::object();
  file["post_processor"]["type"] = "Sequence";
  file["post_processor"]["processors"] =
      Json::Array{parse_json(R"({"type": "ByteLevel"})").value(), parse_json(kPost).value()};
  write("tokenizer.json", file.dump());
  files_.files().erase("t/tokenizer_config.json");
  EXPECT_EQ(text_begin(), 1);
  write_model();  // beside it, too
  EXPECT_EQ(text_begin(), 1);
  file["post_processor"] = parse_json(kPost).value();
  file["post_processor"]["special_tokens"]["<s>"]["ids"] = Json::Array{Json(261)};
  write("tokenizer.json", file.dump());
  write("chat_template.jinja", "<|im_start|><|im_end|>");
  EXPECT_NE(error_of_load().find("special ids"), std::string::npos) << error_of_load();
}

TEST_F(TokenizerFolder, BeginsATextAsLlamasClassDoes) {
  write_model();
  EXPECT_EQ(text_begin(), 1);
  write("tokenizer_config.json", R"({"tokenizer_class": "LlamaTokenizer", "legacy": false})");
  EXPECT_EQ(text_begin(), 1);
  write("tokenizer.json", json().dump());
  EXPECT_EQ(text_begin(), 1);  // the class does not look at the post_processor
  write("tokenizer_config.json",
        R"({"tokenizer_class": "LlamaTokenizerFast", "bos_token": {"content": "</s>"}})");
  EXPECT_EQ(text_begin(), 2);
  write("tokenizer_config.json",
        R"({"tokenizer_class": "LlamaTokenizer", "add_bos_token": false})");
  EXPECT_EQ(text_begin(), std::nullopt);
  write("tokenizer_config.json", R"({"tokenizer_class": "PreTrainedTokenizerFast"})");
  EXPECT_EQ(text_begin(), std::nullopt);
}

TEST_F(TokenizerFolder, RefusesABeginThatItCannotPut) {
  write_model();
  const auto expect_error = [&](std::string_view part) {
    EXPECT_NE(error_of_load().find(part), std::string::npos) << error_of_load();
  };
  write("tokenizer_config.json", R"({"add_bos_token": true, "bos_token": "<start>"})");
  expect_error("bos_token is '<start>', which no file gives an id");
  write("tokenizer_config.json", R"({"add_bos_token": "yes"})");
  expect_error("add_bos_token is \"yes\"");
  TokenizerModel model = base_model();
  model.begin_id = -1;
  write("tokenizer.model", write_sentencepiece(model));
  write("tokenizer_config.json", R"({"add_bos_token": true})");
  expect_error("a begin id is asked for, but no file names one");
  write("tokenizer_config.json", "{}");
  EXPECT_EQ(text_begin(), std::nullopt);
  files_.files().erase("t/tokenizer.model");
  Json file = json();
  for (const char* step : {R"({"type": "RobertaProcessing", "cls": ["<s>", 1]})",
                           R"({"type": "TemplateProcessing", "single": []})"}) {
    file["post_processor"] = parse_json(step).value();
    write("tokenizer.json", file.dump());
    EXPECT_NE(error_of_load(), "loaded") << step;
  }
}

TEST_F(TokenizerFolder, WritesABeginThatItReadsBack) {
  TokenizerModel model = base_model();
  model.begins_texts = true;
  write("tokenizer.json", write_tokenizer_json(model));
  EXPECT_EQ(text_begin(), 1);
}

TEST_F(TokenizerFolder, BeginsAConversationOnlyWhereTheChatTemplateWritesIt) {
  write_model();
  write("added_tokens.json", R"({"<|im_start|>": 261, "<|im_end|>": 262})");
  const std::vector<ChatMessage> chat = {{"user", "a"}};
  const auto front = [&] { return encode_chatml(load().value(), chat, true).value().ids.front(); };
  EXPECT_EQ(text_begin(), 1);
  EXPECT_EQ(front(), 261);
  Json config = Json::object();
  config["chat_template"] =
      "{% for m in messages %}<|im_start|>{{ m.role }}\n<|im_end|>{% endfor %}";
  write("tokenizer_config.json", config.dump());
  EXPECT_EQ(front(), 261);
  config["chat_template"] = "{{ bos_token }}<|im_start|>…<|im_end|>";
  write("tokenizer_config.json", config.dump());
  EXPECT_EQ(front(), 1);
  config["bos_token"] = "<|im_start|>";  // every message begins with it anyway
  write("tokenizer_config.json", config.dump());
  const auto ids = encode_chatml(load().value(), chat, true).value().ids;
  EXPECT_EQ(ids.front(), 261);
  EXPECT_NE(ids[1], 261);
}

TEST_F(TokenizerFolder, DoesNotChatWhereTheTemplateIsAnother) {
  write_model();
  write("added_tokens.json", R"({"<|im_start|>": 261, "<|im_end|>": 262})");
  EXPECT_EQ(stop_ids(load().value()), (std::vector<std::int32_t>{2, 262}));
  write("chat_template.jinja", "[INST] {{ messages[0].content }} [/INST]");
  EXPECT_FALSE(can_chat(load().value()));
  EXPECT_EQ(stop_ids(load().value()), (std::vector<std::int32_t>{2}));
}

TEST_F(TokenizerFolder, IsTheSameForItsFileAndForCopiesOfItsFiles) {
  write_model();
  write("tokenizer.json", json().dump());
  write("added_tokens.json", R"({"<|im_start|>": 261, "<|im_end|>": 262})");
  write("tokenizer_config.json", R"({"add_bos_token": false})");
  write("notes.txt", "no part of it");
  for (const char* path : {"t", "t/tokenizer.model", "t/tokenizer.json"}) {
    const auto loaded = load(path);
    ASSERT_TRUE(loaded) << path << ": " << loaded.error().message;
    EXPECT_TRUE(can_chat(loaded.value())) << path;
    const auto parts = Tokenizer::files_of(files_, path);
    ASSERT_TRUE(parts);
    MemoryFileSystem copy;
    for (const TokenizerFile& part : parts.value()) {
      copy.files()["c/" + part.name] = files_.files()[part.path];
    }
    EXPECT_EQ(copy.files().contains("c/tokenizer.model"),
              std::string_view(path) != "t/tokenizer.json");
    EXPECT_FALSE(copy.files().contains("c/notes.txt"));
    const auto again = Tokenizer::load(copy, "c");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again.value().model().pieces.size(), loaded.value().model().pieces.size());
    EXPECT_EQ(again.value().text_begin(), loaded.value().text_begin());
  }
  files_.files()["other.model"] = files_.files()["t/tokenizer.model"];
  EXPECT_EQ(load("other.model").value().text_begin(), 1);  // as a tokenizer.model alone
  EXPECT_EQ(Tokenizer::files_of(files_, "other.model").value()[0].name, "tokenizer.model");
}

}  // namespace
}  // namespace aludel::text
