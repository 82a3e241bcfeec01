#include "aludel/curate/layers/exact_dedup/duplicates.h"

#include <gtest/gtest.h>

namespace aludel::curate::exact_dedup {
namespace {

TEST(TextFingerprint, IgnoresCaseAndWhiteSpaceOnly) {
  EXPECT_EQ(text_fingerprint("The  C++\nlanguage."), text_fingerprint("the c++ language."));
  EXPECT_NE(text_fingerprint("the c language."), text_fingerprint("the c++ language."));
  EXPECT_NE(text_fingerprint("page 1"), text_fingerprint("page 2"));
  EXPECT_EQ(text_fingerprint(""), text_fingerprint(" \n"));
}

Copy copy_of(std::string id, std::string_view text, std::string_view url, std::string date) {
  return {std::move(id), text_fingerprint(text), url.empty() ? Hash128{} : hash128(url),
          std::move(date)};
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
  expect_duplicates({copy_of("a", "one", "", ""), copy_of("b", "ONE", "", ""),
                     copy_of("c", "two", "", ""), copy_of("d", "one ", "", "")},
                    {{1, 0, "duplicate"}, {3, 0, "duplicate"}});
}

TEST(Duplicates, KeepTheNewestCaptureOfAnAddress) {
  expect_duplicates({copy_of("a", "v1", "u", "2020-01-01"), copy_of("b", "v2", "u", "2024-05-01"),
                     copy_of("c", "v3", "u", "2022-01-01"), copy_of("d", "v4", "u", "2024-05-01"),
                     copy_of("e", "v5", "other", "2019-01-01"), copy_of("f", "v6", "", "")},
                    {{0, 1, "duplicate_url"}, {2, 1, "duplicate_url"}, {3, 1, "duplicate_url"}});
}

TEST(Duplicates, DoNotPreferACaptureThatIsItselfACopy) {
  expect_duplicates({copy_of("a", "same", "", ""), copy_of("b", "old", "u", "2020"),
                     copy_of("c", "same", "u", "2024")},
                    {{2, 0, "duplicate"}});
}

}  // namespace
}  // namespace aludel::curate::exact_dedup
