#include "aludel/serve/http.h"

#include <atomic>
#include <chrono>
#include <list>
#include <optional>
#include <thread>

#include "tests/eventually.h"
#include "tests/http_client.h"
#include <gtest/gtest.h>

#include "aludel/base/check.h"

namespace aludel::serve {
namespace {

HttpRoute echo_route() {
  return {"POST", "/echo", [](const HttpRequest& request, HttpReply reply) {
            reply.send({.body = request.body + "|" + request.query + "|" +
                                std::string(request.header("x-test"))});
          }};
}

std::unique_ptr<HttpServer> start(std::vector<HttpRoute> routes, HttpOptions options = {}) {
  options.port = 0;
  auto server = HttpServer::start(options, std::move(routes));
  EXPECT_TRUE(server) << server.error().message;
  return std::move(server).value();
}

/// Waits until the server has handled what arrived before: it answers on another connection,
/// several times, so its thread has had its turn at every other one.
void let_server_read(const HttpServer& server) {
  TestClient other(server.port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(other.post("/echo", "").status, 200);
  }
}

TEST(HttpServer, AnswersSeveralRequestsOnOneConnection) {
  const auto server = start({echo_route()});
  TestClient client(server->port());
  ASSERT_TRUE(client.connected());
  for (int i = 0; i < 3; ++i) {
    const auto response = client.post("/echo?a=b", "hello", "X-TEST: seen\r\n");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "hello|a=b|seen");
    EXPECT_TRUE(response.complete);
  }
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  const auto server = start({echo_route()});
  TestClient client(server->port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\n1"
      "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\n2");
  EXPECT_EQ(client.read_response().body, "1||");
  EXPECT_EQ(client.read_response().body, "2||");
}

TEST(HttpServer, TakesLineEndsBetweenRequests) {
  const auto server = start({echo_route()});
  TestClient client(server->port());
  const std::string request = "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\n";
  client.send("\r\n" + request + "1\r\n" + request + "2\n\r\n\n" + request + "3\r\n");
  EXPECT_EQ(client.read_response().body, "1||");
  EXPECT_EQ(client.read_response().body, "2||");
  EXPECT_EQ(client.read_response().body, "3||");
  TestClient endless(server->port());
  endless.send(std::string(10'000, '\n') + request + "1");
  EXPECT_EQ(endless.read_response().status, 0) << "the connection is closed";
}

TEST(HttpServer, TakesAbsoluteTargets) {
  const auto server =
      start({echo_route(), {"GET", "/", [](const HttpRequest& request, HttpReply reply) {
                              reply.send({.body = "root of " + request.host});
                            }}});
  TestClient client(server->port());
  for (const char* target : {"http://t/echo?a=b", "HTTP://127.0.0.1:1/echo?a=b"}) {
    client.send("POST " + std::string(target) +
                " HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\n1");
    EXPECT_EQ(client.read_response().body, "1|a=b|") << target;
  }
  client.send("GET http://localhost HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(client.read_response().body, "root of localhost");
  client.send("GET http://evil.example/echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 403) << "the target's host counts";
}

TEST(HttpServer, NamesWhatItDoesNotServe) {
  const auto server = start({echo_route()});
  TestClient client(server->port());
  const auto missing = client.get("/nothing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_NE(missing.body.find("not_found_error"), std::string::npos);
  EXPECT_EQ(client.get("/echo").status, 405);
}

TEST(HttpServer, AnswersHeadLikeGetWithoutABody) {
  const auto server =
      start({{"GET", "/page",
              [](const HttpRequest&, HttpReply reply) { reply.send({.body = "a page"}); }},
             echo_route()});
  TestClient client(server->port());
  const std::string end = " HTTP/1.1\r\nHost: t\r\n\r\n";
  client.send("HEAD /page" + end + "HEAD /echo" + end + "GET /page" + end);
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200")) << head;
  EXPECT_EQ(TestClient::header(head, "Content-Length: "), "6");
  EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 405"));
  EXPECT_EQ(client.read_response().body, "a page") << "no body stood before it";
}

TEST(HttpServer, RefusesWhatIsNotHttp) {
  const auto server = start({echo_route()});
  TestClient client(server->port());
  client.send("\x16\x03\x01 nonsense\r\n\r\n");
  const auto response = client.read_response();
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(response.body.find("invalid_request_error"), std::string::npos);
}

TEST(HttpServer, RefusesLengthsThatLie) {
  const auto server = start({echo_route()});
  for (const char* framing :
       {"Content-Length: -1", "Content-Length: 99999999999999999999", "Content-Length: 1x",
        "Content-Length: 1\r\nContent-Length: 2", "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: nonsense"}) {
    TestClient client(server->port());
    client.send("POST /echo HTTP/1.1\r\nHost: t\r\n" + std::string(framing) + "\r\n\r\nabcd");
    const int status = client.read_response().status;
    EXPECT_TRUE(status >= 400 && status < 500) << framing << ": " << status;
  }
  TestClient client(server->port());
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
  EXPECT_EQ(client.read_response().status, 400) << "no chunk size";
  TestClient after(server->port());
  EXPECT_EQ(after.post("/echo", "still").body, "still||");
}

TEST(HttpServer, RefusesABodyThatIsTooLarge) {
  HttpOptions options;
  options.max_body_bytes = 1000;
  const auto server = start({echo_route()}, options);
  TestClient honest(server->port());
  EXPECT_EQ(honest.post("/echo", std::string(1001, 'x')).status, 413);
  TestClient chunked(server->port());
  chunked.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" +
               std::string(0x800, 'y') + "\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.read_response().status, 413);
  TestClient allowed(server->port());
  EXPECT_EQ(allowed.post("/echo", std::string(1000, 'x')).status, 200);
}

TEST(HttpServer, RefusesAHeaderThatIsTooLarge) {
  const auto server = start({echo_route()});
  TestClient client(server->port());
  const auto response = client.get("/echo", "X-Long: " + std::string(40'000, 'a') + "\r\n");
  EXPECT_EQ(response.status, 431);
}

TEST(HttpServer, ClosesAConnectionThatSendsItsRequestTooSlowly) {
  HttpOptions options;
  options.idle_timeout_ms = 200;
  options.request_timeout_ms = 200;
  const auto server = start({echo_route()}, options);
  TestClient silent(server->port());
  TestClient half(server->port());
  half.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nonly this");
  EXPECT_EQ(half.read_response().status, 0);
  EXPECT_EQ(silent.read_response().status, 0);
  EXPECT_TRUE(eventually([&] { return server->connection_count() == 0; }));
}

TEST(HttpServer, AnswersContinueBeforeTheBody) {
  const auto server = start({echo_route()});
  TestClient client(server->port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_EQ(client.read_response().body, "ok||");
}

TEST(HttpServer, LimitsConnections) {
  HttpOptions options;
  options.max_connections = 1;
  const auto server = start({echo_route()}, options);
  TestClient first(server->port());
  EXPECT_EQ(first.post("/echo", "").status, 200);
  TestClient second(server->port());
  EXPECT_EQ(second.read_response().status, 503);
}

TEST(HttpServer, AnswersADroppedReplyWithAFailure) {
  const auto server = start({{"GET", "/drop", [](const HttpRequest&, const HttpReply&) {}},
                             {"GET", "/bug", [](const HttpRequest&, const HttpReply&) {
                                ALUDEL_CHECK(false, "always");
                              }}});
  TestClient client(server->port());
  EXPECT_EQ(client.get("/drop").status, 500);
  EXPECT_EQ(client.get("/bug").status, 500);
}

/// A route that hands its reply to the test.
struct Held {
  std::mutex mutex;
  std::optional<HttpReply> reply;

  HttpRoute route() {
    return {"GET", "/held", [this](const HttpRequest&, HttpReply taken) {
              const std::lock_guard lock(mutex);
              reply.emplace(std::move(taken));
            }};
  }

  bool has_reply() {
    const std::lock_guard lock(mutex);
    return reply.has_value();
  }
};

TEST(HttpStream, SendsEachPieceAtOnce) {
  Held held;
  const auto server = start({held.route(), echo_route()});
  TestClient client(server->port());
  client.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  held.reply->start_stream("text/event-stream");
  EXPECT_NE(client.read_until("\r\n\r\n").find("text/event-stream"), std::string::npos);
  held.reply->write("data: one\n\n");
  EXPECT_EQ(client.read_until("\n\n\r\n"), "b\r\ndata: one\n\n\r\n");
  held.reply->write("data: two\n\n");
  held.reply->finish();
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "b\r\ndata: two\n\n\r\n0\r\n\r\n");
  EXPECT_EQ(client.post("/echo", "again").body, "again||");
  held.reply.reset();  // late: it must not touch the connection's next replies
  EXPECT_EQ(client.post("/echo", "still").body, "still||");
}

TEST(HttpStream, NoticesThatTheClientLeft) {
  Held held;
  const auto server = start({held.route()});
  TestClient client(server->port());
  client.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  held.reply->start_stream("text/event-stream");
  client.read_until("\r\n\r\n");
  EXPECT_FALSE(held.reply->client_gone());
  client.close();
  EXPECT_TRUE(eventually([&] { return held.reply->client_gone(); }));
  held.reply->write("into the void");
  held.reply->finish();
  held.reply.reset();
}

TEST(HttpStream, NoticesThatTheClientLeftBeforeTheFirstByte) {
  Held held;
  const auto server = start({held.route()});
  TestClient client(server->port());
  client.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  client.close();
  EXPECT_TRUE(eventually([&] { return held.reply->client_gone(); }));
  held.reply.reset();
}

TEST(HttpStream, NoticesThatTheClientLeftBehindFurtherBytes) {
  for (const std::size_t ahead : {2U, 1000U, 100'000U}) {
    Held held;
    const auto server = start({held.route()});
    TestClient client(server->port());
    client.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
    ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
    client.send(std::string(ahead, '\n'));
    client.close();
    EXPECT_TRUE(eventually([&] { return held.reply->client_gone(); })) << ahead;
    held.reply.reset();
  }
}

TEST(HttpStream, CutsTheConnectionWhenAStreamIsDropped) {
  Held held;
  const auto server = start({held.route()});
  TestClient client(server->port());
  client.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  held.reply->start_stream("text/event-stream");
  held.reply->write("half");
  held.reply.reset();
  const auto response = client.read_response();
  EXPECT_EQ(response.body, "half");
  EXPECT_FALSE(response.complete);
}

TEST(HttpStream, EndsWithTheConnectionForOldClients) {
  Held held;
  const auto server = start({held.route()});
  TestClient client(server->port());
  client.send("GET /held HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  held.reply->start_stream("text/plain");
  held.reply->write("plain bytes");
  held.reply->finish();
  const auto response = client.read_response();
  EXPECT_EQ(response.head.find("chunked"), std::string::npos);
  EXPECT_EQ(response.body, "plain bytes");
  held.reply.reset();
}

TEST(HttpStream, ShowsHowMuchASlowClientLeftUnread) {
  constexpr std::size_t kBlock = 1 << 20;
  HttpOptions options;
  options.write_timeout_ms = 600'000;
  Held held;
  const auto server = start({held.route(), echo_route()}, options);
  TestClient client(server->port());
  client.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  held.reply->start_stream("text/event-stream");
  // The kernel's buffers fill first, however large they are. An answer on another connection shows
  // that the server's thread had its turn since the write: what it left is left for a full socket.
  TestClient other(server->port());
  std::size_t written = 0;
  while (held.reply->pending_bytes() < 2 * kBlock) {
    ASSERT_LT(written, 256 * kBlock) << "a client that reads nothing takes everything";
    held.reply->write(std::string(kBlock, 'x'));
    written += kBlock;
    ASSERT_EQ(other.post("/echo", "").status, 200);
  }
  EXPECT_FALSE(held.reply->client_gone());
  held.reply->finish();
  EXPECT_EQ(client.read_response().body.size(), written);
  held.reply.reset();
}

TEST(HttpStream, GivesUpAClientThatReadsNothing) {
  constexpr std::size_t kBlock = 1 << 20;
  HttpOptions options;
  options.write_timeout_ms = 100;
  Held held;
  const auto server = start({held.route()}, options);
  TestClient client(server->port());
  client.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  held.reply->start_stream("text/event-stream");
  EXPECT_TRUE(eventually([&] {  // writes on: only a write that waits can time out
    if (held.reply->pending_bytes() < 4 * kBlock) held.reply->write(std::string(kBlock, 'x'));
    return held.reply->client_gone();
  }));
  held.reply.reset();
}

TEST(HttpServer, StopsWithRepliesInProgress) {
  HttpOptions options;
  options.stop_grace_ms = 100;
  Held held;
  const auto server = start({held.route()}, options);
  TestClient idle(server->port());
  TestClient waiting(server->port());
  waiting.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  server->stop();
  EXPECT_TRUE(held.reply->client_gone());
  held.reply.reset();
}

TEST(HttpServer, LetsAReplyInProgressEndBeforeItStops) {
  Held held;
  const auto server = start({held.route()});
  TestClient client(server->port());
  client.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  std::thread stopper([&] { server->stop(); });
  EXPECT_TRUE(eventually([&] { return !TestClient(server->port()).connected(); }));
  held.reply->send({.body = "done"});
  EXPECT_EQ(client.read_response().body, "done");
  stopper.join();
  held.reply.reset();
}

TEST(HttpServer, StopsAtOnceAndAnswersBodiesThatAreStillArriving) {
  const auto server = start({echo_route()});  // with 10 s of grace
  const std::string header = "POST /echo HTTP/1.1\r\nHost: t\r\n";
  std::list<TestClient> unasked;
  for (const std::string& bytes : {std::string(), std::string("\r\n"), std::string("POST /v1/ch"),
                                   header, header + "Content-Length: 5"}) {
    unasked.emplace_back(server->port()).send(bytes);
  }
  std::list<TestClient> asked;
  for (const char* rest : {"Content-Length: 50\r\n\r\nhalf", "Content-Length: 900000\r\n\r\n",
                           "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"}) {
    asked.emplace_back(server->port()).send(header + rest);
  }
  TestClient& told_to_go_on = asked.emplace_back(server->port());
  told_to_go_on.send(header + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_TRUE(told_to_go_on.read_until("\r\n\r\n").starts_with("HTTP/1.1 100"));
  let_server_read(*server);
  ASSERT_TRUE(eventually([&] { return server->connection_count() == 9; }));
  const auto started = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(5))
      << "no reply runs, though all clients keep their connections";
  EXPECT_EQ(server->connection_count(), 0U);
  for (TestClient& client : unasked) {
    EXPECT_EQ(client.read_response().status, 0);
  }
  for (TestClient& client : asked) {
    const auto response = client.read_response();
    EXPECT_EQ(response.status, 503);
    EXPECT_NE(response.head.find("Retry-After: "), std::string::npos) << response.head;
    EXPECT_NE(response.body.find("stopping"), std::string::npos) << response.body;
  }
}

TEST(HttpServer, AnswersBodiesThatGoOnArrivingWhileItStops) {
  Held held;
  const auto server = start({echo_route(), held.route()});
  TestClient running(server->port());
  running.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n");
  TestClient sending(server->port());
  sending.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 800000\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  let_server_read(*server);
  server->refuse_new();
  sending.send(std::string(400'000, 'a'));
  EXPECT_EQ(sending.read_response().status, 503);
  held.reply->send({.body = "done"});
  server->await_replies();
  EXPECT_EQ(running.read_response().body, "done");
  held.reply.reset();
}

TEST(HttpServer, RefusesEncodedBodies) {
  const auto server = start({echo_route()});
  TestClient client(server->port());
  for (const char* coding : {"gzip", "br", "identity, gzip"}) {
    const auto response =
        client.post("/echo", "hello", "Content-Encoding: " + std::string(coding) + "\r\n");
    EXPECT_EQ(response.status, 400) << coding;
    EXPECT_EQ(TestClient::header(response.head, "Accept-Encoding: "), "identity");
  }
  EXPECT_EQ(client.post("/echo", "hello", "Content-Encoding: Identity\r\n").status, 200);
  EXPECT_EQ(client.post("/echo", "", "Content-Encoding: gzip\r\n").status, 200);
}

TEST(HttpServer, BoundsTheBodiesThatAreArrivingAllTogether) {
  HttpOptions options;
  options.max_arriving_bytes = 1 << 20;
  const auto server = start({echo_route()}, options);
  const auto header = [](const std::string& length) {
    return "POST /echo HTTP/1.1\r\nHost: t\r\n" + length + "\r\n\r\n";
  };
  const std::string large = header("Content-Length: 900000");
  TestClient first(server->port());
  first.send(large + "a");
  let_server_read(*server);
  for (const std::string& further : {large, header("Transfer-Encoding: chunked")}) {
    TestClient second(server->port());
    second.send(further);
    const auto response = second.read_response();
    EXPECT_EQ(response.status, 503) << further;
    EXPECT_NE(response.body.find("bodies are arriving"), std::string::npos) << response.body;
  }
  TestClient small(server->port());
  EXPECT_EQ(small.post("/echo", "hello").status, 200) << "short requests always have room";
  first.send(std::string(899'999, 'a'));
  EXPECT_EQ(first.read_response().status, 200);
  TestClient third(server->port());
  EXPECT_EQ(third.post("/echo", std::string(900'000, 'b')).status, 200) << "room is given back";
  TestClient chunked(server->port());
  chunked.send(header("Transfer-Encoding: chunked") + "1\r\nc\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.read_response().body, "c||") << "one alone always has room";
}

TEST(HttpServer, RefusesFoldedHeadersAndRequestsWithoutAHost) {
  const auto server = start({echo_route()});
  for (const char* header : {"Host: t\r\nX-Test: a\r\n b\r\n", "Host: t\r\nX-Test: a\r\n\tb\r\n",
                             "Host: t\r\n \r\n", "X-Test: no host\r\n", ""}) {
    TestClient client(server->port());
    client.send("POST /echo HTTP/1.1\r\n" + std::string(header) + "Content-Length: 1\r\n\r\n1");
    const auto response = client.read_response();
    EXPECT_EQ(response.status, 400) << header;
    EXPECT_NE(response.body.find("invalid_request_error"), std::string::npos) << response.body;
  }
  TestClient old(server->port());
  old.send("POST /echo HTTP/1.0\r\nContent-Length: 1\r\n\r\n1");
  EXPECT_EQ(old.read_response().status, 200) << "HTTP/1.0 has no Host";
}

TEST(HttpServer, SaysWhyItCannotListen) {
  const auto server = start({});
  HttpOptions options;
  options.port = server->port();
  const auto second = HttpServer::start(options, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::io_error);
  options.host = "not an address";
  EXPECT_EQ(HttpServer::start(options, {}).error().code, Code::invalid_argument);
}

TEST(HttpServer, LetsNamedPagesReadWholeAndStreamedReplies) {
  Held held;
  HttpOptions options;
  options.allowed_origins = {"app://notes"};
  const auto server = start({held.route(), echo_route()}, options);
  TestClient client(server->port());
  const std::string origin = "Origin: app://notes\r\n";
  const auto whole = client.post("/echo", "x", origin);
  EXPECT_EQ(TestClient::header(whole.head, "Access-Control-Allow-Origin: "), "app://notes");
  EXPECT_EQ(client.post("/echo", "x").head.find("Access-Control"), std::string::npos);
  client.send("OPTIONS /echo HTTP/1.1\r\nHost: t\r\nAccess-Control-Request-Method: POST\r\n" +
              origin + "\r\n");
  const auto preflight = client.read_response();
  EXPECT_EQ(preflight.status, 200);
  EXPECT_NE(preflight.head.find("Access-Control-Allow-Headers: *, Authorization"),
            std::string::npos);
  EXPECT_EQ(client.post("/echo", "x", "Origin: app://other\r\n").status, 403);
  client.send("GET /held HTTP/1.1\r\nHost: t\r\n" + origin + "\r\n");
  ASSERT_TRUE(eventually([&] { return held.has_reply(); }));
  held.reply->start_stream("text/event-stream");
  held.reply->finish();
  const auto streamed = client.read_response();
  EXPECT_EQ(TestClient::header(streamed.head, "Access-Control-Allow-Origin: "), "app://notes");
  held.reply.reset();
}

TEST(HttpServer, ServesManyConnectionsAtOnce) {
  const auto server = start({echo_route()});
  std::list<TestClient> clients;
  for (int i = 0; i < 200; ++i) {
    clients.emplace_back(server->port());
  }
  for (TestClient& client : clients) {
    EXPECT_EQ(client.post("/echo", "x").status, 200);
  }
}

}  // namespace
}  // namespace aludel::serve
