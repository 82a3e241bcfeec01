#include "aludel/curate/curate.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/log.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/model_building/model_cards.h"
#include "aludel/curate/run/learn.h"
#include "aludel/curate/run/pack.h"
#include "aludel/curate/run/pick.h"
#include "aludel/curate/run/read_failures.h"
#include "aludel/curate/run/redecide_plan.h"
#include "aludel/curate/run/run_report.h"
#include "aludel/curate/run/segment.h"
#include "aludel/curate/run/stage_costs.h"
#include "aludel/curate/target/target_layer.h"
#include "aludel/io/input_recorder.h"

namespace aludel::curate {
namespace {

/// One run: its shards, layers and segments, and what it has counted so far.
class Curation {
 public:
  Curation(io::FileSystem& files, Threads& threads, const CurateConfig& config)
      : files_(files), threads_(threads), config_(config), layer_files_(files) {
    config_.out = io::without_end_slashes(config_.out);
  }

  Result<CurateSummary> run(io::Existing existing) {
    costs_.enter("load");
    recover_ = ALUDEL_TRY(parse_recover_rules(config_.recover));
    if (!config_.from.empty()) ALUDEL_TRY(open_stored_run());
    folder_ = ALUDEL_TRY(RunFolder::open(files_, config_.out));
    auto summary = run_in_folder(existing);
    if (!summary) folder_->abandon_unbegun();
    return summary;
  }

 private:
  Result<CurateSummary> run_in_folder(io::Existing existing) {
    costs_.enter("find inputs");
    shards_ = ALUDEL_TRY(from_ ? from_->shards() : plan_shards(files_, sources_to_cut(config_)));
    costs_.enter("load");
    ALUDEL_TRY(make_layers());
    models_ = describe_models(files_, layer_files_.paths());
    set_basis(ALUDEL_TRY(layer_files_.fingerprint()));
    if (folder_->is_done(basis_)) {
      CurateSummary summary = summary_of(ALUDEL_TRY(read_ledger(files_, config_.out)));
      summary.was_done_before = true;
      ALUDEL_TRY(folder_->remove_scratch());
      return summary;
    }
    const bool replaces = existing == io::Existing::replace && folder_->would_replace(basis_);
    if (replaces) ALUDEL_TRY(check_that_something_comes());
    ALUDEL_TRY(folder_->begin(basis_, existing));
    for (const Json& model : models_) {
      log_info("model {}", model.string_or("line", ""));
    }
    costs_.enter("pick");
    if (!from_) ALUDEL_TRY(pick());
    ALUDEL_TRY(run_segments());
    return finish();
  }

  std::string path(std::string_view name) const { return io::join_path(config_.out, name); }

  /// Refuses to replace a finished run if a source yields no document.
  Status check_that_something_comes() {
    for (std::size_t i = 0; i < config_.sources.size() && !from_; ++i) {
      if (ALUDEL_TRY(yields_document(files_, config_, i, shards_))) continue;
      return Error{Code::corrupt_data,
                   fmt::format("[curate] source '{}' yields no document: the finished run in {} "
                               "stays; mend the source's path, format or text_key",
                               config_.sources[i].name, config_.out)};
    }
    return Ok{};
  }

  /// Applies --limit or --sample: shortens the shards, or draws the sample.
  Status pick() {
    if (config_.limit > 0) {
      ALUDEL_TRY(cut_to_limit(files_, config_, shards_));
    } else if (config_.sample > 0) {
      sample_ = ALUDEL_TRY(Sample::draw(files_, threads_, config_, shards_));
    }
    return Ok{};
  }

  Status open_stored_run() {
    from_ = ALUDEL_TRY(StoredRun::open(files_, config_.from));
    plan_ = ALUDEL_TRY(plan_over_run(*from_, config_));
    for (const PlannedLayer& layer : plan_) {
      if (layer.origin == Origin::off) continue;
      log_info("{}: {}{}", layer.spec->name, layer.how(),
               layer.because.empty() ? "" : ", since " + layer.because);
    }
    add_counts(counts_, from_->unread());
    return Ok{};
  }

  SegmentContext segment_context(DocumentProgress& progress) {
    return {files_,  config_,  progress,
            times_,  *terms_,  folder_->forgotten(),
            sample_, recover_, from_ ? from_->kind() : RunKind::annotated,
            plan_,   layers_};
  }

