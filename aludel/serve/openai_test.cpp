#include "aludel/serve/openai.h"

#include <chrono>
#include <thread>

#include "tests/http_client.h"
#include "tests/scripted_model.h"
#include <gtest/gtest.h>

#include "aludel/base/json.h"

namespace aludel::serve {
namespace {

constexpr std::string_view kJsonType = "Content-Type: application/json\r\n";

/// A server on a free port whose model says what the test wrote.
class Service {
 public:
  explicit Service(ScriptedModel::Next next, std::vector<std::string> api_keys = {},
                   infer::BatcherOptions options = {}, std::int64_t context = 4096)
      : model_(std::move(next), context),
        prompts_(tokenizer_, std::nullopt, kEndId),
        batcher_(model_, tokenizer_, options),
        api_({.id = "scripted",
              .context_length = context,
              .stop_ids = {kEndId, kChatEndId},
              .sampling = {.temperature = 0},
              .tokenizer = &tokenizer_,
              .prompts = &prompts_,
              .batcher = &batcher_,
              .api_keys = std::move(api_keys)}) {
    HttpOptions http;
    http.port = 0;
    http.max_body_bytes = 100'000;
    server_ = HttpServer::start(http, api_.routes()).value();
  }

  ~Service() {
    server_->stop();
    batcher_.stop();
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
      {chat(R"(,"stop_token_ids":[-1])"), "stop_token_ids"},
      {R"({"messages":[{"role":"robot","content":"x"}]})", "messages"},
      {R"({"messages":[{"role":"user","content":[{"type":"image_url"}]}]})", "messages"},
      {chat(R"(,"n":2)"), "n"},
      {chat(R"(,"temperature":"hot")"), "temperature"},
      {chat(R"(,"temperature":-1)"), ""},
      {chat(R"(,"top_p":0)"), ""},
      {chat(R"(,"max_tokens":0)"), "max_tokens"},
      {chat(R"(,"max_tokens":1.5)"), "max_tokens"},
      {chat(R"(,"stop":[1])"), "stop"},
      {chat(R"(,"stream":1)"), "stream"},
      {chat(R"(,"stream_options":{"include_usage":true})"), "stream_options"},
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

TEST(OpenAiApi, PassesOverMembersThatAskForNothing) {
  const Service service(Service::reply(byte_ids("ok")));
  TestClient client(service.port());
  const auto response = client.post(
      "/v1/chat/completions",
      chat(R"(,"n":1,"presence_penalty":0,"frequency_penalty":0.0,"tools":[],"logit_bias":{},)"
           R"("response_format":{"type":"text"},"user":"me","metadata":{"a":1},"stop":null,)"
           R"("seed":null,"top_k":-1,"model":"scripted")"));
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

TEST(OpenAiApi, CancelsWhenTheClientLeavesAStream) {
  const Service service([](std::span<const std::int32_t>) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return kFirstByteId + 'e';
  });
  TestClient client(service.port());
  const std::string body = chat(R"(,"stream":true)");
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  client.read_until("\"content\":\"e\"");
  EXPECT_EQ(service.batcher().load().running, 1);
  client.close();
  for (int i = 0; i < 300 && service.batcher().load().running > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(service.batcher().load().running, 0);
}

TEST(OpenAiApi, RefusesWhenTooManyWait) {
  const Service service(
      [](std::span<const std::int32_t>) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return kFirstByteId + 'e';
      },
      {}, {.max_replies = 1, .max_waiting = 1});
  const std::string body = chat(R"(,"max_tokens":50)");
  TestClient first(service.port());
  first.send("POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body);
  while (service.batcher().load().running == 0)
    std::this_thread::yield();
  TestClient second(service.port());
  second.send("POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  while (service.batcher().load().waiting == 0)
    std::this_thread::yield();
  TestClient third(service.port());
  const auto refused = third.post("/v1/chat/completions", body);
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("unavailable_error"), std::string::npos);
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
