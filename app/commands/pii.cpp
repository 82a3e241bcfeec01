#include "aludel/safety/pii.h"

#include <array>

#include "app/command.h"
#include "app/text_rows.h"
#include <fmt/format.h>

#include "aludel/base/rng.h"
#include "aludel/base/stop.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/planted/grammar.h"
#include "aludel/safety/pii/synthetic.h"

namespace aludel::app {
namespace {

struct PiiOptions {
  std::string action;
  std::vector<std::string> data;
  std::string text_field = "text";
  std::string language = "en";
  std::int64_t count = 1000;
  std::int64_t seed = 1;

  template <class V>
  void visit(V& v) {
    v("action", action, "what to do", one_of({"find", "generate"}));
    v("data", data, "find: JSONL files (.gz, .zst or plain) with a text a row");
    v("text_field", text_field, "find: where a row has its text");
    v("language", language, "generate: that of the rows", one_of({"en", "zh"}));
    v("count", count, "generate: how many rows", at_least(0));
    v("seed", seed, "generate: another seed, other values");
  }
};

Json span_json(std::string_view text, const safety::PiiSpan& span) {
  Json json = Json::object();
  json["kind"] = safety::pii_kind_name(span.kind);
  json["begin"] = static_cast<std::int64_t>(span.begin);
  json["end"] = static_cast<std::int64_t>(span.end);
  json["value"] = text.substr(span.begin, span.end - span.begin);
  return json;
}

Status find(const PiiOptions& options) {
  if (options.data.empty()) {
    return Error{Code::invalid_argument, "[pii] find needs data files"};
  }
  const auto finder = ALUDEL_TRY(safety::PiiFinder::create());
  io::SchemeFileSystem files;
  const auto add_spans = [&](std::string_view text, Json& row) {
    row["spans"] = Json::array();
    for (const safety::PiiSpan& span : finder.find(text)) {
      row["spans"].push_back(span_json(text, span));
    }
  };
  return print_text_rows(files, options.data, {"pii", "--text-field", options.text_field},
                         add_spans);
}

/// Synthetic rows, a value each; every third value is a look-alike, which no span names.
Status generate(const PiiOptions& options) {
  const bool is_chinese = options.language == "zh";
  const auto locale = is_chinese ? safety::PiiLocale::chinese : safety::PiiLocale::english;
  const auto grammar = planted::Grammar::named("personal");
  for (std::int64_t item = 0; item < options.count; ++item) {
    if (stop_requested()) return Error{Code::cancelled, "[pii] stopped"};
    Rng random(static_cast<std::uint64_t>(options.seed), static_cast<std::uint64_t>(item));
    const auto kind =
        static_cast<safety::PiiKind>(static_cast<std::size_t>(item) % safety::kPiiKindCount);
    const bool is_look_alike = random.below(3) == 0;
    const std::string value = is_look_alike ? safety::synthetic_decoy(kind, locale, random)
                                            : safety::synthetic_pii(kind, locale, random);
    std::string text =
        grammar.write(fmt::format("{}_{}", options.language, safety::pii_kind_name(kind)), random);
    const std::size_t begin = text.find("{value}");
    text.replace(begin, 7, value);
    Json row = Json::object();
    row["text"] = text;
    row["spans"] = Json::array();
    if (!is_look_alike) {
      row["spans"].push_back(span_json(text, {begin, begin + value.size(), kind}));
    }
    print(row.dump());
  }
  return Ok{};
}

Result<int> run(const CommandLine& line) {
  PiiOptions options;
  if (ALUDEL_TRY(line.read(options, {"action", "data"})) == Parsed::help_shown) return kExitDone;
  ALUDEL_TRY(options.action == "find" ? find(options) : generate(options));
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_pii = {
    .name = "pii",
    .summary = "Shows the personal data found in texts; makes synthetic texts to test that on.",
    .details =
        "Example: aludel pii find documents.jsonl\n"
        "find prints one JSON object a row: spans with kind, begin and end (bytes) and value, as\n"
        "layer `correction` would replace them. generate prints synthetic rows with text and "
        "spans:\n"
        "values with right checksums of nobody, and look-alikes that must stay.",
    .run = run,
};

}  // namespace aludel::app