  /// Loads the layers that are on for some source, and begins a new segment at each that waits for
  /// the corpus.
  Status make_layers() {
    const std::vector<std::size_t> used = used_profiles(config_);
    const LayerContext context{layer_files_, config_.models,
                               static_cast<std::uint64_t>(config_.seed), threads_,
                               purpose_of(config_)};
    terms_ = ALUDEL_TRY(GroupWords::create());
    resolved_ = resolve_layers(config_);
    for (const ResolvedLayer& resolved : resolved_) {
      const Reuse reuse = from_ ? reuse_of(plan_, *resolved.spec, *from_) : Reuse();
      ActiveLayer layer = ALUDEL_TRY(ActiveLayer::make(resolved, used, context, reuse));
      if (!layer.is_off()) layers_.push_back(std::move(layer));
    }
    if (has_target(config_)) add_target();
    std::size_t begin = 0;
    const std::span<const ActiveLayer> all = layers_;
    for (std::size_t i = 0; i <= layers_.size(); ++i) {
      if (i < layers_.size() && !layers_[i].waits_for_corpus()) continue;
      segments_.push_back({segments_.size(), all.subspan(begin, i - begin),
                           i == layers_.size() ? nullptr : &all[i]});
      begin = i;
    }
    return Ok{};
  }

  void add_target() {
    Json settings = Json::object();
    settings["target_tokens"] = config_.target_tokens;
    settings["target_keep"] = config_.target_keep;
    settings["bytes_per_token"] = config_.bytes_per_token;
    resolved_.push_back({&target_spec(), {profile_names().size(), LayerSettings{true, settings}}});
    layers_.push_back(
        ActiveLayer::of(target_spec(), settings, make_target_layer(config_, counts_)));
  }

  /// Sets the fingerprints of everything that the bytes of the run depend on.
  void set_basis(std::string models) {
    basis_.settings = resolved_config(config_);
    Json sources = Json::array();
    for (const Shard& shard : shards_) {
      sources.push_back(shard.content);
    }
    basis_.sources = fingerprint(sources);
    basis_.models = std::move(models);
    basis_.done.stage = "run";
    basis_.done.config = fingerprint(Json::Array{basis_.settings, basis_.models, basis_.sources});
  }

  Status run_segments() {
    for (const Segment& segment : segments_) {
      std::string state;
      if (!segment.layers.empty() && segment.layers[0].learns()) {
        state = ALUDEL_TRY(learn_for(segment));
      }
      ALUDEL_TRY(files_.make_folders(path(work_folder(segment.number))));
      std::string name = segment.number == 0 ? "read" : "";
      std::string config =
          fmt::format("{} {} {} {} {}", config_.annotate, output_path(config_, segment, 0),
                      packs_output(config_), state, fmt::join(config_.recover, ";"));
      for (const ActiveLayer& layer : segment.layers) {
        if (!name.empty()) name += "+";
        name += layer.spec().name;
        config += " " + layer.fingerprint();
      }
      if (!segment.is_last()) config += " before " + segment.next->fingerprint();
      if (!segment.layers.empty() || !segment.is_last()) config += " " + basis_.models;
      DocumentProgress progress =
          segment.number == 0
              ? DocumentProgress(name, DocumentProgress::Measure::stored_bytes,
                                 stored_bytes(shards_))
              : DocumentProgress(name, DocumentProgress::Measure::documents, documents_);
      const SegmentContext context = segment_context(progress);
      std::vector<exec::Task> tasks;
      for (std::size_t i = 0; i < shards_.size(); ++i) {
        tasks.push_back(segment_task(context, segment, i, name, config));
      }
      rows_ = ALUDEL_TRY(run_tasks(tasks));
      documents_ = 0;
      for (exec::ManifestRow& row : rows_) {
        documents_ += static_cast<std::uint64_t>(row.counts.integer_or("documents", 0));
        const Json* ledger = row.counts.find("ledger");
        add_counts(counts_, ALUDEL_TRY(counts_from_json(ledger == nullptr ? Json() : *ledger)));
        row.counts = Json();  // to save memory: they are many times as large as the rest of the row
      }
      if (segment.number == 0) ALUDEL_TRY(check_read_failures(config_, counts_));
    }
    if (packs_output(config_)) ALUDEL_TRY(run_tasks(pack_tasks(files_, config_, all_rows_)));
    return Ok{};
  }

  exec::Task segment_task(const SegmentContext& context, const Segment& segment, std::size_t i,
                          const std::string& name, const std::string& config) {
    const Shard& shard = shards_[i];
    exec::Task task;
    task.stage = name;
    if (segment.number == 0 && from_) {
      task.input = shard.parts.front().path;
      task.end = shard.size_bytes;
      task.config = fingerprint(Json::Array{config, shard.content, i, origins_of(plan_)});
    } else if (segment.number == 0) {
      task.input = shard.parts.front().path;
      task.begin = shard.parts.front().begin;
      task.end = shard.parts.back().end;
      task.config = fingerprint(Json::Array{config, source_fingerprint(shard), i});
    } else {
      task.input = work_path(segment.number - 1, i);
      task.end = rows_[i].outputs.front().size_bytes;
      task.config = fingerprint(Json::Array{config, rows_[i].outputs.front().xxh128, i});
    }
    task.work = [&context, &segment, &shard, i] { return run_segment(context, segment, shard, i); };
    return task;
  }

  /// Returns the fingerprint of everything that the documents of a shard depend on.
  std::string source_fingerprint(const Shard& shard) const {
    SourceConfig source = config_.sources[shard.source];
    source.path.clear();  // a document does not depend on the folder and the owner of its file
    source.owner.clear();
    return fingerprint(Json::Array{shard.content, dump_config(source), shard.most_documents,
                                   sample_.fingerprint()});
  }

