#include "aludel/curate/run/segment.h"

#include <algorithm>
#include <optional>

#include "aludel/base/check.h"
#include "aludel/base/stop.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/learn/findings.h"
#include "aludel/curate/run/pack.h"
#include "aludel/curate/run/work_file.h"
#include "aludel/curate/sources/unread.h"
#include "aludel/io/codec.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

/// The use of a file of documents: it stays in the run folder, or is packed at the end and then
/// removed, or is read by the next segment.
enum class Use : std::uint8_t { result, to_pack, next_segment };

Use use_of(std::string_view path) {
  return is_below(path, kWorkFolder) ? Use::to_pack : Use::result;
}

/// A writer that makes its file when the first document comes.
class LazyWriter {
 public:
  LazyWriter(io::FileSystem& files, std::string path, Use use)
      : files_(files), path_(std::move(path)), use_(use) {}

  Status write(Document document) {
    ALUDEL_TRY(open());
    text_bytes_ += document.text.size();
    if (work_file_) return work_file_->write(document);
    Json json = to_json(std::move(document));
    if (use_ == Use::result) json = io::as_row(std::move(json), document_columns());
    return file_->write(json);
  }

  std::uint64_t text_bytes() const { return text_bytes_; }

  Status open() {
    if (file_ || work_file_) return Ok{};
    if (use_ == Use::next_segment) {
      work_file_ = ALUDEL_TRY(WorkFileWriter::create(files_, path_));
    } else {
      file_.emplace(ALUDEL_TRY(use_ == Use::to_pack ? files_.create_scratch(path_)
                                                    : io::create_compressed(files_, path_)));
    }
    return Ok{};
  }

  /// Completes the file. Returns false if none was made.
  Result<bool> commit() {
    if (work_file_) ALUDEL_TRY(work_file_->commit());
    if (file_) ALUDEL_TRY(file_->commit());
    return file_ || work_file_;
  }

 private:
  io::FileSystem& files_;
  std::string path_;
  Use use_;
  std::optional<io::JsonlWriter> file_;
  std::optional<WorkFileWriter> work_file_;
  std::uint64_t text_bytes_ = 0;
};

/// One shard on its way through one segment.
class ShardRun {
 public:
  ShardRun(const SegmentContext& context, const Segment& segment, std::size_t shard_number)
      : context_(context),
        segment_(segment),
        shard_number_(shard_number),
        kept_path_(output_path(context.config, segment, shard_number)),
        rejects_path_(packs_output(context.config)
                          ? unpacked_rejects_path(segment.number, shard_number)
                          : rejects_path(segment.number, shard_number)),
        pass_(segment.layers, segment.next, context.terms, purpose_of(context.config),
              context.recover),
        kept_(context.files, in_run(kept_path_),
              segment.is_last() ? use_of(kept_path_) : Use::next_segment),
        rejects_(context.files, in_run(rejects_path_), use_of(rejects_path_)) {}

  /// Opens the findings of the segment's first layer about the shard's documents, if it has
  /// findings.
  Status open_findings() {
    if (segment_.layers.empty() || !segment_.layers[0].has_findings()) return Ok{};
    const std::string_view layer = segment_.layers[0].spec().name;
    const std::string state = in_run(state_path(layer));
    findings_ = ALUDEL_TRY(FindingsReader::open(context_.files, state, shard_number_));
    seen_.emplace(
        ALUDEL_TRY(SeenWriter::create(context_.files, seen_path(state, shard_number_), layer)));
    return Ok{};
  }

