#include "tests/run_layer.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/io/file_system.h"
#include "aludel/text/classifier/classifier.h"

namespace aludel::curate {
namespace {

class Safety : public ::testing::Test {
 protected:
  /// The layer without a trained model, unless the settings say otherwise.
  Result<std::unique_ptr<Layer>> make(const std::string& settings) {
    Json json = parse_json(settings).value();
    if (json.find("lexicon_only") == nullptr) json["lexicon_only"] = true;
    return find_layer("safety").value()->make(json, context_);
  }

  /// The layer with what lies in a folder of models.
  Result<std::unique_ptr<Layer>> make_with_models(const std::string& folder) {
    const LayerContext context{files_, folder, 7, threads_};
    return find_layer("safety").value()->make(Json::object(), context);
  }

  Verdict judge(Document& document, const std::string& settings = "{}") {
    return run_layer("safety", *make(settings).value(), document);
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

TEST_F(Safety, StopsWithoutItsModelUnlessLexiconsAreToDo) {
  const TemporaryFolder folder;
  const auto missing = make_with_models(folder.path());
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, Code::not_found);
  EXPECT_NE(missing.error().message.find("aludel models build"), std::string::npos);
  folder.write("safety.classifier", "nonsense");
  EXPECT_FALSE(make_with_models(folder.path()).has_value());
  EXPECT_TRUE(make(R"({"lexicon_only":true})").has_value());
}

TEST_F(Safety, DropsByTheModelWhatNoPhraseShows) {
  const TemporaryFolder folder;
  std::vector<text::LabelledText> examples;
  for (int i = 0; i < 40; ++i) {
    examples.push_back({"we zorch and zap the frobs tonight", "violence"});
    examples.push_back({"the garden by the sea is green and calm", "safe"});
  }
  const auto model = text::Classifier::train({}, examples, nullptr);
  folder.write("safety.classifier", model.value().to_bytes());
  const auto layer = make_with_models(folder.path()).value();
  Document document;
  document.text = "we zorch and zap the frobs tonight";
  const Verdict verdict = run_layer("safety", *layer, document);
  EXPECT_FALSE(verdict.keep);
  EXPECT_EQ(verdict.reason, "violence");
  const Json& note = *document.annotations.find("safety")->find("classes")->find("violence");
  EXPECT_GE(note.number_or("model", 0), 0.95);
  EXPECT_EQ(note.string_or("basis", ""), "lexicon and model");
}

TEST_F(Safety, MasksSentencesThatOnlyTheModelFinds) {
  const std::vector<text::LabelledText> examples = {{"gleep gleep blorb", "violence"},
                                                    {"blorb gleep", "violence"},
                                                    {"the weather is fine", "safe"},
                                                    {"they walk by the lake", "safe"}};
  text::ClassifierSettings few;
  few.features.bucket_bits = 12;
  few.epochs = 60;
  const auto model = text::Classifier::train(few, examples, nullptr).value();
  TemporaryFolder folder;
  ASSERT_TRUE(io::write_file(files_, folder / "safety.classifier", model.to_bytes()));
  const LayerContext context{files_, folder.path(), 7, threads_};
  const Json settings = parse_json(R"({"mask":["violence"],"model_threshold":0.6})").value();
  const auto layer = find_layer("safety").value()->make(settings, context).value();
  Document document;
  document.text = "Gleep blorb gleep. Blorb gleep blorb! The weather is fine.";
  EXPECT_TRUE(run_layer("safety", *layer, document).keep);
  EXPECT_EQ(document.text, "The weather is fine.");
  EXPECT_EQ(document.annotations.find("safety")->integer_or("sentences_removed", 0), 2);
}

}  // namespace
}  // namespace aludel::curate
