#include <string>

#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/layers/safety/class_basis.h"
#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/curate/model_building/build.h"
#include "aludel/safety/class_basis.h"

namespace aludel::curate {
namespace {

/// Returns rows, every second one of the class, in words that no phrase of the lexicon has.
std::string labelled_rows(std::string_view which, int count) {
  std::string rows;
  for (int i = 0; i < count; ++i) {
    const bool is_one = i % 2 == 0;
    rows +=
        fmt::format(R"({{"id":"{0}","text":"{1} number {0}","label":"{2}"}})"
                    "\n",
                    i, is_one ? "gleep and blorb" : "the lake lies calm", is_one ? which : "safe");
  }
  return rows;
}

Result<std::vector<Json>> build(const TemporaryFolder& folder, const std::string& labelled_by) {
  const std::string rows = folder.write("rows.jsonl", labelled_rows("discrimination", 400));
  const std::string toml =
      "held_out = 0.3\n[classifier.features]\nbucket_bits = 12\n[[reference]]\npath = [\"" + rows +
      "\"]\nroles = [\"safety:*\"]\nlabelled_by = \"" + labelled_by + "\"\n";
  auto config = read_models_config(toml, "test", {});
  if (!config) return config.error();
  config.value().out = folder / "models";
  io::LocalFileSystem files;
  Threads threads(1);
  return build_models(files, config.value(), threads);
}

std::string basis(const Json& classes, std::string_view name) {
  const Json* note = classes.find(name);
  return note == nullptr ? "" : note->string_or("basis", "");
}

TEST(SafetyClasses, AreMeasuredWherePeopleLabelledThem) {
  const TemporaryFolder folder;
  const auto cards = build(folder, "people");
  ASSERT_TRUE(cards) << cards.error().message;
  const Json& classes = *cards.value().at(0).find("classes");
  EXPECT_EQ(classes.as_object().size(), 14U);
  EXPECT_EQ(basis(classes, "discrimination"), safety::kMeasuredModel);
  EXPECT_EQ(basis(classes, "violence"), safety::kLexiconOnly);
  const Json& note = *classes.find("discrimination");
  EXPECT_GT(note.integer_or("positives", 0), 30);
  EXPECT_GT(note.integer_or("negatives", 0), 30);
  EXPECT_GT(note.find("model")->number_or("precision", 0), 0.95);
  EXPECT_GT(note.find("model")->number_or("recall", 0), 0.95);
  EXPECT_GT(note.find("model")->number_or("area_under_curve", 0), 0.95);
  EXPECT_TRUE(note.find("lexicon")->find("precision")->is_null());  // it found nothing
  EXPECT_EQ(note.find("lexicon")->number_or("recall", -1), 0);
}

TEST(SafetyClasses, AreUnmeasuredWhereAProgramLabelledThem) {
  const TemporaryFolder folder;
  const auto cards = build(folder, "program");
  ASSERT_TRUE(cards) << cards.error().message;
  const Json& classes = *cards.value().at(0).find("classes");
  EXPECT_EQ(basis(classes, "discrimination"), safety::kUnmeasuredModel);
  EXPECT_EQ(classes.find("discrimination")->find("model"), nullptr);
  EXPECT_FALSE(build(folder, "nobody"));
}

TEST(SafetyBasis, IsThatOfTheCardOrOfTheLexicon) {
  const TemporaryFolder folder;
  ASSERT_TRUE(build(folder, "people"));
  io::LocalFileSystem files;
  const auto classes = [&](const Json& settings) {
    return find_layer("safety").value()->class_basis(settings, files, folder / "models");
  };
  Json by_lexicon = Json::object();
  by_lexicon["lexicon_only"] = true;
  EXPECT_EQ(basis(classes(Json::object()), "discrimination"), safety::kMeasuredModel);
  EXPECT_EQ(basis(classes(by_lexicon), "discrimination"), safety::kLexiconOnly);
  ASSERT_TRUE(files.remove(folder / "models/safety.classifier.card.json"));
  EXPECT_EQ(basis(classes(Json::object()), "discrimination"), safety::kUnmeasuredModel);
}

}  // namespace
}  // namespace aludel::curate
