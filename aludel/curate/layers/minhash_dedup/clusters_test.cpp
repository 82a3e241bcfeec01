#include "aludel/curate/layers/minhash_dedup/clusters.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "aludel/base/clock.h"
#include "aludel/base/rng.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"

namespace aludel::curate::minhash_dedup {
namespace {

struct Sample {
  std::string id;
  double quality = 0;
  std::string text;
};

std::string random_words(Rng& rng, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "w" + std::to_string(rng.below(5000)) + " ";
  }
  return text;
}

/// The text with each word replaced with probability `rate`.
std::string with_words_replaced(const std::string& text, double rate, Rng& rng) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find(' ', at) + 1;
    out += rng.uniform() < rate ? random_words(rng, 1) : text.substr(at, end - at);
    at = end;
  }
  return out;
}

std::map<std::string, std::string> representatives(const std::vector<Sample>& samples,
                                                   double min_similarity = 0) {
  const SignatureHashes hashes(112, 1);
  SignatureTable table(8);
  for (const Sample& sample : samples) {
    table.add(sample.id, sample.quality, hashes.signature(shingles(sample.text, 5)));
  }
  Threads threads(2);
  std::map<std::string, std::string> found;
  for (const Member& member : table.clusters(min_similarity, threads)) {
    found[member.id] = member.kept;
  }
  return found;
}

double brute_force_jaccard(const std::string& a, const std::string& b) {
  const auto left = shingles(a, 5);
  const auto right = shingles(b, 5);
  const std::set<std::uint64_t> left_set(left.begin(), left.end());
  std::set<std::uint64_t> both(right.begin(), right.end());
  std::size_t common = 0;
  for (const std::uint64_t shingle : both) {
    common += left_set.count(shingle);
  }
  both.insert(left_set.begin(), left_set.end());
  return static_cast<double>(common) / static_cast<double>(both.size());
}

TEST(Clusters, KeepTheBestThenTheLowestId) {
  Rng rng(1, 1);
  const std::string text = random_words(rng, 200);
  const std::string other = random_words(rng, 200);
  const auto found = representatives({{"c", 0.5, text},
                                      {"b", 0.5, text},
                                      {"a", 0.1, text},
                                      {"lone", 1, random_words(rng, 200)},
                                      {"y", 0, other},
                                      {"x", 0, other}});
  EXPECT_EQ(found, (std::map<std::string, std::string>{
                       {"a", "b"}, {"b", "b"}, {"c", "b"}, {"x", "x"}, {"y", "x"}}));
}

TEST(Clusters, DoNotDependOnTheOrderOfDocumentsOrShards) {
  std::vector<Sample> samples;
  for (std::uint64_t group = 0; group < 20; ++group) {
    Rng rng(2, group);
    const std::string text = random_words(rng, 150);
    for (int copy = 0; copy < 4; ++copy) {
      samples.push_back({std::to_string(group * 37 % 100) + "-" + std::to_string(copy), 0,
                         with_words_replaced(text, 0.02, rng)});
    }
  }
  const auto expected = representatives(samples);
  EXPECT_GT(expected.size(), 60U);
  std::ranges::reverse(samples);
  EXPECT_EQ(representatives(samples), expected);

  const SignatureHashes hashes(112, 1);
  SignatureTable first(8);
  SignatureTable second(8);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    (i < 31 ? first : second).add(samples[i].id, 0, hashes.signature(shingles(samples[i].text, 5)));
  }
  first.merge(second);
  Threads one(1);
  std::map<std::string, std::string> merged;
  for (const Member& member : first.clusters(0, one)) {
    merged[member.id] = member.kept;
  }
  EXPECT_EQ(merged, expected);
}

TEST(Clusters, FindTextsAsBruteForceJaccardAndTheorySay) {
  double expected = 0;
  double variance = 0;
  double found = 0;
  int certain = 0;
  for (std::uint64_t pair = 0; pair < 300; ++pair) {
    Rng rng(3, pair);
    const std::string text = random_words(rng, 120);
    const std::string copy = with_words_replaced(text, 0.06 * rng.uniform(), rng);
    const double s = brute_force_jaccard(text, copy);
    const double p = 1 - std::pow(1 - std::pow(s, 8), 14);
    const bool joined = !representatives({{"a", 0, text}, {"b", 0, copy}}).empty();
    expected += p;
    variance += p * (1 - p);
    found += joined ? 1 : 0;
    if (s >= 0.95) {
      EXPECT_TRUE(joined) << s;
      ++certain;
    }
  }
  EXPECT_NEAR(found, expected, 4 * std::sqrt(variance));
  EXPECT_GT(certain, 20);
}

