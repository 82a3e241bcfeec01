#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/hash.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/packed_id.h"
#include "aludel/curate/learn/corpus.h"
#include "aludel/curate/learn/findings.h"

// A layer's plan run over documents in memory.
namespace aludel::curate {

/// Documents in shards of about equal size.
class MemoryCorpus final : public Corpus {
 public:
  MemoryCorpus(const std::vector<Document>& documents, std::size_t shards)
      : documents_(documents), shards_(shards) {}

  std::size_t shards() const override { return shards_; }

  std::uint64_t text_bytes() const override {
    std::uint64_t bytes = 0;
    for (const Document& document : documents_) {
      bytes += document.text.size();
    }
    return bytes;
  }

  Status read(std::size_t shard, const VisitDocument& visit) const override {
    const std::size_t begin = documents_.size() * shard / shards_;
    const std::size_t end = documents_.size() * (shard + 1) / shards_;
    for (std::size_t i = begin; i < end; ++i) {
      const Place place{static_cast<std::uint32_t>(shard), static_cast<std::uint32_t>(i - begin)};
      ALUDEL_TRY(visit({documents_[i], place, packed_id(documents_[i].id)}));
    }
    return Ok{};
  }

 private:
  const std::vector<Document>& documents_;
  std::size_t shards_;
};

struct PlanRoom {
  std::size_t shards = 3;
  int workers = 2;
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
};

/// Runs a plan in the folder; its state is there in `state`.
inline Status run_plan(const CorpusPlan& plan, const std::vector<Document>& documents,
                       const PlanRoom& room, const std::string& folder) {
  io::LocalFileSystem files;
  Threads threads(room.workers);
  const auto manifest =
      exec::Manifest::open(files, io::join_path(folder, "manifest.jsonl")).value();
  const exec::Shuffle shuffle({files, threads, *manifest, folder}, "work/layer", "config",
                              room.memory_bytes);
  const MemoryCorpus corpus(documents, room.shards);
  ALUDEL_TRY(files.make_folders(io::join_path(folder, "state")));
  return plan({corpus, shuffle, "state"});
}

/// The findings of a layer's plan as lines, in the order of the documents.
inline std::vector<std::string> planned_findings(const Layer& layer,
                                                 const std::vector<Document>& documents,
                                                 const PlanRoom& room, const std::string& folder) {
  io::LocalFileSystem files;
  const Status done = run_plan(layer.learn(), documents, room, folder);
  EXPECT_TRUE(done) << done.error().message;
  std::vector<std::string> lines;
  for (std::size_t shard = 0; done && shard < room.shards; ++shard) {
    auto reader =
        io::JsonlReader::open(files, findings_path(io::join_path(folder, "state"), shard)).value();
    for (Json row; reader.next(row).value();) {
      lines.push_back(row.dump());
    }
  }
  return lines;
}

inline std::vector<std::string> planned_findings(const Layer& layer,
                                                 const std::vector<Document>& documents,
                                                 const PlanRoom& room) {
  const TemporaryFolder folder;
  return planned_findings(layer, documents, room, folder.path());
}

/// Leaves the files of a plan in the folder as after a kill: some are gone, some torn.
inline void tear_plan(const std::string& folder) {
  io::LocalFileSystem files;
  for (const io::FileInfo& file : files.list(io::join_path(folder, "work/layer")).value()) {
    const std::uint64_t fate = hash64(file.path) % 3;
    if (fate == 0) {
      ASSERT_TRUE(files.remove(file.path));
    } else if (fate == 1) {
      ASSERT_TRUE(io::write_file(files, file.path, "torn"));
    }
  }
  ASSERT_TRUE(files.remove(io::join_path(folder, "state")));
}

}  // namespace aludel::curate
