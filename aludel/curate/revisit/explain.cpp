#include "aludel/curate/revisit/explain.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/cascade/rules.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/learn/findings.h"
#include "aludel/curate/run/forgotten.h"
#include "aludel/curate/run/layer_runner.h"
#include "aludel/curate/run/pack.h"
#include "aludel/curate/run/stored_run.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/curate/sources/unread.h"
#include "aludel/curate/target/target_layer.h"
#include "aludel/io/rows.h"

namespace aludel::curate {
namespace {

/// A document of a run, and its file.
struct StoredDocument {
  Document document;
  std::string file;  // path below the run folder
};

/// Finds the document in kept or rejects. Errors: not_found; those of reading.
Result<StoredDocument> find_in_run(io::FileSystem& files, const StoredRun& run,
                                   const std::string& which) {
  Forgotten wanted;  // matches as `forget` does: by id, or by URL as normalise_url() compares
  wanted.add(which);
  for (const std::string_view folder : {kKeptFolder, kRejectsFolder}) {
    for (const io::FileInfo& file : ALUDEL_TRY(files.list(io::join_path(run.folder(), folder)))) {
      const auto reader = ALUDEL_TRY(io::open_rows(files, file.path, document_columns()));
      Json json;
      while (ALUDEL_TRY(reader->next(json))) {
        Document document = ALUDEL_TRY(document_from_json(std::move(json)));
        const bool is_part = document.reason == kCutAtSeam;  // its id ends in #cut
        if (document.id == which || (!is_part && wanted.contains(document))) {
          return StoredDocument{std::move(document), file.path.substr(run.folder().size() + 1)};
        }
      }
    }
  }
  return Error{Code::not_found, fmt::format("[explain] no document of {} has the id or URL '{}'",
                                            run.folder(), which)};
}

/// Reads the document of that id from a shard of the sources; nothing if it is not there.
std::optional<Document> read_from_shard(io::FileSystem& files, const StoredRun& run,
                                        const Shard& shard, const StoredDocument& place) {
  for (const FilePart& part : shard.parts) {
    auto reader = open_documents(files, run.config().sources[shard.source], part);
    if (!reader) return std::nullopt;
    ReadDocument item;
    for (auto more = reader.value()->next(item); more && more.value();
         more = reader.value()->next(item)) {
      if (item.document.id == place.document.id) return std::move(item.document);
    }
  }
  return std::nullopt;
}

/// Reads the document as its source has it; nothing if it cannot be found there any more.
std::optional<Document> read_again(io::FileSystem& files, const StoredRun& run,
                                   const StoredDocument& place) {
  if (!run.config().from.empty()) return std::nullopt;
  const auto shards = plan_shards(files, sources_to_cut(run.config()));
  if (!shards) return std::nullopt;
  const std::size_t number = number_of_file(place.file);
  for (std::size_t i = 0; i < shards.value().size(); ++i) {
    const Shard& shard = shards.value()[i];
    // The name of a packed file does not tell the shard, so all shards of the source are searched.
    const bool can_be_here = packs_output(run.config())
                                 ? run.config().sources[shard.source].name == place.document.source
                                 : i == number;
    if (!can_be_here) continue;
    if (auto found = read_from_shard(files, run, shard, place)) return found;
  }
  return std::nullopt;
}

/// Returns what a layer noted of a document; an empty object if it noted nothing. The note is a
/// null if the layer has only looked for it.
Json noted_of(const Document& document, std::string_view layer) {
  const Json* noted = document.annotations.find(layer);
  return noted != nullptr && noted->is_object() ? *noted : Json::object();
}

/// Returns the row of a value that is held against a limit.
Json cut_off_row(std::string_view value, const Json& measured, Side side, double limit) {
  Json row = Json::object();
  row["value"] = value;
  row["measured"] = measured;
  row["side"] = side == Side::at_least ? "at_least" : "at_most";
  row["limit"] = limit;
  if (measured.is_number()) {
    row["holds"] =
        side == Side::at_least ? measured.as_number() >= limit : measured.as_number() <= limit;
  }
  return row;
}

/// Returns the setting whose value is the limit; "fitted" for a limit that was learned of the
/// corpus.
std::string_view setting_of(const Json& settings, const LimitedRule& limited) {
  const Json* setting = settings.find(limited.rule->setting);
  const bool is_it =
      setting != nullptr && number_of_setting(settings, limited.rule->setting) == limited.limit;
  return is_it ? limited.rule->setting : "fitted";
}

Json cut_off_rows(const Json& settings, const Json& measured, const Rules& rules) {
  Json rows = Json::array();
  for (const LimitedRule& limited : rules.all()) {
    const Json* value = value_of_rule(*limited.rule, measured);
    if (value == nullptr) continue;
    Json row = cut_off_row(limited.rule->value, *value, limited.rule->side, limited.limit);
    row["setting"] = setting_of(settings, limited);
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The explanation of a document by the layers of a run.
class Explanation {
 public:
  Explanation(io::FileSystem& files, Threads& threads, const StoredRun& run,
              const std::string& models)
      : files_(files),
        run_(run),
        context_{files, models.empty() ? run.config().models : models,
                 static_cast<std::uint64_t>(run.config().seed), threads,
                 // With `annotate`, the layer that makes the text also makes it of a page that it
                 // drops, so that the other layers can judge it; and layers also note what is near
                 // a limit.
                 Purpose::annotate} {}

  /// Returns a row for each layer, which judges the document anew.
  Json replay(Document document) {
    bool has_fallen = false;
    Json layers = Json::array();
    for (const ResolvedLayer& resolved : resolve_layers(run_.config())) {
      const LayerSettings& settings = resolved.by_profile[profile_index(document.profile)];
      if (!settings.on) {
        layers.push_back(row_of(*resolved.spec, "off"));
        continue;
      }
      auto layer = resolved.spec->make(settings.settings, context_);
      const std::string state = io::join_path(run_.folder(), state_path(resolved.spec->name));
      const Status loaded = layer ? load_state(*resolved.spec, *layer.value(), state, document)
                                  : Status(layer.error());
      Json row = row_of(*resolved.spec, "not reached");
      if (!loaded) {
        row["why"] = loaded.error().message;
      } else {
        judge(*layer.value(), resolved, settings.settings, document, row);
        if (has_fallen) row["after_drop"] = true;
        has_fallen = has_fallen || row.string_or("decision", "") == "drop";
      }
      layers.push_back(std::move(row));
    }
    if (has_target(run_.config())) layers.push_back(target_row(std::move(document), has_fallen));
    return layers;
  }

  /// Returns a row for each layer, from what the run noted of the document.
  Json from_notes(const Document& document) {
    Json layers = Json::array();
    const bool is_kept = document.rejected_by.empty();
    const std::size_t last = is_kept ? cascade_order().size() : layer_place(document.rejected_by);
    for (const ResolvedLayer& resolved : resolve_layers(run_.config())) {
      const LayerSpec& spec = *resolved.spec;
      const LayerSettings& settings = resolved.by_profile[profile_index(document.profile)];
      const std::size_t place = layer_place(spec.name);
      if (!settings.on || place > last) {
        layers.push_back(row_of(spec, settings.on ? "not reached" : "off"));
        continue;
      }
      Json row = row_of(spec, "keep");
      const Json noted = noted_of(document, spec.name);
      const std::string would_drop = noted.string_or("would_drop", "");
      if (!would_drop.empty()) {
        row["decision"] = "drop";
        row["reason"] = would_drop;
        row["score"] = noted.number_or("would_drop_score", 0);
      } else if (place == last && !is_kept) {
        row["decision"] = "drop";
        row["reason"] = document.reason;
        row["score"] = document.score;
      }
      const Rules rules(spec.rules_with(settings.settings), settings.settings);
      describe(spec, settings.settings, noted, rules, row);
      layers.push_back(std::move(row));
    }
    return layers;
  }

 private:
  static Json row_of(const LayerSpec& spec, std::string_view decision) {
    Json row = Json::object();
    row["name"] = spec.name;
    row["decision"] = decision;
    return row;
  }

  Status load_state(const LayerSpec& spec, Layer& layer, const std::string& state,
                    Document& document) {
    document.finding = Json();
    if (spec.learns == Learns::limits) return layer.load_limits(files_, state);
    if (layer.learn()) document.finding = ALUDEL_TRY(find_finding(files_, state, document.id));
    return Ok{};
  }

  Json target_row(Document document, bool has_fallen) {
    const Counts none;
    const auto layer = make_target_layer(run_.config(), none);
    Json row = row_of(target_spec(), "not reached");
    const Status loaded =
        layer->load_limits(files_, io::join_path(run_.folder(), state_path(target_spec().name)));
    if (!loaded) {
      row["why"] = loaded.error().message;
      return row;
    }
    judge(*layer, {&target_spec(), {}}, Json::object(), document, row);
    if (has_fallen) row["after_drop"] = true;
    return row;
  }

  /// Adds to a row the rules with their limits, what was measured, and the settings besides limits
  /// on which the decision depends.
  static void describe(const LayerSpec& spec, const Json& settings, Json measured,
                       const Rules& rules, Json& row) {
    row["cut_offs"] = cut_off_rows(settings, measured, rules);
    row["measured"] = std::move(measured);
    row["settings"] = Json::object();
    const std::vector<std::string> at_begin = spec.settings_read_at(ReadAt::begin, settings);
    const std::span<const Rule> limits = spec.rules_with(settings);
    for (const auto& [name, value] : settings.as_object()) {
      const bool measures = std::ranges::find(at_begin, name) != at_begin.end();
      const bool is_limit = std::ranges::find(limits, name, &Rule::setting) != limits.end();
      if (!is_limit && (!measures || spec.learns == Learns::findings))
        row["settings"][name] = value;
    }
  }

  static void judge(const Layer& layer, const ResolvedLayer& resolved, const Json& settings,
                    Document& document, Json& row) {
    const LayerSpec& spec = *resolved.spec;
    // The edits stay in the text, so that the next layer judges what it judged in the run.
    const LayerOutcome outcome = LayerRunner(Purpose::decide).run({spec, layer}, document);
    const Verdict& verdict = outcome.verdict;
    row["decision"] = verdict.keep ? "keep" : "drop";
    if (!verdict.keep) row["reason"] = verdict.reason;
    row["score"] = verdict.score;
    if (outcome.text_before) row["edited"] = true;
    describe(spec, settings, noted_of(document, spec.name), layer.rules(document), row);
  }

  io::FileSystem& files_;
  const StoredRun& run_;
  LayerContext context_;
};

}  // namespace

Result<Json> explain(io::FileSystem& files, Threads& threads, const std::string& run_folder,
                     const std::string& which, const std::string& models) {
  const StoredRun run = ALUDEL_TRY(StoredRun::open(files, run_folder));
  const StoredDocument place = ALUDEL_TRY(find_in_run(files, run, which));
  const Document& found = place.document;
  Json json = Json::object();
  json["id"] = found.id;
  json["url"] = found.url;
  json["source"] = found.source;
  json["language"] = found.language;
  json["file"] = place.file;
  json["outcome"] = found.rejected_by.empty() ? "kept" : "rejected";
  if (!found.rejected_by.empty()) {
    json["rejected_by"] = found.rejected_by;
    json["reason"] = found.reason;
    json["score"] = found.score;
  }
  if (found.rejected_by == kReadLayer) {  // a file or its records, which no layer saw
    json["text_from"] = "notes";
    json["read"] = noted_of(found, kReadLayer);
    json["layers"] = Json::array();
    return json;
  }
  if (const Json* recovered = found.annotations.find(kRecovered)) json["recovered"] = *recovered;
  auto source = read_again(files, run, place);
  json["text_from"] = source ? "source" : "notes";
  Explanation explanation(files, threads, run, models);
  json["layers"] = source ? explanation.replay(std::move(*source)) : explanation.from_notes(found);
  return json;
}

}  // namespace aludel::curate