  Status read_source(const Shard& shard) {
    const SourceConfig& source = context_.config.sources[shard.source];
    SourceCounts& counts = pass_.counts()[source.name];
    const bool takes_raw = makes_text(profile_index(source.profile));
    LayerCounts& read = counts.layers[std::string(kReadLayer)];
    std::uint64_t kept_before = 0;
    std::uint64_t without_text = 0;
    std::uint64_t missing_chapters = 0;
    ShardVisitor visitor;
    visitor.document = [&](ReadDocument& item) -> Status {
      counts.bytes_raw += item.size_bytes;
      if (item.is_truncated) ++counts.truncated;
      missing_chapters += item.missing_chapters;
      if (item.document.text.empty() && !takes_raw) {
        ++without_text;
        return Ok{};
      }
      if (!may_enter(item.document, read)) return Ok{};
      ALUDEL_TRY(take_finding(item.document));
      clear_would_drop(item.document);
      item.document.cluster.clear();  // it names a cluster of another corpus
      return enter(item.document, read);
    };
    visitor.end_part = [&](const FilePart& part, const DocumentReader& reader,
                           std::uint64_t not_sampled) -> Status {
      std::vector<UnreadPlace> places = unread_of(part, reader);
      places.push_back({part.path, "no_text", without_text, "a page, and layer language is off"});
      places.push_back({part.path, "not_sampled", not_sampled, ""});
      if (missing_chapters > 0) {
        counts.incomplete.add({part.path, "missing_chapters", missing_chapters, ""});
      }
      const bool gave_documents = read.kept > kept_before || not_sampled > 0;
      kept_before = read.kept;
      without_text = 0;
      missing_chapters = 0;
      return note_unread(source, part, places, gave_documents);
    };
    return read_shard(context_.files, source, shard, context_.sample, visitor);
  }

  /// Reads the documents of a finished run, kept ones or rejects.
  Status read_stored(const Shard& shard) {
    for (const FilePart& part : shard.parts) {
      const auto reader = ALUDEL_TRY(io::open_rows(context_.files, part.path, document_columns()));
      Json json;
      while (ALUDEL_TRY(reader->next(json))) {
        Document document = ALUDEL_TRY(document_from_json(std::move(json)));
        const bool is_part = document.reason == kCutAtSeam;  // cut off a document that is read, too
        if (is_part || document.rejected_by == kReadLayer) {
          if (!context_.forgotten.contains(document)) {
            ALUDEL_TRY(rejects_.write(std::move(document)));
          }
          continue;
        }
        begin_stored(document, context_.from_kind);
        for (const PlannedLayer& layer : context_.plan) {
          const bool is_off_since =
              std::ranges::count(layer.off_since, profile_index(document.profile)) > 0;
          if (is_off_since) remove_note(document.annotations, layer.spec->name);
        }
        LayerCounts& read = pass_.counts()[document.source].layers[std::string(kReadLayer)];
        if (may_enter(document, read)) ALUDEL_TRY(enter(document, read));
      }
    }
    return Ok{};
  }

  Status read_segment_before() {
    auto reader = ALUDEL_TRY(WorkFileReader::open(
        context_.files, in_run(work_path(segment_.number - 1, shard_number_))));
    Document document;
    while (ALUDEL_TRY(reader.next(document))) {
      ALUDEL_TRY(take_finding(document));
      ALUDEL_TRY(send(document));
    }
    return Ok{};
  }

