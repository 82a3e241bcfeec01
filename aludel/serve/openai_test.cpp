#include "aludel/serve/openai.h"

#include <atomic>
#include <thread>

#include "tests/eventually.h"
#include "tests/http_client.h"
#include "tests/scripted_model.h"
#include <gtest/gtest.h>

#include "aludel/base/json.h"
#include "aludel/base/utf8.h"

namespace aludel::serve {
namespace {

constexpr std::string_view kJsonType = "Content-Type: application/json\r\n";

/// A server on a free port whose model says what the test wrote.
class Service {
 public:
  explicit Service(ScriptedModel::Next next, std::vector<std::string> api_keys = {},
                   infer::BatcherOptions options = {}, std::int64_t context = 4096,
                   std::string id = "scripted", std::int64_t stop_grace_ms = 10'000)
      : model_(std::move(next), context),
        prompts_(tokenizer_, std::nullopt, kEndId),
        batcher_(model_, tokenizer_, options),
        api_({.id = std::move(id),
              .stop_ids = {kEndId, kChatEndId},
              .sampling = {.temperature = 0},
              .tokenizer = &tokenizer_,
              .prompts = &prompts_,
              .batcher = &batcher_,
              .api_keys = std::move(api_keys)}) {
    HttpOptions http;
    http.port = 0;
    http.max_body_bytes = 100'000;
    http.stop_grace_ms = stop_grace_ms;
    server_ = HttpServer::start(http, api_.routes()).value();
  }

  ~Service() { stop(); }

  /// As `aludel serve` does.
  void stop() {
    server_->refuse_new();
    api_.refuse_new();
    server_->await_replies();
    batcher_.stop();
    server_->stop();
  }

  /// Says `script` after any prompt, which the last <|im_start|> or the given length ends.
  static ScriptedModel::Next reply(std::vector<std::int32_t> script) {
    return [script = std::move(script)](std::span<const std::int32_t> text) {
      std::size_t end = text.size();
      const std::vector<std::int32_t> mark = byte_ids("assistant\n");
      for (std::size_t i = 0; i + mark.size() <= text.size(); ++i) {
        if (std::equal(mark.begin(), mark.end(), text.begin() + static_cast<std::ptrdiff_t>(i))) {
          end = i + mark.size();
        }
      }
      const std::size_t place = text.size() - end;
      return place < script.size() ? script[place] : kChatEndId;
    };
  }

  std::uint16_t port() const { return server_->port(); }

  const infer::Batcher& batcher() const { return batcher_; }

 private:
  text::Tokenizer tokenizer_ = byte_tokenizer();
  ScriptedModel model_;
  infer::PromptEncoder prompts_;
  infer::Batcher batcher_;
  OpenAiApi api_;
  std::unique_ptr<HttpServer> server_;
};

Json parsed(const std::string& body) {
  auto json = parse_json(body);
  EXPECT_TRUE(json) << body;
  return json ? std::move(json).value() : Json();
}

/// The JSON of each event, without the closing [DONE], which must be there.
std::vector<Json> events(const TestResponse& response) {
  std::vector<Json> all;
  EXPECT_TRUE(response.complete);
  EXPECT_TRUE(response.body.ends_with("data: [DONE]\n\n")) << response.body;
  for (std::size_t at = 0; at < response.body.size();) {
    const std::size_t end = response.body.find("\n\n", at);
    const std::string line = response.body.substr(at, end - at);
    EXPECT_TRUE(line.starts_with("data: ")) << line;
    if (line != "data: [DONE]") all.push_back(parsed(line.substr(6)));
    at = end + 2;
  }
  return all;
}

const Json& first_choice(const Json& event) {
  return event.find("choices")->as_array().at(0);
}

std::string streamed_text(const std::vector<Json>& all) {
  std::string text;
  for (const Json& event : all) {
    if (event.find("choices")->as_array().empty()) continue;
    text += first_choice(event).find("delta")->string_or("content", "");
  }
  return text;
}

constexpr std::string_view kHello = R"({"messages":[{"role":"user","content":"hi"}])";

std::string chat(std::string_view more) {
  return std::string(kHello) + std::string(more) + "}";
}

TEST(OpenAiApi, AnswersAChatAsOneObject) {
  const Service service(Service::reply(byte_ids("Hello, \u4f60\u597d!")));
  TestClient client(service.port());
  const auto response = client.post("/v1/chat/completions", chat(""), kJsonType);
  ASSERT_EQ(response.status, 200) << response.body;
  const Json json = parsed(response.body);
  EXPECT_EQ(json.string_or("object", ""), "chat.completion");
  EXPECT_EQ(json.string_or("model", ""), "scripted");
  EXPECT_TRUE(json.string_or("id", "").starts_with("chatcmpl-"));
  const Json& choice = first_choice(json);
  EXPECT_EQ(choice.find("message")->string_or("role", ""), "assistant");
  EXPECT_EQ(choice.find("message")->string_or("content", ""), "Hello, \u4f60\u597d!");
  EXPECT_EQ(choice.string_or("finish_reason", ""), "stop");
  const Json& usage = *json.find("usage");
  EXPECT_EQ(usage.integer_or("prompt_tokens", 0), 1 + 7 + 1 + 1 + 1 + 10);
  EXPECT_EQ(usage.integer_or("completion_tokens", 0), 15);
}

TEST(OpenAiApi, StreamsAChatInTheFormOfItsClients) {
  const Service service(Service::reply(byte_ids("a\u4f60b")));
  TestClient client(service.port());
  const auto response = client.post(
      "/v1/chat/completions", chat(R"(,"stream":true,"stream_options":{"include_usage":true})"));
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_NE(response.head.find("text/event-stream"), std::string::npos);
  const std::vector<Json> all = events(response);
  ASSERT_EQ(all.size(), 6U);  // role, a, 你, b, finish, usage
  const Json& role = *first_choice(all[0]).find("delta");
  EXPECT_EQ(role.string_or("role", ""), "assistant");
  EXPECT_TRUE(role.find("content")->is_null());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].string_or("id", "?"), all[0].string_or("id", ""));
    EXPECT_EQ(all[i].string_or("object", ""), "chat.completion.chunk");
    EXPECT_EQ(all[i].string_or("system_fingerprint", ""), "aludel");
    if (i > 0 && i < 5) {
      EXPECT_EQ(first_choice(all[i]).find("delta")->find("role"), nullptr);
      EXPECT_EQ(first_choice(all[i]).find("finish_reason")->is_null(), i < 4);
    }
  }
  EXPECT_EQ(first_choice(all[2]).find("delta")->string_or("content", ""), "\u4f60");
  EXPECT_EQ(first_choice(all[4]).string_or("finish_reason", ""), "stop");
  EXPECT_TRUE(first_choice(all[4]).find("delta")->as_object().empty());
  EXPECT_TRUE(all[5].find("choices")->as_array().empty());
  EXPECT_EQ(all[5].find("usage")->integer_or("completion_tokens", 0), 6);
}

