// Tests that a blind sample is the same for any order of documents, and that its page tells nothing
// of decisions.
#include "aludel/curate/revisit/audit/sample.h"

#include <algorithm>
#include <set>

#include "tests/curate_run.h"
#include <gtest/gtest.h>

#include "aludel/curate/revisit/audit/page.h"

namespace aludel::curate::audit {
namespace {

class BlindSample : public CurateRun {
 protected:
  void SetUp() override {
    std::string lines;
    for (std::uint64_t i = 0; i < 60; ++i) {
      Rng rng(2, i);
      Json json = Json::object();
      json["id"] = fmt::format("page {}", i);
      std::string text;
      const std::uint64_t sentences = i % 3 == 0 ? 2 : 8;  // every third document is too short
      for (std::uint64_t k = 0; k < sentences; ++k) {
        text += sentence(rng) + "\n";
      }
      json["text"] = text;
      lines += json.dump() + "\n";
      if (i == 1) lines += json.dump() + "\n";  // a copy
    }
    write("in/a.jsonl", lines);
    toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"open\"\npath = \"in\"\n";
    ASSERT_TRUE(run("out"));
  }

  Result<Sample> draw(const SampleSettings& settings, int workers = 2,
                      const std::string& out = "out") {
    Threads threads(workers);
    const StoredRun stored = StoredRun::open(files_, folder_ / out).value();
    const RuleNotes rules = RuleNotes::open(files_, threads, stored, "");
    return draw_sample(files_, threads, stored, rules, settings);
  }

  static std::vector<std::string> ids(const Sample& sample) {
    std::vector<std::string> ids;
    for (const Answer& answer : sample.sheet.answers) {
      ids.push_back(answer.id);
    }
    return ids;
  }