  Result<exec::TaskResult> finish() {
    exec::TaskResult result;
    if (findings_) ALUDEL_TRY(findings_->check_all_taken());
    ALUDEL_TRY(kept_.open());  // a shard without documents has a file, too
    ALUDEL_TRY(kept_.commit());
    result.outputs.push_back(kept_path_);
    if (ALUDEL_TRY(rejects_.commit())) result.outputs.push_back(rejects_path_);
    const std::string notes = notes_path(segment_.number, shard_number_);
    auto notes_file = ALUDEL_TRY(context_.files.create_scratch(in_run(notes)));
    ALUDEL_TRY(notes_file->write(to_json(pass_.notes()).dump()));
    ALUDEL_TRY(notes_file->commit());
    result.outputs.push_back(notes);
    if (seen_) {
      ALUDEL_TRY(seen_->commit());
      const std::string state = state_path(segment_.layers[0].spec().name);
      result.outputs.push_back(seen_path(state, shard_number_));
    }
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

  /// True if fetched bytes become text in this segment, which the first layer of the cascade does.
  bool makes_text(std::size_t profile) const {
    return !segment_.layers.empty() && segment_.layers[0].spec().name == cascade_order().front() &&
           segment_.layers[0].for_profile(profile) != nullptr;
  }

  Status take_finding(Document& document) {
    if (!findings_) return Ok{};
    document.finding = ALUDEL_TRY(findings_->take(document.id));
    return seen_->add(document.id);
  }

  /// Counts a document that was read. Returns false if it is one of the forgotten.
  bool may_enter(const Document& document, LayerCounts& read) const {
    ++read.in;
    if (!context_.forgotten.contains(document)) return true;
    ++read.dropped["forgotten"];
    return false;
  }

  /// Counts the records of a part that did not become documents, and writes them to the rejects,
  /// except those that the run was told to leave out.
  Status note_unread(const SourceConfig& source, const FilePart& part,
                     std::span<const UnreadPlace> places, bool gave_documents) {
    SourceCounts& counts = pass_.counts()[source.name];
    LayerCounts& read = counts.layers[std::string(kReadLayer)];
    for (const UnreadPlace& place : places) {
      if (place.count == 0) continue;
      read.in += place.count;
      read.dropped[place.reason] += place.count;
      if (is_told_to_leave_out(place.reason)) continue;
      if (is_loss(place.reason, gave_documents)) counts.unread.add(place);
      ALUDEL_TRY(rejects_.write(unread_row(source, part, place)));
    }
    return Ok{};
  }

  Status enter(Document& document, LayerCounts& read) {
    ALUDEL_TRY(send(document));
    ++read.kept;
    read.bytes_in += pass_.entry_bytes();
    read.bytes_out += pass_.entry_bytes();
    return Ok{};
  }

  /// Sends a document through the layers, and writes it to the kept documents or to the rejects.
  /// The document is moved from.
  Status send(Document& document) {
    if (stop_requested()) return Error{Code::cancelled, "stopped"};
    const bool is_kept = pass_.pass(document);
    context_.progress.judged(pass_.entry_bytes(), is_kept);
    for (Document part : pass_.cut_off()) {
      end_reading(part);
      ALUDEL_TRY(rejects_.write(std::move(part)));
    }
    if (!is_kept || segment_.is_last()) end_reading(document);
    if (!is_kept) return rejects_.write(std::move(document));
    ++documents_kept_;
    return kept_.write(std::move(document));
  }

  /// Ends the reading of a document of a finished run. A reject loses what layers noted there that
  /// did not see it here, but for those whose repairs its text has.
  void end_reading(Document& document) const {
    if (!is_stored(document)) return;
    end_stored(document);
    if (document.rejected_by.empty()) return;
    const std::size_t profile = profile_index(document.profile);
    for (const ActiveLayer& layer : context_.layers) {
      const LayerSpec& spec = layer.spec();
      const bool is_behind = layer_place(spec.name) > layer_place(document.rejected_by);
      if (!is_behind || layer.for_profile(profile) == nullptr) continue;
      if (spec.edits != Edits::repairs) remove_note(document.annotations, spec.name);
    }
  }

  const SegmentContext& context_;
  const Segment& segment_;
  std::size_t shard_number_;
  std::string kept_path_;
  std::string rejects_path_;
  LayerPass pass_;
  LazyWriter kept_;
  LazyWriter rejects_;
  std::optional<FindingsReader> findings_;
  std::optional<SeenWriter> seen_;  // of the documents that the plan has seen
  std::uint64_t documents_kept_ = 0;
};

}  // namespace

void RunTimes::add(const LayerTimes& times) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, time] : times) {
    times_[name].seconds += time.seconds;
    times_[name].bytes += time.bytes;
  }
}

void RunTimes::add_shuffle(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  shuffle_bytes_ = std::max(shuffle_bytes_, bytes);
}

Json RunTimes::to_json() const {
  const std::lock_guard lock(mutex_);
  Json json = Json::object();
  json["seconds"] = Json::object();
  json["bytes"] = Json::object();
  for (const auto& [name, time] : times_) {
    json["seconds"][name] = time.seconds;
    json["bytes"][name] = time.bytes;
  }
  json["shuffle_bytes"] = shuffle_bytes_;
  return json;
}

std::string output_path(const CurateConfig& config, const Segment& segment, std::size_t shard) {
  if (!segment.is_last()) return work_path(segment.number, shard);
  return packs_output(config) ? unpacked_kept_path(shard) : kept_path(shard);
}

Result<exec::TaskResult> run_segment(const SegmentContext& context, const Segment& segment,
                                     const Shard& shard, std::size_t shard_number) {
  ShardRun run(context, segment, shard_number);
  ALUDEL_TRY(run.open_findings());
  if (segment.number == 0 && !context.config.from.empty()) {
    ALUDEL_TRY(run.read_stored(shard));
  } else if (segment.number == 0) {
    ALUDEL_TRY(run.read_source(shard));
  } else {
    ALUDEL_TRY(run.read_segment_before());
  }
  auto result = run.finish();
  context.progress.finish_shard(shard.size_bytes);
  return result;
}

}  // namespace aludel::curate