TEST(OpenAiApi, HoldsBackStopStringsAcrossTokens) {
  const Service service(Service::reply(byte_ids("one EN two END three")));
  TestClient client(service.port());
  const auto streamed =
      client.post("/v1/chat/completions", chat(R"(,"stream":true,"stop":["END"])"));
  EXPECT_EQ(streamed_text(events(streamed)), "one EN two ");
  const auto whole = client.post("/v1/chat/completions", chat(R"(,"stop":"two")"));
  EXPECT_EQ(first_choice(parsed(whole.body)).find("message")->string_or("content", ""), "one EN ");
}

TEST(OpenAiApi, EndsAtTheLengthAskedFor) {
  const Service service(Service::reply(byte_ids("abcdef")));
  TestClient client(service.port());
  for (const char* name : {"max_tokens", "max_completion_tokens"}) {
    const auto response =
        client.post("/v1/chat/completions", chat(R"(,")" + std::string(name) + R"(":3)"));
    const Json json = parsed(response.body);
    EXPECT_EQ(first_choice(json).find("message")->string_or("content", ""), "abc");
    EXPECT_EQ(first_choice(json).string_or("finish_reason", ""), "length");
  }
}

TEST(OpenAiApi, CompletesTextAndIds) {
  const Service service([](std::span<const std::int32_t> text) {
    return text.size() < 7 ? kFirstByteId + 'z' : kEndId;
  });
  TestClient client(service.port());
  const auto text = client.post("/v1/completions", R"({"prompt":"abc","max_tokens":9})");
  ASSERT_EQ(text.status, 200) << text.body;
  const Json json = parsed(text.body);
  EXPECT_EQ(json.string_or("object", ""), "text_completion");
  EXPECT_EQ(first_choice(json).string_or("text", ""), "zzzz");
  EXPECT_EQ(json.find("usage")->integer_or("prompt_tokens", 0), 3);
  const auto ids = client.post("/v1/completions", R"({"prompt":[11,12,13,14]})");
  EXPECT_EQ(first_choice(parsed(ids.body)).string_or("text", ""), "zzz");
  const auto one = client.post("/v1/completions", R"({"prompt":["abcde"],"logprobs":2})");
  const Json one_json = parsed(one.body);
  const Json& choice = first_choice(one_json);
  EXPECT_EQ(choice.string_or("text", ""), "zz");
  EXPECT_EQ(choice.find("logprobs")->find("tokens")->as_array().size(), 2U);
  EXPECT_GE(choice.find("logprobs")->find("top_logprobs")->as_array()[0].as_object().size(), 2U);
}

