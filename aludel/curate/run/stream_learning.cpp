#include "aludel/curate/run/stream_learning.h"

#include <utility>

#include "aludel/base/check.h"
#include "aludel/base/memory_size.h"
#include "aludel/curate/cascade/notes.h"

namespace aludel::curate {
Status StreamLearning::begin() {
  for (const std::string_view name : {kCorpusFolder, kWorkFolder, kManifestFile, kStateFolder}) {
    ALUDEL_TRY(files_.remove(io::join_path(folder_, name)));
  }
  return files_.make_folders(io::join_path(folder_, kCorpusFolder));
}

Status StreamLearning::add(Document document) {
  document.id = own_ids_.packed(document.id);
  return corpus_.add(document);
}

Status StreamLearning::learn() {
  ALUDEL_TRY(corpus_.close());
  if (corpus_.shards() == 0) return Ok{};
  ALUDEL_TRY(files_.make_folders(state()));
  const auto manifest =
      ALUDEL_TRY(exec::Manifest::open(files_, io::join_path(folder_, kManifestFile)));
  const exec::Shuffle shuffle({files_, threads_, *manifest, folder_}, std::string(kWorkFolder), "",
                              machine_memory_bytes() / 2);
  ALUDEL_TRY(layer_.learn()({corpus_, shuffle, std::string(kStateFolder)}));
  return layer_.has_findings() ? Status(Ok{}) : layer_.load_limits(files_, state());
}

Status StreamLearning::recall(Document& document) {
  const std::string_view layer = layer_.spec().name;
  Document measured;
  ALUDEL_CHECK(ALUDEL_TRY(corpus_.next(measured)), "a document that was added");
  remove_note(document.annotations, layer);
  if (const Json* notes = measured.annotations.find(layer)) document.annotations[layer] = *notes;
  if (!layer_.has_findings()) return Ok{};
  if (!findings_ || shard_ != corpus_.shard()) {
    shard_ = corpus_.shard();
    findings_ = ALUDEL_TRY(FindingsReader::open(files_, state(), shard_));
  }
  document.finding = own_ids_.unpacked(ALUDEL_TRY(findings_->take(measured.id)));
  return Ok{};
}

}  // namespace aludel::curate
