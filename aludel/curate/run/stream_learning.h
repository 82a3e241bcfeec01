#pragma once

#include <optional>
#include <string>

#include "aludel/base/threads.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/learn/findings.h"
#include "aludel/curate/learn/own_ids.h"
#include "aludel/curate/run/layer_pass.h"
#include "aludel/curate/run/spooled_corpus.h"

namespace aludel::curate {

/// Lets a layer learn of a stream of documents that comes twice: first all are added, then, in the
/// same order, each gets back what was measured and found of it. One caller at a time.
class StreamLearning {
 public:
  /// `layer` waits for the corpus. Works in `folder`, which is there.
  StreamLearning(io::FileSystem& files, Threads& threads, ActiveLayer& layer, std::string folder)
      : files_(files),
        threads_(threads),
        layer_(layer),
        folder_(std::move(folder)),
        corpus_(files, io::join_path(folder_, kCorpusFolder)) {}

  /// Removes what an earlier stream has left in the folder.
  Status begin();

  /// Takes a measured document; its id is one of a kind.
  Status add(Document document);

  /// Runs the layer's plan over all of them, and loads its limits.
  Status learn();

  /// Gives the next document its notes and its finding. REQUIRES: it is the next that was added.
  Status recall(Document& document);

 private:
  std::string state() const { return io::join_path(folder_, kStateFolder); }

  static constexpr std::string_view kCorpusFolder = "corpus";  // the rest is named as in a run

  io::FileSystem& files_;
  Threads& threads_;
  ActiveLayer& layer_;
  std::string folder_;
  SpooledCorpus corpus_;
  OwnIds own_ids_;
  std::optional<FindingsReader> findings_;  // of the corpus' shard
  std::size_t shard_ = 0;
};

}  // namespace aludel::curate