TEST(OpenAiApi, ReportsLogProbabilitiesWhoseTokensAreTheText) {
  const Service service(Service::reply(byte_ids("xyz")));
  TestClient client(service.port());
  const auto response = client.post("/v1/chat/completions",
                                    chat(R"(,"stream":true,"logprobs":true,"top_logprobs":2)"));
  std::string tokens;
  for (const Json& event : events(response)) {
    const Json* log = first_choice(event).find("logprobs");
    if (log->is_null()) continue;
    for (const Json& token : log->find("content")->as_array()) {
      tokens += token.string_or("token", "");
      EXPECT_EQ(token.find("top_logprobs")->as_array().size(), 2U);
      EXPECT_LE(token.number_or("logprob", 1), 0.0);
    }
  }
  EXPECT_EQ(tokens, "xyz");
}

TEST(OpenAiApi, NamesWhatIsWrongWithARequest) {
  const Service service(Service::reply({}));
  TestClient client(service.port());
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{nonsense", ""},
      {"[]", ""},
      {"{}", "messages"},
      {R"({"messages":[]})", "messages"},
      {R"({"messages":"hi"})", "messages"},
      {R"({"messages":[1]})", "messages"},
      {R"({"messages":[{"role":1,"content":"x"}]})", "messages"},
      {R"({"messages":[{"role":"user","content":7}]})", "messages"},
      {std::string(10'000, '[') + std::string(10'000, ']'), ""},
      {R"({"messages":)" + std::string(10'000, '[') + std::string(10'000, ']') + "}", ""},
      {chat(R"(,"model":5)"), "model"},
      {chat(R"(,"max_tokens":-1)"), "max_tokens"},
      {chat(R"(,"max_tokens":"many")"), "max_tokens"},
      {chat(R"(,"seed":1.5)"), "seed"},
      {chat(R"(,"seed":18446744073709551616)"), "seed"},
      {chat(R"(,"seed":9223372036854775808)"), "seed"},
      {chat(R"(,"max_tokens":100000000000000000000)"), "max_tokens"},
      {chat(R"(,"max_tokens":5,"max_completion_tokens":6)"), "max_completion_tokens"},
      {chat(R"(,"stop_token_ids":[-1])"), "stop_token_ids"},
      {R"({"messages":[{"role":"robot","content":"x"}]})", "messages"},
      {R"({"messages":[{"role":"user","content":[{"type":"image_url"}]}]})", "messages"},
      {chat(R"(,"n":2)"), "n"},
      {chat(R"(,"temperature":"hot")"), "temperature"},
      {chat(R"(,"temperature":-1)"), "temperature"},
      {chat(R"(,"top_p":0)"), "top_p"},
      {chat(R"(,"min_p":2)"), "min_p"},
      {chat(R"(,"repetition_penalty":0)"), "repetition_penalty"},
      {chat(R"(,"top_k":-2)"), "top_k"},
      {R"({"messages":[{"role":"user","content":")" + std::string(5000, 'x') + R"("}]})",
       "messages"},
      {chat(R"(,"max_tokens":0)"), "max_tokens"},
      {chat(R"(,"max_tokens":1.5)"), "max_tokens"},
      {chat(R"(,"stop":[1])"), "stop"},
      {chat(R"(,"stream":1)"), "stream"},
      {chat(R"(,"stream_options":{"include_usage":true})"), "stream_options"},
      {chat(R"(,"stream":true,"stream_options":{"include_usage":1})"), "stream_options"},
      {chat(R"(,"stream":true,"stream_options":{"include_usage":"true"})"), "stream_options"},
      {chat(R"(,"stream":true,"stream_options":{"include_usage":{}})"), "stream_options"},
      {chat(R"(,"stream":true,"stream_options":[])"), "stream_options"},
      {chat(R"(,"top_logprobs":3)"), "top_logprobs"},
      {chat(R"(,"tools":[{"type":"function"}])"), "tools"},
      {chat(R"(,"response_format":{"type":"json_object"})"), "response_format"},
  };
  for (const auto& [body, param] : cases) {
    const auto response = client.post("/v1/chat/completions", body);
    EXPECT_EQ(response.status, 400) << body;
    const Json json = parsed(response.body);
    const Json& error = *json.find("error");
    EXPECT_EQ(error.string_or("type", ""), "invalid_request_error") << body;
    EXPECT_FALSE(error.string_or("message", "").empty()) << body;
    EXPECT_FALSE(error.string_or("message", "").starts_with("[")) << response.body;
    EXPECT_EQ(response.body.find("[json]"), std::string::npos) << response.body;
    EXPECT_EQ(error.string_or("param", ""), param) << body;
    EXPECT_NE(error.find("code"), nullptr);
  }
  const auto other = client.post("/v1/chat/completions", chat(R"(,"model":"gpt-9")"));
  EXPECT_EQ(other.status, 404);
  EXPECT_NE(other.body.find("model_not_found"), std::string::npos);
  const auto long_prompt =
      client.post("/v1/completions", R"({"prompt":")" + std::string(5000, 'x') + R"("})");
  EXPECT_EQ(long_prompt.status, 400);
  const auto large = client.post("/v1/completions", std::string(100'001, 'x'));
  EXPECT_EQ(large.status, 413);
}

TEST(OpenAiApi, RefusesMembersThatItDoesNotKnowByName) {
  const Service service(Service::reply(byte_ids("ok")));
  TestClient client(service.port());
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("guided_json":{"type":"object"})", "guided_json"},
      {R"("guided_grammar":"")", "guided_grammar"},
      {R"("no_such_thing":false)", "no_such_thing"},
      {R"("Temperature":0)", "Temperature"},
      {R"("min_tokens":5)", "min_tokens"},
      {R"("n":3)", "n"},
      {R"("presence_penalty":0.5)", "presence_penalty"},
      {R"("logit_bias":{"5":1})", "logit_bias"},
      {R"("tool_choice":"required")", "tool_choice"},
      {R"("add_generation_prompt":false)", "add_generation_prompt"},
      {R"("skip_special_tokens":false)", "skip_special_tokens"},
      {R"("mirostat":1)", "mirostat"},
      {R"("typical_p":0.9)", "typical_p"},
      {R"("modalities":["audio"])", "modalities"},
      {R"("prompt":"in a chat")", "prompt"},
      {R"("stream":true,"stream_options":{"continuous_usage_stats":true})", "stream_options"},
      {R"("stream":true,"stream_options":{"other":1})", "stream_options"},
  };
  for (const auto& [member, param] : cases) {
    const auto response = client.post("/v1/chat/completions", chat("," + member));
    EXPECT_EQ(response.status, 400) << member;
    const Json json = parsed(response.body);
    EXPECT_EQ(json.find("error")->string_or("param", ""), param) << member;
  }
  EXPECT_EQ(client.post("/v1/completions", R"({"prompt":"x","messages":[]})").status, 400);
}

TEST(OpenAiApi, SaysWhichMessageIsWrongAndWhere) {
  const Service service(Service::reply(byte_ids("ok")));
  TestClient client(service.port());
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"7", "messages[1]: must be an object"},
      {R"({"content":"x"})", "messages[1]: role must be"},
      {R"({"role":"robot","content":"x"})", "messages[1]: role must be"},
      {R"({"role":"user"})", "messages[1]: content is missing"},
      {R"({"role":"user","content":null})", "messages[1]: content is missing"},
      {R"({"role":"assistant","content":null})", "messages[1]: content is missing"},
      {R"({"role":"assistant","content":null,"tool_calls":[{"id":"1"}]})",
       "messages[1]: 'tool_calls' is not supported"},
      {R"({"role":"user","content":[]})", "messages[1]: content must be"},
      {R"({"role":"user","content":"x","name":7})", "messages[1]: name must be a string"},
      {R"({"role":"user","content":[{"type":"text","text":"x"},7]})",
       "messages[1]: content[1]: must"},
      {R"({"role":"user","content":[{"type":"text"}]})",
       "messages[1]: content[0]: text is missing"},
      {R"({"role":"user","content":[{"type":"image_url","image_url":{}}]})",
       "messages[1]: content[0]: type must be text"},
      {R"({"role":"user","content":[{"type":1,"text":"x"}]})", "content[0]: type must be"},
      {R"({"role":"user","content":[{"type":"text","text":"x","weight":2}]})",
       "messages[1]: content[0]: 'weight' is not known"},
  };
  for (const auto& [message, said] : cases) {
    const auto response = client.post(
        "/v1/chat/completions", R"({"messages":[{"role":"system","content":""},)" + message + "]}");
    EXPECT_EQ(response.status, 400) << message;
    EXPECT_NE(response.body.find(said), std::string::npos) << response.body;
    EXPECT_NE(response.body.find(R"("param":"messages")"), std::string::npos) << response.body;
  }
}

TEST(OpenAiApi, RefusesMembersThatStandTwiceByName) {
  const Service service(Service::reply(byte_ids("ok")));
  TestClient client(service.port());
  const std::vector<std::pair<std::string, std::string>> cases = {
      {chat(R"(,"temperature":0,"temperature":1)"), "temperature"},
      {chat(R"(,"messages":[{"role":"user","content":"other"}])"), "messages"},
      {chat(R"(,"user":"a","user":"b")"), "user"},
      {chat(R"(,"seed":null,"seed":1)"), "seed"},
      {R"({"messages":[{"role":"user","content":"x","content":"y"}]})", "messages"},
      {R"({"messages":[{"role":"user","content":[{"type":"text","text":"x","text":"y"}]}]})",
       "messages"},
      {chat(R"(,"stream":true,"stream_options":{"include_usage":true,"include_usage":false})"),
       "stream_options"},
  };
  for (const auto& [body, param] : cases) {
    const auto response = client.post("/v1/chat/completions", body);
    EXPECT_EQ(response.status, 400) << body;
    const Json json = parsed(response.body);
    EXPECT_EQ(json.find("error")->string_or("param", ""), param) << body;
    EXPECT_NE(response.body.find("stands twice"), std::string::npos) << response.body;
  }
  const auto nameless = client.post("/v1/chat/completions", chat(R"(,"":1)"));
  EXPECT_EQ(nameless.status, 400);
  EXPECT_NE(nameless.body.find("'' is not known"), std::string::npos) << nameless.body;
}

TEST(OpenAiApi, TakesTheMessagesThatClientsSendBack) {
  const Service service(Service::reply(byte_ids("ok")));
  TestClient client(service.port());
  const auto response = client.post(
      "/v1/chat/completions",
      R"({"messages":[{"role":"user","name":"Ann","content":[{"type":"text","text":"x","cache_control":{}}]},)"
      R"({"role":"assistant","content":"y","refusal":null,"tool_calls":null,"annotations":[]},)"
      R"({"role":"user","content":"z"}],"service_tier":"auto","store":true,"user":"me",)"
      R"("tool_choice":"none","parallel_tool_calls":true,"reasoning_effort":null,"min_tokens":0})");
  EXPECT_EQ(response.status, 200) << response.body;
}

TEST(OpenAiApi, PassesOverMembersThatAskForNothing) {
  const Service service(Service::reply(byte_ids("ok")));
  TestClient client(service.port());
  const auto response = client.post(
      "/v1/chat/completions",
      chat(R"(,"n":1,"presence_penalty":0,"frequency_penalty":0.0,"tools":[],"logit_bias":{},)"
           R"("response_format":{"type":"text"},"user":"me","metadata":{"a":1},"stop":null,)"
           R"("seed":null,"top_k":-1,"model":"scripted","max_tokens":5,"max_completion_tokens":5,)"
           R"("stream_options":null)"));
  EXPECT_EQ(response.status, 200) << response.body;
}

TEST(OpenAiApi, DrawsTheSameTextForTheSameSeed) {
  const Service service([](std::span<const std::int32_t>) { return kFirstByteId + 'q'; });
  TestClient client(service.port());
  const auto text = [&](int seed) {
    const auto response =
        client.post("/v1/completions",
                    R"({"prompt":"a","temperature":9,"max_tokens":24,"ignore_eos":true,"seed":)" +
                        std::to_string(seed) + "}");
    return first_choice(parsed(response.body)).string_or("text", "");
  };
  EXPECT_EQ(text(5), text(5));
  EXPECT_NE(text(5), text(6));
}

void send_chat(TestClient& client, std::string_view more) {
  const std::string body = chat(more);
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
}

/// A model's step that waits until the test lets it end.
class Gate {
 public:
  void open() {
    is_open_ = true;
    is_open_.notify_all();
  }

  /// Says one letter for ever, once the gate is open.
  ScriptedModel::Next letters() {
    return [this](std::span<const std::int32_t>) {
      is_open_.wait(false);
      return kFirstByteId + 'e';
    };
  }

 private:
  std::atomic<bool> is_open_ = false;
};

bool eventually_running(const Service& service, std::int64_t count) {
  return eventually([&] { return service.batcher().load().running == count; });
}

bool eventually_waiting(const Service& service, std::int64_t count) {
  return eventually([&] { return service.batcher().load().waiting == count; });
}

constexpr std::int64_t kEndless = 1 << 20;  // a context that no reply reaches the end of

TEST(OpenAiApi, CancelsWhenTheClientLeavesAStream) {
  Gate gate;
  gate.open();
  const Service service(gate.letters(), {}, {}, kEndless);
  TestClient client(service.port());
  send_chat(client, R"(,"stream":true)");
  client.read_until("\"content\":\"e\"");
  EXPECT_EQ(service.batcher().load().running, 1);
  client.close();
  EXPECT_TRUE(eventually_running(service, 0));
}

TEST(OpenAiApi, RefusesWhenTooManyWait) {
  Gate gate;
  const Service service(gate.letters(), {}, {.max_replies = 1, .max_waiting = 1});
  TestClient first(service.port());
  send_chat(first, R"(,"max_tokens":5)");
  EXPECT_TRUE(eventually_running(service, 1));
  TestClient second(service.port());
  send_chat(second, R"(,"max_tokens":5)");
  EXPECT_TRUE(eventually_waiting(service, 1));
  TestClient third(service.port());
  send_chat(third, R"(,"max_tokens":5)");
  const auto refused = third.read_response();
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("unavailable_error"), std::string::npos);
  gate.open();
}

