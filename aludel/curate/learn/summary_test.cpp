#include "aludel/curate/learn/summary.h"

#include <map>

#include "tests/planned_layer.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

/// Counts documents and bytes of each language.
class Sizes {
 public:
  void add(const Document& document) { bytes_[document.language] += document.text.size(); }

  std::vector<Json> rows() const {
    std::vector<Json> rows;
    for (const auto& [language, bytes] : bytes_) {
      Json& row = rows.emplace_back(Json::object());
      row["language"] = language;
      row["bytes"] = bytes;
    }
    return rows;
  }

  Status add_row(const Json& row) {
    if (row.find("bytes") == nullptr) return Error{Code::corrupt_data, "no bytes"};
    bytes_[row.string_or("language", "")] += static_cast<std::uint64_t>(row.integer_or("bytes", 0));
    return Ok{};
  }

  std::map<std::string, std::uint64_t> bytes_;
};

std::vector<Document> documents_of(std::size_t count) {
  std::vector<Document> documents(count);
  for (std::size_t i = 0; i < count; ++i) {
    documents[i].id = std::to_string(i);
    documents[i].language = i % 3 == 0 ? "en" : "zh";
    documents[i].text = std::string(i, 'x');
  }
  return documents;
}

std::map<std::string, std::uint64_t> sizes_in(const std::vector<Document>& documents,
                                              const PlanRoom& room, const std::string& folder) {
  Sizes sizes;
  const auto plan = [&](const CorpusFit& fit) -> Status {
    sizes = ALUDEL_TRY(sum_up(fit, Sizes()));
    return Ok{};
  };
  const Status done = run_plan(plan, documents, room, folder);
  EXPECT_TRUE(done) << done.error().message;
  return sizes.bytes_;
}

TEST(Summary, IsTheSameForAnyNumberOfShardsAndWorkers) {
  const std::map<std::string, std::uint64_t> expected = {{"en", 1683}, {"zh", 3267}};
  for (const std::size_t shards : {1U, 3U, 11U}) {
    for (const int workers : {1, 2, 7}) {
      const TemporaryFolder folder;
      EXPECT_EQ(sizes_in(documents_of(100), {shards, workers}, folder.path()), expected);
    }
  }
}

TEST(Summary, GoesOnWhereItWasKilled) {
  const TemporaryFolder folder;
  const auto documents = documents_of(100);
  const auto expected = sizes_in(documents, {5, 2}, folder.path());
  tear_plan(folder.path());
  EXPECT_EQ(sizes_in(documents, {5, 2}, folder.path()), expected);
}

}  // namespace
}  // namespace aludel::curate
