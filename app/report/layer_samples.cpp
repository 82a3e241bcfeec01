#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/report/difference.h"

namespace aludel::app {
namespace {

std::string heading(const Json& sample, const std::string& tag) {
  return fmt::format(
      "<p><span class=tag>{}</span> <span class=soft>{} · {} · score {:.3g}</span></p>",
      report::escape_html(tag), report::escape_html(sample.string_or("source", "")),
      report::escape_html(sample.string_or("url", "")), sample.number_or("score", 0));
}

std::string sample_html(const Json& sample) {
  const std::string before = sample.string_or("before", "");
  std::string html = heading(sample, sample.string_or("what", "")) + "<div class=pair>";
  if (sample.find("after") == nullptr)
    return html + "<pre>" + report::escape_html(before) + "</pre></div>";
  const report::Difference shown = report::difference(before, sample.string_or("after", ""));
  return html + "<pre>" + shown.before + "</pre><pre>" + shown.after + "</pre></div>";
}

std::string samples_html(const Json& samples, std::string_view title,
                         bool (*is_wanted)(const std::string&)) {
  std::string html;
  int count = 0;
  for (const Json& sample : samples.as_array()) {
    if (!is_wanted(sample.string_or("what", ""))) continue;
    html += sample_html(sample);
    ++count;
  }
  if (count == 0) return "";
  return fmt::format("<details><summary>{} {}</summary>", count, title) + html + "</details>";
}

std::string group_html(const Json& group) {
  const std::string text = group.string_or("text", "");
  std::string html = fmt::format(
      "<p><span class=tag>stays</span> <span class=soft>{} {} · {} copies dropped</span></p>",
      report::escape_html(group.string_or("id", "")),
      report::escape_html(group.string_or("url", "")), group.integer_or("copies", 0));
  if (!text.empty()) html += "<pre>" + report::escape_html(text) + "</pre>";
  const Json* samples = group.find("samples");
  if (samples == nullptr || !samples->is_array()) return html;
  for (const Json& sample : samples->as_array()) {
    const report::Difference shown = report::difference(text, sample.string_or("text", ""));
    html +=
        fmt::format("<p class=soft>{} · similarity {:.2f}</p><pre>{}</pre>",
                    report::escape_html(sample.string_or("url", sample.string_or("id", ""))),
                    sample.number_or("similarity", 0),
                    text.empty() ? report::escape_html(sample.string_or("text", "")) : shown.after);
  }
  return html;
}

}  // namespace

std::string layer_samples(const Json& layer) {
  const Json* samples = layer.find("samples");
  if (samples == nullptr || !samples->is_array()) return "";
  return samples_html(*samples, "samples of what fell, and why",
                      [](const std::string& what) { return what != "kept" && what != "edited"; }) +
         samples_html(*samples, "samples of what changed",
                      [](const std::string& what) { return what == "edited"; }) +
         samples_html(*samples, "samples of what stayed as it was",
                      [](const std::string& what) { return what == "kept"; });
}

std::string layer_copies(const Json& layer) {
  const Json* groups = layer.find("copies");
  if (groups == nullptr || !groups->is_array() || groups->as_array().empty()) return "";
  std::string html =
      fmt::format("<details><summary>{} documents that stayed, and their copies</summary>",
                  groups->as_array().size());
  for (const Json& group : groups->as_array()) {
    html += group_html(group);
  }
  return html + "</details>";
}

}  // namespace aludel::app
