#include "aludel/curate/revisit/forget/ledger_rows.h"

#include "aludel/curate/cascade/layer.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kRow = "forget";

void add(Json& counts, std::string_view key, std::int64_t count) {
  counts[key] = counts.integer_or(key, 0) + count;
}

/// Returns the row `forget` at the end of a source's layers. Makes it if it is missing; what came
/// out of the layers before then comes in.
Json& forget_row(Json& source) {
  Json& layers = source["layers"];
  if (layers.as_array().empty() || layers.as_array().back().string_or("name", "") != kRow) {
    const Json& out = source["out"];
    Json row = Json::object();
    row["name"] = kRow;
    row["in"] = out.integer_or("documents", 0);
    row["kept"] = out.integer_or("documents", 0);
    row["dropped"] = Json::object();
    row["edited"] = 0;
    row["bytes_in"] = out.integer_or("bytes_text", 0);
    row["bytes_out"] = out.integer_or("bytes_text", 0);
    row["bytes_dropped"] = 0;
    row["bytes_removed"] = 0;
    layers.push_back(std::move(row));
  }
  return layers.as_array().back();
}

void forget_kept(Json& source, std::int64_t bytes) {
  Json& row = forget_row(source);
  add(row, "kept", -1);
  add(row["dropped"], "forgotten", 1);
  add(row, "bytes_out", -bytes);
  add(row, "bytes_dropped", bytes);
  add(source["out"], "documents", -1);
  add(source["out"], "bytes_text", -bytes);
}

}  // namespace

void forget_in_ledger(Json& ledger, const std::vector<FoundDocument>& documents,
                      const std::map<std::string, std::uint64_t>& tokens) {
  Json* sources = ledger.find("sources");
  for (const FoundDocument& document : documents) {
    Json* source = sources->find(document.source);
    if (source == nullptr || document.reason == kCutAtSeam) continue;  // a part is not a document
    if (document.rejected_by.empty()) {
      forget_kept(*source, static_cast<std::int64_t>(document.bytes));
    } else {
      add((*source)["forgotten_rejects"][document.rejected_by], document.reason, 1);
    }
  }
  for (const auto& [name, count] : tokens) {
    Json* source = sources->find(name);
    if (source == nullptr || !(*source)["out"]["tokens"].is_integer()) continue;
    add((*source)["out"], "tokens", -static_cast<std::int64_t>(count));
  }
}

}  // namespace aludel::curate
