#include "aludel/curate/run/learn.h"

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/stop.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/document/packed_id.h"
#include "aludel/curate/learn/corpus.h"
#include "aludel/curate/learn/findings.h"
#include "aludel/curate/run/work_file.h"

namespace aludel::curate {
namespace {

/// The documents that a segment's first layer learns of.
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
    const auto numbered = [&](const Document& document) -> Status {
      const Hash128 id = packed_id(document.id);
      ALUDEL_CHECK(id.hex() == document.id, "in a run, ids are 32 hexadecimal digits");
      ALUDEL_TRY(visit({document, place, id}));
      ++place.document;
      return Ok{};
    };
    return segment_.number == 0 ? read_source(shards_[shard], numbered)
                                : read_work(shard, numbered);
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
    auto reader = ALUDEL_TRY(WorkFileReader::open(context_.files, work(shard)));
    Document document;
    while (ALUDEL_TRY(reader.next(document))) {
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

/// Takes over what another run learned.
Status copy_state(io::FileSystem& files, const std::string& from, const std::string& to) {
  auto found = files.list(from);
  if (!found) return std::move(found).error().with_context("[recover] the run has lost a state");
  for (const io::FileInfo& file : found.value()) {
    const std::string name = file.path.substr(file.path.rfind('/') + 1);
    ALUDEL_TRY(io::write_file(files, io::join_path(to, name),
                              ALUDEL_TRY(io::read_file(files, file.path))));
  }
  return Ok{};
}

}  // namespace

Result<exec::TaskResult> learn(const SegmentContext& context, const exec::Workplace& workplace,
                               const Segment& segment, std::span<const Shard> shards,
                               const std::string& inputs) {
  const ActiveLayer& layer = segment.layers[0];
  const std::string name(layer.spec().name);
  const std::string state = state_path(name);
  const std::string folder = io::join_path(context.config.out, state);
  exec::TaskResult result;
  if (!layer.has_findings()) {
    ALUDEL_TRY(context.files.remove(folder));
    ALUDEL_TRY(context.files.make_folders(folder));
  }
  if (layer.copies_state()) {
    ALUDEL_TRY(copy_state(context.files, layer.state_to_copy(), folder));
  } else {
    const RunCorpus corpus(context, segment, shards);
    const exec::Shuffle shuffle(workplace, shuffle_folder(name), inputs,
                                ALUDEL_TRY(memory_bytes_of(context.config)));
    ALUDEL_TRY(layer.learn()({corpus, shuffle, state}));
    context.times.add_shuffle(ALUDEL_TRY(shuffle.scratch_bytes()));
    ALUDEL_TRY(shuffle.remove_scratch());
  }
  if (layer.has_findings()) {
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