TEST(OpenAiApi, WantsAKeyWhereKeysAreSet) {
  const Service service(Service::reply(byte_ids("ok")), {"first", "secret"});
  TestClient client(service.port());
  EXPECT_EQ(client.get("/v1/models").status, 401);
  EXPECT_EQ(client.post("/v1/chat/completions", chat("")).status, 401);
  EXPECT_EQ(client.get("/v1/models", "Authorization: Bearer wrong!\r\n").status, 401);
  EXPECT_EQ(client.get("/v1/models", "Authorization: Bearer secret\r\n").status, 200);
  EXPECT_EQ(client.get("/v1/models", "X-Api-Key: first\r\n").status, 200);
  EXPECT_EQ(client.get("/health").status, 200);
}

TEST(OpenAiApi, TakesTheSchemeOfAKeyInAnyCaseAndTheKeyExactly) {
  const Service service(Service::reply(byte_ids("ok")), {"first", "secret"});
  TestClient client(service.port());
  for (const char* right : {"bearer secret", "BEARER secret", "Bearer   secret", "bEARER first"}) {
    const std::string header = "Authorization: " + std::string(right) + "\r\n";
    EXPECT_EQ(client.get("/v1/models", header).status, 200) << right;
  }
  for (const char* wrong : {"Bearer secre", "Bearer secrets", "Bearer SECRET", "secret", "Bearer",
                            "Bearer ", "Basic secret", "Bearersecret", "Bearer secret first"}) {
    const std::string header = "Authorization: " + std::string(wrong) + "\r\n";
    const auto refused = client.get("/v1/models", header);
    EXPECT_EQ(refused.status, 401) << wrong;
    EXPECT_EQ(TestClient::header(refused.head, "WWW-Authenticate: "), "Bearer");
  }
}

