#include "aludel/curate/revisit/tokenized.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/curate/sources/ledger.h"

namespace aludel::curate {
namespace {

TEST(Ledger, KnowsWhetherTokensAreOfTheDocumentsThatItKept) {
  Counts counts;
  counts["web"].layers["read"] = {7, 7, {}, 0, 265, 265, 0, 0};
  const std::vector<LedgerSource> sources = {{"web", {}}};
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  ASSERT_TRUE(io::write_file(files, folder / "ledger.json", make_ledger(sources, counts).dump()));
  const auto said = [&](const std::map<std::string, text::TokenTotals>& tokenized) {
    const Status status = check_tokenized(files, folder.path(), tokenized);
    return status ? "" : status.error().message;
  };
  EXPECT_EQ(said({{"web", {7, 77, 265}}}), "");
  EXPECT_NE(said({{"web", {7, 77, 264}}}).find("'web' it kept 265 bytes"), std::string::npos);
  EXPECT_NE(said({}).find("0 were tokenized"), std::string::npos);
  EXPECT_NE(said({{"web", {7, 77, 265}}, {"books", {1, 1, 1}}}).find("no source 'books'"),
            std::string::npos);
  EXPECT_NE(said({}).find(folder / "ledger.json"), std::string::npos);
}

}  // namespace
}  // namespace aludel::curate
