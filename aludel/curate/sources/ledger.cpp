#include "aludel/curate/sources/ledger.h"

#include <fmt/format.h>

#include "aludel/curate/layout/run_paths.h"
#include "aludel/io/json_file.h"

namespace aludel::curate {
namespace {

std::uint64_t unsigned_of(const Json& json, std::string_view key) {
  return static_cast<std::uint64_t>(json.integer_or(key, 0));
}

Json dropped_json(const LayerCounts& counts) {
  Json dropped = Json::object();
  for (const auto& [reason, count] : counts.dropped) {
    dropped[reason] = count;
  }
  return dropped;
}

Json layer_json(std::string_view name, const LayerCounts& counts) {
  Json json = Json::object();
  if (!name.empty()) json["name"] = name;
  json["in"] = counts.in;
  json["kept"] = counts.kept;
  json["dropped"] = dropped_json(counts);
  json["edited"] = counts.edited;
  if (counts.recovered > 0) json["recovered"] = counts.recovered;
  json["bytes_in"] = counts.bytes_in;
  json["bytes_out"] = counts.bytes_out;
  json["bytes_dropped"] = counts.bytes_dropped;
  json["bytes_removed"] = counts.bytes_removed;
  return json;
}

LayerCounts layer_from_json(const Json& json) {
  LayerCounts counts;
  counts.in = unsigned_of(json, "in");
  counts.kept = unsigned_of(json, "kept");
  counts.edited = unsigned_of(json, "edited");
  counts.recovered = unsigned_of(json, "recovered");
  counts.bytes_in = unsigned_of(json, "bytes_in");
  counts.bytes_out = unsigned_of(json, "bytes_out");
  counts.bytes_dropped = unsigned_of(json, "bytes_dropped");
  counts.bytes_removed = json.integer_or("bytes_removed", 0);
  if (const Json* dropped = json.find("dropped"); dropped != nullptr && dropped->is_object()) {
    for (const auto& [reason, count] : dropped->as_object()) {
      counts.dropped[reason] =
          count.is_integer() ? static_cast<std::uint64_t>(count.as_integer()) : 0;
    }
  }
  return counts;
}

Json source_json(const LedgerSource& source, const SourceCounts& counts) {
  const auto counts_of = [&counts](std::string_view name) {
    const auto found = counts.layers.find(name);
    return found == counts.layers.end() ? LayerCounts() : found->second;
  };
  const LayerCounts read = counts_of(kReadLayer);
  const LayerCounts* last = &read;
  Json json = Json::object();
  Json& in = json["in"];
  in["documents"] = read.in;
  in["bytes_raw"] = counts.bytes_raw;
  in["bytes_text"] = read.bytes_in;
  if (counts.truncated > 0) in["truncated"] = counts.truncated;
  if (!counts.unread.empty()) json["not_read"] = counts.unread.to_json();
  if (!counts.incomplete.empty()) json["incomplete"] = counts.incomplete.to_json();
  Json layers = Json::array();
  layers.push_back(layer_json(kReadLayer, read));
  std::vector<LayerCounts> all;
  all.reserve(source.layers.size());
  for (const LedgerLayer& layer : source.layers) {
    if (!layer.on) {
      Json off = Json::object();
      off["name"] = layer.name;
      off["off"] = true;
      layers.push_back(std::move(off));
      continue;
    }
    last = &all.emplace_back(counts_of(layer.name));
    layers.push_back(layer_json(layer.name, *last));
  }
  json["layers"] = std::move(layers);
  Json& out = json["out"];
  out["documents"] = last->kept;
  out["bytes_text"] = last->bytes_out;
  out["tokens"] = Json();
  return json;
}

std::string ledger_path(std::string_view run_folder) {
  return io::join_path(run_folder, kLedgerFile);
}

Error unbalanced(std::string_view source, std::string_view layer, std::string_view what) {
  return {Code::corrupt_data,
          fmt::format("[ledger] source '{}', layer '{}': {}", source, layer, what)};
}

Status check_layer(const LayerCounts& counts, std::string_view source, std::string_view layer) {
  std::uint64_t dropped = 0;
  for (const auto& [reason, count] : counts.dropped) {
    dropped += count;
  }
  if (counts.in != counts.kept + dropped) {
    return unbalanced(
        source, layer,
        fmt::format("{} documents in, {} kept and {} dropped", counts.in, counts.kept, dropped));
  }
  const std::int64_t bytes_left = static_cast<std::int64_t>(counts.bytes_in) -
                                  static_cast<std::int64_t>(counts.bytes_dropped) -
                                  counts.bytes_removed;
  if (bytes_left != static_cast<std::int64_t>(counts.bytes_out)) {
    return unbalanced(
        source, layer,
        fmt::format("{} bytes in, {} dropped and {} removed, but {} out", counts.bytes_in,
                    counts.bytes_dropped, counts.bytes_removed, counts.bytes_out));
  }
  return Ok{};
}

bool is_table(const Json* json) {
  return json != nullptr && json->is_object();
}

Status check_source(std::string_view name, const Json& source) {
  const Json* in = source.find("in");
  const Json* layers = source.find("layers");
  const Json* out = source.find("out");
  const bool has_layers = layers != nullptr && layers->is_array() && !layers->as_array().empty();
  if (!is_table(in) || !is_table(out) || !has_layers) {
    return unbalanced(name, "", "in, layers or out is missing or is no table");
  }
  std::uint64_t documents = unsigned_of(*in, "documents");
  std::uint64_t bytes = unsigned_of(*in, "bytes_text");
  for (const Json& row : layers->as_array()) {
    if (row.bool_or("off", false)) continue;
    const std::string layer = row.string_or("name", "");
    const LayerCounts counts = layer_from_json(row);
    if (counts.in != documents || counts.bytes_in != bytes) {
      return unbalanced(name, layer,
                        fmt::format("{} documents and {} bytes came in, {} and {} were sent",
                                    counts.in, counts.bytes_in, documents, bytes));
    }
    ALUDEL_TRY(check_layer(counts, name, layer));
    documents = counts.kept;
    bytes = counts.bytes_out;
  }
  if (unsigned_of(*out, "documents") != documents || unsigned_of(*out, "bytes_text") != bytes) {
    return unbalanced(name, "out", "differs from the last layer");
  }
  return Ok{};
}

}  // namespace

void LayerCounts::add(const LayerCounts& other) {
  in += other.in;
  kept += other.kept;
  edited += other.edited;
  recovered += other.recovered;
  bytes_in += other.bytes_in;
  bytes_out += other.bytes_out;
  bytes_dropped += other.bytes_dropped;
  bytes_removed += other.bytes_removed;
  for (const auto& [reason, count] : other.dropped) {
    dropped[reason] += count;
  }
}

void SourceCounts::add(const SourceCounts& other) {
  bytes_raw += other.bytes_raw;
  truncated += other.truncated;
  unread.add(other.unread);
  incomplete.add(other.incomplete);
  for (const auto& [name, counts] : other.layers) {
    layers[name].add(counts);
  }
}

void add_counts(Counts& counts, const Counts& other) {
  for (const auto& [name, source] : other) {
    counts[name].add(source);
  }
}

Json to_json(const Counts& counts) {
  Json json = Json::object();
  for (const auto& [name, source] : counts) {
    Json& item = json[name];
    item["bytes_raw"] = source.bytes_raw;
    item["truncated"] = source.truncated;
    if (!source.unread.empty()) item["not_read"] = source.unread.to_json();
    if (!source.incomplete.empty()) item["incomplete"] = source.incomplete.to_json();
    Json layers = Json::object();
    for (const auto& [layer, layer_counts] : source.layers) {
      layers[layer] = layer_json("", layer_counts);
    }
    item["layers"] = std::move(layers);
  }
  return json;
}

Result<Counts> counts_from_json(const Json& json) {
  if (!json.is_object()) return Error{Code::corrupt_data, "[ledger] expected counts by source"};
  Counts counts;
  for (const auto& [name, source] : json.as_object()) {
    SourceCounts& item = counts[name];
    item.bytes_raw = unsigned_of(source, "bytes_raw");
    item.truncated = unsigned_of(source, "truncated");
    item.unread = unread_of_source(source);
    item.incomplete = incomplete_of_source(source);
    const Json* layers = source.find("layers");
    if (layers == nullptr || !layers->is_object()) continue;
    for (const auto& [layer, layer_counts] : layers->as_object()) {
      item.layers[layer] = layer_from_json(layer_counts);
    }
  }
  return counts;
}

Json make_ledger(const std::vector<LedgerSource>& sources, const Counts& counts) {
  Json ledger = Json::object();
  Json& all = ledger["sources"];
  all = Json::object();
  for (const LedgerSource& source : sources) {
    const auto found = counts.find(source.name);
    all[source.name] = source_json(source, found == counts.end() ? SourceCounts() : found->second);
  }
  return ledger;
}

CurateSummary summary_of(const Json& ledger) {
  CurateSummary summary;
  const auto add = [](std::uint64_t& sum, const Json* table, std::string_view key) {
    if (table != nullptr) sum += unsigned_of(*table, key);
  };
  for (const auto& [name, source] : ledger.find("sources")->as_object()) {
    add(summary.documents_in, source.find("in"), "documents");
    add(summary.bytes_raw, source.find("in"), "bytes_raw");
    add(summary.documents_kept, source.find("out"), "documents");
    add(summary.bytes_kept, source.find("out"), "bytes_text");
  }
  return summary;
}

Status check_ledger(const Json& ledger) {
  const Json* sources = ledger.find("sources");
  if (sources == nullptr || !sources->is_object()) {
    return Error{Code::corrupt_data, "[ledger] no object 'sources'"};
  }
  for (const auto& [name, source] : sources->as_object()) {
    ALUDEL_TRY(check_source(name, source));
  }
  return Ok{};
}

Result<Json> read_ledger(io::FileSystem& files, const std::string& run_folder) {
  const std::string path = ledger_path(run_folder);
  Json ledger = ALUDEL_TRY(io::read_json_object(files, path));
  if (auto status = check_ledger(ledger); !status) {
    return std::move(status).error().with_context(path);
  }
  return ledger;
}

Status add_tokens(io::FileSystem& files, const std::string& run_folder,
                  const std::map<std::string, std::uint64_t>& tokens_by_source) {
  const std::string path = ledger_path(run_folder);
  Json ledger = ALUDEL_TRY(read_ledger(files, run_folder));
  for (auto& [name, source] : ledger.find("sources")->as_object()) {
    const auto found = tokens_by_source.find(name);
    source["out"]["tokens"] = found == tokens_by_source.end() ? 0 : found->second;
  }
  return io::write_file(files, path, ledger.dump_pretty());
}

}  // namespace aludel::curate