  /// Lets a segment's first layer learn, and loads its limits. Returns the hashes of the state's
  /// files.
  Result<std::string> learn_for(const Segment& segment) {
    ActiveLayer& layer = *std::ranges::find_if(
        layers_, [&](const ActiveLayer& candidate) { return &candidate == segment.layers.data(); });
    DocumentProgress progress(fmt::format("fit {}", layer.spec().name),
                              DocumentProgress::Measure::readings, documents_);
    const SegmentContext context = segment_context(progress);
    exec::Task task;
    task.stage = fmt::format("fit {}", layer.spec().name);
    task.input = segment.number == 0 ? "sources" : work_folder(segment.number - 1);
    Json inputs = Json::Array{layer.fingerprint(), basis_.models, origins_of(plan_)};
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      inputs.push_back(segment.number == 0 ? source_fingerprint(shards_[i])
                                           : rows_[i].outputs.front().xxh128);
    }
    task.config = fingerprint(inputs);
    task.work = [&] {
      return learn(context, {files_, threads_, folder_->manifest(), config_.out}, segment, shards_,
                   task.config);
    };
    const auto rows = ALUDEL_TRY(run_tasks(std::span(&task, 1)));
    if (layer.spec().learns == Learns::limits) {
      ALUDEL_TRY(layer.load_limits(files_, path(state_path(layer.spec().name))));
    }
    std::string state;
    for (const exec::OutputFile& output : rows.front().outputs) {
      state += output.xxh128;
    }
    return state;
  }

  Result<std::vector<exec::ManifestRow>> run_tasks(std::span<const exec::Task> tasks) {
    if (!tasks.empty()) costs_.enter(tasks.front().stage);
    auto rows = ALUDEL_TRY(
        exec::run_tasks({files_, threads_, folder_->manifest(), config_.out}, tasks, nullptr));
    for (const exec::ManifestRow& row : rows) {
      exec::ManifestRow& done = all_rows_.emplace_back();
      done.key = row.key;
      done.outputs = row.outputs;
      const Json* text_bytes = row.counts.find("text_bytes");  // the other counts are large
      if (text_bytes != nullptr) done.counts["text_bytes"] = *text_bytes;
    }
    return rows;
  }

  Result<CurateSummary> finish() {
    costs_.enter("report");
    const Json ledger = make_ledger(ledger_sources(), counts_);
    ALUDEL_TRY(check_ledger(ledger));
    ALUDEL_TRY(io::write_file(files_, path(kLedgerFile), ledger.dump_pretty() + "\n"));
    ALUDEL_TRY(
        write_run_report(files_, config_, {shards_.size(), segments_.size()}, timing(), models_));
    ALUDEL_TRY(folder_->finish(basis_, all_rows_));
    return summary_of(ledger);
  }

  std::vector<LedgerSource> ledger_sources() const {
    std::vector<LedgerSource> sources;
    for (const SourceConfig& source : config_.sources) {
      LedgerSource& item = sources.emplace_back();
      item.name = source.name;
      for (const ResolvedLayer& layer : resolved_) {
        item.layers.push_back(
            {std::string(layer.spec->name), layer.by_profile[profile_index(source.profile)].on});
      }
    }
    return sources;
  }

  Json timing() {
    costs_.end();
    Json timing = times_.to_json();
    costs_.add_to(timing);
    timing["threads"] = threads_.count();
    timing["resumed"] = folder_->was_begun();
    timing["input_bytes"] = stored_bytes(shards_);
    return timing;
  }

  io::FileSystem& files_;
  Threads& threads_;
  CurateConfig config_;
  std::optional<RunFolder> folder_;
  Sample sample_;
  std::optional<StoredRun> from_;
  std::vector<PlannedLayer> plan_;  // how each layer treats the documents of from_
  std::vector<RecoverRule> recover_;
  std::vector<Shard> shards_;
  io::InputRecorder layer_files_;  // records models, lists and evaluation items that layers read
  RunBasis basis_;
  std::vector<Json> models_;  // the cards of the models among them
  std::vector<ResolvedLayer> resolved_;
  std::vector<ActiveLayer> layers_;  // those that are on; segments_ points into it
  std::vector<Segment> segments_;
  std::vector<exec::ManifestRow> rows_;      // of the segment that ran last, by shard
  std::vector<exec::ManifestRow> all_rows_;  // of all tasks, in order: their keys and files
  std::uint64_t documents_ = 0;              // kept by the segment that ran last
  Counts counts_;
  RunTimes times_;
  StageCosts costs_;
  std::optional<GroupWords> terms_;
};

}  // namespace

Result<CurateSummary> curate(io::FileSystem& files, Threads& threads, const CurateConfig& config,
                             io::Existing existing) {
  return Curation(files, threads, config).run(existing);
}

}  // namespace aludel::curate
