// What peers hold against lines, byte for byte; bench/curate/presets.py compares with their code.
#include <string>

#include "tests/repeat_text.h"
#include <gtest/gtest.h>

#include "aludel/curate/layers/shared/line_rules/c4.h"
#include "aludel/curate/layers/shared/line_rules/punkt.h"
#include "aludel/curate/layers/shared/line_rules/refinedweb.h"

namespace aludel::curate {
namespace {

std::string kept(std::string_view line, const C4LineRules& rules) {
  C4Lines lines(rules);
  const auto stays = lines.keep(line);
  return stays ? std::string(stays->text) : "(gone)";
}

TEST(C4Lines, TrimWhatTheyKeepAndTakeCitationsOut) {
  EXPECT_EQ(kept("  A line of six words[12][edit] here.\t", {}), "A line of six words here.");
  EXPECT_EQ(kept("A line that does not end well", {}), "(gone)");
  EXPECT_EQ(kept("A line that ends in dots...", {}), "(gone)");
  EXPECT_EQ(kept("Please enable JavaScript to see it.", {}), "(gone)");
  EXPECT_EQ(kept("As our Privacy Policy says to all.", {}), "(gone)");
  EXPECT_EQ(kept("One " + std::string(1001, 'x') + " two three four.", {}), "(gone)");
}

TEST(C4Lines, DifferBetweenC4AndFineWeb) {
  EXPECT_EQ(kept("Three words here", {}), "(gone)");
  EXPECT_EQ(kept("Three words here", kFineWebLineRules), "Three words here");
  EXPECT_EQ(kept("All of these are 'quoted so'", {}), "(gone)") << "' is datatrove's end mark";
  C4LineRules marked = kFineWebLineRules;
  marked.require_end_mark = true;
  EXPECT_EQ(kept("All of these are 'quoted so'", marked), "All of these are 'quoted so'");
  // C4 counts the words of what is left, datatrove those that were there.
  EXPECT_EQ(kept("Four words and a [citation needed].", {}), "Four words and a .");
  EXPECT_EQ(kept("Two [citation needed]", kFineWebLineRules), "Two ");
  EXPECT_EQ(kept("Only four [12] words here.", {}), "(gone)");
}

TEST(C4Lines, NoteWhatDropsTheText) {
  C4Lines lines{C4LineRules()};
  EXPECT_FALSE(lines.keep("If javascript { is off, go away now."));
  EXPECT_FALSE(lines.has_curly_bracket()) << "the line went before its bracket was seen";
  lines.keep("But this one has { in it, too.");
  EXPECT_TRUE(lines.has_curly_bracket());
  EXPECT_FALSE(lines.has_lorem_ipsum());
  lines.keep("Here is Lorem Ipsum to fill it.");
  EXPECT_TRUE(lines.has_lorem_ipsum());
}

TEST(RefinedWebLines, GoAndLeaveTheRestAsItWas) {
  EXPECT_EQ(edit_as_refinedweb("  The first line stays. \n\n12 likes\nword\n2024\n"
                               "THIS LINE SHOUTS at you\n  The last one stays.  "),
            "The first line stays. \n\n  The last one stays.");
  EXPECT_EQ(edit_as_refinedweb("• 1,204 Views •\nTwo words"), "Two words");
  EXPECT_EQ(edit_as_refinedweb("12 likes by friends\n\xC2\xB2\xC2\xB3"), "12 likes by friends");
  EXPECT_EQ(edit_as_refinedweb("one\ntwo\nthree"), "");
}

TEST(RefinedWebLines, LosePhrasesWhereTheyAreShort) {
  EXPECT_EQ(edit_as_refinedweb("There are 3 Items in Cart now\nGo on, read more...\nSign-in to go"),
            "There are 3 now\nGo on,\nto go");
  EXPECT_EQ(edit_as_refinedweb("Read more...\nIt stays here."), "It stays here.");
  EXPECT_EQ(edit_as_refinedweb("Go on, read more!!!"), "Go on,") << "a stop is any character";
  const std::string prose = "He put the items in cart after cart until all of them were full.";
  EXPECT_EQ(edit_as_refinedweb(prose), prose);
}

TEST(RefinedWebLines, TakeTimeInProportionToTheirNumberTimed) {
  const std::string text = times("items in cart items in cart\nA read more...\n\n", 200'000);
  EXPECT_EQ(edit_as_refinedweb(text).substr(0, 4), "A\n\nA");
}

TEST(PunktSentences, EndOnceInARunWithoutWhiteSpace) {
  EXPECT_EQ(count_punkt_sentences("One sentence stands here."), 1U);
  EXPECT_EQ(count_punkt_sentences("One here. two there! three?"), 3U);
  EXPECT_EQ(count_punkt_sentences("He said \"go.\" Then he went."), 2U);
  EXPECT_EQ(count_punkt_sentences("What was that??"), 2U);
  EXPECT_EQ(count_punkt_sentences("It is wild!!!!!!"), 2U);
  EXPECT_EQ(count_punkt_sentences("Version 1.2.3 of a.b.c is out"), 1U);
}

TEST(PunktSentences, DoNotEndBehindAbbreviationsAndDots) {
  EXPECT_EQ(count_punkt_sentences("Mr. Smith met Dr. Jones in the U.S. Senate."), 1U);
  EXPECT_EQ(count_punkt_sentences("I think... it is so."), 1U);
  EXPECT_EQ(count_punkt_sentences("I think... It is so."), 2U);
  EXPECT_EQ(count_punkt_sentences("Malformed (e.g. one of these)."), 2U) << "not in its list";
  EXPECT_EQ(count_punkt_sentences(""), 1U);
}

}  // namespace
}  // namespace aludel::curate