  /// Puts the same documents into one file, in the opposite order.
  void reverse(const std::string& part) {
    std::vector<Document> all = documents("out/" + part);
    std::ranges::reverse(all);
    std::string lines;
    for (Document& document : all) {
      lines += curate::to_json(std::move(document)).dump() + "\n";
    }
    ASSERT_TRUE(files_.remove(folder_ / ("out/" + part)));
    write("out/" + part + "/00000.jsonl", lines);
  }
};

TEST_F(BlindSample, DrawsSoManyOfEachLayerAndOfTheKept) {
  const Sample sample = draw({.per_layer = 5, .kept = 7}).value();
  ASSERT_EQ(sample.sheet.strata.size(), 2U);
  EXPECT_EQ(sample.sheet.strata[0].layer, "metrics");
  EXPECT_EQ(sample.sheet.strata[0].documents, 20U);
  EXPECT_EQ(sample.sheet.strata[0].reasons.at("too_few_words"), 20U);
  EXPECT_EQ(sample.sheet.strata[1].layer, "");
  EXPECT_EQ(sample.sheet.strata[1].documents, 40U);
  EXPECT_EQ(std::ranges::count(sample.sheet.answers, "metrics", &Answer::layer), 5);
  EXPECT_EQ(std::ranges::count(sample.sheet.answers, "", &Answer::layer), 7);
  EXPECT_EQ(sample.texts.size(), 12U);
  std::set<std::string> keys;
  for (std::size_t i = 0; i < sample.texts.size(); ++i) {
    EXPECT_EQ(sample.texts[i].key, sample.sheet.answers[i].key);
    keys.insert(sample.texts[i].key);
  }
  EXPECT_EQ(keys.size(), 12U);
}

TEST_F(BlindSample, IsTheSameForAnyThreadsAndOrder) {
  const SampleSettings settings{.per_layer = 5, .kept = 7};
  const Sample expected = draw(settings, 1).value();
  EXPECT_EQ(ids(draw(settings, 4).value()), ids(expected));
  reverse("kept");
  reverse("rejects");
  const Sample reversed = draw(settings, 3).value();
  EXPECT_EQ(ids(reversed), ids(expected));
  for (std::size_t i = 0; i < expected.texts.size(); ++i) {
    EXPECT_EQ(reversed.texts[i].key, expected.texts[i].key);
    EXPECT_EQ(reversed.texts[i].text, expected.texts[i].text);
  }
  EXPECT_NE(ids(draw({.per_layer = 5, .kept = 7, .seed = 2}).value()), ids(expected));
}

TEST_F(BlindSample, LeavesCopiesOutUnlessAllLayersAreWanted) {
  const Sample readable = draw({}).value();
  ASSERT_EQ(readable.sheet.left_out.size(), 1U);
  const auto& [why, count] = *readable.sheet.left_out.begin();
  EXPECT_TRUE(why.starts_with("dropped_by_") && why.ends_with("_dedup")) << why;
  EXPECT_EQ(count, 1U);
  const Sample all = draw({.layers = Layers::all}).value();
  EXPECT_TRUE(all.sheet.left_out.empty());
  EXPECT_EQ(all.texts.size(), readable.texts.size() + 1);
}

TEST_F(BlindSample, OfOtherLanguagesIsRefusedWithARemedy) {
  const auto none = draw({.languages = {"zh"}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::not_found);
  EXPECT_NE(none.error().message.find("--languages"), std::string::npos);
}

TEST_F(BlindSample, OfAnAnnotatedRunTakesWhatWouldHaveBeenDropped) {
  toml_ = "annotate = true\n" + toml_;
  ASSERT_TRUE(run("annotated"));
  const Sample sample = draw({}, 2, "annotated").value();
  ASSERT_FALSE(sample.sheet.strata.empty());
  EXPECT_EQ(sample.sheet.strata[0].layer, "metrics");
  EXPECT_EQ(sample.sheet.strata[0].documents, 20U);
}

TEST_F(BlindSample, NotesEachValueBesideItsLimit) {
  const Sample sample = draw({}).value();
  for (const Answer& answer : sample.sheet.answers) {
    const auto words =
        std::ranges::find(answer.rules, "layers.metrics.min_words", &RuleNote::setting);
    ASSERT_NE(words, answer.rules.end());
    EXPECT_EQ(words->limit, 50);
    EXPECT_EQ(words->breaks(), answer.layer == "metrics");
    EXPECT_EQ(words->reason, "too_few_words");
  }
}

TEST_F(BlindSample, IsReadBackAsItWasWritten) {
  const Sample sample = draw({.per_layer = 3, .kept = 2, .seed = 9}).value();
  ASSERT_TRUE(write_sample(files_, folder_ / "audit", sample));
  const Sheet sheet = read_sheet(files_, folder_ / "audit").value();
  EXPECT_EQ(sheet.seed, 9);
  ASSERT_EQ(sheet.answers.size(), 5U);
  ASSERT_EQ(sheet.strata.size(), 2U);
  EXPECT_EQ(sheet.strata[0].reasons, sample.sheet.strata[0].reasons);
  for (std::size_t i = 0; i < sheet.answers.size(); ++i) {
    EXPECT_EQ(sheet.answers[i].id, sample.sheet.answers[i].id);
    EXPECT_EQ(sheet.answers[i].layer, sample.sheet.answers[i].layer);
    EXPECT_EQ(sheet.answers[i].rules.size(), sample.sheet.answers[i].rules.size());
  }
  const auto none = read_sheet(files_, folder_ / "out");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("aludel audit sample"), std::string::npos);
}

TEST_F(BlindSample, ShowsReadersNoDecision) {
  const Sample sample = draw({.per_layer = 5, .kept = 7}).value();
  ASSERT_TRUE(write_sample(files_, folder_ / "audit", sample));
  const std::string page = io::read_file(files_, folder_ / "audit/audit.html").value();
  const std::string lines = io::read_file(files_, folder_ / "audit/documents.jsonl").value();
  for (const std::string& shown : {page, lines}) {
    for (const Answer& answer : sample.sheet.answers) {
      EXPECT_NE(shown.find(answer.key), std::string::npos);
      EXPECT_EQ(shown.find(answer.id), std::string::npos);
    }
    EXPECT_EQ(shown.find("metrics"), std::string::npos);
    EXPECT_EQ(shown.find("too_few_words"), std::string::npos);
    EXPECT_EQ(shown.find("in/a.jsonl"), std::string::npos);
  }
}

TEST(AuditPage, HoldsHostileTextsAsData) {
  const std::string hostile =
      "</script><script>alert(1)</script><!--<script> & \xE2\x80\xA8 \xE2\x80\xA9 \xE2\x80\x9C "
      "\\ \" ]]> [\"DOCUMENTS\"]";
  const SheetText texts[] = {{"k1", "ar", hostile}, {"k2", "zh", "\xE4\xB8\xAD\xE6\x96\x87\n"}};
  const std::string page = render_page(texts);
  EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
  EXPECT_EQ(page.find("\xE2\x80\xA8"), std::string::npos);
  EXPECT_EQ(page.find("\xE2\x80\xA9"), std::string::npos);
  const std::string begin = "type=\"application/json\">";
  const std::size_t from = page.find(begin) + begin.size();
  const std::string data = page.substr(from, page.find("</script>", from) - from);
  const auto json = parse_json(data);
  ASSERT_TRUE(json) << json.error().message;
  ASSERT_EQ(json.value().as_array().size(), 2U);
  EXPECT_EQ(json.value().as_array()[0].string_or("text", ""), hostile);
  EXPECT_EQ(json.value().as_array()[1].string_or("text", ""), "\xE4\xB8\xAD\xE6\x96\x87\n");
  EXPECT_EQ(page.find("://"), std::string::npos) << "the page asks no server";
  EXPECT_EQ(page.find("innerHTML"), std::string::npos);
}

}  // namespace
}  // namespace aludel::curate::audit
