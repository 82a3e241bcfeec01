#include "aludel/curate/document/annotations.h"

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

Document annotated(std::string_view annotations) {
  Document document;
  document.annotations = parse_json(annotations).value();
  return document;
}

TEST(Annotations, AreReadByTheNameOfWhatTheySay) {
  const Document document =
      annotated(R"({"read":{"id":"r"},"language":{"title":"T"},"correction":{"pii":{"email":2}},)"
                R"("perplexity":{"log":3.5},"quality":{"score":1},"topic":{"topic":"ads"}})");
  EXPECT_EQ(record_id(document), "r");
  EXPECT_EQ(page_title(document), "T");
  EXPECT_EQ(replaced_personal_data(document), (std::map<std::string, std::int64_t>{{"email", 2}}));
  EXPECT_EQ(log_perplexity(document), 3.5);
  EXPECT_EQ(quality_score(document), 1.0);
  EXPECT_EQ(topic_of(document), "ads");
}

TEST(Annotations, OfAnotherFormOrMissingSayNothing) {
  for (
      const char* annotations :
      {"{}",
       R"({"read":null,"language":null,"correction":null,"perplexity":null,"quality":null,"topic":null})",
       R"({"read":{"id":7},"language":{"title":[]},"correction":{"pii":3},)"
       R"("perplexity":{"log":"low"},"quality":{"score":"high"},"topic":{"topic":1}})"}) {
    const Document document = annotated(annotations);
    EXPECT_EQ(record_id(document), std::nullopt) << annotations;
    EXPECT_EQ(page_title(document), "");
    EXPECT_TRUE(replaced_personal_data(document).empty());
    EXPECT_EQ(log_perplexity(document), std::nullopt);
    EXPECT_EQ(quality_score(document), std::nullopt);
    EXPECT_EQ(topic_of(document), "");
  }
}

}  // namespace
}  // namespace aludel::curate
