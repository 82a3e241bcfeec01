// Tests that the plan of a target drops what a readable sort of all documents drops.
#include "aludel/curate/target/target_plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/planned_layer.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/curate/target/candidate.h"
#include "aludel/curate/target/target_layer.h"

namespace aludel::curate {
namespace {

/// Returns documents, some without a score, some without a perplexity, many of equal score.
std::vector<Document> ranked_documents(std::size_t count) {
  std::vector<Document> documents;
  Rng rng(3, 0);
  for (std::size_t i = 0; i < count; ++i) {
    Document document;
    document.id = hash128(fmt::format("document {}", i)).hex();
    document.language = rng.below(3) == 0 ? "zh" : "en";
    if (rng.below(20) == 0) document.language = "";
    document.text.assign(1 + rng.below(900), 'x');
    if (rng.below(10) > 0) {
      document.annotations["quality"]["score"] = static_cast<double>(rng.below(60)) / 64;
    }
    if (rng.below(10) > 0) {
      document.annotations["perplexity"]["log"] = 3 + static_cast<double>(rng.below(5000)) / 1000;
    }
    documents.push_back(std::move(document));
  }
  return documents;
}

/// Returns the documents that have a rank and are not dropped yet, by percentile in their language.
std::vector<std::pair<double, const Document*>> drop_order(const std::vector<Document>& documents,
                                                           const std::set<std::string>& dropped,
                                                           Dial dial) {
  std::map<std::string, std::vector<std::pair<Rank, const Document*>>> by_language;
  for (const Document& document : documents) {
    const auto rank = rank_of(document, dial);
    if (!rank || dropped.contains(document.id)) continue;
    by_language[document.language].emplace_back(*rank, &document);
  }
  std::vector<std::tuple<double, std::uint64_t, const Document*>> all;
  for (auto& [language, ranked] : by_language) {
    std::ranges::sort(ranked);
    for (std::size_t i = 0; i < ranked.size(); ++i) {
      all.emplace_back(static_cast<double>(i) / static_cast<double>(ranked.size()),
                       ranked[i].first.key, ranked[i].second);
    }
  }
  std::ranges::sort(all);
  std::vector<std::pair<double, const Document*>> order;
  order.reserve(all.size());
  for (const auto& [percentile, key, document] : all) {
    order.emplace_back(percentile, document);
  }
  return order;
}

std::set<std::string> dropped_for(const std::vector<Document>& documents, const Target& target) {
  const auto amount = [&](const Document& document) {
    return target.keep > 0 ? 1.0 : static_cast<double>(document.text.size());
  };
  const double goal = target.keep > 0 ? target.keep * static_cast<double>(target.documents_read)
                                      : static_cast<double>(target.tokens) * target.bytes_per_token;
  double left = 0;
  for (const Document& document : documents) {
    left += amount(document);
  }
  std::set<std::string> dropped;
  for (const Dial dial : {Dial::quality, Dial::perplexity}) {
    const double most = dial == Dial::quality ? 0.9 : 1;
    for (const auto& [percentile, document] : drop_order(documents, dropped, dial)) {
      if (left <= goal || percentile >= most) break;
      dropped.insert(document->id);
      left -= amount(*document);
    }
  }
  return dropped;
}

struct PlannedTarget {
  std::set<std::string> dropped;
  std::string trade_off;
};

class TargetPlan : public testing::Test {
 protected:
  static constexpr std::size_t kDocuments = 700;

  PlannedTarget planned(const Target& target, const PlanRoom& room, const std::string& folder) {
    CurateConfig config;
    config.target_tokens = static_cast<std::int64_t>(target.tokens);
    config.target_keep = target.keep;
    config.bytes_per_token = target.bytes_per_token;
    Counts counts;
    counts["source"].layers["read"].in = target.documents_read;
    const std::string state = io::join_path(folder, "state");
    EXPECT_TRUE(files_.make_folders(state));
    const auto layer = make_target_layer(config, counts);
    const Status done = run_plan(layer->learn(), documents_, room, folder);
    EXPECT_TRUE(done) << done.error().message;
    const Status loaded = layer->load_limits(files_, state);
    EXPECT_TRUE(loaded) << loaded.error().message;
    PlannedTarget result;
    for (Document& document : documents_) {
      if (!layer->decide(document).keep) result.dropped.insert(document.id);
    }
    result.trade_off = io::read_file(files_, io::join_path(state, kTradeOff)).value();
    return result;
  }

