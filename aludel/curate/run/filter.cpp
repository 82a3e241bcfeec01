#include "aludel/curate/run/filter.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_set>

#include <fmt/format.h>

#include "aludel/base/json_record.h"
#include "aludel/base/stop.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/learn/findings.h"
#include "aludel/curate/run/filter_layer.h"
#include "aludel/curate/run/layer_pass.h"
#include "aludel/curate/run/stream_learning.h"
#include "aludel/curate/sources/read_part.h"
#include "aludel/io/codec.h"
#include "aludel/io/json_stream.h"
#include "aludel/io/rows.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kBatchDocuments = 512;
constexpr std::size_t kBatchBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxLineBytes = std::size_t{256} << 20;

/// One line on its way through the layer.
struct Line {
  std::string text;
  std::string cut_off;  // a line for the part that the layer cut off
  Json json;
  Document document;
  std::string own_id;  // the id in the input; document.id may be one of LineIds
  std::string own_language;
  std::string own_cluster;
  bool is_judged = false;   // false: it passes without being judged
  bool is_unknown = false;  // the state has never seen it, so it is not judged
};

/// What happens to an id that several documents have. A layer that learns needs other ids, since
/// its findings go by id.
enum class SharedIds : std::uint8_t { kept, renamed };

/// The ids of documents: their own, or "line N" if they have none, or "line N (ID)" in place of a
/// shared ID that is renamed. The same lines in the same order get the same ids.
class LineIds {
 public:
  explicit LineIds(SharedIds shared) : shared_(shared) {}

  void name(Line& line) {
    ++lines_;
    if (!line.is_judged) return;
    line.own_id = line.document.id;
    std::string& id = line.document.id;
    if (id.empty()) id = fmt::format("line {}", lines_);
    while (shared_ == SharedIds::renamed && !seen_.insert(id).second) {
      id = fmt::format("line {} ({})", lines_, id);
    }
  }

 private:
  SharedIds shared_;
  std::uint64_t lines_ = 0;
  std::unordered_set<std::string> seen_;  // the ids so far, if shared ones are renamed
};

/// Moves what another tool wrote under a name that the layer will write: to `name_`.
void set_aside(Json& json, std::string_view name) {
  Json* given = json.find(name);
  if (given == nullptr || given->is_null()) return;
  if (given->is_string() && given->as_string().empty()) return;
  Json kept = std::move(*given);
  std::string free_name = std::string(name) + '_';
  while (json.find(free_name) != nullptr) {
    free_name += '_';
  }
  json[free_name] = std::move(kept);
}

/// Makes a reject of a line that is not a document. An object keeps its members.
void reject_as_read(Line& line, Json json, std::string reason, std::string why) {
  line.document.rejected_by = kReadLayer;
  line.document.reason = std::move(reason);
  if (json.is_object()) {
    for (const char* name : {"rejected_by", "reason", "problem"}) {
      set_aside(json, name);
    }
    json["rejected_by"] = line.document.rejected_by;
    json["reason"] = line.document.reason;
    json["problem"] = std::move(why);
    line.text = json.dump();
    return;
  }
  line.document.text = replace_invalid_utf8(line.text);
  add_metadata(line.document, "problem", std::move(why));
  line.text = to_json(line.document).dump();
}

void parse(Line& line) {
  auto json = parse_record(line.text);
  if (!json) return reject_as_read(line, Json(), "bad_json", json.error().message);
  if (json.value().string_or("rejected_by", "") == kReadLayer) {  // an earlier call rejected it
    line.document.rejected_by = kReadLayer;
    line.json = std::move(json).value();
    return;
  }
  auto document = document_from_json(json.value());
  if (!document) {
    return reject_as_read(line, std::move(json).value(), reason_of(document.error()),
                          document.error().message);
  }
  line.json = std::move(json).value();
  line.document = std::move(document).value();
  line.own_language = line.document.language;
  line.own_cluster = line.document.cluster;
  line.is_judged = line.document.rejected_by.empty();
}

/// True if the member is another tool's. The layer is about to overwrite it.
bool is_foreign(const Json& json, std::string_view name) {
  const Json* given = json.find(name);
  if (given == nullptr || name == "text") return false;
  if (name == "language" || name == "cluster") return !given->is_string();
  if (name != "annotations") return true;  // of a verdict, but the line came in as no reject
  Json notes = *given;
  io::parse_json_column(&notes);
  return !are_of_layers(notes);
}

