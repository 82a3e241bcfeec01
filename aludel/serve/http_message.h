#pragma once
// Between the messages of the HTTP library and ours; templates, so that its headers stay out.

#include <string>

#include "aludel/serve/http_reply.h"

namespace aludel::serve {

/// The request that a message of the library is; takes its body.
template <class Message>
HttpRequest plain_request(Message& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.version = message.version();
  for (const auto& field : message) {
    request.headers.emplace_back(field.name_string(), field.value());
  }
  set_target(request, std::string(message.target()));
  request.body = std::move(message.body());
  return request;
}

/// Sets the header that every reply has; `further` come from whoever let the request in.
template <class Message>
void set_common(Message& message, const HttpResponse& response, const HttpHeaders& further,
                bool keep_alive) {
  message.set("Server", "aludel");
  message.set("Content-Type", response.content_type);
  message.set("X-Content-Type-Options", "nosniff");
  for (const HttpHeaders* headers : {&further, &response.headers}) {
    for (const auto& [name, value] : *headers)
      message.set(name, value);
  }
  message.keep_alive(keep_alive);
}

}  // namespace aludel::serve
