#include "aludel/safety/identity_terms.h"

#include <gtest/gtest.h>

namespace aludel::safety {
namespace {

using Groups = std::vector<std::string_view>;

TEST(IdentityTerms, NameTheGroupsOfATextInBothLanguages) {
  const IdentityTerms terms = IdentityTerms::create().value();
  EXPECT_EQ(terms.find("Two Women and a rabbi met African Americans."),
            (Groups{"black_people", "jews", "women"}));
  EXPECT_EQ(terms.find("穆斯林老人和残疾人"),
            (Groups{"disabled_people", "muslims", "older_people"}));
  EXPECT_EQ(terms.find("The manual of a command, its womanly mention; a thing"), Groups{});
  EXPECT_EQ(terms.find(""), Groups{});
}

}  // namespace
}  // namespace aludel::safety
