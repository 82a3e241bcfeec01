// Layer `safety`.
#include <gtest/gtest.h>

#include "aludel/curate/cascade.h"
#include "aludel/curate/layers/safety/sentences.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {
namespace {

class Safety : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Layer>> make(const std::string& settings) {
    return find_layer("safety").value()->make(parse_json(settings).value(), context_);
  }

  Verdict judge(Document& document, const std::string& settings = "{}") {
    return make(settings).value()->judge(document);
  }

  io::LocalFileSystem files_;
  Threads threads_{1};
  LayerContext context_{files_, "", 7, threads_};
};

constexpr const char* kThreats =
    "He said that he would beat him to death and then bury the body by the lake. The others heard "
    "it and laughed. They planned to stab him again on the next day, and to set him on fire. The "
    "weather was fine.";

TEST_F(Safety, DropsAndNamesTheClass) {
  Document document;
  document.text = kThreats;
  const Verdict verdict = judge(document);
  EXPECT_FALSE(verdict.keep);
  EXPECT_EQ(verdict.reason, "violence");
  const Json& note = *document.annotations.find("safety")->find("classes")->find("violence");
  EXPECT_GE(note.number_or("lexicon", 0), 0.5);
  EXPECT_EQ(note.string_or("basis", ""), "lexicon only, unmeasured");
}

TEST_F(Safety, MasksSentencesOrTagsWhereAsked) {
  Document masked;
  masked.text = kThreats;
  EXPECT_TRUE(judge(masked, R"({"mask":["violence"]})").keep);
  EXPECT_EQ(masked.text, "The others heard it and laughed. The weather was fine.");
  Document tagged;
  tagged.text = kThreats;
  EXPECT_TRUE(judge(tagged, R"({"tag":["violence"]})").keep);
  EXPECT_EQ(tagged.text, kThreats);
  EXPECT_NE(tagged.annotations.find("safety")->find("classes")->find("violence"), nullptr);
}

TEST_F(Safety, KeepsPlainText) {
  Document document;
  document.text = "The server starts a child process; send a signal to kill the process.";
  EXPECT_TRUE(judge(document).keep);
  EXPECT_TRUE(document.annotations.find("safety")->find("classes")->as_object().empty());
}

TEST_F(Safety, RefusesUnknownClassesAndLists) {
  EXPECT_FALSE(make(R"({"mask":["rudeness"]})").has_value());
  EXPECT_FALSE(make(R"({"lists":["violence"]})").has_value());
  EXPECT_FALSE(make(R"({"lists":["violence=/no/such/list"]})").has_value());
}

TEST(Sentences, AreCutWithTheSpaceAfterThem) {
  std::string text = "One. Two 2.5 two! 三。四？\nFive";
  const std::vector<safety::LexiconHit> hits = {{text.find("Two"), text.find("Two") + 3, 0, {}, 1},
                                                {text.find("四"), text.find("四") + 3, 0, {}, 1}};
  EXPECT_EQ(remove_sentences(text, hits), 2);
  EXPECT_EQ(text, "One. 三。\nFive");
}

}  // namespace
}  // namespace aludel::curate
