// The plans of the dedup layers find what their references find in one process's memory.
#include <algorithm>
#include <map>
#include <string>

#include "tests/fitted_layer.h"
#include "tests/planned_layer.h"
#include "tests/reference_fits.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"
#include "aludel/curate/layers/minhash_dedup/signature_index.h"
#include "aludel/curate/layers/shared/scope.h"

namespace aludel::curate {
namespace {

std::string random_words(Rng& rng, std::uint64_t words, std::uint64_t vocabulary) {
  std::string text;
  for (std::uint64_t i = 0; i < words; ++i) {
    text += fmt::format("{}w{}", i == 0 ? "" : " ", rng.below(vocabulary));
  }
  return text;
}

/// Pages of which many are copies, near-copies, captures of one address, empty, or share passages.
std::vector<Document> pages_with_copies(std::size_t count, std::uint64_t seed) {
  std::vector<Document> pages;
  Rng rng(seed, 0);
  for (std::size_t i = 0; i < count; ++i) {
    Document page = document_of(hash128(fmt::format("{} {}", seed, i)).hex(), "");
    for (std::uint64_t part = rng.below(5); part > 0; --part) {
      const std::uint64_t vocabulary =
          1 + rng.below(30'000);  // drawn first: arguments have no order
      page.text += random_words(rng, 5 + rng.below(90), vocabulary) + "\n\n";
    }
    if (!pages.empty() && rng.below(4) == 0) page.text = pages[rng.below(pages.size())].text;
    if (!pages.empty() && rng.below(3) == 0) {  // a passage of another page, cut anywhere
      const std::string& other = pages[rng.below(pages.size())].text;
      const std::size_t begin = rng.below(other.size() + 1);
      page.text += other.substr(begin, rng.below(900));
    }
    if (rng.below(3) == 0) page.text += " And a tail.";
    page.kind = rng.below(2) == 0 ? "web" : "open";
    page.url = fmt::format("http://example.org/{}", rng.below(count / 2));
    page.date = fmt::format("20{}-01-01T00:00:00Z", 10 + rng.below(5));
    page.is_settled = rng.below(10) == 0;
    page.source = rng.below(3) == 0 ? "a" : "b";
    if (rng.below(3) > 0) page.dump = rng.below(4) == 0 ? "2024-10" : "2024-18";
    page.annotations["quality"]["score"] = static_cast<double>(rng.below(4)) / 4;
    pages.push_back(std::move(page));
  }
  return pages;
}

/// Writes the signatures of these pages, the seed that of make().
void write_index(const std::string& path, const std::vector<Document>& pages) {
  using namespace minhash_dedup;
  io::LocalFileSystem files;
  const SignatureHashes hashes(112, 1);
  auto writer = SignatureIndexWriter::create(files, path, {5, 112, 1}).value();
  for (const Document& page : pages) {
    const auto found = shingles(page.text, 5);
    if (found.empty()) continue;
    ASSERT_TRUE(writer.add(packed_id(page.id), hashes.signature(found)));
  }
  ASSERT_TRUE(writer.commit());
}

class DedupPlans : public testing::Test {
 protected:
  std::unique_ptr<Layer> make(std::string_view name, const Json& settings = Json::object()) {
    return registered_layer(name).make(settings, {files_, "", 1, threads_}).value();
  }

  /// The plan's findings are the reference's, in whatever shards, workers and memory.
  void expect_plan_equals_reference(std::string_view name, const Json& settings,
                                    const std::vector<Document>& pages) {
    const auto expected = reference_findings(name, settings, pages);
    const auto layer = make(name, settings);
    EXPECT_GT(expected.size(), pages.size() / 10);
    const PlanRoom rooms[] = {{1, 1, std::uint64_t{1} << 30}, {3, 2, 60'000}, {11, 7, 400'000}};
    for (const PlanRoom& room : rooms) {
      EXPECT_EQ(planned_findings(*layer, pages, room), expected)
          << room.shards << " shards, " << room.workers << " workers, " << room.memory_bytes;
    }
  }

  io::LocalFileSystem files_;
  Threads threads_{1};
};

TEST_F(DedupPlans, OfExactDedupEqualItsReference) {
  expect_plan_equals_reference("exact_dedup", Json::object(), pages_with_copies(300, 1));
  Json settings = Json::object();
  settings["min_words"] = 7;
  settings["urls"] = false;
  expect_plan_equals_reference("exact_dedup", settings, pages_with_copies(200, 2));
  settings["min_words"] = 0;
  expect_plan_equals_reference("exact_dedup", settings, pages_with_copies(200, 3));
}

TEST_F(DedupPlans, OfParagraphDedupEqualItsReference) {
  expect_plan_equals_reference("paragraph_dedup", Json::object(), pages_with_copies(300, 4));
}

TEST_F(DedupPlans, CompareWithinTheScopeOnly) {
  const auto pages = pages_with_copies(200, 9);
  std::map<std::string, const Document*> by_id;
  for (const Document& page : pages) {
    by_id[page.id] = &page;
  }
  for (const char* name : {"exact_dedup", "minhash_dedup"}) {
    std::size_t global = 0;
    for (const char* scope : {"global", "source", "dump"}) {
      Json settings = Json::object();
      settings["scope"] = scope;
      const auto layer = make(name, settings);
      const auto found = planned_findings(*layer, pages, PlanRoom{});
      EXPECT_EQ(found, reference_findings(name, settings, pages)) << name << " " << scope;
      if (global == 0) global = found.size();
      EXPECT_EQ(found.size() < global, scope != std::string_view("global")) << name << " " << scope;
      for (const std::string& line : found) {
        const Json row = parse_json(line).value();
        const std::string other = row.string_or("of", row.string_or("kept", ""));
        if (other.empty()) continue;
        const Document& a = *by_id.at(row.string_or("id", ""));
        const Document& b = *by_id.at(other);
        const Scope asked = scope_named(scope);
        EXPECT_EQ(scope_key(asked, a), scope_key(asked, b)) << line;
      }
    }
  }
  Json wrong = Json::object();
  wrong["scope"] = "everything";
  EXPECT_FALSE(registered_layer("exact_dedup").make(wrong, {files_, "", 1, threads_}));
}

TEST_F(DedupPlans, OfMinhashDedupEqualItsReference) {
  expect_plan_equals_reference("minhash_dedup", Json::object(), pages_with_copies(300, 7));
  Json settings = Json::object();
  settings["min_similarity"] = 0;
  settings["bands"] = 20;
  settings["rows"] = 3;
  settings["words"] = 2;
  expect_plan_equals_reference("minhash_dedup", settings, pages_with_copies(300, 8));
}

TEST_F(DedupPlans, OfMinhashDedupAgainstEarlierCorporaEqualItsReference) {
  auto pages = pages_with_copies(400, 7);
  const TemporaryFolder folder;
  // Of these the first corpus has 200, and one of them more often than a key is held for; the other
  // corpus has some in both, under other ids.
  std::vector<Document> earlier(pages.begin(), pages.begin() + 200);
  for (int copy = 0; copy < 100; ++copy) {
    earlier.push_back(document_of(hash128(fmt::format("copy {}", copy)).hex(), pages[3].text));
  }
  std::vector<Document> other(pages.begin() + 150, pages.begin() + 250);
  for (Document& page : other) {
    page.id = hash128(page.id).hex();
  }
  write_index(folder / "may.index", earlier);
  write_index(folder / "june.index", other);
  pages.erase(pages.begin(), pages.begin() + 100);
  Json settings = Json::object();
  settings["against"] = Json::Array{folder / "may.index", folder / "june.index"};
  std::size_t known = 0;
  for (const double min_similarity : {0.6, 0.0, 0.9}) {
    settings["min_similarity"] = min_similarity;
    expect_plan_equals_reference("minhash_dedup", settings, pages);
    for (const std::string& row : reference_findings("minhash_dedup", settings, pages)) {
      if (row.find(".index") != std::string::npos) ++known;
    }
  }
  EXPECT_GT(known, 300U);
}

TEST_F(DedupPlans, GoOnWhereTheyWereKilled) {
  const auto pages = pages_with_copies(120, 5);
  const auto layer = make("exact_dedup");
  const auto expected = reference_findings("exact_dedup", Json::object(), pages);
  const TemporaryFolder folder;
  EXPECT_EQ(planned_findings(*layer, pages, {3, 2, 60'000}, folder.path()), expected);
  tear_plan(folder.path());
  EXPECT_EQ(planned_findings(*layer, pages, {3, 1, 60'000}, folder.path()), expected);
}

TEST_F(DedupPlans, OfMinhashDedupAgainstAnIndexGoOnWhereTheyWereKilled) {
  const auto pages = pages_with_copies(120, 5);
  const TemporaryFolder folder;
  write_index(folder / "may.index", {pages.begin(), pages.begin() + 40});
  Json settings = Json::object();
  settings["against"] = Json::Array{folder / "may.index"};
  const auto layer = make("minhash_dedup", settings);
  const auto expected = reference_findings("minhash_dedup", settings, pages);
  EXPECT_EQ(planned_findings(*layer, pages, {3, 2, 60'000}, folder.path()), expected);
  tear_plan(folder.path());
  EXPECT_EQ(planned_findings(*layer, pages, {3, 1, 60'000}, folder.path()), expected);
}

TEST_F(DedupPlans, OfCapturesKeepTheNewestOfEachAddress) {
  const auto pages = pages_with_copies(300, 6);
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    std::size_t newest = i;
    for (std::size_t other = 0; other < pages.size(); ++other) {
      if (pages[other].kind != "web" || pages[other].url != pages[i].url) continue;
      const bool is_newer = pages[other].date > pages[newest].date;
      const bool is_before = pages[other].date == pages[newest].date && other < newest;
      if (is_newer || is_before) newest = other;
    }
    if (pages[i].kind != "web" || newest == i) continue;
    expected.push_back(
        fmt::format(R"({{"id":"{}","newest":"{}"}})", pages[i].id, pages[newest].id));
  }
  EXPECT_GT(expected.size(), 20U);
  const auto layer = make("language");
  for (const std::size_t shards : {1U, 4U}) {
    EXPECT_EQ(planned_findings(*layer, pages, {shards, 2, 10'000}), expected);
  }
}

}  // namespace
}  // namespace aludel::curate
