#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/learn/findings.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

struct JudgedDocuments {
  std::vector<Document> documents;
  std::vector<Verdict> verdicts;
};

/// Fits a layer on the documents as `shards` shards of equal size, and judges each of them with a
/// new layer that reads the state.
inline JudgedDocuments fit_and_judge(const LayerSpec& spec, const Json& settings,
                                     std::vector<Document> documents, std::size_t shards = 1,
                                     const std::string& models_folder = "") {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  Threads threads(2);
  const LayerContext context{files, models_folder, 1, threads};
  {
    const auto layer = spec.make(settings, context).value();
    std::vector<std::unique_ptr<Fit>> fits;
    for (std::size_t shard = 0; shard < shards; ++shard) {
      fits.push_back(layer->start_fit());
      for (std::size_t i = documents.size() * shard / shards;
           i < documents.size() * (shard + 1) / shards; ++i) {
        fits.back()->observe(documents[i]);
      }
    }
    for (std::size_t shard = 1; shard < shards; ++shard) {
      fits[0]->merge(*fits[shard]);
    }
    const Status finished = fits[0]->finish(files, folder.path());
    EXPECT_TRUE(finished) << finished.error().message;
  }
  const auto layer = spec.make(settings, context).value();
  FindingsById findings;
  if (layer->corpus_plan()) {
    findings = FindingsById::read(files, folder.path(), spec.name).value();
  } else {
    const Status loaded = layer->load_state(files, folder.path());
    EXPECT_TRUE(loaded) << loaded.error().message;
  }
  JudgedDocuments judged;
  for (Document& document : documents) {
    document.finding = findings.find(document.id);
    judged.verdicts.push_back(layer->judge(document));
  }
  judged.documents = std::move(documents);
  return judged;
}

inline const LayerSpec& registered_layer(std::string_view name) {
  return *find_layer(name).value();
}

inline Document document_of(std::string id, std::string text) {
  Document document;
  document.id = std::move(id);
  document.text = std::move(text);
  return document;
}

}  // namespace aludel::curate
