// Embeddings, k-means and near-copies.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "tests/ask_to_stop.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/base/stop.h"
#include "aludel/curate/layers/semantic/near_copies.h"

namespace aludel::curate::semantic {
namespace {

std::string topic_text(std::uint64_t topic, std::uint64_t item, int count) {
  Rng rng(topic, item);
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "t" + std::to_string(topic) + "x" + std::to_string(rng.below(300)) + " ";
  }
  return text;
}

Meanings meanings_of(const std::vector<std::string>& texts) {
  Meanings meanings;
  text::TermStatistics statistics;
  for (const std::string& text : texts) {
    const auto terms = text::split_terms(text);
    statistics.add(terms);
    meanings.terms.push_back(weigh_terms(terms));
    meanings.min_similarities.push_back(0.9);
    meanings.qualities.push_back(0);
    meanings.ids.push_back("d" + std::to_string(meanings.ids.size()));
  }
  for (std::vector<TermWeight>& terms : meanings.terms) {
    scale_by_rarity(terms, statistics);
    meanings.points.add();
    project(terms, 1, meanings.points[meanings.points.size() - 1]);
  }
  return meanings;
}

/// The centres of all points, and the nearest of each.
Clustering cluster(const Points& points, std::size_t clusters, std::size_t rounds,
                   std::uint64_t seed, Threads& threads) {
  Clustering clustering{find_centres(points, clusters, rounds, seed, threads).value(), {}};
  clustering.assignments = assign(points, clustering.centres, threads);
  return clustering;
}

TEST(Embedding, WeighsTermsByCountAndRarity) {
  text::TermStatistics statistics;
  statistics.add(text::split_terms("a b"));
  statistics.add(text::split_terms("a c"));
  auto weights = weigh_terms(text::split_terms("b c c"));
  ASSERT_EQ(weights.size(), 2U);
  EXPECT_LT(weights[0].bucket, weights[1].bucket);
  scale_by_rarity(weights, statistics);
  const double once = 1;
  const double twice = 1 + std::log(2.0);
  const double length = std::sqrt(once + twice * twice);  // b and c are as rare as each other
  const std::uint32_t b = text::split_terms("b")[0].bucket;
  const TermWeight& of_b = weights[0].bucket == b ? weights[0] : weights[1];
  EXPECT_NEAR(of_b.weight, once / length, 1e-6);
  EXPECT_NEAR(cosine(weights, weights), 1, 1e-6);
}

TEST(Embedding, KeepsCosinesInProjection) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 40; ++i) {
    texts.push_back(topic_text(i % 4, i, 150));
  }
  const Meanings meanings = meanings_of(texts);
  double squares = 0;
  int pairs = 0;
  for (std::size_t a = 0; a < texts.size(); ++a) {
    EXPECT_NEAR(dot(meanings.points[a], meanings.points[a]), 1, 1e-5);
    for (std::size_t b = 0; b < a; ++b) {
      const double error = cosine(meanings.terms[a], meanings.terms[b]) -
                           static_cast<double>(dot(meanings.points[a], meanings.points[b]));
      squares += error * error;
      ++pairs;
    }
  }
  EXPECT_LT(std::sqrt(squares / pairs), 1.3 / std::sqrt(double{kDimensions}));
}

TEST(Embedding, ProjectsAsAReadableSumOfSignsDoes) {
  text::TermStatistics statistics;
  const auto terms = text::split_terms(topic_text(1, 2, 90));
  statistics.add(terms);
  auto weights = weigh_terms(terms);
  scale_by_rarity(weights, statistics);
  std::vector<float> expected(kDimensions);
  project_reference(weights, 5, expected);
  std::vector<float> projected(kDimensions);
  project(weights, 5, projected);
  for (std::size_t i = 0; i < kDimensions; ++i) {
    EXPECT_EQ(projected[i], expected[i]) << i;
  }
}

TEST(Kmeans, FindsTopicsWhateverTheNumberOfThreads) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 300; ++i) {
    texts.push_back(topic_text(i % 5, i, 200));
  }
  const Meanings meanings = meanings_of(texts);
  Threads one(1);
  Threads three(3);
  const Clustering clustering = cluster(meanings.points, 15, 10, 7, one);
  const Clustering again = cluster(meanings.points, 15, 10, 7, three);
  std::map<std::uint32_t, std::map<std::size_t, int>> topics;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ++topics[clustering.assignments[i].nearest][i % 5];
    EXPECT_EQ(clustering.assignments[i].nearest, again.assignments[i].nearest);
    EXPECT_EQ(clustering.assignments[i].similarity, again.assignments[i].similarity);
    EXPECT_NE(clustering.assignments[i].nearest, clustering.assignments[i].second);
  }
  for (const auto& [centre, counts] : topics) {
    EXPECT_EQ(counts.size(), 1U) << "a cluster of several topics";
  }
}

