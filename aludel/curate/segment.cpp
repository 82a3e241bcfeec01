#include "aludel/curate/segment.h"

#include <condition_variable>
#include <optional>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/stop.h"
#include "aludel/curate/cascade.h"
#include "aludel/curate/pack.h"
#include "aludel/curate/stored/notes.h"
#include "aludel/curate/stored/replay.h"
#include "aludel/io/codec.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/io/scratch_file.h"

namespace aludel::curate {
namespace {

/// Whether a file stays in the run folder, or is read by the next segment and removed.
enum class Use : std::uint8_t { result, scratch };

Use use_of(std::string_view path) {
  return path.starts_with("work/") ? Use::scratch : Use::result;
}

/// A JSONL file that is made when its first document comes.
class LazyWriter {
 public:
  LazyWriter(io::FileSystem& files, std::string path, Use use)
      : files_(files), path_(std::move(path)), use_(use) {}

  Status write(const Document& document) {
    ALUDEL_TRY(open());
    text_bytes_ += document.text.size();
    return file_->write(to_json(document).dump() + "\n");
  }

  std::uint64_t text_bytes() const { return text_bytes_; }

  Status open() {
    if (file_ != nullptr) return Ok{};
    file_ = ALUDEL_TRY(use_ == Use::scratch ? io::create_scratch(files_, path_)
                                            : io::create_compressed(files_, path_));
    return Ok{};
  }

  /// Whether there is a file now.
  Result<bool> commit() {
    if (file_ == nullptr) return false;
    ALUDEL_TRY(file_->commit());
    return true;
  }

 private:
  io::FileSystem& files_;
  std::string path_;
  Use use_;
  std::unique_ptr<io::ByteWriter> file_;
  std::uint64_t text_bytes_ = 0;
};

bool is_forgotten(const SegmentContext& context, const Document& document) {
  return context.forgotten != nullptr && context.forgotten->contains(document);
}

/// One shard on its way through one segment.
class ShardRun {
 public:
  ShardRun(const SegmentContext& context, const Segment& segment, std::size_t shard_number)
      : context_(context),
        segment_(segment),
        shard_number_(shard_number),
        kept_path_(!segment.is_last               ? work_path(segment.number, shard_number)
                   : packs_output(context.config) ? unpacked_kept_path(shard_number)
                                                  : kept_path(shard_number)),
        rejects_path_(packs_output(context.config)
                          ? unpacked_rejects_path(segment.number, shard_number)
                          : rejects_path(segment.number, shard_number)),
        pass_(segment.layers, context.terms, purpose_of(context.config), context.recover),
        kept_(context.files, in_run(kept_path_), use_of(kept_path_)),
        rejects_(context.files, in_run(rejects_path_), use_of(rejects_path_)) {}

  Status read_source(const Shard& shard) {
    const SourceConfig& source = context_.config.sources[shard.source];
    SourceCounts& counts = pass_.counts()[source.name];
    const bool takes_raw = makes_text(profile_index(source.profile));
    for (const FilePart& part : shard.parts) {
      const auto reader = ALUDEL_TRY(open_documents(context_.files, source, part));
      ReadDocument item;
      while (ALUDEL_TRY(reader->next(item))) {
        counts.bytes_raw += item.size_bytes;
        if (item.is_truncated) ++counts.truncated;
        LayerCounts& read = counts.layers["read"];
        ++read.in;
        if (is_forgotten(context_, item.document)) {
          ++read.dropped["forgotten"];
          continue;
        }
        if (item.document.text.empty() && !takes_raw) {
          ++read.dropped["no_text"];
          continue;
        }
        clear_would_drop(item.document);
        ALUDEL_TRY(send(item.document));
        ++read.kept;
        read.bytes_in += pass_.entry_bytes();
        read.bytes_out += pass_.entry_bytes();
      }
      for (const auto& [reason, count] : reader->problems()) {
        counts.layers["read"].in += count;
        counts.layers["read"].dropped[reason] += count;
      }
    }
    return Ok{};
  }

