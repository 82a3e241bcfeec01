#include "aludel/curate/run/pack.h"

#include <algorithm>

#include "tests/curate_run.h"

#include "aludel/curate/revisit/explain.h"
#include "aludel/curate/revisit/forget/forget.h"
#include "aludel/curate/run/stored_run.h"
#include "aludel/io/formats/parquet.h"

namespace aludel::curate {
namespace {

class Pack : public CurateRun {
 protected:
  /// About 1.4 MB of text in several tasks, some of it rejected.
  void write_large_sources() {
    std::string copies;
    for (int i = 0; i < 200; ++i) {
      copies += "{\"text\":\"Too short, number " + std::to_string(i) + ".\"}\n";
    }
    write("open/a.jsonl", jsonl(0, 500) + copies);
    write("open/b.jsonl", jsonl(500, 500) + copies);
    base_ = std::string(kLayersOff) +
            "[[sources]]\nname = \"open\"\nkind = \"open\"\npath = \"open\"\n";
    toml_ = base_;
  }

  void set(std::string_view lines) { toml_ = std::string(lines) + "\n" + base_; }

  static std::vector<std::string> rows(const std::vector<Document>& documents) {
    std::vector<std::string> all;
    all.reserve(documents.size());
    for (const Document& document : documents) {
      all.push_back(to_json(document).dump());
    }
    return all;
  }

  std::string base_;
};

TEST_F(Pack, CutsTheSameDocumentsIntoFilesOfTheSizeAskedFor) {
  write_large_sources();
  ASSERT_TRUE(run("plain"));
  set("shard_megabytes = 1");
  ASSERT_TRUE(run("packed", 1));
  ASSERT_TRUE(run("packed7", 7));
  EXPECT_EQ(content("packed"), content("packed7"));
  EXPECT_EQ(rows(documents("packed/kept")), rows(documents("plain/kept"))) << "the same order";
  EXPECT_EQ(rows(documents("packed/rejects")), rows(documents("plain/rejects")));
  EXPECT_EQ(ledger("packed").dump(), ledger("plain").dump());
  const auto kept = files_.list(folder_ / "packed/kept").value();
  ASSERT_EQ(kept.size(), 2U);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const std::string name = "packed/kept/" + kept[i].path.substr(kept[i].path.rfind('/') + 1);
    std::uint64_t bytes = 0;
    for (const Document& document : documents(name)) {
      bytes += document.text.size();
    }
    EXPECT_LE(bytes, (std::uint64_t{1} << 20) + 2000);
    EXPECT_GE(bytes, i + 1 < kept.size() ? (std::uint64_t{1} << 20) - 2000 : 1);
  }
  EXPECT_TRUE(run("packed").value().was_done_before);
  toml_ = base_;
  ASSERT_TRUE(run("packed", 2, io::Existing::replace)) << "another size in the same folder";
  EXPECT_EQ(content("packed"), content("plain"));
}

TEST_F(Pack, WritesParquetThatEverythingReads) {
  if (!io::has_parquet()) GTEST_SKIP() << "built without Parquet (make parquet)";
  write_large_sources();
  ASSERT_TRUE(run("plain"));
  set("output_format = \"parquet\"\nshard_megabytes = 1");
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(files_.list(folder_ / "out/kept").value().size(), 2U);
  EXPECT_TRUE(files_.info(folder_ / "out/rejects/00000.parquet").has_value());
  EXPECT_EQ(rows(documents("out/kept")), rows(documents("plain/kept")));
  EXPECT_EQ(rows(documents("out/rejects")), rows(documents("plain/rejects")));
  Threads threads(2);
  const std::string id = documents("out/kept").back().id;
  const Json explained = explain(files_, threads, folder_ / "out", id, "").value();
  EXPECT_NE(explained.dump().find(id), std::string::npos);
  EXPECT_EQ(explained.string_or("text_from", ""), "source");
  const auto stored = StoredRun::open(files_, folder_ / "out").value();
  CurateConfig again = config_over_run(stored, "", "t", {}).value();
  again.out = folder_ / "again";
  again.recover = {"metrics"};
  const auto recovered = curate(files_, threads, again);
  ASSERT_TRUE(recovered) << recovered.error().message;
  EXPECT_GT(recovered.value().documents_kept, documents("out/kept").size());
  write("list.txt", id + "\n");
  const ForgetOptions options{folder_ / "out", folder_ / "list.txt", {}, ""};
  EXPECT_EQ(forget(files_, threads, options).value().kept, 1U);
  const auto left = documents("out/kept");
  EXPECT_EQ(left.size() + 1, documents("plain/kept").size());
  EXPECT_TRUE(std::ranges::none_of(left, [&](const Document& one) { return one.id == id; }));
}

TEST_F(Pack, RefusesFormatsThatItCannotWrite) {
  write_large_sources();
  const auto unknown = read_curate_config("output_format = \"parket\"\n" + base_, "t", {});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_NE(unknown.error().message.find("did you mean 'parquet'?"), std::string::npos);
  if (io::has_parquet()) return;
  const auto off = read_curate_config("output_format = \"parquet\"\n" + base_, "t", {});
  ASSERT_FALSE(off.has_value());
  EXPECT_NE(off.error().message.find("make parquet"), std::string::npos);
}

}  // namespace
}  // namespace aludel::curate
