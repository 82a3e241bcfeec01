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

}  // namespace

void add_evaluation(const RunFiles& files, report::HtmlPage& page) {
  const auto trained = files.json("pretrain/train.json");
  const auto baselines = files.json("evaluation/baselines.json");
  if (!trained || !baselines) return;
  const double model = trained->number_or("validation_bits_per_byte", 0);
  const double bigram = bits_of(baselines, "bigram");
  std::vector<report::Bar> bars = {{"this model", model, fmt::format("{:.3f}", model)}};
  for (const auto& [key, label] :
       {std::pair{"bigram", "bigram, Kneser-Ney"}, {"unigram", "unigram"}, {"xz", "xz -9"}}) {
    const double bits = bits_of(baselines, key);
    if (bits > 0) bars.push_back({label, bits, fmt::format("{:.3f}", bits)});
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
  std::string html;
  for (int i = 1; i <= 8; ++i) {
    const auto prompt = files.text(fmt::format("samples/{}.prompt", i));
    const auto sample = files.json(fmt::format("samples/{}.json", i));
    if (!sample) continue;
    html += fmt::format("<pre>{}<b>{}</b></pre>",
                        report::escape_html(prompt.value_or(sample->string_or("prompt", ""))),
                        report::escape_html(sample->string_or("text", "")));
  }
  if (html.empty()) return;
  page.add_section("Samples",
                   "<p>What the model writes behind a prompt, as it is, none left out.</p>" + html);
}

void add_quantisation(const RunFiles& files, report::HtmlPage& page) {
  std::vector<std::vector<std::string>> rows;
  for (const char* scheme : {"q8", "q4"}) {
    const auto result = files.json(fmt::format("quantized/{}.json", scheme));
    if (!result) continue;
    rows.push_back({scheme, report::human_bytes(result->number_or("bytes_before", 0)),
                    report::human_bytes(result->number_or("bytes_after", 0)),
                    fmt::format("{:.4f}", result->number_or("bits_per_byte_before", 0)),
                    fmt::format("{:.4f}", result->number_or("bits_per_byte_after", 0))});
  }
  if (rows.empty()) return;
  page.add_section(
      "Quantised",
      report::table({"scheme", "weights before", "after", "bits per byte before", "after"}, rows));
}

}  // namespace aludel::app