  /// Documents of a finished run: kept ones, or rejects.
  Status read_stored(const Shard& shard) {
    for (const FilePart& part : shard.parts) {
      const auto reader = ALUDEL_TRY(io::open_rows(context_.files, part.path, document_columns()));
      Json json;
      while (ALUDEL_TRY(reader->next(json))) {
        Document document = ALUDEL_TRY(document_from_json(json));
        if (document.reason == kCutAtSeam) {  // a part of a document that comes, too
          if (!is_forgotten(context_, document)) ALUDEL_TRY(rejects_.write(document));
          continue;
        }
        begin_stored(document, context_.from_kind);
        LayerCounts& read = pass_.counts()[document.source].layers["read"];
        ++read.in;
        if (is_forgotten(context_, document)) {
          ++read.dropped["forgotten"];
          continue;
        }
        ++read.kept;
        ALUDEL_TRY(send(document));
        read.bytes_in += pass_.entry_bytes();
        read.bytes_out += pass_.entry_bytes();
      }
    }
    return Ok{};
  }

  Status read_segment_before() {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(
        context_.files, in_run(work_path(segment_.number - 1, shard_number_))));
    Json json;
    while (ALUDEL_TRY(reader.next(json))) {
      Document document = ALUDEL_TRY(document_from_json(json));
      ALUDEL_TRY(send(document));
    }
    return Ok{};
  }

  Result<exec::TaskResult> finish() {
    exec::TaskResult result;
    ALUDEL_TRY(kept_.open());  // an empty shard is a file, too
    ALUDEL_TRY(kept_.commit());
    result.outputs.push_back(kept_path_);
    if (ALUDEL_TRY(rejects_.commit())) result.outputs.push_back(rejects_path_);
    const std::string notes = notes_path(segment_.number, shard_number_);
    ALUDEL_TRY(io::write_file(context_.files, in_run(notes), to_json(pass_.notes()).dump()));
    result.outputs.push_back(notes);
    result.counts["documents"] = documents_kept_;
    if (packs_output(context_.config)) {
      result.counts["text_bytes"][kept_path_] = kept_.text_bytes();
      result.counts["text_bytes"][rejects_path_] = rejects_.text_bytes();
    }
    result.counts["ledger"] = to_json(pass_.counts());
    context_.times.add(pass_.times());
    return result;
  }

 private:
  std::string in_run(const std::string& path) const {
    return io::join_path(context_.config.out, path);
  }

  /// Whether fetched bytes become text here: the first layer of the cascade does it.
  bool makes_text(std::size_t profile) const {
    return !segment_.layers.empty() && segment_.layers[0].spec().name == cascade_order().front() &&
           segment_.layers[0].for_profile(profile) != nullptr;
  }

  Status send(Document& document) {
    if (stop_requested()) return Error{Code::cancelled, "stopped"};
    context_.progress.advance(1);
    const bool is_kept = pass_.pass(document);
    for (Document part : pass_.cut_off()) {
      end_stored(part);
      ALUDEL_TRY(rejects_.write(part));
    }
    if (!is_kept || segment_.is_last) end_stored(document);
    if (!is_kept) return rejects_.write(document);
    ++documents_kept_;
    return kept_.write(document);
  }

  const SegmentContext& context_;
  const Segment& segment_;
  std::size_t shard_number_;
  std::string kept_path_;
  std::string rejects_path_;
  LayerPass pass_;
  LazyWriter kept_;
  LazyWriter rejects_;
  std::uint64_t documents_kept_ = 0;
};

/// Merges the shards' fits in shard order, each as soon as those before it are in.
class OrderedMerge {
 public:
  explicit OrderedMerge(std::size_t shards) : waiting_(shards) {}

  void add(std::size_t shard, std::unique_ptr<Fit> fit) {
    const std::lock_guard lock(mutex_);
    waiting_[shard] = std::move(fit);
    while (next_ < waiting_.size() && waiting_[next_] != nullptr) {
      if (merged_ == nullptr) {
        merged_ = std::move(waiting_[next_]);
      } else {
        merged_->merge(*waiting_[next_]);
        waiting_[next_].reset();
      }
      ++next_;
    }
  }

