#include "aludel/curate/sources/ledger.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

/// Returns the counts of ten documents: one cannot be read, metrics drops two of 30 bytes,
/// correction edits three.
Counts example() {
  Counts counts;
  SourceCounts& source = counts["web"];
  source.bytes_raw = 1000;
  source.layers["read"] = {10, 9, {{"bad_json", 1}}, 0, 300, 300, 0, 0};
  source.layers["metrics"] = {9, 7, {{"too_few_words", 2}}, 0, 300, 270, 30, 0};
  source.layers["correction"] = {7, 7, {}, 3, 270, 265, 0, 5};
  return counts;
}

const std::vector<LedgerSource> kSources = {
    {"web", {{"metrics", true}, {"repetition", false}, {"correction", true}}}};

TEST(Ledger, HasTheExactFormThatOtherToolsRead) {
  const Json ledger = make_ledger(kSources, example());
  EXPECT_EQ(ledger.dump(),
            R"({"sources":{"web":{"in":{"documents":10,"bytes_raw":1000,"bytes_text":300},)"
            R"("layers":[{"name":"read","in":10,"kept":9,"dropped":{"bad_json":1},"edited":0,)"
            R"("bytes_in":300,"bytes_out":300,"bytes_dropped":0,"bytes_removed":0},)"
            R"({"name":"metrics","in":9,"kept":7,"dropped":{"too_few_words":2},"edited":0,)"
            R"("bytes_in":300,"bytes_out":270,"bytes_dropped":30,"bytes_removed":0},)"
            R"({"name":"repetition","off":true},)"
            R"({"name":"correction","in":7,"kept":7,"dropped":{},"edited":3,)"
            R"("bytes_in":270,"bytes_out":265,"bytes_dropped":0,"bytes_removed":5}],)"
            R"("out":{"documents":7,"bytes_text":265,"tokens":null}}}})");
  EXPECT_TRUE(check_ledger(ledger));
}

TEST(Ledger, NoticesADocumentOrByteThatWentMissing) {
  Counts document = example();
  --document["web"].layers["metrics"].kept;
  EXPECT_FALSE(check_ledger(make_ledger(kSources, document)));
  Counts byte = example();
  ++byte["web"].layers["correction"].bytes_out;
  const auto status = check_ledger(make_ledger(kSources, byte));
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("correction"), std::string::npos);
  Counts between = example();
  between["web"].layers["correction"] = {6, 6, {}, 0, 265, 265, 0, 0};
  EXPECT_FALSE(check_ledger(make_ledger(kSources, between)));
}

TEST(Ledger, AddsCountsExactlyAndReadsThemBack) {
  Counts sum = example();
  add_counts(sum, counts_from_json(to_json(example())).value());
  EXPECT_EQ(sum["web"].bytes_raw, 2000U);
  EXPECT_EQ(sum["web"].layers["metrics"].dropped["too_few_words"], 4U);
  EXPECT_EQ(sum["web"].layers["correction"].bytes_removed, 10);
  EXPECT_FALSE(counts_from_json(Json::array()));
}

TEST(Ledger, TakesTokensLater) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  ASSERT_TRUE(
      io::write_file(files, folder / "ledger.json", make_ledger(kSources, example()).dump()));
  ASSERT_TRUE(add_tokens(files, folder.path(), {{"web", 77}}));
  const Json ledger = parse_json(io::read_file(files, folder / "ledger.json").value()).value();
  EXPECT_EQ(ledger.find("sources")->find("web")->find("out")->integer_or("tokens", 0), 77);
  EXPECT_FALSE(add_tokens(files, folder / "missing", {}));
}

}  // namespace
}  // namespace aludel::curate
