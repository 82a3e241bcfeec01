#include "aludel/curate/document/document.h"

#include <string>

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

Document reject() {
  Document document;
  document.id = "a1";
  document.url = "https://example.org/";
  document.source = "crawl";
  document.kind = "web";
  document.licence = "CC0-1.0";
  document.language = "en";
  document.text = "Hello.";
  document.date = "2020-01-02";
  document.cluster = "c9";
  document.raw = "<p>Hello.";
  document.annotations["metrics"]["words"] = 1;
  document.metadata["by"] = Json::Array{"me"};
  document.rejected_by = "metrics";
  document.reason = "too_few_words";
  document.score = 1;
  return document;
}

TEST(Document, IsTheOneObjectThatOtherToolsRead) {
  EXPECT_EQ(to_json(reject()).dump(),
            R"({"id":"a1","url":"https://example.org/","source":"crawl","kind":"web",)"
            R"("licence":"CC0-1.0","profile":"web","language":"en","text":"Hello.",)"
            R"("date":"2020-01-02","dump":"","cluster":"c9","annotations":{"metrics":{"words":1}},)"
            R"("metadata":{"by":["me"]},"rejected_by":"metrics","reason":"too_few_words",)"
            R"("score":1})");
}

TEST(Document, HasTheSameColumnsInEveryFileOfRows) {
  Document kept;
  kept.text = "a";
  EXPECT_EQ(io::as_row(to_json(kept), document_columns()).dump(),
            R"({"id":"","url":"","source":"","kind":"","licence":"","profile":"web",)"
            R"("language":"","text":"a","date":null,"dump":"","cluster":"",)"
            R"("annotations":"{}","metadata":"{}"})");
  const Json row = io::as_row(to_json(reject()), document_columns());
  EXPECT_EQ(row.string_or("annotations", ""), R"({"metrics":{"words":1}})");
  EXPECT_EQ(row.as_object().back().first, "score");
}

TEST(Document, ReadsBackEqualAsAnObjectAndAsARowAndKeptOnesHaveNoRejectFields) {
  Document document = reject();
  EXPECT_EQ(to_json(document_from_json(io::as_row(to_json(document), document_columns())).value()),
            to_json(document));
  document.rejected_by.clear();
  document.profile = "book";
  const Json json = to_json(document);
  EXPECT_EQ(json.find("reason"), nullptr);
  EXPECT_EQ(to_json(document_from_json(json).value()), json);
  EXPECT_EQ(to_json(document_from_json(io::as_row(json, document_columns())).value()), json);
}

TEST(Document, TakesNotesThatLayersMakeAndNoneThatTheyWouldStumbleOver) {
  for (const char* notes : {R"({"metrics":{"words":1},"semantic":null,"dialect":["x"]})", "{}"}) {
    Json json = parse_json(R"({"text":"a"})").value();
    json["annotations"] = parse_json(notes).value();
    EXPECT_EQ(document_from_json(std::move(json)).value().annotations.dump(), notes);
  }
  for (const char* others : {R"({"read":5})", R"({"metrics":["x"]})", R"({"dialect":{}})"}) {
    Json json = parse_json(R"({"text":"a"})").value();
    json["annotations"] = parse_json(others).value();
    const Document document = document_from_json(std::move(json)).value();
    EXPECT_EQ(document.annotations.dump(), "{}");
    EXPECT_EQ(document.metadata.find("annotations")->dump(), others);
  }
}

TEST(Document, TakesADateOfMetadataUntilALayerHasSeenIt) {
  for (const char* notes : {"{}", R"({"metrics":{"words":1}})"}) {
    Json json = parse_json(R"({"text":"a","date":null,"metadata":{"date":"2019-11-18"}})").value();
    json["annotations"] = parse_json(notes).value();
    const Document document = document_from_json(std::move(json)).value();
    EXPECT_EQ(document.date, notes == std::string_view("{}") ? "2019-11-18" : "");
    EXPECT_EQ(document.metadata.dump(), R"({"date":"2019-11-18"})");
  }
}

TEST(Document, NeedsATextAndMendsItsBytes) {
  EXPECT_FALSE(document_from_json(Json::array()));
  EXPECT_EQ(document_from_json(parse_json(R"({"text":3})").value()).error().code,
            Code::corrupt_data);
  EXPECT_EQ(document_from_json(parse_json(R"({"content":"a"})").value()).error().code,
            Code::not_found);
  Json json = Json::object();
  json["text"] = "a\xFF";
  json["url"] = "b\xFF";
  json["unknown"] = 1;
  const Document document = document_from_json(json).value();
  EXPECT_EQ(document.text, "a\xEF\xBF\xBD");
  EXPECT_EQ(document.url, "b\xEF\xBF\xBD");
  EXPECT_EQ(document.metadata.dump(), R"({"unknown":1})");
}

TEST(Document, FindsAFreeNameInFewStepsHoweverManyLikeItAreTaken) {
  Json record = Json::object();
  Json inner = Json::object();
  std::string name = "x";
  for (int i = 0; i < 4000; ++i) {
    inner.as_object().emplace_back(name, Json(1));
    record.as_object().emplace_back(name, Json(2));
    name += '_';
  }
  record.as_object().emplace_back("text", Json("t"));
  record.as_object().emplace_back("metadata", Json(std::move(inner)));
  const Document document = document_from_json(std::move(record)).value();
  const Json::Object& metadata = document.metadata.as_object();
  ASSERT_EQ(metadata.size(), 8000U) << "nothing is lost";
  EXPECT_LE(metadata.back().first.size(), 4000U + 5) << "names do not grow with their number";
}

TEST(Document, TakesAMillionMembersThatMetadataHasTooInLinearTime) {
  Json record = Json::object();
  record["text"] = "a";
  Json::Object inner;
  for (int i = 0; i < 100'000; ++i) {
    inner.emplace_back(std::to_string(i), Json(1));
    record.as_object().emplace_back(std::to_string(i), Json(2));
  }
  record.as_object().emplace_back("metadata", Json(std::move(inner)));
  const Document document = document_from_json(std::move(record)).value();
  EXPECT_EQ(document.metadata.as_object().size(), 200'000U);
  EXPECT_EQ(document.metadata.as_object().back().first, "99999_");
}

}  // namespace
}  // namespace aludel::curate
