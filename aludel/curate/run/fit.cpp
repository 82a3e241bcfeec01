#include "aludel/curate/run/fit.h"

#include <mutex>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/stop.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/document/packed_id.h"
#include "aludel/curate/learn/corpus.h"
#include "aludel/curate/learn/findings.h"
#include "aludel/curate/run/replay.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

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

/// The documents that a segment's first layer is fitted on.
class RunCorpus final : public Corpus {
 public:
  RunCorpus(const SegmentContext& context, const Segment& segment, std::span<const Shard> shards)
      : context_(context), segment_(segment), layer_(segment.layers[0]), shards_(shards) {}

  std::size_t shards() const override { return shards_.size(); }

  std::uint64_t text_bytes() const override {
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      if (segment_.number == 0) {
        bytes += shards_[i].size_bytes;
      } else if (const auto info = context_.files.info(work(i))) {
        bytes += info.value().size_bytes;
      }
    }
    return bytes;
  }

  Status read(std::size_t shard, const VisitDocument& visit) const override {
    Place place{static_cast<std::uint32_t>(shard), 0};
    return read_plainly(shard, [&](const Document& document) -> Status {
      const Hash128 id = packed_id(document.id);
      ALUDEL_CHECK(id.hex() == document.id, "in a run, ids are 32 hexadecimal digits");
      ALUDEL_TRY(visit({document, place, id}));
      ++place.document;
      return Ok{};
    });
  }

  /// Shows the documents of a shard for which the layer is on.
  Status read_plainly(std::size_t shard,
                      const std::function<Status(const Document&)>& visit) const {
    return segment_.number == 0 ? read_source(shards_[shard], visit) : read_work(shard, visit);
  }

 private:
  using Visit = std::function<Status(const Document&)>;

  std::string work(std::size_t shard) const {
    return io::join_path(context_.config.out, work_path(segment_.number - 1, shard));
  }

  Status read_source(const Shard& shard, const Visit& visit) const {
    ALUDEL_CHECK(context_.config.from.empty(), "the sources of a run over another are not read");
    ShardVisitor visitor;
    visitor.document = [&](ReadDocument& item) -> Status {
      if (context_.forgotten.contains(item.document)) return Ok{};
      return show(item.document, visit);
    };
    return read_shard(context_.files, context_.config.sources[shard.source], shard, context_.sample,
                      visitor);
  }

  Status read_work(std::size_t shard, const Visit& visit) const {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(context_.files, work(shard)));
    Json json;
    while (ALUDEL_TRY(reader.next(json))) {
      Document document = ALUDEL_TRY(document_from_json(std::move(json)));
      document.is_settled = is_settled_at(document, layer_.spec().name);
      // In an annotated run a document that has fallen is here, but is no part of the corpus.
      if (context_.config.annotate && would_drop(document)) continue;
      ALUDEL_TRY(show(document, visit));
    }
    return Ok{};
  }

  Status show(const Document& document, const Visit& visit) const {
    if (stop_requested()) return Error{Code::cancelled, "stopped"};
    context_.progress.fitted(document.text.size());
    const bool is_on = layer_.for_profile(profile_index(document.profile)) != nullptr;
    return is_on ? visit(document) : Status(Ok{});
  }

  const SegmentContext& context_;
  const Segment& segment_;
  const ActiveLayer& layer_;
  std::span<const Shard> shards_;
};

Status fit_in_memory(const SegmentContext& context, Threads& threads, const RunCorpus& corpus,
                     const Layer& layer, const std::string& folder) {
  OrderedMerge merge(corpus.shards());
  std::vector<Status> results(corpus.shards(), Status(Ok{}));
  threads.parallel_for(corpus.shards(), [&](std::size_t i) {
    auto fit = layer.start_fit();
    results[i] = corpus.read_plainly(i, [&](const Document& document) -> Status {
      fit->observe(document);
      return Ok{};
    });
    if (results[i]) merge.add(i, std::move(fit));
  });
  for (Status& result : results) {
    if (!result) return std::move(result).error();
  }
  const auto empty = layer.start_fit();
  Fit& fit = merge.merged() != nullptr ? *merge.merged() : *empty;
  return fit.finish(context.files, folder);
}

}  // namespace

Result<exec::TaskResult> run_fit(const SegmentContext& context, const exec::Workplace& workplace,
                                 const Segment& segment, std::span<const Shard> shards,
                                 const std::string& inputs) {
  const std::string name(segment.layers[0].spec().name);
  const Layer& layer = *segment.layers[0].fitted();
  const RunCorpus corpus(context, segment, shards);
  exec::TaskResult result;
  const std::string state = state_path(name);
  const std::string folder = io::join_path(context.config.out, state);
  const CorpusPlan finding_plan = layer.corpus_plan();
  const CorpusPlan plan = finding_plan ? finding_plan : layer.state_plan();
  if (!finding_plan) {
    ALUDEL_TRY(context.files.remove(folder));
    ALUDEL_TRY(context.files.make_folders(folder));
  }
  if (plan) {
    const exec::Shuffle shuffle(workplace, "work/" + name, inputs,
                                ALUDEL_TRY(memory_bytes_of(context.config)));
    ALUDEL_TRY(plan({corpus, shuffle, state}));
    context.times.add_shuffle(ALUDEL_TRY(shuffle.scratch_bytes()));
    ALUDEL_TRY(shuffle.remove_scratch());
  } else {
    ALUDEL_TRY(fit_in_memory(context, workplace.threads, corpus, layer, folder));
  }
  if (finding_plan) {
    for (std::size_t i = 0; i < shards.size(); ++i) {
      result.outputs.push_back(findings_path(state, i));
    }
    return result;
  }
  for (const io::FileInfo& file : ALUDEL_TRY(context.files.list(folder))) {
    result.outputs.push_back(file.path.substr(context.config.out.size() + 1));
  }
  return result;
}

}  // namespace aludel::curate
