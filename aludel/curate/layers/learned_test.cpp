// The layers that judge with trained classifiers: quality and topic.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/curate_run.h"
#include "tests/fitted_layer.h"
#include "tests/run_layer.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/curate/run/filter.h"
#include "aludel/curate/sources/ledger.h"

namespace aludel::curate {
namespace {

std::string kind_words(std::string_view kind, std::uint64_t item, int count) {
  Rng rng(9, item);
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += std::string(kind) + std::to_string(rng.below(40)) + (i % 10 == 9 ? ".\n" : " ");
  }
  return text;
}

/// A models folder whose classifier tells texts of words "a0".. from texts of "b0"..
void write_model(const std::string& folder, std::string_view name, std::string_view label_a,
                 std::string_view label_b) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < 60; ++i) {
    texts.push_back(kind_words(i % 2 == 0 ? "a" : "b", i, 30));
  }
  std::vector<text::LabelledText> examples;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    examples.push_back({texts[i], i % 2 == 0 ? label_a : label_b});
  }
  io::LocalFileSystem files;
  const std::string path = io::join_path(folder, name);
  ASSERT_TRUE(files.make_folders(io::folder_of(path)));
  ASSERT_TRUE(io::write_file(files, path,
                             text::Classifier::train({}, examples, nullptr).value().to_bytes()));
}

TEST(QualityLayer, DropsTheWorstShareUnlessItIsGoodEnough) {
  const TemporaryFolder models;
  write_model(models.path(), kQualityModel, kGoodLabel, kBadLabel);
  std::vector<Document> documents;
  for (std::uint64_t i = 0; i < 20; ++i) {
    documents.push_back(document_of(std::to_string(i), kind_words(i < 4 ? "b" : "a", 100 + i, 60)));
  }
  const auto kept = [&](std::string_view settings) {
    const auto judged = fit_and_judge(registered_layer("quality"), parse_json(settings).value(),
                                      documents, 3, models.path());
    std::string mask;
    for (const Verdict& verdict : judged.verdicts) {
      mask += verdict.keep ? 'k' : 'd';
      EXPECT_EQ(verdict.reason, verdict.keep ? "" : "low_quality");
    }
    return mask;
  };
  EXPECT_EQ(kept(R"({"drop_share":0.5,"min_score":0})"), "ddddkkkkkkkkkkkkkkkk");
  EXPECT_EQ(kept(R"({"drop_share":0,"min_score":0.3})"), "ddddkkkkkkkkkkkkkkkk");
  EXPECT_EQ(kept(R"({"drop_share":0,"min_score":0})"), "kkkkkkkkkkkkkkkkkkkk");
}

TEST(QualityLayer, AnnotatesItsScore) {
  const TemporaryFolder models;
  write_model(models.path(), kQualityModel, kGoodLabel, kBadLabel);
  const auto judged = fit_and_judge(registered_layer("quality"), Json::object(),
                                    {document_of("x", kind_words("a", 7, 60))}, 1, models.path());
  EXPECT_GT(judged.documents[0].annotations.find("quality")->number_or("score", 0), 0.8);
}

TEST(QualityLayer, CutsAtAnExactQuantileOfScoresOfThirteenBits) {
  const TemporaryFolder models;
  write_model(models.path(), kQualityModel, kGoodLabel, kBadLabel);
  std::vector<Document> documents;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const int good = static_cast<int>(i % 37);
    documents.push_back(document_of(
        std::to_string(i), kind_words("a", i, good) + kind_words("b", 1000 + i, 37 - good)));
  }
  const Json settings =
      parse_json(R"({"drop_share":0.25,"min_score":0,"keep_score":1,"max_incoherence":1})").value();
  const auto judged =
      fit_and_judge(registered_layer("quality"), settings, documents, 3, models.path());
  io::LocalFileSystem files;
  const auto model = load_classifier(files, models.path(), kQualityModel, "quality").value();
  const std::size_t label = model.find_label(kGoodLabel);
  std::vector<double> scores;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const double score = judged.documents[i].annotations.find("quality")->number_or("score", 0);
    int exponent = 0;
    const double bits = std::ldexp(std::frexp(score, &exponent), 13);
    EXPECT_EQ(bits, std::round(bits));
    const double whole = static_cast<double>(model.predict(documents[i].text)[label]);
    EXPECT_NEAR(score / whole, 1, 0x1p-13);
    scores.push_back(score);
  }
  std::vector<double> sorted = scores;
  std::ranges::sort(sorted);
  EXPECT_GT(sorted[150], 2 * sorted[20]) << "scores of many sizes";
  for (std::size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ(judged.verdicts[i].keep, scores[i] >= sorted[49]) << "the 50th of 200";
  }
}

