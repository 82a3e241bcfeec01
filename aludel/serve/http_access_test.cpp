#include "aludel/serve/http_access.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace aludel::serve {
namespace {

HttpRequest request_of(std::string host, std::string origin, std::string method = "POST") {
  HttpRequest request;
  request.method = std::move(method);
  request.headers.emplace_back("Host", std::move(host));
  if (!origin.empty()) request.headers.emplace_back("Origin", std::move(origin));
  set_target(request, "/v1/completions");
  return request;
}

/// The status that a request is stopped with; 0 when it goes on.
int judged(const AccessRules& rules, const HttpRequest& request) {
  const auto access = WebAccess::make(rules);
  EXPECT_TRUE(access);
  const auto verdict = access.value().judge(request);
  return verdict.answer ? verdict.answer->status : 0;
}

TEST(WebAccess, KnowsTheNamesOfAServerOnThisMachine) {
  for (const char* own :
       {"127.0.0.1:8080", "127.0.0.1", "127.9.9.9:1", "localhost:8080", "LOCALHOST", "localhost.",
        "[::1]:8080", "[::1]", "chat.localhost:8080", "mybox:8080", "x", ""}) {
    EXPECT_EQ(judged({}, request_of(own, "")), 0) << own;
  }
}

TEST(WebAccess, RefusesNamesThatWereTurnedToThisMachine) {
  for (const char* other :
       {"evil.example", "evil.example:8080", "EVIL.example.", "127.0.0.1.evil.example:8080",
        "localhost.evil.example", "a.localhost.example", "192.0.2.1:8080", "[2001:db8::1]:8080",
        "me@evil.example"}) {
    for (const char* method : {"GET", "POST", "OPTIONS", "HEAD"}) {
      EXPECT_EQ(judged({}, request_of(other, "", method)), 403) << other;
      EXPECT_EQ(judged({}, request_of(other, "http://" + std::string(other), method)), 403);
    }
  }
}

TEST(WebAccess, TakesAnyAddressWhereTheServerIsOpenToTheNetworkAndNoOtherName) {
  const AccessRules open{.hosts = {}, .origins = {}, .listens_on = "0.0.0.0", .any_host = false};
  EXPECT_EQ(judged(open, request_of("192.0.2.1:8080", "")), 0);
  EXPECT_EQ(judged(open, request_of("[2001:db8::1]:8080", "")), 0);
  EXPECT_EQ(judged(open, request_of("evil.example:8080", "")), 403);
}

TEST(WebAccess, TakesTheNamesThatItWasGiven) {
  const AccessRules rules{.hosts = {"AI.example", "2001:db8::7"},
                          .origins = {"https://chat.example"},
                          .listens_on = "127.0.0.1",
                          .any_host = false};
  EXPECT_EQ(judged(rules, request_of("ai.example:443", "")), 0);
  EXPECT_EQ(judged(rules, request_of("[2001:db8::7]:80", "")), 0);
  EXPECT_EQ(judged(rules, request_of("chat.example", "")), 0) << "of an allowed origin";
  EXPECT_EQ(judged(rules, request_of("other.example", "")), 403);
}

TEST(WebAccess, AsksForNoNameWhereAKeyIsAskedFor) {
  const AccessRules keys{.hosts = {}, .origins = {}, .listens_on = "127.0.0.1", .any_host = true};
  EXPECT_EQ(judged(keys, request_of("ai.example", "")), 0);
  EXPECT_EQ(judged(keys, request_of("ai.example", "https://ai.example")), 0);
  EXPECT_EQ(judged(keys, request_of("ai.example", "https://evil.example")), 403);
}

TEST(WebAccess, LetsItsOwnPagesAndProgramsAsk) {
  EXPECT_EQ(judged({}, request_of("127.0.0.1:8080", "")), 0);
  EXPECT_EQ(judged({}, request_of("127.0.0.1:8080", "http://127.0.0.1:8080")), 0);
  EXPECT_EQ(judged({}, request_of("LocalHost:8080", "http://localhost:8080")), 0);
  EXPECT_EQ(judged({}, request_of("localhost", "http://localhost:80")), 0);
  EXPECT_EQ(judged({}, request_of("localhost:443", "https://localhost")), 0);
  EXPECT_EQ(judged({}, request_of("[::1]:8080", "http://[::1]:8080")), 0);
}

TEST(WebAccess, RefusesPagesOfOtherSites) {
  for (const char* other :
       {"http://evil.example", "null", "file://", "http://127.0.0.1:1", "http://localhost:8080",
        "http://127.0.0.1.evil.example:8080", "app://127.0.0.1:8080", "127.0.0.1:8080",
        "chrome-extension://abcdef", "://127.0.0.1:8080"}) {
    for (const char* method : {"GET", "POST", "OPTIONS"}) {
      EXPECT_EQ(judged({}, request_of("127.0.0.1:8080", other, method)), 403) << other;
    }
  }
}

TEST(WebAccess, AnswersThePreflightOfAllowedPagesOnly) {
  const AccessRules rules{.hosts = {},
                          .origins = {"chrome-extension://abc", "https://Chat.example"},
                          .listens_on = "127.0.0.1",
                          .any_host = false};
  const auto access = WebAccess::make(rules);
  ASSERT_TRUE(access);
  for (const char* origin : {"chrome-extension://abc", "https://chat.example"}) {
    HttpRequest request = request_of("127.0.0.1:8080", origin, "OPTIONS");
    request.headers.emplace_back("Access-Control-Request-Method", "POST");
    request.headers.emplace_back("Access-Control-Request-Private-Network", "true");
    const auto verdict = access.value().judge(request);
    ASSERT_TRUE(verdict.answer);
    EXPECT_EQ(verdict.answer->status, 200);
    const auto& further = verdict.answer->headers;
    EXPECT_NE(std::ranges::find(further, "Access-Control-Allow-Private-Network",
                                [](const auto& header) { return header.first; }),
              further.end());
    ASSERT_FALSE(verdict.headers.empty());
    EXPECT_EQ(verdict.headers[0].second, origin);
    EXPECT_FALSE(access.value().judge(request_of("127.0.0.1:8080", origin)).answer);
  }
  HttpRequest other = request_of("127.0.0.1:8080", "https://evil.example", "OPTIONS");
  other.headers.emplace_back("Access-Control-Request-Method", "POST");
  EXPECT_EQ(access.value().judge(other).answer->status, 403);
}

TEST(WebAccess, RefusesTwoHosts) {
  HttpRequest request = request_of("127.0.0.1", "");
  request.headers.emplace_back("host", "evil.example");
  EXPECT_EQ(judged({}, request), 400);
}

TEST(WebAccess, RefusesSettingsThatNameNoHostOrOrigin) {
  for (const char* host : {"", "*", "ai.example:80", "https://ai.example", "a b"}) {
    AccessRules rules;
    rules.hosts = {host};
    const auto access = WebAccess::make(rules);
    ASSERT_FALSE(access) << host;
    EXPECT_NE(access.error().message.find("allowed_hosts"), std::string::npos);
  }
  for (const char* origin : {"*", "null", "chat.example", "https://", "https://*.example",
                             "https://chat.example/page", ""}) {
    AccessRules rules;
    rules.origins = {origin};
    EXPECT_FALSE(WebAccess::make(rules)) << origin;
  }
}

}  // namespace
}  // namespace aludel::serve
