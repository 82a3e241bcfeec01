#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/curate/layout/run_paths.h"

namespace aludel::app {
namespace {

struct LedgerSums {
  double documents_in = 0;
  double documents_out = 0;
  double bytes_raw = 0;
  double tokens = 0;
};

LedgerSums sums_of(const Json& ledger) {
  LedgerSums sums;
  const Json* sources = ledger.find("sources");
  if (sources == nullptr || !sources->is_object()) return sums;
  for (const auto& [name, source] : sources->as_object()) {
    const Json* in = source.find("in");
    const Json* out = source.find("out");
    if (in == nullptr || out == nullptr) continue;
    sums.documents_in += in->number_or("documents", 0);
    sums.bytes_raw += in->number_or("bytes_raw", 0);
    sums.documents_out += out->number_or("documents", 0);
    sums.tokens += out->number_or("tokens", 0);
  }
  return sums;
}

}  // namespace

void add_summary(const RunFiles& files, report::HtmlPage& page) {
  std::string cards;
  if (const auto ledger = files.json(files.of_curation(curate::kLedgerFile))) {
    const LedgerSums sums = sums_of(*ledger);
    cards += report::card(report::human_bytes(sums.bytes_raw), "raw");
    cards += report::card(report::human_count(sums.documents_in), "documents in");
    cards += report::card(report::human_count(sums.documents_out), "documents kept");
    if (sums.tokens > 0) cards += report::card(report::human_count(sums.tokens), "tokens kept");
  }
  if (const auto trained = files.json("pretrain/train.json")) {
    cards += report::card(report::human_count(trained->number_or("parameters", 0)), "parameters");
    cards += report::card(report::human_count(trained->number_or("tokens", 0)), "tokens trained");
    const double bits = trained->number_or("validation_bits_per_byte", 0);
    cards += report::card(bits > 0 ? fmt::format("{:.3f}", bits) : "not measured",
                          "bits per byte, held out");
  }
  if (!cards.empty()) page.add_section("Summary", "<div class=cards>" + cards + "</div>");
}

}  // namespace aludel::app
