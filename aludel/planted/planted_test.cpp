// The generator of defects, and the scorer.
#include "aludel/planted/planted.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"
#include "aludel/planted/pages.h"
#include "aludel/planted/score.h"
#include "aludel/safety/pii.h"

namespace aludel::planted {
namespace {

// Prose of its own for each number: sentences of twelve words, five to a line.
std::string english_page(std::uint64_t number, int sentences) {
  Rng random(77, number);
  std::string text;
  for (int i = 0; i < sentences; ++i) {
    std::string sentence = "The";
    for (int word = 0; word < 11; ++word) {
      sentence += ' ';
      for (int syllable = 0; syllable < 3; ++syllable) {
        sentence += "bdfgklmnprst"[random.below(12)];
        sentence += "aeiou"[random.below(5)];
      }
    }
    text += sentence + (i % 5 == 4 ? ".\n" : ". ");
  }
  return text;
}

std::string chinese_page(std::uint64_t number, int sentences) {
  Rng random(78, number);
  std::string text;
  for (int i = 0; i < sentences; ++i) {
    for (int letter = 0; letter < 20; ++letter) {
      append_utf8(text, static_cast<char32_t>(0x4E00 + random.below(5000)));
    }
    text += i % 5 == 4 ? "。\n" : "。";
  }
  return text;
}

std::vector<curate::Document> clean_pages(std::size_t english, std::size_t chinese) {
  std::vector<curate::Document> pages;
  for (std::size_t i = 0; i < english + chinese; ++i) {
    curate::Document& page = pages.emplace_back();
    page.id = fmt::format("page-{}", i);
    page.source = i % 2 == 0 ? "books" : "notes";
    page.text = i < english ? english_page(i, 40) : chinese_page(i, 25);
  }
  return pages;
}

const std::vector<std::string> kEvaluation = {
    "Which of the seven rivers in the story runs from the east to the west past the old mill?"};

PlantedSet planted(std::int64_t count, std::vector<std::string> kinds = {}) {
  PlantSettings settings;
  settings.count = count;
  settings.controls = 10;
  settings.kinds = std::move(kinds);
  auto set = plant(clean_pages(220, 90), kEvaluation, settings);
  EXPECT_TRUE(set.has_value()) << set.error().message;
  return std::move(set).value();
}

TEST(Plant, MakesEveryKindWithItsTruth) {
  const PlantedSet set = planted(3);
  ASSERT_EQ(set.documents.size(), set.truth.size());
  std::map<std::string, int> kinds;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < set.truth.size(); ++i) {
    ++kinds[set.truth[i].kind];
    EXPECT_EQ(set.truth[i].id, set.documents[i].id);
    EXPECT_TRUE(ids.insert(set.truth[i].id).second) << set.truth[i].id;
    EXPECT_TRUE(is_valid_utf8(set.documents[i].text));
    EXPECT_FALSE(set.documents[i].text.empty());
    const PlantedTruth again = planted_truth_from_json(to_json(set.truth[i])).value();
    EXPECT_EQ(to_json(again), to_json(set.truth[i]));
  }
  EXPECT_EQ(kinds.size(), planted_kinds().size() + 1);
  for (const PlantedKindInfo& info : planted_kinds()) {
    EXPECT_GE(kinds[std::string(info.name)], 3) << info.name;
  }
}

TEST(Plant, IsTheSameForTheSameSeedWhateverTheOrderOfThePages) {
  PlantSettings settings;
  settings.count = 2;
  settings.controls = 3;
  auto pages = clean_pages(120, 60);
  const PlantedSet first = plant(pages, kEvaluation, settings).value();
  std::ranges::reverse(pages);
  const PlantedSet again = plant(pages, kEvaluation, settings).value();
  settings.seed = 2;
  const PlantedSet other = plant(pages, kEvaluation, settings).value();
  ASSERT_EQ(first.documents.size(), again.documents.size());
  bool differs = false;
  for (std::size_t i = 0; i < first.documents.size(); ++i) {
    EXPECT_EQ(first.documents[i].text, again.documents[i].text);
    differs = differs || first.documents[i].text != other.documents[i].text;
  }
  EXPECT_TRUE(differs);
}

TEST(Plant, NearDuplicatesHaveTheJaccardIndexTheyClaim) {
  const PlantedSet set = planted(6, {"near_duplicate", "distant_twin"});
  constexpr std::array kNear = {0.95, 0.9, 0.85};
  constexpr std::array kDistant = {0.5, 0.3};
  for (const PlantedTruth& truth : set.truth) {
    if (truth.kind == "clean") continue;
    const double jaccard = truth.parameters.number_or("jaccard", 0);
    const auto item = static_cast<std::size_t>(truth.group.back() - '0');
    const double wanted =
        truth.kind == "near_duplicate" ? kNear.at(item % 3) : kDistant.at(item % 2);
    EXPECT_NEAR(jaccard, wanted, 0.03) << truth.id;
  }
}

TEST(Plant, PersonalDataIsFoundByTheFinderAndLookAlikesAreNot) {
  const PlantedSet set = planted(16, {"personal_data", "harmless_numbers"});
  const safety::PiiFinder finder = safety::PiiFinder::create().value();
  for (std::size_t i = 0; i < set.truth.size(); ++i) {
    if (set.truth[i].kind == "clean") continue;
    const auto spans = finder.find(set.documents[i].text);
    EXPECT_EQ(spans.size(), set.truth[i].gone.size()) << set.truth[i].id;
  }
}

std::vector<std::string> line_ends(const std::string& text) {
  std::vector<std::string> lines = page_lines(text);
  for (std::string& line : lines) {
    line = line.substr(line.size() - 1);
  }
  return lines;
}

TEST(Plant, ShufflesWordsAndLeavesPunctuationAndLines) {
  const PlantedSet set = planted(2, {"shuffled_words"});
  for (std::size_t i = 0; i < set.truth.size(); ++i) {
    if (set.truth[i].kind == "clean") continue;
    const auto ends = line_ends(set.documents[i].text);
    EXPECT_EQ(ends.size(), 8U);
    EXPECT_TRUE(std::ranges::all_of(ends, [](const auto& end) { return end == "."; }));
    EXPECT_EQ(std::ranges::count(set.documents[i].text, '.'), 40);
  }
}

TEST(Plant, SplicesPagesOfTwoCollectionsOnly) {
  const PlantedSet set = planted(4, {"spliced_halves"});
  for (const PlantedTruth& truth : set.truth) {
    if (truth.kind == "clean") continue;
    EXPECT_NE(truth.parameters.string_or("first_collection", ""),
              truth.parameters.string_or("second_collection", ""));
  }
  PlantSettings settings;
  settings.kinds = {"spliced_halves"};
  settings.controls = 0;
  auto pages = clean_pages(40, 0);
  for (curate::Document& page : pages) {
    page.source.clear();
    page.url = "https://pages.example/manual/" + page.id;
  }
  EXPECT_NE(plant(pages, {}, settings).error().message.find("two collections"), std::string::npos);
}

TEST(Plant, SplicesBeforeOtherKindsUseUpTheSmallerCollection) {
  PlantSettings settings;
  settings.kinds = {"shuffled_words", "spliced_halves"};
  settings.count = 4;
  settings.controls = 0;
  for (std::int64_t seed = 0; seed < 8; ++seed) {
    settings.seed = seed;
    auto pages = clean_pages(13, 0);
    for (std::size_t i = 0; i < pages.size(); ++i) {
      pages[i].source = i < 5 ? "small" : "large";
    }
    EXPECT_TRUE(plant(pages, {}, settings).has_value()) << seed;
  }
}

TEST(Plant, SaysWhatIsMissing) {
  PlantSettings settings;
  settings.kinds = {"adverts"};
  EXPECT_EQ(plant({}, {}, settings).error().code, Code::invalid_argument);
  settings.kinds = {"evaluation_item"};
  settings.controls = 0;
  EXPECT_NE(plant(clean_pages(5, 0), {}, settings).error().message.find("--eval"),
            std::string::npos);
  settings.kinds = {"mojibake"};
  EXPECT_NE(plant(clean_pages(5, 0), {}, settings).error().message.find("too few clean pages"),
            std::string::npos);
}

TEST(Pages, PassOverWhatIsNoProseOrAlmostACopy) {
  std::vector<curate::Document> documents = clean_pages(2, 0);
  documents.push_back(documents[0]);
  documents.back().id = "copy";
  documents.emplace_back().id = "menu";
  for (int i = 0; i < 300; ++i) {
    documents.back().text += "Home\n";
  }
  documents.emplace_back().id = "stub";
  documents.back().text = "Too short.";
  const CleanPages pages(documents, 1);
  EXPECT_EQ(pages.left(PageLanguage::english), 2U);
  EXPECT_EQ(pages.left(PageLanguage::chinese), 0U);
}

PlantedTruth truth_row(std::string id, std::string kind, PlantedOutcome outcome,
                       std::vector<std::string> layers) {
  PlantedTruth truth;
  truth.id = std::move(id);
  truth.kind = std::move(kind);
  truth.outcome = outcome;
  truth.layers = std::move(layers);
  return truth;
}

curate::Document document_with(std::string id, std::string text, std::string rejected_by = "") {
  curate::Document document;
  document.id = "run-" + id;
  document.annotations["read"]["id"] = std::move(id);
  document.text = std::move(text);
  document.rejected_by = std::move(rejected_by);
  return document;
}

const PlantedKindScore& kind_of(const PlantedScore& score, const std::string& name) {
  return *std::ranges::find(score.kinds, name, &PlantedKindScore::kind);
}

TEST(PlantedScorer, CountsACatchOnlyForTheLayerMeantForIt) {
  PlantedScorer scorer({truth_row("a", "bad_shape", PlantedOutcome::dropped, {"metrics"}),
                        truth_row("b", "bad_shape", PlantedOutcome::dropped, {"metrics"}),
                        truth_row("c", "bad_shape", PlantedOutcome::dropped, {"metrics"}),
                        truth_row("d", "bad_shape", PlantedOutcome::dropped, {"metrics"})});
  scorer.add_reject(document_with("a", "", "metrics"));
  scorer.add_reject(document_with("b", "", "quality"));
  scorer.add_kept(document_with("c", ""));
  const PlantedScore score = scorer.finish().value();
  const PlantedKindScore& kind = kind_of(score, "bad_shape");
  EXPECT_EQ(kind.planted, 4);
  EXPECT_EQ(kind.caught, 1);
  EXPECT_EQ(kind.elsewhere.at("quality"), 1);
  EXPECT_EQ(kind.elsewhere.at("nowhere"), 1);
  EXPECT_EQ(kind.missed, (std::vector<std::string>{"b", "c", "d"}));
}

TEST(PlantedScorer, AnEditCountsWhenTheDefectIsGoneEvenIfALaterLayerDrops) {
  auto row = truth_row("a", "personal_data", PlantedOutcome::edited, {"correction"});
  row.gone = {"ann@acme.de"};
  row.parameters["pii"] = "email";
  auto later = row;
  later.id = "b";
  auto before = row;
  before.id = "c";
  auto missed = row;
  missed.id = "d";
  PlantedScorer scorer({row, later, before, missed});
  curate::Document edited = document_with("a", "Write to <EMAIL> now.");
  edited.annotations["correction"]["pii"]["email"] = 1;
  scorer.add_kept(edited);
  edited.annotations["read"]["id"] = "b";
  edited.rejected_by = "topic";
  scorer.add_reject(edited);
  scorer.add_reject(document_with("c", "Write to ann@acme.de now.", "metrics"));
  scorer.add_kept(document_with("d", "Write to\nann@acme.de now."));
  const PlantedScore score = scorer.finish().value();
  EXPECT_EQ(kind_of(score, "personal_data").caught, 2);
  EXPECT_EQ(score.personal_data.at("email").planted, 3);
  EXPECT_EQ(score.personal_data.at("email").found, 2);
}

TEST(PlantedScorer, ListsWhatWasReplacedInCleanPages) {
  PlantedScorer scorer({truth_row("page", "clean", PlantedOutcome::kept, {})});
  scorer.add_original(document_with("page", "Write to ann@uni-bonn.de or to info@uni-bonn.de."));
  curate::Document kept = document_with("page", "Write to <EMAIL> or to info@uni-bonn.de.");
  kept.annotations["correction"]["pii"]["email"] = 1;
  scorer.add_kept(kept);
  const PlantedScore score = scorer.finish().value();
  ASSERT_EQ(score.clean.replaced.size(), 1U);
  EXPECT_EQ(score.clean.replaced[0].value, "ann@uni-bonn.de");
  EXPECT_EQ(score.clean.replaced[0].before, "Write to ");
}

TEST(PlantedScorer, OfAGroupOneShouldStay) {
  const auto group_of = [](const std::string& name, int size) {
    std::vector<PlantedTruth> rows;
    for (int i = 0; i < size; ++i) {
      rows.push_back(truth_row(fmt::format("{}-{}", name, i), "near_duplicate",
                               PlantedOutcome::kept_once, {"minhash_dedup"}));
      rows.back().group = name;
    }
    return rows;
  };
  std::vector<PlantedTruth> rows;
  for (const auto& group : {group_of("one", 3), group_of("none", 2), group_of("all", 2)}) {
    rows.insert(rows.end(), group.begin(), group.end());
  }
  PlantedScorer scorer(rows);
  scorer.add_reject(document_with("one-0", "", "minhash_dedup"));
  scorer.add_reject(document_with("one-1", "", "minhash_dedup"));
  scorer.add_kept(document_with("one-2", ""));
  scorer.add_kept(document_with("none-0", ""));
  scorer.add_kept(document_with("none-1", ""));
  scorer.add_reject(document_with("all-0", "", "minhash_dedup"));
  scorer.add_reject(document_with("all-1", "", "minhash_dedup"));
  const PlantedScore score = scorer.finish().value();
  EXPECT_EQ(kind_of(score, "near_duplicate").planted, 4);
  EXPECT_EQ(kind_of(score, "near_duplicate").caught, 2);
}

TEST(PlantedScorer, CleanPagesAreLostUnlessTheyAreTrueDuplicatesOrForeign) {
  std::vector<PlantedTruth> rows;
  for (const char* id : {"kept", "lost", "copy", "unlike", "french"}) {
    rows.push_back(truth_row(id, "clean", PlantedOutcome::kept, {}));
  }
  PlantedScorer scorer(rows);
  scorer.add_reject(document_with("lost", english_page(1, 9), "quality"));
  scorer.add_reject(document_with("copy", english_page(2, 9), "minhash_dedup"));
  scorer.add_reject(document_with("unlike", english_page(3, 9), "minhash_dedup"));
  curate::Document french = document_with("french", "Le vieux pont", "language");
  french.language = "fr";
  scorer.add_reject(french);
  scorer.add_kept(document_with("kept", english_page(4, 9)));
  scorer.add_kept(document_with("other", english_page(2, 9)));
  const PlantedScore score = scorer.finish().value();
  EXPECT_EQ(score.clean.lost.at("quality"), 1);
  EXPECT_EQ(score.clean.lost.at("minhash_dedup"), 1);
  EXPECT_EQ(score.clean.true_duplicates.at("minhash_dedup"), 1);
  EXPECT_EQ(score.clean.other_language, 1);
  EXPECT_EQ(score.clean.lost_ids, (std::vector<std::string>{"lost", "unlike"}));
  const Json json = to_json(score);
  EXPECT_DOUBLE_EQ(json.find("clean")->number_or("share_lost", 0), 0.4);
  EXPECT_NE(to_text(score).find("2 of 5 lost"), std::string::npos);
}

TEST(PlantedScorer, SplitHalvesAndAdvertisementsAreJudgedByWhatStays) {
  auto together = truth_row("a", "spliced_halves", PlantedOutcome::dropped_or_split, {"quality"});
  together.gone = {"first half", "second half"};
  auto split = together;
  split.id = "b";
  PlantedScorer scorer({together, split,
                        truth_row("c", "advertisement", PlantedOutcome::down_sampled, {"topic"}),
                        truth_row("d", "advertisement", PlantedOutcome::down_sampled, {"topic"})});
  scorer.add_kept(document_with("a", "first half second half"));
  scorer.add_kept(document_with("b", "first half"));
  curate::Document seen = document_with("c", "buy");
  seen.annotations["topic"]["topic"] = "ads";
  scorer.add_kept(seen);
  scorer.add_kept(document_with("d", "buy"));
  const PlantedScore score = scorer.finish().value();
  EXPECT_EQ(kind_of(score, "spliced_halves").caught, 1);
  EXPECT_EQ(kind_of(score, "advertisement").caught, 1);
}

}  // namespace
}  // namespace aludel::planted
