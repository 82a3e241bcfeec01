#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/base/json_items.h"
#include "aludel/curate/layout/run_paths.h"

namespace aludel::app {
namespace {

std::string command_html(const Json& command) {
  std::string words;
  for (const Json& word : items_of(command.find("words"))) {
    if (word.is_string()) words += " " + word.as_string();
  }
  if (words.empty()) return "";
  return fmt::format("<p>Made by <code>aludel{}</code>, version {}.</p>",
                     report::escape_html(words),
                     report::escape_html(command.string_or("version", "unknown")));
}

std::string models_html(const Json& models) {
  std::string html;
  for (const Json& model : items_of(models.find("models"))) {
    html += "<li>" + report::escape_html(model.string_or("line", "")) + "</li>";
  }
  if (!html.empty()) html = "<p>Models, and what they learnt from:</p><ul>" + html + "</ul>";
  for (const Json& caution : items_of(models.find("cautions"))) {
    if (!caution.is_string()) continue;
    html +=
        "<p><span class=tag>caution</span> " + report::escape_html(caution.as_string()) + "</p>";
  }
  return html;
}

/// What of each source was not read, in whole or in part: the worst files by name.
std::string not_read_html(const Json& ledger) {
  std::vector<std::vector<std::string>> rows;
  std::int64_t more = 0;
  for (const auto& [name, source] : members_of(ledger.find("sources"))) {
    for (const char* kind : {"not_read", "incomplete"}) {
      const Json* not_read = source.find(kind);
      if (not_read == nullptr) continue;
      more += not_read->integer_or("more_files", 0);
      for (const Json& file : items_of(not_read->find("files"))) {
        rows.push_back({name, file.string_or("path", ""), file.string_or("reason", ""),
                        std::to_string(file.integer_or("count", 0)),
                        file.string_or("example", "")});
      }
    }
  }
  if (rows.empty()) return "";
  return fmt::format(
             "<details open><summary><span class=tag>warning</span> what could not be read, by "
             "file{}</summary>",
             more > 0 ? fmt::format("; {} more in rejects", more) : std::string()) +
         report::table({"source", "file", "reason", "records", "the first"}, rows) + "</details>";
}

}  // namespace

void add_provenance(const RunFiles& files, report::HtmlPage& page) {
  const auto ledger = files.json(files.of_curation(curate::kLedgerFile));
  if (!ledger) return;
  const Json command =
      files.json(files.of_curation(curate::kCommandReport)).value_or(Json::object());
  const Json models = files.json(files.of_curation(curate::kModelsReport)).value_or(Json::object());
  std::string html = command_html(command) + models_html(models) + not_read_html(*ledger);
  if (const auto config = files.text(files.of_curation(curate::kResolvedConfig))) {
    html += "<details><summary>every setting of the curation</summary><pre>" +
            report::escape_html(*config) + "</pre></details>";
  }
  if (!html.empty()) page.add_section("Curation", html);
}

}  // namespace aludel::app
