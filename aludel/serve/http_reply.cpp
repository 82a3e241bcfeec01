#include "aludel/serve/http_reply.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/base/check.h"
#include "aludel/base/json.h"

namespace aludel::serve {
namespace {

std::string_view error_type(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 404:
      return "not_found_error";
    case 429:
      return "rate_limit_error";
    case 503:
      return "unavailable_error";
    default:
      return status >= 500 ? "server_error" : "invalid_request_error";
  }
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (lower_ascii(key) == lower_ascii(name)) return value;
  }
  return {};
}

void set_target(HttpRequest& request, std::string_view target) {
  request.host = request.header("host");
  const std::size_t scheme = target.find("://");
  if (scheme != std::string_view::npos && lower_ascii(target.substr(0, scheme)) == "http") {
    target.remove_prefix(scheme + 3);
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    request.host = target.substr(0, end);
    target.remove_prefix(end);
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = question == 0 ? "/" : target.substr(0, question);
  request.query = question < target.size() ? target.substr(question + 1) : "";
}

std::string_view without_place(std::string_view message) {
  const std::size_t end = message.find("] ");
  if (!message.starts_with('[') || end == std::string_view::npos) return message;
  const bool is_word = std::ranges::all_of(
      message.substr(1, end - 1), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  return is_word ? message.substr(end + 2) : message;
}

HttpResponse error_response(int status, std::string_view message, std::string_view code,
                            std::string_view param) {
  Json error = Json::object();
  error["message"] = without_place(message);
  error["type"] = error_type(status);
  error["code"] = code.empty() ? Json() : Json(code);
  error["param"] = param.empty() ? Json() : Json(param);
  Json body = Json::object();
  body["error"] = std::move(error);
  HttpResponse response{.status = status, .body = body.dump()};
  if (status == 503) response.headers.emplace_back("Retry-After", "2");  // seconds
  return response;
}

HttpResponse too_large(int status, std::string_view part, std::int64_t limit) {
  return error_response(status, fmt::format("the {} is larger than {} bytes", part, limit));
}

HttpResponse stopping_response() {
  return error_response(503, "the server is stopping");
}

HttpReply::~HttpReply() {
  if (table_ == nullptr) return;
  table_->update(id_, [](ReplyNews& news) {
    if (news.phase == ReplyPhase::waiting) {
      news.phase = ReplyPhase::whole;
      news.response = error_response(500, "the server failed to answer");
    } else if (news.end == ReplyEnd::open) {
      news.end = ReplyEnd::cut;
    }
  });
}

void HttpReply::send(HttpResponse response) {
  table_->update(id_, [&](ReplyNews& news) {
    ALUDEL_CHECK(news.phase == ReplyPhase::waiting, "a request was answered twice");
    news.phase = ReplyPhase::whole;
    news.end = ReplyEnd::complete;
    news.response = std::move(response);
  });
}

void HttpReply::start_stream(std::string_view content_type) {
  table_->update(id_, [&](ReplyNews& news) {
    ALUDEL_CHECK(news.phase == ReplyPhase::waiting, "a request was answered twice");
    news.phase = ReplyPhase::streaming;
    news.response.content_type = content_type;
  });
}

void HttpReply::write(std::string_view bytes) {
  table_->update(id_, [&](ReplyNews& news) { news.bytes += bytes; });
}

void HttpReply::finish() {
  table_->update(id_, [](ReplyNews& news) { news.end = ReplyEnd::complete; });
}

bool HttpReply::client_gone() const {
  const std::lock_guard lock(table_->mutex_);
  return !table_->replies_.contains(id_);
}

std::size_t HttpReply::pending_bytes() const {
  const std::lock_guard lock(table_->mutex_);
  const auto found = table_->replies_.find(id_);
  return found == table_->replies_.end() ? 0 : found->second.bytes.size();
}

HttpReply ReplyTable::open(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  replies_.insert_or_assign(id, ReplyNews());
  return {*this, id};
}

void ReplyTable::close(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  replies_.erase(id);
}

void ReplyTable::close_all() {
  const std::lock_guard lock(mutex_);
  replies_.clear();
}

std::size_t ReplyTable::size() const {
  const std::lock_guard lock(mutex_);
  return replies_.size();
}

ReplyNews ReplyTable::take(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  ReplyNews& news = replies_.at(id);
  ReplyNews taken = news;
  news.bytes.clear();
  return taken;
}

}  // namespace aludel::serve
