#include <chrono>
#include <thread>

#include "app/model_command.h"
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/base/stop.h"
#include "aludel/serve/openai.h"

namespace aludel::app {
namespace {

struct ServeOptions {
  ModelOptions model;
  std::string name;
  std::string api_key_file;
  serve::HttpOptions http;
  infer::BatcherOptions batch;

  template <class V>
  void visit(V& v) {
    model.visit(v);
    v("name", name, "the model's name in the API; the folder's when not given");
    v("api_key_file", api_key_file, "file with one API key a line; without it everyone may ask");
    http.visit(v);
    batch.visit(v);
  }
};

/// The lines of the file that are not empty and no comment.
Result<std::vector<std::string>> read_keys(io::FileSystem& files, const std::string& path) {
  std::vector<std::string> keys;
  if (path.empty()) return keys;
  const std::string text = ALUDEL_TRY(io::read_file(files, path, 1 << 20));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    line.erase(line.find_last_not_of(" \t\r") + 1);
    line.erase(0, line.find_first_not_of(" \t"));
    if (!line.empty() && line[0] != '#') keys.push_back(std::move(line));
    at = end + 1;
  }
  if (keys.empty()) return Error{Code::invalid_argument, path + ": [serve] no API key in it"};
  return keys;
}

Result<int> run(const CommandLine& line) {
  ServeOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  const auto running = ALUDEL_TRY(open_model(line, options.model, infer::TokenizerNeed::required));
  infer::LoadedModel& model = running->loaded;
  const auto keys = ALUDEL_TRY(read_keys(running->files, options.api_key_file));
  options.http.any_host = !keys.empty();
  infer::Batcher batcher(*model.engine, *model.tokenizer, options.batch);
  serve::OpenAiApi api({.id = options.name.empty() ? model.name : options.name,
                        .stop_ids = model.stop_ids,
                        .sampling = model.sampling.over({}),
                        .tokenizer = model.tokenizer.get(),
                        .prompts = model.prompts.get(),
                        .batcher = &batcher,
                        .api_keys = keys});
  if (batcher.longest_text() < model.engine->context_length()) {
    log_info("the model's context holds {} tokens, of which {} are served: --max-cached-tokens",
             model.engine->context_length(), batcher.longest_text());
  }
  const auto server = ALUDEL_TRY(serve::HttpServer::start(options.http, api.routes()));
  const bool is_local = options.http.host.starts_with("127.") || options.http.host == "localhost" ||
                        options.http.host == "::1";
  if (!is_local && keys.empty()) {
    log_warning("[serve] open to the network without API keys; see --api-key-file");
  }
  const std::string host = options.http.host.find(':') == std::string::npos
                               ? options.http.host
                               : "[" + options.http.host + "]";
  print(fmt::format("http://{}:{}/", host, server->port()));
  print_part("");  // flushed: a caller waits for the address
  log_info("serving; Ctrl-C ends");
  while (!stop_requested())
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  log_info("stopping: replies in progress have {} ms; a second signal ends at once",
           options.http.stop_grace_ms);
  server->refuse_new();
  api.refuse_new();
  server->await_replies();
  batcher.stop();  // what is left of replies ends with an error
  server->stop();
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_serve = {
    .name = "serve",
    .summary = "Serves a model over HTTP: OpenAI's API and a chat page.",
    .details =
        "Prints its address on stdout. Routes: /, /health, /v1/models, /v1/models/ID,\n"
        "/v1/completions, /v1/chat/completions.\n"
        "Web pages of other sites are refused: their Origin (--allowed-origins lets named ones "
        "ask,\n"
        "with CORS), and, where no API keys are asked for, requests to a name that this server is\n"
        "not known to have (--allowed-hosts), which is how a page gets around its Origin.\n"
        "What a request does not say of sampling, the model's generation_config.json says.\n"
        "A member of a request that is not known and might change the reply is refused with 400.\n"
        "Example: aludel serve RUN --port 8080\n"
        "curl http://127.0.0.1:8080/v1/chat/completions -H 'Content-Type: application/json' \\\n"
        "  -d '{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"stream\":true}'",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