/// Returns the line with what the layer changed. Everything else stays as it came.
std::string changed_line(Line& line) {
  constexpr std::string_view kOfLayers[] = {"language",    "text",   "cluster", "annotations",
                                            "rejected_by", "reason", "score"};
  const bool keeps_language = line.document.language == line.own_language;
  const bool keeps_cluster = line.document.cluster == line.own_cluster;
  Json result = to_json(line.document);
  for (const std::string_view key : kOfLayers) {
    Json* value = result.find(key);
    if (value == nullptr || (key == "language" && keeps_language)) continue;
    if (key == "cluster" && keeps_cluster) continue;
    const Json* before = line.json.find(key);
    const bool is_empty = value->is_string() && value->as_string().empty();
    if (is_empty && (before == nullptr || !before->is_string())) continue;
    if (is_foreign(line.json, key)) set_aside(line.json, key);
    line.json[key] = std::move(*value);
  }
  return line.json.dump();
}

/// Returns a line for the part that the layer cut off a document. It has the members of the
/// document's line, which changed_line() has made.
std::string cut_off_line(const Line& line, const Document& reject) {
  Json json = line.json;
  json["id"] = reject.id;
  json["text"] = reject.text;
  json["rejected_by"] = reject.rejected_by;
  json["reason"] = reject.reason;
  json["score"] = reject.score;
  return json.dump();
}

/// Returns the line as it came; as one line if it came as several, so that it is read as one again.
std::string on_one_line(const Line& line) {
  return line.text.find('\n') == std::string::npos ? line.text : line.json.dump();
}

class Filter {
 public:
  Filter(io::FileSystem& files, Threads& threads, const FilterOptions& options,
         const std::function<Status(std::string_view)>& out)
      : files_(files), threads_(threads), options_(options), out_(out) {}

  Result<FilterSummary> run(std::unique_ptr<io::ByteReader> in) {
    const ResolvedLayer resolved = ALUDEL_TRY(layer_of_filter(files_, options_));
    std::vector<std::size_t> profiles(resolved.by_profile.size());
    std::iota(profiles.begin(), profiles.end(), 0);
    const LayerContext context{files_, options_.models, static_cast<std::uint64_t>(options_.seed),
                               threads_};
    layer_ = ALUDEL_TRY(ActiveLayer::make(resolved, profiles, context));
    if (!options_.state.empty()) {
      if (!layer_.learns()) {
        return Error{Code::invalid_argument,
                     fmt::format("[layer] {} is not fitted and takes no --state", options_.layer)};
      }
      ALUDEL_TRY(load_state(options_.state));
    } else if (layer_.waits_for_corpus()) {  // a layer that learns of sources needs --state
      in = ALUDEL_TRY(learn(std::move(in)));
    }
    ALUDEL_TRY(
        for_each_batch(std::move(in), [this](std::vector<Line>& batch) { return judge(batch); }));
    ALUDEL_TRY(check_all_known());
    return summary_;
  }

 private:
  Status load_state(const std::string& folder) {
    if (!layer_.has_findings()) return layer_.load_limits(files_, folder);
    findings_ = ALUDEL_TRY(FindingsById::read(files_, folder, options_.layer));
    return Ok{};
  }

  /// True if the given state of findings says nothing of the document: its run had not seen it.
  bool is_unknown(const Document& document) const {
    return !options_.state.empty() && layer_.has_findings() && !findings_.has_seen(document.id);
  }

  Status check_all_known() const {
    if (unknown_ == 0) return Ok{};
    return Error{
        Code::not_found,
        fmt::format("[layer] {} of {} documents have ids that {} never saw, '{}' first; they are "
                    "given back unjudged. Such a state judges the documents of its own run, those "
                    "of kept/ and rejects/. Without --state documents are compared with each "
                    "other; layers.minhash_dedup.against compares with an earlier corpus",
                    unknown_, summary_.documents, options_.state, first_unknown_)};
  }

  /// Reads lines in batches, parses them on all threads, and passes each batch to `use`.
  Status for_each_batch(std::unique_ptr<io::ByteReader> in,
                        const std::function<Status(std::vector<Line>&)>& use) {
    auto values = ALUDEL_TRY(io::JsonStream::open(std::move(in), kMaxLineBytes));
    LineIds ids(layer_.waits_for_corpus() ? SharedIds::renamed : SharedIds::kept);
    bool more = true;
    while (more) {
      std::vector<Line> batch;
      std::size_t bytes = 0;
      std::string_view text;
      while (batch.size() < kBatchDocuments && bytes < kBatchBytes) {
        more = ALUDEL_TRY(values.next(text));
        if (!more) break;
        batch.emplace_back().text = text;
        bytes += text.size();
      }
      ALUDEL_TRY(for_each_line(batch, parse));
      for (Line& line : batch) {
        // The findings of a given state go by the ids of the input.
        if (options_.state.empty()) {
          ids.name(line);
        } else {
          line.own_id = line.document.id;
        }
      }
      ALUDEL_TRY(use(batch));
    }
    return Ok{};
  }

