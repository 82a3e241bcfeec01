#include "aludel/curate/layers/language/text_addresses.h"

#include <string>

#include "tests/repeat_text.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

TEST(TextAddresses, GoWithTheBlanksBeforeThem) {
  EXPECT_EQ(without_addresses("The page is at  http://www.example.com/a?b=1#c, she said."),
            "The page is at, she said.");
  EXPECT_EQ(without_addresses("The shop example.co.uk:80/x sells it."), "The shop sells it.");
  EXPECT_EQ(without_addresses("The mail of jane.doe@example.com came"), "The mail of came");
  EXPECT_EQ(without_addresses("The end.Next one"), "The end.Next one") << "no domain";
  EXPECT_EQ(without_addresses("The" + std::string(12, ' ') + "example.org"), "The  ");
}

TEST(TextAddresses, EndWhereTheirTopLevelDomainEnds) {
  EXPECT_EQ(without_addresses("The file is main.com_x here"), "The file is main.com_x here");
  EXPECT_EQ(without_addresses("The file is main.common here"), "The file is main.common here");
  EXPECT_EQ(without_addresses("The host a.b.example.com.tar is"), "The host is");
  EXPECT_EQ(without_addresses("The Example.COM page"), "The Example.COM page") << "case counts";
  EXPECT_EQ(without_addresses("The xhttp://example.com/"), "The x");
}

TEST(TextAddresses, AreLookedForAsDclmDoes) {
  // Names: only where the text begins with the letters of a top-level domain.
  EXPECT_EQ(without_addresses("\"Here\" is example.com"), "\"Here\" is example.com");
  EXPECT_EQ(without_addresses("Well, see example.com"), "Well, see example.com");
  // Numbers: everywhere, also where they are no address.
  EXPECT_EQ(without_addresses("\"Ping\" 10.0.0.1 or http://192.168.1.1:80/x."), "\"Ping\" or");
  EXPECT_EQ(without_addresses("\"Part\" v1.2.3.4 and 333.1.1.1"),
            "\"Part\" v1.2.3.4 and 333.1.1.1");
}

TEST(TextAddresses, TakeTimeInProportionToTheTextTimed) {
  const std::string text = "The " + times("http:aaaa.", 200'000) + times("1.2.x ", 200'000);
  EXPECT_EQ(without_addresses(text).size(), text.size());
}

TEST(TextAddresses, NewlinesInARowBecomeFewer) {
  EXPECT_EQ(with_fewer_newlines("a\n\n\n\nb\nc\n\nd", 2), "a\n\nb\nc\n\nd");
  EXPECT_EQ(with_fewer_newlines("", 2), "");
  EXPECT_EQ(with_fewer_newlines("a\n\n\n\nb", 0), "a\n\n\n\nb");
}

}  // namespace
}  // namespace aludel::curate
