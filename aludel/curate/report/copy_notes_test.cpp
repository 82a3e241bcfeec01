#include "aludel/curate/report/copy_notes.h"

#include <string>

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

void note(CopyNotes& notes, const std::string& id, const std::string& kept) {
  Document document;
  document.id = id;
  document.url = "https://a.example/" + id;
  document.text = "text of " + id;
  Json noted = Json::object();
  noted["kept"] = kept.empty() ? id : kept;
  notes.note(document, {kept.empty(), kept.empty() ? "" : "near_duplicate", 0.9}, noted);
}

/// Returns notes of the kept documents s0 to s29, each with 2 copies, but only of those documents
/// with index % shards == shard.
CopyNotes shard_of(std::size_t shard, std::size_t shards) {
  CopyNotes notes;
  std::size_t index = 0;
  for (int stays = 0; stays < 30; ++stays) {
    const std::string id = "s" + std::to_string(stays);
    if (index++ % shards == shard) note(notes, id, "");
    for (const char* copy : {"a", "b"}) {
      if (index++ % shards == shard) note(notes, id + copy, id);
    }
  }
  return notes;
}

TEST(CopyNotes, GroupsCopiesUnderTheDocumentThatStays) {
  const Json groups = shard_of(0, 1).summary();
  ASSERT_EQ(groups.as_array().size(), 20U);
  for (const Json& group : groups.as_array()) {
    const std::string id = group.string_or("id", "");
    EXPECT_EQ(group.string_or("text", ""), "text of " + id);
    EXPECT_EQ(group.integer_or("copies", 0), 2);
    ASSERT_EQ(group.find("samples")->as_array().size(), 2U);
    EXPECT_TRUE(group.find("samples")->as_array()[0].string_or("id", "").starts_with(id));
    EXPECT_EQ(group.find("samples")->as_array()[0].number_or("similarity", 0), 0.9);
  }
}

TEST(CopyNotes, MergesToTheSameWhateverTheShards) {
  CopyNotes merged;
  for (std::size_t shard = 0; shard < 7; ++shard) {
    merged.add(CopyNotes::from_json(shard_of(6 - shard, 7).to_json()).value());
  }
  EXPECT_EQ(merged.summary(), shard_of(0, 1).summary());
}

TEST(CopyNotes, LeavesOutDocumentsWithoutCopies) {
  CopyNotes notes;
  note(notes, "alone", "");
  EXPECT_TRUE(notes.summary().as_array().empty());
}

TEST(CopyNotes, RefusesWhatItDidNotWrite) {
  EXPECT_FALSE(CopyNotes::from_json(Json::object()));
  Json broken = shard_of(0, 1).to_json();
  broken["stays"].as_array()[0] = "text";
  EXPECT_EQ(CopyNotes::from_json(broken).error().code, Code::corrupt_data);
}

}  // namespace
}  // namespace aludel::curate