  /// Calls use(line) on all threads. Errors: cancelled when a stop was asked for.
  template <class Use>
  Status for_each_line(std::vector<Line>& batch, const Use& use) {
    threads_.parallel_for(batch.size(), [&](std::size_t i) {
      if (!stop_requested()) use(batch[i]);
    });
    if (stop_requested()) return Error{Code::cancelled, "[layer] stopped"};
    return Ok{};
  }

  /// Stores the input, and lets the layer learn of its documents. Returns a reader of the input.
  Result<std::unique_ptr<io::ByteReader>> learn(std::unique_ptr<io::ByteReader> in) {
    const std::string path = io::join_path(options_.scratch_folder, "documents.jsonl.zst");
    auto spool = ALUDEL_TRY(io::create_compressed(files_, path));
    learning_.emplace(files_, threads_, layer_, options_.scratch_folder);
    ALUDEL_TRY(learning_->begin());
    ALUDEL_TRY(for_each_batch(std::move(in), [&](std::vector<Line>& batch) -> Status {
      ALUDEL_TRY(for_each_line(batch, [&](Line& line) {
        if (is_on(line)) runner_.measure(layer_.running(profile_of(line.document)), line.document);
        line.document.scan.clear();
      }));
      for (Line& line : batch) {
        if (stop_requested()) return Error{Code::cancelled, "[layer] stopped"};
        ALUDEL_TRY(spool->write(on_one_line(line) + "\n"));
        if (is_on(line)) ALUDEL_TRY(learning_->add(std::move(line.document)));
      }
      return Ok{};
    }));
    ALUDEL_TRY(spool->commit());
    ALUDEL_TRY(learning_->learn());
    return io::open_decompressed(files_, path);
  }

  std::size_t profile_of(const Document& document) const {
    const auto known = profile_names();
    const bool is_known = std::ranges::find(known, document.profile) != known.end();
    return is_known ? profile_index(document.profile) : 0;
  }

  bool is_on(const Line& line) const {
    return line.is_judged && layer_.for_profile(profile_of(line.document)) != nullptr;
  }

  Status judge(std::vector<Line>& batch) {
    for (Line& line : batch) {
      if (learning_ && is_on(line)) ALUDEL_TRY(learning_->recall(line.document));
    }
    ALUDEL_TRY(for_each_line(batch, [&](Line& line) {
      if (!is_on(line)) return;
      line.is_unknown = is_unknown(line.document);
      if (!line.is_unknown) judge(line);
    }));
    for (const Line& line : batch) {
      ++summary_.documents;
      if (line.is_unknown && unknown_++ == 0) first_unknown_ = line.own_id;
      if (!line.document.rejected_by.empty()) ++summary_.dropped;
      ALUDEL_TRY(out_(on_one_line(line)));
      if (line.cut_off.empty()) continue;
      ++summary_.cut_off;
      ALUDEL_TRY(out_(line.cut_off));
    }
    return Ok{};
  }

  void judge(Line& line) {
    if (!learning_) line.document.finding = findings_.find(line.document.id);
    const RunningLayer layer = layer_.running(profile_of(line.document));
    LayerOutcome outcome = learning_ ? runner_.decide_measured(layer, line.document)
                                     : runner_.run(layer, line.document);
    runner_.settle(layer.spec, line.document, outcome);
    const Verdict& verdict = outcome.verdict;
    line.document.scan.clear();
    if (!verdict.keep) {
      line.document.rejected_by = options_.layer;
      line.document.reason = verdict.reason;
      line.document.score = verdict.score;
    }
    line.text = changed_line(line);
    if (verdict.cut_off.empty()) return;
    line.cut_off = cut_off_line(line, reject_of_cut_off(line.document, options_.layer, verdict));
  }

  io::FileSystem& files_;
  Threads& threads_;
  const FilterOptions& options_;
  const std::function<Status(std::string_view)>& out_;
  const LayerRunner runner_{Purpose::decide};
  ActiveLayer layer_;
  FindingsById findings_;                   // of --state
  std::optional<StreamLearning> learning_;  // none with --state
  FilterSummary summary_;
  std::uint64_t unknown_ = 0;
  std::string first_unknown_;
};

}  // namespace

Result<FilterSummary> filter_documents(io::FileSystem& files, Threads& threads,
                                       const FilterOptions& options,
                                       std::unique_ptr<io::ByteReader> in,
                                       const std::function<Status(std::string_view)>& out) {
  return Filter(files, threads, options, out).run(std::move(in));
}

}  // namespace aludel::curate
