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

/// The learning of a layer from a stream of documents that comes twice: first all documents are
/// added; then, in the same order, each gets back its notes and its finding. One caller at a time.
class StreamLearning {
 public:
  /// REQUIRES: `layer` waits for the corpus, and `folder` exists. All files lie in that folder.
  StreamLearning(io::FileSystem& files, Threads& threads, ActiveLayer& layer, std::string folder)
      : files_(files),
        threads_(threads),
        layer_(layer),
        folder_(std::move(folder)),
        corpus_(files, io::join_path(folder_, kCorpusFolder)) {}

  /// Removes what an earlier stream has left in the folder.
  Status begin();

  /// Adds a measured document. REQUIRES: no other document has its id.
  Status add(Document document);

  /// Runs the layer's plan over all documents, and loads its limits if it has any.
  Status learn();

  /// Gives a document its notes and its finding. REQUIRES: it is the next one in the order of
  /// adding.
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
  std::optional<FindingsReader> findings_;  // of shard_ of the corpus
  std::size_t shard_ = 0;
};

}  // namespace aludel::curate
