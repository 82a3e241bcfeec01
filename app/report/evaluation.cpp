#include <algorithm>

#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/report/chart.h"

namespace aludel::app {
namespace {

/// Bits per byte of one entry of the baselines' JSON, 0 when it is not there.
double bits_of(const std::optional<Json>& baselines, std::string_view name) {
  const Json* entry = baselines ? baselines->find(name) : nullptr;
  return entry != nullptr ? entry->number_or("bits_per_byte", 0) : 0;
}

/// The word behind `flag` in a step's words, if the step runs `command`; else "".
std::string word_after(const Json* words, std::string_view command, std::string_view flag) {
  if (words == nullptr || !words->is_array() || words->as_array().empty()) return "";
  const Json::Array& all = words->as_array();
  if (!all[0].is_string() || all[0].as_string() != command) return "";
  for (std::size_t i = 1; i + 1 < all.size(); ++i) {
    if (all[i].is_string() && all[i].as_string() == flag && all[i + 1].is_string()) {
      return all[i + 1].as_string();
    }
  }
  return "";
}

/// A measure with four decimals; what was not measured is no 0.
std::string measured(const Json& result, std::string_view name) {
  const Json* value = result.find(name);
  return value != nullptr && value->is_number() ? fmt::format("{:.4f}", value->as_number())
                                                : "not measured";
}

}  // namespace

void add_evaluation(const RunFiles& files, report::HtmlPage& page) {
  const auto trained = files.json("pretrain/train.json");
  const auto baselines = files.json("evaluation/baselines.json");
  const auto evaluated = files.json("evaluation/pretrained.json");
  if (!trained || !baselines) return;
  const double model = trained->number_or("validation_bits_per_byte", 0);
  if (!(model > 0)) {
    page.add_section("Evaluation", "<p>No held-out text was measured while training.</p>");
    return;
  }
  const double bigram = bits_of(baselines, "bigram");
  std::vector<report::Bar> bars = {
      {"this model", model, fmt::format("{:.3f}", model)},
      {"bigram, Kneser-Ney", bigram, fmt::format("{:.3f}", bigram)},
      {"unigram", bits_of(baselines, "unigram"),
       fmt::format("{:.3f}", bits_of(baselines, "unigram"))},
  };
  if (const double xz = bits_of(evaluated, "xz"); xz > 0) {
    bars.push_back({"xz -9", xz, fmt::format("{:.3f}", xz)});
  }
  page.add_section(
      "Evaluation",
      fmt::format("<p>Bits per byte of held-out pages, which share no near-duplicate with the "
                  "training text; less is better. The n-gram models (interpolated, modified "
                  "Kneser-Ney) learnt the same tokens ({}) with the same ids. The model {} the "
                  "bigram model.</p>",
                  report::human_count(baselines->number_or("train_tokens", 0)),
                  model < bigram ? "is below" : "is NOT below") +
          report::bar_chart(bars));
}

void add_samples(const RunFiles& files, report::HtmlPage& page) {
  const Json recipe =
      parse_toml(files.text("recipe.toml").value_or(""), "recipe.toml").value_or(Json::object());
  const Json* steps = recipe.find("steps");
  if (steps == nullptr || !steps->is_array()) return;
  std::string html;
  for (const Json& step : steps->as_array()) {
    const std::string prompt = word_after(step.find("command"), "complete", "--prompt");
    const std::string result = step.string_or("result", "");
    if (prompt.empty() || !result.starts_with("{run}/")) continue;
    const auto sample = files.json(result.substr(6));
    if (!sample) continue;
    html += fmt::format("<pre><b>{}</b>{}</pre>", report::escape_html(prompt),
                        report::escape_html(sample->string_or("text", "")));
  }
  if (html.empty()) return;
  page.add_section("Samples",
                   "<p>What the model writes behind a prompt (bold), as it is; none "
                   "was left out.</p>" +
                       html);
}

void add_quantisation(const RunFiles& files, report::HtmlPage& page) {
  std::vector<std::vector<std::string>> rows;
  for (const char* scheme : {"q8", "q4"}) {
    const auto result = files.json(fmt::format("quantized/{}.json", scheme));
    if (!result) continue;
    rows.push_back({scheme, report::human_bytes(result->number_or("bytes_before", 0)),
                    report::human_bytes(result->number_or("bytes_after", 0)),
                    measured(*result, "bits_per_byte_before"),
                    measured(*result, "bits_per_byte_after")});
  }
  if (rows.empty()) return;
  page.add_section(
      "Quantised",
      report::table({"scheme", "weights before", "after", "bits per byte before", "after"}, rows));
}

}  // namespace aludel::app
