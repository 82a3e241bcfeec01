#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/planned_layer.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/learn/findings.h"
#include "aludel/curate/learn/own_ids.h"
#include "aludel/curate/run/layer_runner.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

struct JudgedDocuments {
  std::vector<Document> documents;
  std::vector<Verdict> verdicts;
};

/// Takes documents through all steps of a layer: measures them, lets the layer learn of them in
/// `shards` shards of equal size, and decides about each.
inline JudgedDocuments fit_and_judge(const LayerSpec& spec, const Json& settings,
                                     std::vector<Document> documents, std::size_t shards = 1,
                                     const std::string& models_folder = "") {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  Threads threads(2);
  const auto layer = spec.make(settings, {files, models_folder, 1, threads}).value();
  const LayerRunner runner(Purpose::decide);
  const RunningLayer running{spec, *layer};
  OwnIds own_ids;
  std::vector<Document> corpus;
  for (Document& document : documents) {
    runner.measure(running, document);
    corpus.push_back(document);
    corpus.back().id = own_ids.packed(document.id);
  }
  const Status learned = run_plan(layer->learn(), corpus, {shards, 2}, folder.path());
  EXPECT_TRUE(learned) << learned.error().message;
  const std::string state = io::join_path(folder.path(), "state");
  std::map<std::string, Json> findings;
  if (spec.learns == Learns::limits) {
    const Status loaded = layer->load_limits(files, state);
    EXPECT_TRUE(loaded) << loaded.error().message;
  } else {
    for (std::size_t shard = 0; shard < shards; ++shard) {
      auto reader = io::JsonlReader::open(files, findings_path(state, shard)).value();
      for (Json row; reader.next(row).value();) {
        findings[row.string_or("id", "")] = row;
      }
    }
  }
  JudgedDocuments judged;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    documents[i].finding = own_ids.unpacked(findings[corpus[i].id]);
    Verdict& verdict = judged.verdicts.emplace_back(layer->decide(documents[i]));
    if (verdict.text) documents[i].text = *verdict.text;
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