TEST(QualityLayer, PartsJoinedTexts) {
  const TemporaryFolder models;
  write_model(models.path(), kQualityModel, kGoodLabel, kBadLabel);
  std::vector<Document> documents;
  for (std::uint64_t i = 0; i < 120; ++i) {
    const std::string kind = "a" + std::to_string(i % 30) + "t";
    documents.push_back(document_of(std::to_string(i), kind_words(kind, i, 200)));
  }
  const std::string large = kind_words("a3t", 500, 300);
  documents.push_back(document_of("joined", kind_words("a9t", 501, 120) + large));
  Json settings = Json::object();
  settings["min_score"] = 0;
  settings["drop_share"] = 0;
  settings["max_incoherence"] = 0.4;
  const auto truncated =
      fit_and_judge(registered_layer("quality"), settings, documents, 2, models.path());
  EXPECT_TRUE(truncated.verdicts.back().keep);
  EXPECT_EQ(truncated.documents.back().text + "\n", large);
  EXPECT_EQ(truncated.documents.back().annotations.find("quality")->string_or("kept_part", ""),
            "second");
  EXPECT_EQ(truncated.verdicts.back().cut_off, kind_words("a9t", 501, 120));
  EXPECT_EQ(truncated.documents[5].text, documents[5].text);
  settings["on_splice"] = "drop";
  const auto dropped =
      fit_and_judge(registered_layer("quality"), settings, documents, 2, models.path());
  EXPECT_EQ(dropped.verdicts.back().reason, "incoherent");
}

/// Documents of one kind each, so that a joined text stands out.
std::vector<Document> documents_of_kinds(std::uint64_t count) {
  std::vector<Document> documents;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string kind = "a" + std::to_string(i % 30) + "t";
    documents.push_back(document_of(std::to_string(i), kind_words(kind, i, 200)));
  }
  return documents;
}

TEST(QualityLayer, CutsEverySeamAndKeepsTheLargestPart) {
  const TemporaryFolder models;
  write_model(models.path(), kQualityModel, kGoodLabel, kBadLabel);
  std::vector<Document> documents = documents_of_kinds(120);
  const std::string large = kind_words("a3t", 500, 500);
  documents.push_back(
      document_of("thrice", kind_words("a9t", 501, 300) + large + kind_words("a7t", 502, 300)));
  const auto judged =
      fit_and_judge(registered_layer("quality"),
                    parse_json(R"({"min_score":0,"drop_share":0,"max_incoherence":0.2})").value(),
                    documents, 2, models.path());
  const Document& cut = judged.documents.back();
  EXPECT_TRUE(judged.verdicts.back().keep);
  EXPECT_EQ(cut.text.find("a9t"), std::string::npos);
  EXPECT_NEAR(static_cast<double>(cut.text.size()), static_cast<double>(large.size()), 400);
  EXPECT_EQ(cut.annotations.find("quality")->number_or("seams", 0), 2);
  const std::string& off = judged.verdicts.back().cut_off;
  EXPECT_NE(off.find("a9t"), std::string::npos);
  EXPECT_NE(off.find("a7t"), std::string::npos);
}