TEST(Kmeans, SamplesByIdAlone) {
  EXPECT_EQ(most_sampled(1), 256U);
  EXPECT_EQ(most_sampled(4), 1024U);
  EXPECT_EQ(most_sampled(1024), 32'768U) << "however many clusters, so much memory";
  EXPECT_EQ(most_sampled(100'000), 100'000U) << "but a point for each";
  std::size_t sampled = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string id = "d" + std::to_string(i);
    EXPECT_TRUE(is_in_sample(id, 3, 1024, 1024));
    const bool is_in = is_in_sample(id, 3, 20'000, 1024);
    sampled += is_in ? 1 : 0;
    EXPECT_TRUE(!is_in || is_in_sample(id, 3, 10'000, 1024)) << "a smaller corpus samples more";
  }
  EXPECT_NEAR(static_cast<double>(sampled), 1024, 4 * std::sqrt(1024));
}

TEST(Kmeans, FindsTopicsByASample) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 1'500; ++i) {
    texts.push_back(topic_text(i % 4, i, 60));
  }
  const Meanings meanings = meanings_of(texts);
  Points sample(kDimensions);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!is_in_sample(meanings.ids[i], 3, texts.size(), most_sampled(1))) continue;
    std::ranges::copy(meanings.points[i], sample.add().begin());
  }
  EXPECT_LT(sample.size(), 400U);
  Threads threads(2);
  const auto assignments =
      assign(meanings.points, find_centres(sample, 4, 10, 3, threads).value(), threads);
  std::map<std::size_t, std::map<std::uint32_t, int>> centres;  // by topic
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ++centres[i % 4][assignments[i].nearest];
  }
  for (const auto& [topic, counts] : centres) {
    EXPECT_EQ(counts.size(), 1U) << topic << ": a topic in several clusters";
  }
}

// All rounds ran, however many: a million of them take hours.
TEST(Kmeans, EndsWhereNoPointChangesItsCluster) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 200; ++i) {
    texts.push_back(topic_text(i % 4, i, 60));
  }
  const Meanings meanings = meanings_of(texts);
  Threads threads(2);
  constexpr std::size_t kClusters = 12;
  const Points all = find_centres(meanings.points, kClusters, 1'000'000, 7, threads).value();
  const Points few = find_centres(meanings.points, kClusters, 100, 7, threads).value();
  for (std::size_t i = 0; i < kClusters; ++i) {
    EXPECT_TRUE(std::ranges::equal(all[i], few[i])) << i;
  }
}

TEST(Kmeans, StopsWhereItIsAskedTo) {
  const Meanings meanings = meanings_of({"a b c", "d e f", "g h i"});
  Threads threads(2);
  catch_stop_signals();
  ask_to_stop();
  for (const std::size_t clusters : {1U, 3U}) {  // while rounds run, and while centres are chosen
    const auto centres = find_centres(meanings.points, clusters, 10, 7, threads);
    ASSERT_FALSE(centres);
    EXPECT_EQ(centres.error().code, Code::cancelled);
  }
  catch_stop_signals();
}

TEST(Kmeans, TakesAsManyClustersAsPoints) {
  const Meanings meanings = meanings_of({"a b c", "d e f", "a b c"});
  Threads threads(1);
  const Clustering clustering = cluster(meanings.points, 3, 5, 1, threads);
  EXPECT_EQ(clustering.centres.size(), 3U);
  EXPECT_EQ(clustering.assignments[0].similarity, clustering.assignments[2].similarity);
}

/// Every pair compared, in order of quality and id.
std::vector<std::size_t> brute_force(const Meanings& meanings) {
  std::vector<std::size_t> order(meanings.ids.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return std::pair(-meanings.qualities[a], meanings.ids[a]) <
           std::pair(-meanings.qualities[b], meanings.ids[b]);
  });
  std::vector<std::size_t> kept;
  std::vector<std::size_t> dropped;
  for (const std::size_t item : order) {
    const bool is_copy = std::ranges::any_of(kept, [&](std::size_t other) {
      return cosine(meanings.terms[item], meanings.terms[other]) >= meanings.min_similarities[item];
    });
    (is_copy ? dropped : kept).push_back(item);
  }
  std::ranges::sort(dropped);
  return dropped;
}

TEST(NearCopies, EqualBruteForce) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 200; ++i) {
    texts.push_back(topic_text(i % 8, i, 120));
    if (i % 3 == 0) texts.push_back("new words " + texts.back() + topic_text(i, 1000 + i, 6));
  }
  Meanings meanings = meanings_of(texts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    meanings.qualities[i] = static_cast<double>(i * 7919 % 10);
  }
  Threads threads(2);
  const Clustering clustering = cluster(meanings.points, 8, 10, 3, threads);
  std::vector<std::size_t> found;
  for (const NearCopy& copy : find_near_copies(meanings, clustering, threads)) {
    found.push_back(copy.document);
    EXPECT_GE(meanings.qualities[copy.kept], meanings.qualities[copy.document]);
    EXPECT_NEAR(copy.similarity, cosine(meanings.terms[copy.document], meanings.terms[copy.kept]),
                1e-9);
  }
  EXPECT_EQ(found, brute_force(meanings));
  EXPECT_GE(found.size(), 60U);
}

TEST(NearCopies, AreFoundInClustersThatAreTooLargeToCompare) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 3'000; ++i) {
    texts.push_back(topic_text(i % 50, i / 2, 20));  // each twice or more
  }
  const Meanings meanings = meanings_of(texts);
  Threads threads(2);
  const Clustering clustering = cluster(meanings.points, 1, 1, 3, threads);
  EXPECT_EQ(find_near_copies(meanings, clustering, threads).size(), brute_force(meanings).size());
}

}  // namespace
}  // namespace aludel::curate::semantic
