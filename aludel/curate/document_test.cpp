#include "aludel/curate/document.h"

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
  document.raw = "<p>Hello.";
  document.annotations["metrics"]["words"] = 1;
  document.rejected_by = "metrics";
  document.reason = "too_few_words";
  document.score = 1;
  return document;
}

TEST(Document, IsTheOneObjectThatOtherToolsRead) {
  EXPECT_EQ(to_json(reject()).dump(),
            R"({"id":"a1","url":"https://example.org/","source":"crawl","kind":"web",)"
            R"("licence":"CC0-1.0","language":"en","text":"Hello.","date":"2020-01-02",)"
            R"("annotations":{"metrics":{"words":1}},"rejected_by":"metrics",)"
            R"("reason":"too_few_words","score":1})");
}

TEST(Document, ReadsBackEqualAndKeptOnesHaveNoRejectFields) {
  Document document = reject();
  document.rejected_by.clear();
  document.profile = "book";
  const Json json = to_json(document);
  EXPECT_EQ(json.find("reason"), nullptr);
  EXPECT_EQ(to_json(document_from_json(json).value()), json);
}

TEST(Document, RefusesWrongTypesAndMendsText) {
  EXPECT_FALSE(document_from_json(Json::array()));
  EXPECT_FALSE(document_from_json(parse_json(R"({"text":3})").value()));
  EXPECT_FALSE(document_from_json(parse_json(R"({"annotations":[]})").value()));
  Json json = Json::object();
  json["text"] = "a\xFF";
  json["unknown"] = 1;
  EXPECT_EQ(document_from_json(json).value().text, "a\xEF\xBF\xBD");
}

}  // namespace
}  // namespace aludel::curate
