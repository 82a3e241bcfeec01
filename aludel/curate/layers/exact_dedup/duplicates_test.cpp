#include "aludel/curate/layers/exact_dedup/duplicates.h"

#include <gtest/gtest.h>

#include "aludel/curate/document/capture_time.h"

namespace aludel::curate::exact_dedup {
namespace {

TEST(TextFingerprint, IgnoresCaseAndWhiteSpaceOnly) {
  EXPECT_EQ(text_fingerprint("The  C++\nlanguage."), text_fingerprint("the c++ language."));
  EXPECT_NE(text_fingerprint("the c language."), text_fingerprint("the c++ language."));
  EXPECT_NE(text_fingerprint("page 1"), text_fingerprint("page 2"));
  EXPECT_EQ(text_fingerprint(""), text_fingerprint(" \n"));
}

Copy page(std::string_view text, std::string_view url, std::string_view date) {
  return {text_fingerprint(text), url.empty() ? Hash128{} : hash128(url), capture_time(date)};
}

struct Expected {
  std::size_t document;
  std::size_t kept;
  std::string reason;
};

void expect_duplicates(const std::vector<Copy>& copies, const std::vector<Expected>& expected) {
  const auto found = find_duplicates(copies);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].document, expected[i].document);
    EXPECT_EQ(found[i].kept, expected[i].kept);
    EXPECT_EQ(found[i].reason, expected[i].reason);
  }
}

TEST(Duplicates, KeepTheFirstOfEqualTexts) {
  expect_duplicates(
      {page("one", "", ""), page("ONE", "", ""), page("two", "", ""), page("one ", "", "")},
      {{1, 0, "duplicate"}, {3, 0, "duplicate"}});
}

TEST(Duplicates, KeepTheNewestCaptureOfAnAddress) {
  expect_duplicates(
      {page("v1", "u", "2020-01-01"), page("v2", "u", "2024-05-01"), page("v3", "u", "2022-01-01"),
       page("v4", "u", "2024-05-01"), page("v5", "other", "2019-01-01"), page("v6", "", "")},
      {{0, 1, "duplicate_url"}, {2, 1, "duplicate_url"}, {3, 1, "duplicate_url"}});
}

TEST(Duplicates, DoNotPreferACaptureThatIsItselfACopy) {
  expect_duplicates({page("same", "", ""), page("old", "u", "2020"), page("same", "u", "2024")},
                    {{2, 0, "duplicate"}});
}

}  // namespace
}  // namespace aludel::curate::exact_dedup