  PlannedTarget planned(const Target& target, const PlanRoom& room) {
    const TemporaryFolder folder;
    return planned(target, room, folder.path());
  }

  io::LocalFileSystem files_;
  std::vector<Document> documents_ = ranked_documents(kDocuments);
};

TEST_F(TargetPlan, DropsWhatASortOfAllDrops) {
  const Target targets[] = {{.keep = 0.5, .documents_read = 1000},  // by quality alone
                            {.keep = 0.1, .documents_read = 1000},  // by perplexity, too
                            {.keep = 0.001, .documents_read = 1000},
                            {.keep = 0.9, .documents_read = 1000},  // met before it begins
                            {.tokens = 40'000},
                            {.tokens = 2000, .bytes_per_token = 3.5}};
  const PlanRoom rooms[] = {{1, 1, std::uint64_t{1} << 30}, {3, 2, 60'000}, {11, 7, 10'000}};
  std::set<std::size_t> sizes;
  for (const Target& target : targets) {
    const auto expected = dropped_for(documents_, target);
    sizes.insert(expected.size());
    std::string trade_off;
    for (const PlanRoom& room : rooms) {
      const PlannedTarget found = planned(target, room);
      EXPECT_EQ(found.dropped, expected) << target.keep << " " << target.tokens;
      if (trade_off.empty()) trade_off = found.trade_off;
      EXPECT_EQ(found.trade_off, trade_off);
    }
    const Json shown = parse_json(trade_off).value();
    EXPECT_EQ(static_cast<std::size_t>(shown.find("solution")->integer_or("documents", 0)),
              kDocuments - expected.size());
  }
  EXPECT_EQ(sizes.size(), 6U) << "each target is another case";
}

TEST_F(TargetPlan, ShowsWhatEachTenthKeeps) {
  const Json shown =
      parse_json(planned({.keep = 0.5, .documents_read = 1000}, {}).trade_off).value();
  const auto order = drop_order(documents_, {}, Dial::quality);
  const Json::Array& rows = shown.find("table")->as_array();
  ASSERT_EQ(rows.size(), 10U);
  for (std::size_t tenth = 0; tenth < rows.size(); ++tenth) {
    std::uint64_t documents = kDocuments;
    double scores = 0;
    std::size_t scored = 0;
    for (const auto& [percentile, document] : order) {
      const bool falls = percentile < static_cast<double>(tenth) / 10;
      if (falls) --documents;
      if (!falls) scores += document->annotations.find("quality")->number_or("score", 0);
      if (!falls) ++scored;
    }
    EXPECT_EQ(static_cast<std::uint64_t>(rows[tenth].integer_or("documents", 0)), documents);
    EXPECT_NEAR(rows[tenth].number_or("mean_quality", 0), scores / static_cast<double>(scored),
                1e-12);
    EXPECT_GT(rows[tenth].number_or("median_perplexity", 0), 20);
  }
}

TEST_F(TargetPlan, GoesOnWhereItWasKilled) {
  const Target target{.keep = 0.05, .documents_read = 1000};
  const TemporaryFolder folder;
  const PlannedTarget before = planned(target, {3, 2, 60'000}, folder.path());
  tear_plan(folder.path());
  const PlannedTarget after = planned(target, {3, 1, 60'000}, folder.path());
  EXPECT_EQ(after.dropped, before.dropped);
  EXPECT_EQ(after.trade_off, before.trade_off);
}

TEST_F(TargetPlan, SaysThatThereIsNothingToChooseBy) {
  for (Document& document : documents_) {
    document.annotations = Json::object();
  }
  const TemporaryFolder folder;
  const auto plan = [](const Target& target) {
    return [target](const CorpusFit& fit) { return fit_target(fit, target); };
  };
  const Status few =
      run_plan(plan({.keep = 0.5, .documents_read = 1000}), documents_, {}, folder.path());
  ASSERT_FALSE(few);
  EXPECT_NE(few.error().message.find("turn layer quality or perplexity on"), std::string::npos);
}

}  // namespace
}  // namespace aludel::curate
