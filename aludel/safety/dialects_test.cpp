#include "aludel/safety/dialects.h"

#include <gtest/gtest.h>

namespace aludel::safety {
namespace {

using Names = std::vector<std::string_view>;

TEST(Dialects, AreToldByTwoDifferentWords) {
  const Dialects dialects = Dialects::create().value();
  EXPECT_EQ(dialects.find("The colour of the theatre"), Names{"british_english"});
  EXPECT_EQ(dialects.find("Her favorite color"), Names{"american_english"});
  EXPECT_EQ(dialects.find("The colour, the colour, the Colour!"), Names{}) << "one word";
  EXPECT_EQ(dialects.find("He finna go, ain't nobody home"), Names{"african_american_english"});
  EXPECT_EQ(dialects.find("佢哋喺度，冇問題"), Names{"cantonese"});
  EXPECT_EQ(dialects.find("這個軟體的預設伺服器"), Names{"taiwanese_mandarin"});
  EXPECT_EQ(dialects.find("这个软件的默认服务器"), Names{"mainland_mandarin"});
  EXPECT_EQ(dialects.find(""), Names{});
}

TEST(Dialects, NameTheOneThatHasMoreWhereAQuoteHasAnother) {
  const Dialects dialects = Dialects::create().value();
  EXPECT_EQ(dialects.find("The colour and flavour of the centre, whilst the programme says "
                          "\"color\" and \"center\""),
            Names{"british_english"});
}

}  // namespace
}  // namespace aludel::safety
