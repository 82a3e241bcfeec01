// The plan of layer semantic finds what its reference finds in one process's memory.
#include <algorithm>
#include <string>

#include "tests/fitted_layer.h"
#include "tests/planned_layer.h"
#include "tests/reference_fits.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::curate {
namespace {

/// A text of `words` words of a topic's own, of which `changed` in a hundred are new.
std::string text_of(std::uint64_t topic, std::uint64_t item, std::uint64_t words,
                    std::uint64_t changed) {
  Rng rng(topic, item);
  Rng changes(1000 + changed, item);
  std::string text;
  for (std::uint64_t i = 0; i < words; ++i) {
    const std::uint64_t word = rng.below(400);
    text += changes.below(100) < changed ? fmt::format("new{} ", i)
                                         : fmt::format("t{}x{} ", topic, word);
  }
  return text;
}

/// Documents of some topics, many of them in other words what another one says.
std::vector<Document> documents_of_topics(std::size_t count, std::uint64_t words) {
  std::vector<Document> documents;
  Rng rng(9, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t item = rng.below(3) == 0 ? rng.below(i + 1) : i;
    Document document =
        document_of(hash128(fmt::format("{}", i)).hex(),
                    rng.below(40) == 0 ? "" : text_of(item % 7, item, words, rng.below(3) * 4));
    constexpr std::string_view kLanguages[] = {"en", "de", "zh"};
    document.language = kLanguages[item % 3];
    document.is_settled = rng.below(20) == 0;
    if (rng.below(10) > 0) {
      document.annotations["quality"]["score"] =
          item % 7 == 3 ? 0.05 : static_cast<double>(rng.below(5)) / 5;
    }
    documents.push_back(std::move(document));
  }
  return documents;
}

class SemanticPlan : public testing::Test {
 protected:
  std::unique_ptr<Layer> make(const Json& settings) {
    return registered_layer("semantic").make(settings, {files_, "", 1, threads_}).value();
  }

  /// Of `expected`, the documents with a value of a key.
  static std::size_t count_with(const std::vector<std::string>& rows, std::string_view key) {
    return static_cast<std::size_t>(std::ranges::count_if(rows, [&](const std::string& row) {
      return row.find(fmt::format("\"{}\"", key)) != std::string::npos;
    }));
  }

  /// Compares in whatever shards, workers and memory; returns the findings.
  std::vector<std::string> expect_plan_equals_reference(const Json& settings,
                                                        const std::vector<Document>& documents) {
    const auto layer = make(settings);
    auto expected = reference_findings("semantic", settings, documents);
    EXPECT_EQ(expected.size(), documents.size()) << "every document has its cluster";
    const PlanRoom rooms[] = {{1, 1, std::uint64_t{1} << 30}, {3, 2, 300'000}, {11, 7, 4'000'000}};
    for (const PlanRoom& room : rooms) {
      EXPECT_EQ(planned_findings(*layer, documents, room), expected)
          << room.shards << " shards, " << room.workers << " workers, " << room.memory_bytes;
    }
    return expected;
  }

  io::LocalFileSystem files_;
  Threads threads_{2};
};

TEST_F(SemanticPlan, FindsWhatTheReferenceFinds) {
  const auto rows = expect_plan_equals_reference(Json::object(), documents_of_topics(600, 150));
  EXPECT_GT(count_with(rows, "kept"), 50U);
  Json settings = Json::object();
  settings["clusters"] = 7;
  settings["min_cluster_quality"] = 0.3;
  settings["mixture_by"] = "language";
  settings["mixture"]["de"] = 0.5;
  settings["mixture"]["en"] = 0.25;
  const auto mixed = expect_plan_equals_reference(settings, documents_of_topics(500, 120));
  EXPECT_GT(count_with(mixed, "cluster_quality"), 20U);
  EXPECT_EQ(count_with(mixed, "keep_rate"), mixed.size());
}

TEST_F(SemanticPlan, PartsLargeClustersAlike) {
  auto documents = documents_of_topics(2'300, 20);
  Json settings = Json::object();
  settings["clusters"] = 1;  // so that a sample of 256 chooses the centre
  settings["min_terms"] = 5;
  const auto rows = expect_plan_equals_reference(settings, documents);
  EXPECT_GT(count_with(rows, "kept"), 300U);
}

TEST_F(SemanticPlan, PartsEqualDocumentsAlike) {
  std::vector<Document> documents;
  for (std::size_t i = 0; i < 2'300; ++i) {
    documents.push_back(document_of(hash128(fmt::format("{}", i)).hex(),
                                    i % 30 == 0 ? text_of(1, i, 30, 0) : text_of(1, 1, 30, 0)));
    documents.back().annotations["quality"]["score"] = static_cast<double>(i % 11) / 11;
  }
  Json settings = Json::object();
  settings["clusters"] = 1;
  settings["min_terms"] = 5;
  const auto rows = expect_plan_equals_reference(settings, documents);
  // All 2,223 copies are on one side of every plane: two parts, of each of which one stays.
  EXPECT_EQ(count_with(rows, "kept"), 2'223U - 2U);
}

TEST_F(SemanticPlan, OfNothingFindsNothing) {
  EXPECT_TRUE(expect_plan_equals_reference(Json::object(), {}).empty());
}

TEST_F(SemanticPlan, GoesOnWhereItWasKilled) {
  const auto documents = documents_of_topics(200, 100);
  const auto layer = make(Json::object());
  const auto expected = reference_findings("semantic", Json::object(), documents);
  const TemporaryFolder folder;
  EXPECT_EQ(planned_findings(*layer, documents, {3, 2, 300'000}, folder.path()), expected);
  tear_plan(folder.path());
  EXPECT_EQ(planned_findings(*layer, documents, {3, 1, 300'000}, folder.path()), expected);
}

}  // namespace
}  // namespace aludel::curate