TEST(OpenAiApi, ShowsOneModelByItsName) {
  const Service service(Service::reply({}), {}, {}, 4096, "org/small model");
  TestClient client(service.port());
  for (const char* path : {"/v1/models/org/small%20model", "/v1/models/org%2Fsmall%20model",
                           "/v1/models/org%2fsmall%20model"}) {
    const auto response = client.get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(parsed(response.body).string_or("id", ""), "org/small model") << path;
  }
  for (const char* path :
       {"/v1/models/gpt-4", "/v1/models/org", "/v1/models/%", "/v1/models/%zz"}) {
    const auto response = client.get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(parsed(response.body).find("error")->string_or("code", ""), "model_not_found");
  }
  EXPECT_EQ(client.post("/v1/models/x", "{}").status, 405);
}

TEST(OpenAiApi, ServesNoLongerTextThanItsCacheKeeps) {
  const Service service(Service::reply(byte_ids("ok")), {}, {.max_cached_tokens = 100}, 1 << 20);
  TestClient client(service.port());
  const Json models = parsed(client.get("/v1/models").body);
  EXPECT_EQ(models.find("data")->as_array().at(0).integer_or("max_model_len", 0), 100);
  EXPECT_EQ(client.post("/v1/chat/completions", chat("")).status, 200) << "without max_tokens";
  EXPECT_EQ(client.post("/v1/chat/completions", chat(R"(,"max_tokens":500000)")).status, 200);
  const auto refused =
      client.post("/v1/completions", R"({"prompt":")" + std::string(120, 'x') + R"("})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("120"), std::string::npos) << refused.body;
  EXPECT_NE(refused.body.find("100"), std::string::npos) << refused.body;
}

TEST(OpenAiApi, AnswersWithAnErrorWhereTheModelGivesNoNumbers) {
  const Service service([](std::span<const std::int32_t> text) {
    return text.size() < 8 ? kFirstByteId + 'a' : ScriptedModel::kNoNumber;
  });
  TestClient client(service.port());
  for (const char* more : {"", R"(,"stream":true)", R"(,"top_p":0.5,"temperature":1)"}) {
    const auto at_once = client.post(
        "/v1/completions", R"({"prompt":"abcdefgh","max_tokens":3)" + std::string(more) + "}");
    EXPECT_EQ(at_once.status, 500) << more;
    EXPECT_NE(at_once.body.find("gives no numbers"), std::string::npos) << at_once.body;
  }
  const auto whole = client.post("/v1/completions", R"({"prompt":"abc","max_tokens":30})");
  EXPECT_EQ(whole.status, 500);
  const auto streamed =
      client.post("/v1/completions", R"({"prompt":"abc","max_tokens":30,"stream":true})");
  EXPECT_EQ(streamed.status, 200);
  EXPECT_NE(streamed.body.find("gives no numbers"), std::string::npos);
  EXPECT_EQ(streamed.body.find("[DONE]"), std::string::npos);
}

TEST(OpenAiApi, RefusesSamplingOutsideOfItsRange) {
  const Service service(Service::reply(byte_ids("ok")));
  TestClient client(service.port());
  for (const char* wrong :
       {R"("repetition_penalty":1e-40)", R"("repetition_penalty":0)", R"("temperature":1e9)",
        R"("top_p":1.5)", R"("min_p":-1)", R"("top_k":-2)", R"("temperature":1e400)"}) {
    EXPECT_EQ(client.post("/v1/chat/completions", chat("," + std::string(wrong))).status, 400)
        << wrong;
  }
  for (const char* tiny : {R"("temperature":1e-46,"top_p":0.9)", R"("temperature":5e-324)",
                           R"("temperature":1e-60,"min_p":1,"top_k":3)"}) {
    const auto response = client.post("/v1/chat/completions", chat("," + std::string(tiny)));
    EXPECT_EQ(response.status, 200) << tiny;
    EXPECT_NE(response.body.find("\"ok\""), std::string::npos) << response.body;
  }
}

/// The log probabilities of a completion of "x", whole or put together from its stream.
Json legacy_log_probabilities(TestClient& client, const std::string& more, bool stream) {
  const std::string body = R"({"prompt":"x",)" + more + (stream ? R"(,"stream":true})" : "}");
  const auto response = client.post("/v1/completions", body);
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_TRUE(is_valid_utf8(response.body));
  if (!stream) return *first_choice(parsed(response.body)).find("logprobs");
  Json all = Json::object();
  for (const Json& event : events(response)) {
    const Json* log = first_choice(event).find("logprobs");
    if (log->is_null()) continue;
    for (const auto& [name, list] : log->as_object()) {
      for (const Json& item : list.as_array())
        all[name].push_back(item);
    }
  }
  return all;
}

TEST(OpenAiApi, NamesTokensOfLegacyLogProbabilitiesApart) {
  // "a", 你, the special <a>, e with an acute accent, "word", the byte F0 of a character cut short
  std::vector<std::int32_t> script = byte_ids("a\u4f60");
  script.push_back(3);
  for (const std::int32_t id : byte_ids("\u00e9"))
    script.push_back(id);
  script.push_back(kWordId);
  script.push_back(kFirstByteId + 0xF0);
  const Service service(
      [script](std::span<const std::int32_t> text) { return script[text.size() - 1]; });
  TestClient client(service.port());
  for (const bool stream : {false, true}) {
    const Json log = legacy_log_probabilities(client, R"("max_tokens":9,"logprobs":20)", stream);
    const std::vector<std::string> names = {"a",
                                            R"(bytes:\xe4)",
                                            R"(bytes:\xbd)",
                                            R"(bytes:\xa0)",
                                            "<a>",
                                            R"(bytes:\xc3)",
                                            R"(bytes:\xa9)",
                                            "word",
                                            R"(bytes:\xf0)"};
    const std::vector<std::int64_t> offsets = {0, 1, 1, 1, 2, 2, 2, 3, 7};
    const Json::Array& tokens = log.find("tokens")->as_array();
    ASSERT_EQ(tokens.size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      EXPECT_EQ(tokens[i].as_string(), names[i]);
      EXPECT_EQ(log.find("text_offset")->as_array()[i].as_integer(), offsets[i]) << i;
      const Json& top = log.find("top_logprobs")->as_array()[i];
      EXPECT_EQ(top.as_object().size(), 20U) << top.dump();
      EXPECT_EQ(top.number_or(names[i], 1), log.find("token_logprobs")->as_array()[i].as_number());
      for (const auto& [name, value] : top.as_object())
        EXPECT_LE(value.as_number(), top.number_or(names[i], 1)) << name;
    }
  }
}

TEST(OpenAiApi, ListsTheDrawnTokenBesideTheLikeliest) {
  const Service service([](std::span<const std::int32_t>) { return kFirstByteId + 'a'; });
  TestClient client(service.port());
  const Json log = legacy_log_probabilities(
      client, R"("max_tokens":40,"logprobs":1,"temperature":100,"seed":3,"ignore_eos":true)",
      false);
  for (std::size_t i = 0; i < log.find("tokens")->as_array().size(); ++i) {
    const Json& top = log.find("top_logprobs")->as_array()[i];
    const std::string& name = log.find("tokens")->as_array()[i].as_string();
    EXPECT_NE(top.find("a"), nullptr);
    EXPECT_EQ(top.as_object().size(), name == "a" ? 1U : 2U);
    EXPECT_EQ(top.number_or(name, 1), log.find("token_logprobs")->as_array()[i].as_number());
  }
}

TEST(OpenAiApi, FreesThePlacesOfClientsThatLeaveTheQueue) {
  Gate gate;
  const Service service(gate.letters(), {}, {.max_replies = 1, .max_waiting = 2});
  TestClient first(service.port());
  send_chat(first, R"(,"max_tokens":5)");
  EXPECT_TRUE(eventually_running(service, 1));
  {
    TestClient second(service.port());
    TestClient third(service.port());
    send_chat(second, R"(,"max_tokens":5)");
    send_chat(third, R"(,"max_tokens":5,"stream":true)");
    EXPECT_TRUE(eventually_waiting(service, 2));
  }
  // The model is in the middle of a step: a newcomer finds the places of those that left, as soon
  // as the server's thread has seen them go.
  std::thread model([&] {
    EXPECT_TRUE(eventually_waiting(service, 1));
    gate.open();
  });
  int status = 503;
  while (status == 503) {
    TestClient fourth(service.port());
    send_chat(fourth, R"(,"max_tokens":5)");
    status = fourth.read_response().status;
  }
  model.join();
  EXPECT_EQ(status, 200);
  EXPECT_EQ(first.read_response().status, 200) << "nobody else's reply ended";
}

TEST(OpenAiApi, AnswersThoseThatWaitAndEndsWhatRunsWhenItStops) {
  Gate gate;
  Service service(gate.letters(), {}, {.max_replies = 1});
  TestClient running(service.port());
  send_chat(running, R"(,"max_tokens":5,"stream":true)");
  EXPECT_TRUE(eventually_running(service, 1));
  TestClient streamed(service.port());
  TestClient whole(service.port());
  send_chat(streamed, R"(,"stream":true)");
  send_chat(whole, "");
  EXPECT_TRUE(eventually_waiting(service, 2));
  std::thread stopper([&] { service.stop(); });
  for (TestClient* waiting : {&streamed, &whole}) {
    const auto response = waiting->read_response();
    EXPECT_EQ(response.status, 503);
    EXPECT_NE(response.body.find("the server is stopping"), std::string::npos) << response.body;
    EXPECT_NE(TestClient::header(response.head, "Retry-After: "), "");
  }
  gate.open();
  EXPECT_EQ(streamed_text(events(running.read_response())), "eeeee");
  stopper.join();
}

TEST(OpenAiApi, EndsReplyInProgressWithAnErrorWhenTheGraceIsOver) {
  std::atomic<int> letters = 0;
  Service service(
      [&](std::span<const std::int32_t>) {
        ++letters;
        return kFirstByteId + 'e';
      },
      {}, {}, kEndless, "scripted", 50);
  TestClient streamed(service.port());
  TestClient whole(service.port());
  send_chat(streamed, R"(,"stream":true)");
  send_chat(whole, "");
  EXPECT_TRUE(eventually_running(service, 2));
  const int before = letters;
  EXPECT_TRUE(eventually([&] { return letters >= before + 10; })) << "both have begun";
  service.stop();
  const auto response = streamed.read_response();
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.complete) << "the stream is closed as its framing says";
  const std::size_t last = response.body.rfind("data: ");
  ASSERT_NE(last, std::string::npos);
  const Json event = parsed(response.body.substr(last + 6));
  ASSERT_NE(event.find("error"), nullptr) << response.body.substr(last);
  EXPECT_EQ(event.find("error")->string_or("message", ""), "the server is stopping");
  EXPECT_EQ(event.find("error")->string_or("type", ""), "unavailable_error");
  EXPECT_EQ(whole.read_response().status, 503);
}