TEST(Clusters, KeepWhatIsTooUnlikeTheOnesKept) {
  // Windows of one long text: b is like c and d (Jaccard .87), which are less like each other
  // (.75).
  Rng rng(5, 0);
  std::vector<std::string> words;
  words.reserve(500);
  for (int i = 0; i < 500; ++i) {
    words.push_back(random_words(rng, 1));
  }
  const auto window = [&](std::size_t begin) {
    std::string text;
    for (std::size_t i = begin; i < begin + 300; ++i) {
      text += words[i];
    }
    return text;
  };
  const std::vector<Sample> samples = {
      {"b", 0, window(20)}, {"c", 9, window(0)}, {"d", 8, window(40)}};
  ASSERT_NEAR(brute_force_jaccard(samples[1].text, samples[2].text), 0.76, 0.01);
  EXPECT_EQ(representatives(samples, 0.81),
            (std::map<std::string, std::string>{{"b", "c"}, {"c", "c"}, {"d", "d"}}));
  EXPECT_EQ(representatives(samples, 0),
            (std::map<std::string, std::string>{{"b", "c"}, {"c", "c"}, {"d", "c"}}));
}

TEST(Clusters, EstimateTheSimilarityOfAMember) {
  Rng rng(4, 0);
  const std::string text = random_words(rng, 400);
  const std::string copy = with_words_replaced(text, 0.01, rng);
  const SignatureHashes hashes(112, 1);
  SignatureTable table(8);
  table.add("a", 0, hashes.signature(shingles(text, 5)));
  table.add("b", 0, hashes.signature(shingles(copy, 5)));
  Threads threads(1);
  const auto members = table.clusters(0, threads);
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0].similarity, 1);
  EXPECT_NEAR(members[1].similarity, brute_force_jaccard(text, copy), 0.15);
  EXPECT_TRUE(table.clusters(1.01, threads).empty());
}

TEST(Clusters, StayFastWhenOneBandIsSharedByAll) {
  const SignatureHashes hashes(112, 1);
  const auto signature = hashes.signature(shingles("the same text on every page of a site", 5));
  SignatureTable table(8);
  constexpr std::size_t kDocuments = 50'000;  // squared: 2.5e9 pairs a band
  for (std::size_t i = 0; i < kDocuments; ++i) {
    table.add("id" + std::to_string(i), 0, signature);
  }
  Threads threads(2);
  const double started = now_seconds();
  const auto members = table.clusters(0.9, threads);
  EXPECT_LT(now_seconds() - started, 5);
  ASSERT_EQ(members.size(), kDocuments);
  EXPECT_EQ(members[kDocuments - 1].kept, "id0");
}

// Each page a little unlike the next, as revisions of a template are: its ends share nothing, and
// no page falls that resembles none that stays.
TEST(Clusters, KeepOfALongChainWhatResemblesNoKeeper) {
  Rng rng(11, 0);
  std::vector<std::string> words;
  for (int i = 0; i < 9200; ++i) {
    words.push_back("w" + std::to_string(rng.below(100'000)) + " ");
  }
  std::vector<Sample> samples;
  std::map<std::string, std::string> texts;
  for (int page = 0; page < 3000; ++page) {
    std::string text;
    for (int i = 0; i < 200; ++i) {
      text += words[static_cast<std::size_t>(page * 3 + i)];
    }
    const std::string id = std::to_string(10'000 + page);
    samples.push_back({id, 0, text});
    texts[id] = text;
  }
  int fallen = 0;
  int unlike = 0;
  for (const auto& [id, kept] : representatives(samples, 0.6)) {
    if (id == kept) continue;
    ++fallen;
    if (brute_force_jaccard(texts[id], texts[kept]) < 0.5) ++unlike;
  }
  EXPECT_GT(fallen, 1500) << "most pages are like their neighbours";
  EXPECT_LE(unlike, 3);
}

}  // namespace
}  // namespace aludel::curate::minhash_dedup