  Fit* merged() { return merged_.get(); }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Fit>> waiting_;
  std::unique_ptr<Fit> merged_;
  std::size_t next_ = 0;
};

/// Shows a layer one document where its profile has the layer on; no fit: it is only counted.
Status observe(const SegmentContext& context, const ActiveLayer& layer, const Document& document,
               Fit* fit) {
  if (stop_requested()) return Error{Code::cancelled, "stopped"};
  const bool is_on = layer.for_profile(profile_index(document.profile)) != nullptr;
  if (fit != nullptr && is_on) fit->observe(document);
  context.progress.advance(1);
  return Ok{};
}

Status observe_source(const SegmentContext& context, const Shard& shard, const ActiveLayer& layer,
                      Fit& fit) {
  ALUDEL_CHECK(context.config.from.empty(), "the sources of a run over another are not read");
  for (const FilePart& part : shard.parts) {
    const auto reader =
        ALUDEL_TRY(open_documents(context.files, context.config.sources[shard.source], part));
    ReadDocument item;
    while (ALUDEL_TRY(reader->next(item))) {
      const bool is_read = !is_forgotten(context, item.document);
      ALUDEL_TRY(observe(context, layer, item.document, is_read ? &fit : nullptr));
    }
  }
  return Ok{};
}

Status observe_work(const SegmentContext& context, const std::string& path,
                    const ActiveLayer& layer, Fit& fit) {
  auto reader = ALUDEL_TRY(io::JsonlReader::open(context.files, path));
  Json json;
  while (ALUDEL_TRY(reader.next(json))) {
    Document document = ALUDEL_TRY(document_from_json(json));
    document.is_settled = is_settled_at(document, layer.spec().name);
    // In an annotated run a document that has fallen is here, but is no part of the corpus.
    const bool has_fallen = context.config.annotate && would_drop(document);
    ALUDEL_TRY(observe(context, layer, document, has_fallen ? nullptr : &fit));
  }
  return Ok{};
}

}  // namespace

void RunTimes::add(const LayerTimes& times) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, time] : times) {
    times_[name].seconds += time.seconds;
    times_[name].bytes += time.bytes;
  }
}

Json RunTimes::to_json() const {
  const std::lock_guard lock(mutex_);
  Json json = Json::object();
  json["seconds"] = json["bytes"] = Json::object();
  for (const auto& [name, time] : times_) {
    json["seconds"][name] = time.seconds;
    json["bytes"][name] = time.bytes;
  }
  return json;
}

std::string work_path(std::size_t segment, std::size_t shard) {
  return fmt::format("work/{}/{:05}.jsonl.zst", segment, shard);
}

std::string kept_path(std::size_t shard) {
  return fmt::format("kept/{:05}.jsonl.zst", shard);
}

std::string rejects_path(std::size_t segment, std::size_t shard) {
  return fmt::format("rejects/{:05}-{}.jsonl.zst", shard, segment);
}

std::string notes_path(std::size_t segment, std::size_t shard) {
  return fmt::format("work/notes/{:05}-{}.json", shard, segment);
}

std::string state_path(std::string_view layer) {
  return fmt::format("state/{}", layer);
}

Result<exec::TaskResult> run_segment(const SegmentContext& context, const Segment& segment,
                                     const Shard& shard, std::size_t shard_number) {
  ShardRun run(context, segment, shard_number);
  if (segment.number == 0 && !context.config.from.empty()) {
    ALUDEL_TRY(run.read_stored(shard));
  } else if (segment.number == 0) {
    ALUDEL_TRY(run.read_source(shard));
  } else {
    ALUDEL_TRY(run.read_segment_before());
  }
  return run.finish();
}

Result<exec::TaskResult> run_fit(const SegmentContext& context, Threads& threads,
                                 const ActiveLayer& layer, const Segment& segment,
                                 std::span<const Shard> shards) {
  OrderedMerge merge(shards.size());
  std::vector<Status> results(shards.size(), Status(Ok{}));
  threads.parallel_for(shards.size(), [&](std::size_t i) {
    auto fit = layer.fitted()->start_fit();
    if (segment.number == 0) {
      results[i] = observe_source(context, shards[i], layer, *fit);
    } else {
      const std::string path = work_path(segment.number - 1, i);
      results[i] = observe_work(context, io::join_path(context.config.out, path), layer, *fit);
    }
    if (results[i]) merge.add(i, std::move(fit));
  });
  for (Status& result : results) {
    if (!result) return std::move(result).error();
  }
  const std::string folder = io::join_path(context.config.out, state_path(layer.spec().name));
  ALUDEL_TRY(context.files.remove(folder));
  ALUDEL_TRY(context.files.make_folders(folder));
  const auto empty = layer.fitted()->start_fit();
  Fit& fit = merge.merged() != nullptr ? *merge.merged() : *empty;
  ALUDEL_TRY(fit.finish(context.files, folder));
  exec::TaskResult result;
  for (const io::FileInfo& file : ALUDEL_TRY(context.files.list(folder))) {
    result.outputs.push_back(file.path.substr(context.config.out.size() + 1));
  }
  return result;
}

}  // namespace aludel::curate
