#include "aludel/exec/manifest.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/hash.h"

namespace aludel::exec {
namespace {

class ManifestTest : public testing::Test {
 protected:
  std::unique_ptr<Manifest> open() { return Manifest::open(files_, path_).value(); }

  TemporaryFolder folder_;
  io::LocalFileSystem files_;
  std::string path_ = folder_ / "manifest.jsonl";
};

ManifestRow row(std::string key) {
  ManifestRow row;
  row.key = std::move(key);
  row.stage = "read";
  row.input = "a.warc.gz";
  row.end = 7;
  row.outputs.push_back({"kept/0.jsonl.zst", 12, "ab"});
  row.counts["documents"] = 3;
  return row;
}

TEST_F(ManifestTest, ReadsBackWhatWasAppended) {
  ASSERT_TRUE(open()->append(row("k1")));
  ASSERT_TRUE(open()->append(row("k2")));
  const auto manifest = open();
  ASSERT_TRUE(manifest->find("k1"));
  EXPECT_EQ(to_json(*manifest->find("k2")), to_json(row("k2")));
  EXPECT_FALSE(manifest->find("k3"));
}

TEST_F(ManifestTest, DropsALineThatAKillTore) {
  ASSERT_TRUE(open()->append(row("k1")));
  const std::string whole = io::read_file(files_, path_).value();
  ASSERT_TRUE(io::write_file(files_, path_, whole + to_json(row("k2")).dump()));
  EXPECT_FALSE(open()->find("k2"));
  EXPECT_EQ(io::read_file(files_, path_).value(), whole);
  ASSERT_TRUE(open()->append(row("k2")));
  EXPECT_TRUE(open()->find("k2"));
}

TEST_F(ManifestTest, RefusesALineThatIsNoRow) {
  for (const char* line : {"{\"stage\":\"read\"}\n", "{\"key\":\n", "\n", "[]\n"}) {
    ASSERT_TRUE(io::write_file(files_, path_, line));
    const auto manifest = Manifest::open(files_, path_);
    ASSERT_FALSE(manifest) << line;
    EXPECT_EQ(manifest.error().code, Code::corrupt_data);
    EXPECT_NE(manifest.error().message.find("line 1: "), std::string::npos);
    EXPECT_NE(manifest.error().message.find("; remove the line"), std::string::npos);
  }
}

TEST_F(ManifestTest, LetsOneRunAtATimeWork) {
  const auto first = open();
  EXPECT_FALSE(Manifest::open(files_, path_));
}

TEST_F(ManifestTest, TakesAnOrderThatDoesNotTellHowManyWorkersThereWere) {
  const auto manifest = open();
  ASSERT_TRUE(manifest->append(row("k2")));
  ASSERT_TRUE(manifest->append(row("k1")));
  ASSERT_TRUE(manifest->append(row("scratch")));
  const std::string keys[] = {"k1", "k2"};
  ASSERT_TRUE(manifest->replace(keys, row("run")));
  std::string expected;
  for (const char* key : {"k1", "k2", "run"}) {
    expected += to_json(row(key)).dump() + "\n";
  }
  EXPECT_EQ(io::read_file(files_, path_).value(), expected);
}

TEST_F(ManifestTest, DescribesAFileByItsBytes) {
  ASSERT_TRUE(io::write_file(files_, folder_ / "x", "hello"));
  const OutputFile output = describe_output(files_, folder_.path(), "x").value();
  EXPECT_EQ(output.size_bytes, 5U);
  EXPECT_EQ(output.xxh128, hash128("hello").hex());
}

}  // namespace
}  // namespace aludel::exec