TEST(OpenAiApi, RefusesPagesOfOtherSites) {
  const Service service(Service::reply(byte_ids("ok")));
  TestClient client(service.port());
  const auto other =
      client.post("/v1/chat/completions", chat(""), "Origin: http://evil.example\r\n");
  EXPECT_EQ(other.status, 403);
  EXPECT_EQ(client.post("/v1/chat/completions", chat(""), "Origin: http://test\r\n").status, 200);
}

TEST(OpenAiApi, ShowsItsModelItsHealthAndItsPage) {
  const Service service(Service::reply({}));
  TestClient client(service.port());
  const Json models = parsed(client.get("/v1/models").body);
  ASSERT_NE(models.find("data"), nullptr);
  const Json& model = models.find("data")->as_array().at(0);
  EXPECT_EQ(model.string_or("id", ""), "scripted");
  EXPECT_EQ(model.integer_or("max_model_len", 0), 4096);
  EXPECT_TRUE(model.bool_or("chat", false));
  EXPECT_EQ(parsed(client.get("/health").body).string_or("status", ""), "ok");
  const auto page = client.get("/");
  EXPECT_NE(page.head.find("text/html"), std::string::npos);
  EXPECT_TRUE(page.body.starts_with("<!doctype html>"));
  EXPECT_TRUE(page.body.ends_with("</html>\n"));
  for (const char* outside : {"src=\"http", "href=\"http", "@import", "url(http"}) {
    EXPECT_EQ(page.body.find(outside), std::string::npos) << outside;
  }
}

}  // namespace
}  // namespace aludel::serve