TEST(QualityLayer, RefusesAStateThatMissesOrMistakesAValue) {
  const TemporaryFolder models;
  write_model(models.path(), kQualityModel, kGoodLabel, kBadLabel);
  io::LocalFileSystem files;
  Threads threads(1);
  const LayerContext context{files, models.path(), 1, threads};
  const std::string wrong_rows[] = {
      R"({"language":"en","reference":[1,2,3]})", R"({"language":"en","reference":[1,2]})",
      R"({"language":"en","cut":"x","terms":{}})", R"({"language":"en","cut":2,"terms":{}})",
      R"({"language":"en","cut":0})"};
  for (const std::string& row : wrong_rows) {
    const TemporaryFolder state;
    const auto layer = registered_layer("quality").make(Json::object(), context).value();
    ASSERT_TRUE(io::write_file(files, io::join_path(state.path(), "quality.jsonl"), row + "\n"));
    const Status loaded = layer->load_limits(files, state.path());
    ASSERT_FALSE(loaded) << row;
    EXPECT_EQ(loaded.error().code, Code::corrupt_data);
    EXPECT_NE(loaded.error().message.find(state.path()), std::string::npos) << row;
  }
}

/// Bytes in memory.
class LinesReader final : public io::ByteReader {
 public:
  explicit LinesReader(std::string text) : text_(std::move(text)) {}

  Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = text_.copy(out.data(), out.size(), at_);
    at_ += size;
    return size;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

TEST(QualityLayer, AsAFilterGivesBackWhatItCutsOffBehindItsDocument) {
  const TemporaryFolder models;
  write_model(models.path(), kQualityModel, kGoodLabel, kBadLabel);
  std::string lines;
  const auto add = [&](const Document& document) { lines += to_json(document).dump() + "\n"; };
  for (const Document& document : documents_of_kinds(120)) {
    add(document);
  }
  add(document_of("twice", kind_words("a9t", 501, 300) + kind_words("a3t", 500, 500)));
  const TemporaryFolder scratch;
  io::LocalFileSystem files;
  Threads threads(2);
  FilterOptions options{.layer = "quality", .models = models.path()};
  options.set = {"min_score=0", "drop_share=0", "max_incoherence=0.2"};
  options.scratch_folder = scratch.path();
  std::vector<Json> out;
  const auto keep = [&](std::string_view line) -> Status {
    out.push_back(ALUDEL_TRY(parse_json(line)));
    return Ok{};
  };
  const auto summary =
      filter_documents(files, threads, options, std::make_unique<LinesReader>(lines), keep).value();
  ASSERT_EQ(out.size(), 122U);
  EXPECT_EQ(summary.documents, 121U);
  EXPECT_EQ(summary.cut_off, 1U);
  const Json& part = out[121];
  EXPECT_EQ(part.string_or("id", ""), "twice#cut");
  EXPECT_EQ(part.string_or("reason", ""), kCutAtSeam);
  EXPECT_EQ(part.string_or("text", "").find("a3t"), std::string::npos);
  EXPECT_EQ(part.number_or("score", 0),
            part.find("annotations")->find("quality")->number_or("incoherence", -1));
}

TEST(QualityLayer, DropsNoTextForATail) {
  const TemporaryFolder models;
  write_model(models.path(), kQualityModel, kGoodLabel, kBadLabel);
  std::vector<Document> documents = documents_of_kinds(120);
  const std::string large = kind_words("a3t", 500, 900);
  documents.push_back(document_of("tail", large + kind_words("a7t", 502, 100)));
  const auto judged = fit_and_judge(
      registered_layer("quality"),
      parse_json(R"({"min_score":0,"drop_share":0,"max_incoherence":0.4,"on_splice":"drop"})")
          .value(),
      documents, 2, models.path());
  EXPECT_TRUE(judged.verdicts.back().keep);
  EXPECT_EQ(judged.documents.back().text + "\n", large);
}

TEST(QualityLayer, WarnsWhereAShareIsNotMetAndSaysOfWhatItIsOne) {
  const TemporaryFolder models;
  write_model(models.path(), kQualityModel, kGoodLabel, kBadLabel);
  const auto said = [&](std::string_view settings) {
    testing::internal::CaptureStderr();
    fit_and_judge(registered_layer("quality"), parse_json(settings).value(), documents_of_kinds(20),
                  1, models.path());
    return testing::internal::GetCapturedStderr();
  };
  const std::string met = said(R"({"drop_share":0.9,"keep_score":1,"min_score":0})");
  EXPECT_NE(met.find("drop_share 0.9 is of the 20 documents in ''"), std::string::npos) << met;
  EXPECT_EQ(met.find("warning"), std::string::npos) << met;
  const std::string clamped = said(R"({"drop_share":0.9,"keep_score":0.01,"min_score":0})");
  EXPECT_NE(clamped.find("warning: layer quality: in '' drop_share 0.9 is not met"),
            std::string::npos)
      << clamped;
}

class QualityRun : public CurateRun {};

TEST_F(QualityRun, LeavesThePartCutOffAmongTheRejects) {
  write_model(folder_.path(), kQualityModel, kGoodLabel, kBadLabel);
  std::string lines;
  const auto add = [&](const std::string& text) {
    Json json = Json::object();
    json["text"] = text;
    lines += json.dump() + "\n";
  };
  for (std::uint64_t i = 0; i < 120; ++i) {
    add(kind_words("a" + std::to_string(i % 30) + "t", i, 200));
  }
  const std::string small = kind_words("a9t", 501, 120);
  add(small + kind_words("a3t", 500, 300));
  write("in/a.jsonl", lines);
  toml_ = "models = \"" + folder_.path() + "\"\n[layers]\n";
  for (const std::string_view layer : cascade_order()) {
    if (layer != "quality") toml_ += std::string(layer) + " = \"off\"\n";
  }
  toml_ +=
      "quality = {min_score = 0.0, drop_share = 0.0}\n[[sources]]\nname = \"s\"\npath = \"in\"\n";
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(documents("out/kept").size(), 121U);
  const auto rejects = documents("out/rejects");
  ASSERT_EQ(rejects.size(), 1U);
  EXPECT_EQ(rejects[0].rejected_by, "quality");
  EXPECT_EQ(rejects[0].reason, kCutAtSeam);
  EXPECT_EQ(rejects[0].text, small);
  EXPECT_TRUE(rejects[0].id.ends_with("#cut"));
  const Json quality = row("out", "s", "quality");
  EXPECT_EQ(quality.integer_or("kept", 0), 121);
  EXPECT_EQ(quality.find("dropped")->dump(), "{}");
  EXPECT_NEAR(quality.number_or("bytes_removed", 0), static_cast<double>(small.size()), 2);
  EXPECT_TRUE(check_ledger(ledger("out")));
}

TEST(QualityLayer, SaysWhatToDoWithoutAModel) {
  io::LocalFileSystem files;
  Threads threads(1);
  const TemporaryFolder empty;
  for (const std::string_view name : {"quality", "topic"}) {
    const auto made =
        registered_layer(name).make(Json::object(), {files, empty.path(), 1, threads});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Code::not_found);
    EXPECT_NE(made.error().message.find("aludel models build"), std::string::npos);
  }
}

TEST(TopicLayer, KeepsAPartOfTheAdvertisements) {
  const TemporaryFolder models;
  write_model(models.path(), kTopicModel, "knowledge", "ads");
  io::LocalFileSystem files;
  Threads threads(1);
  Json settings = Json::object();
  settings["keep_rate"] = 0.25;
  const auto kept_ids = [&](std::uint64_t seed) {
    const auto topic =
        registered_layer("topic").make(settings, {files, models.path(), seed, threads}).value();
    std::vector<std::string> kept;
    for (std::uint64_t i = 0; i < 400; ++i) {
      Document document = document_of("d" + std::to_string(i), kind_words("b", i, 40));
      const Verdict verdict = run_layer("topic", *topic, document);
      EXPECT_EQ(document.annotations.find("topic")->string_or("topic", ""), "ads");
      if (verdict.keep) kept.push_back(document.id);
      EXPECT_EQ(verdict.reason, verdict.keep ? "" : "ads_downsampled");
    }
    return kept;
  };
  const auto kept = kept_ids(1);
  EXPECT_NEAR(static_cast<double>(kept.size()), 100, 35);
  EXPECT_EQ(kept_ids(1), kept);
  EXPECT_NE(kept_ids(2), kept);
  const auto topic =
      registered_layer("topic").make(settings, {files, models.path(), 1, threads}).value();
  Document knowledge = document_of("k", kind_words("a", 1, 40));
  EXPECT_TRUE(run_layer("topic", *topic, knowledge).keep);
}

}  // namespace
}  // namespace aludel::curate
