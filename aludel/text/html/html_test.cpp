#include <string>

#include "tests/page_blocks.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/text/html/block.h"
#include "aludel/text/html/entity.h"
#include "aludel/text/html/lexer.h"
#include "aludel/text/html/phrase.h"
#include "aludel/text/html/render.h"
#include "aludel/text/html/role.h"
#include "aludel/text/html/tag.h"
#include "aludel/text/html/text_run.h"
#include "aludel/text/html/tree.h"

namespace aludel::text::html {
namespace {

// The tree as "div(p(one)p(two))"; text as it is, links as [text].
std::string outline(const Tree& tree, std::uint32_t node = 0) {
  if (tree.nodes[node].tag == Tag::text) {
    const std::string text(tree.text_of(tree.nodes[node]));
    return (tree.nodes[node].flags & kInLink) != 0 ? "[" + text + "]" : text;
  }
  std::string inside;
  for (std::uint32_t child = node + 1; child < tree.nodes[node].end;
       child = tree.nodes[child].end) {
    inside += outline(tree, child);
  }
  return node == 0 ? inside : std::string(name_of(tree.nodes[node].tag)) + "(" + inside + ")";
}

std::string outline_of(std::string_view html) {
  return outline(parse_html(html));
}

TEST(HtmlTags, AreFoundInAnyCase) {
  EXPECT_EQ(tag_of("DIV"), Tag::div);
  EXPECT_EQ(tag_of("blockquote"), Tag::blockquote);
  EXPECT_EQ(tag_of("my-element"), Tag::unknown);
  EXPECT_EQ(tag_of(""), Tag::unknown);
  for (std::size_t tag = static_cast<std::size_t>(Tag::a);
       tag <= static_cast<std::size_t>(Tag::xmp); ++tag) {
    EXPECT_EQ(tag_of(name_of(static_cast<Tag>(tag))), static_cast<Tag>(tag));
  }
}

TEST(HtmlReferences, DecodeAsBrowsersDo) {
  EXPECT_EQ(decode_character_references("a&amp;b &lt;x&gt; &eacute;&Eacute;"), "a&b <x> éÉ");
  EXPECT_EQ(decode_character_references("&#20013;&#x6587; &#150; &#0;"), "中文 – �");
  EXPECT_EQ(decode_character_references("&ampx &notit; &copy2"), "&x ¬it; ©2");
  EXPECT_EQ(decode_character_references("& &; &#; &#x; &unknown; &"), "& &; &#; &#x; &unknown; &");
  EXPECT_EQ(decode_character_references("&NotEqualTilde;&CounterClockwiseContourIntegral;"), "≂̸∳");
  EXPECT_EQ(decode_character_references("&#99999999999999999999;"), "�");
}

TEST(HtmlLexer, ReadsAttributesInEveryForm) {
  Lexer lexer("<DIV class='a b' ID=x hidden data-x=\"1>2\" Role = \"main\"/>t");
  Token token;
  lexer.next(token);
  EXPECT_EQ(token.kind, TokenKind::open);
  EXPECT_EQ(token.text, "DIV");
  EXPECT_EQ(token.attributes.classes, "a b");
  EXPECT_EQ(token.attributes.id, "x");
  EXPECT_EQ(token.attributes.role, "main");
  EXPECT_TRUE(token.attributes.has_hidden);
  EXPECT_TRUE(token.self_closing);
  lexer.next(token);
  EXPECT_EQ(token.text, "t");
  lexer.next(token);
  EXPECT_EQ(token.kind, TokenKind::end);
}

TEST(HtmlLexer, KeepsNoAttributesOfTheTagBefore) {
  Lexer lexer("<a class=x href=y hidden>t<b><i id=z></i ID=w>");
  Token token;
  lexer.next(token);
  EXPECT_EQ(token.attributes.classes, "x");
  lexer.next(token);
  lexer.next(token);
  EXPECT_EQ(token.text, "b");
  EXPECT_EQ(token.attributes.classes, "");
  EXPECT_FALSE(token.attributes.has_href || token.attributes.has_hidden);
  EXPECT_EQ(token.written_attributes, ">");
  lexer.next(token);
  EXPECT_EQ(token.attributes.id, "z");
  lexer.next(token);
  EXPECT_EQ(token.attributes.id, "w");
}

TEST(HtmlLexer, SkipsCommentsAndKeepsLoneBrackets) {
  EXPECT_EQ(outline_of("a<!-- <b>x</b> -->b<!doctype x><?php y ?>c"), "abc");
  EXPECT_EQ(outline_of("1 < 2 <3 <!-->x"), "1 < 2 <3 x");
  EXPECT_EQ(outline_of("<p>a<!-- open"), "p(a)");
  EXPECT_EQ(outline_of("<p title='never closed"), "p()");
}

TEST(HtmlLexer, EndsCommentsWhereHtmlDoes) {
  EXPECT_EQ(outline_of("a<!-- x --!>b<!--->c<!---->d<!-- - -- x -->e<!---!>x-->f"), "abcdef");
  EXPECT_EQ(outline_of("a<!--x--y--!>b<!--!>x-->c<!-- --! -->d"), "abcd");
}

std::string xhtml_outline(std::string_view html) {
  return outline(parse_html(html, Markup::xhtml));
}

TEST(Xhtml, ClosesEveryElementWithASlash) {
  EXPECT_EQ(xhtml_outline("<head><title/><script src='x'/><style/></head><body><p>a</p></body>"),
            "head()body(p(a))");
  EXPECT_EQ(xhtml_outline("<a href='x'/>b<div class='c'/>d<i/>e<p/>f<textarea/>g<iframe/>h"),
            "a()bdiv()di()ep()fgh");
  EXPECT_EQ(xhtml_outline("<p>a<br/>b<svg/>c<noscript/>d<select/>e"),
            "p(abr()bsvg()c)noscript()dselect()e");
  EXPECT_EQ(outline_of("<div/>a<title/>b"), "div(a)") << "HTML does not";
  EXPECT_EQ(outline_of("<svg/>a<x-y/>b"), "svg()ab") << "but for foreign elements";
}

TEST(Xhtml, ReadsSectionsOfCharactersAndSkipsInstructions) {
  EXPECT_EQ(xhtml_outline("<p>a<![CDATA[ <b> &amp; ]]>c<?x a > b ?>d</p>"), "p(a <b> &amp; cd)");
  EXPECT_EQ(xhtml_outline("<!DOCTYPE html [ <!ENTITY a \"b\"> ]><p>c</p>"), "p(c)");
  EXPECT_EQ(xhtml_outline("<p>a<![CDATA[b"), "p(ab)");
  EXPECT_EQ(outline_of("<p>a<![CDATA[b]]>c"), "p(ac)") << "HTML has none";
}

TEST(Xhtml, KnowsItsElementsUnderAPrefix) {
  EXPECT_EQ(xhtml_outline("<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head><h:title>t"
                          "</h:title></h:head><h:body><h:p>a</h:p><h:p>b</h:p></h:body></h:html>"),
            "html(head()body(p(a)p(b)))");
  EXPECT_EQ(xhtml_outline("<div xmlns:o='urn:office'><o:p>a</o:p></div>"), "div(unknown(a))");
}

TEST(HtmlTree, HangsWhatIsTooDeepBesideTheDeepest) {
  const auto paragraphs_of = [](std::string_view open) {
    std::string page;
    for (int i = 0; i < 3000; ++i) {
      page += open;
    }
    return all_text(page + "<p>one<p>two <b>bold</b> words<p>three");
  };
  for (const std::string_view open :
       {"<div>", "<font size=2><b>", "<ul><li>", "<table><tr><td>", "<blockquote>", "<x-y>",
        "<section><div><span>", "<a href=x><div>"}) {
    const std::string text = paragraphs_of(open);
    EXPECT_NE(text.find("one\n"), std::string::npos) << open << text;
    EXPECT_NE(text.find("\ntwo bold words\n"), std::string::npos) << open << text;
    EXPECT_NE(text.find("\nthree"), std::string::npos) << open << text;
  }
}

TEST(HtmlTree, EndsWhatNeedsNoEndTag) {
  EXPECT_EQ(outline_of("<p>one<p>two<div>three</div>"), "p(one)p(two)div(three)");
  EXPECT_EQ(outline_of("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>"), "ul(li(a)li(bul(li(c)))li(d))");
  EXPECT_EQ(outline_of("<dl><dt>a<dd>b<dt>c</dl>"), "dl(dt(a)dd(b)dt(c))");
  EXPECT_EQ(outline_of("<table><tr><td>1<td>2<tr><th>3</table>x"),
            "table(tr(td(1)td(2))tr(th(3)))x");
  EXPECT_EQ(outline_of("<h1>a<h2>b</h1>c"), "h1(a)h2(b)c");
  EXPECT_EQ(outline_of("<head><title>T</title><p>x"), "head()p(x)");
}

TEST(HtmlTree, MendsMisnesting) {
  EXPECT_EQ(outline_of("<b>1<i>2</b>3"), "b(1i(2))3");
  EXPECT_EQ(outline_of("<div>a</p>b</span>c</div>d"), "div(abc)d");
  EXPECT_EQ(outline_of("<table><tr><td>a</div>b</td></table>"), "table(tr(td(ab)))");
  EXPECT_EQ(outline_of("<a href=x><div>in</a>out</div>"), "a(div([in]out))");
  EXPECT_EQ(outline_of("<a href=x>one<a href=y>two</a>three"), "a([one])a([two])three");
  EXPECT_EQ(outline_of("<div><a href=x>open</div>next"), "div(a([open]))next");
  EXPECT_EQ(outline_of("<a name=x>anchor</a>"), "a(anchor)");
}

TEST(HtmlTree, EndsADrawingThatWasNotClosed) {
  EXPECT_EQ(all_text("<a href=/><svg><path d=x><g></a><p>a<p>b"), "a\n\nb");
  EXPECT_EQ(all_text("<svg><text>label<span>c</span> d<h2>e</h2>"), "c d\n\ne");
  EXPECT_EQ(all_text("<svg><foreignObject><p>label</p></foreignObject><text>x</text></svg><p>f"),
            "f");
}

TEST(HtmlTree, LeavesOutScriptsAndReadsFacts) {
  const Tree tree = parse_html(
      "<html lang=zh-CN><head><title> A &amp;\n B </title>"
      "<meta property=og:title content='Other'>"
      "<script>var a = '<p>no</p>';</script></head><body><style>p{}</style><p>yes");
  EXPECT_EQ(tree.facts.title, "A & B");
  EXPECT_EQ(tree.facts.og_title, "Other");
  EXPECT_EQ(tree.facts.language, "zh-CN");
  EXPECT_EQ(outline(tree), "html(head()body(p(yes)))");
}

TEST(HtmlTree, CapsDepthNodesAndBytes) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) {
    deep += "<div>";
  }
  const Tree tree = parse_html(deep + "text");
  EXPECT_EQ(tree.nodes.size(), 100002U);
  EXPECT_EQ(tree.text, "text");
  EXPECT_EQ(outline(parse_html("<p><a><b>x</b></a>", Markup::html, {.depth = 2})), "p(a(b(x)))");
  const Tree few = parse_html("<p>a<p>b<p>c<p>d", Markup::html, {.nodes = 4});
  EXPECT_TRUE(few.truncated);
  EXPECT_LE(few.nodes.size(), 5U);
  const Tree head = parse_html("<p>abcdef", Markup::html, {.bytes = 6});
  EXPECT_TRUE(head.truncated);
  EXPECT_EQ(outline(head), "p(abc)");
}

TEST(HtmlTree, StopsSearchingAfterItsSteps) {
  std::string page = "<table><tr><td>";
  for (int i = 0; i < 500; ++i) {
    page += "<span>";
  }
  for (int i = 0; i < 1000; ++i) {
    page += "</td></table><table><tr><td></p>";
  }
  const Tree tree = parse_html(page, Markup::html, {.steps = 100});
  EXPECT_TRUE(tree.truncated);
  EXPECT_GT(tree.nodes.size(), 500U);
}

TEST(HtmlTree, GivesEveryNodeASubtree) {
  const std::string pieces[] = {
      "<p>",  "</div>", "<table>",          "x",     "<a href>", "</a>", "<td>", "<li>", "<svg/>",
      "<br>", "</p>",   "<select><option>", "<pre>", "</",       "<b"};
  std::string page;
  for (std::size_t i = 0; i < 5000; ++i) {
    page += pieces[(i * i + i / 7) % std::size(pieces)];
  }
  const Tree tree = parse_html(page);
  for (std::uint32_t i = 1; i < tree.nodes.size(); ++i) {
    ASSERT_GT(tree.nodes[i].end, i);
    ASSERT_LE(tree.nodes[i].end, tree.nodes[tree.nodes[i].parent].end);
    ASSERT_LT(tree.nodes[i].parent, i);
  }
}

TEST(HtmlText, CollapsesSpace) {
  std::string out;
  EXPECT_TRUE(
      append_text_run(" a\n\t b&nbsp;\xC2\xA0 cd ", SpaceRule::collapse, References::decode, out));
  EXPECT_EQ(out, " a b cd ");
  out.clear();
  EXPECT_FALSE(append_text_run(" \n&nbsp; ", SpaceRule::collapse, References::decode, out));
  out.clear();
  append_text_run("a\r\n  b", SpaceRule::keep, References::decode, out);
  EXPECT_EQ(out, "a\n  b");
  out.clear();
  append_text_run("a &amp; b", SpaceRule::collapse, References::keep, out);
  EXPECT_EQ(out, "a &amp; b");
}

TEST(HtmlText, IsWhatItsCharactersGiveOneByOne) {
  struct Piece {
    std::string_view raw;
    std::string_view shown;
  };

  const Piece pieces[] = {{"a", "a"},   {"b", "b"},        {"Cd", "Cd"},      {" ", " "},
                          {" ", " "},   {"\n", " "},       {"\xC2\xA0", " "}, {"\xC2\xAD", ""},
                          {"é", "é"},   {"\x01", "\x01"},  {"&amp;", "&"},    {"&nbsp;", " "},
                          {"中", "中"}, {"\xC2©", "\xC2©"}};
  Rng rng(11, 1);
  for (int round = 0; round < 3000; ++round) {
    std::string raw;
    std::string expected;
    bool spaced = false;
    // Of few kinds of piece, so that there are long runs without a stop.
    const std::uint64_t kinds = 1 + rng.next() % std::size(pieces);
    for (std::uint64_t i = rng.next() % 40; i > 0; --i) {
      const Piece& piece = pieces[rng.next() % kinds];
      raw += piece.raw;
      if (piece.shown != " " || !spaced) expected += piece.shown;
      if (!piece.shown.empty()) spaced = piece.shown == " ";
    }
    std::string out;
    append_text_run(raw, SpaceRule::collapse, References::decode, out);
    ASSERT_EQ(out, expected) << raw;
  }
}

TEST(HtmlText, LeavesOutSoftHyphens) {
  EXPECT_EQ(all_text("<p>Wei\xC2\xAD"
                     "ne Ita&shy;li&#173;ens caf\xC3\xA9"),
            "Weine Italiens café");
}

TEST(HtmlPhrases, AreFoundAtTheStartOfAText) {
  EXPECT_EQ(phrases_of("Read more: how it began"), kPhraseSeeAlso);
  EXPECT_EQ(phrases_of(">> LESEN SIE auch"), kPhraseSeeAlso);
  EXPECT_EQ(phrases_of("相关阅读"), kPhraseSeeAlso);
  EXPECT_EQ(phrases_of("责任编辑：王"), kPhraseByline);
  EXPECT_EQ(phrases_of("We all read more"), 0);
  EXPECT_EQ(phrases_of("(c) 2019 A. All Rights Reserved."), kPhraseRights);
  EXPECT_EQ(phrases_of("© 某某网 版权所有"), kPhraseCredit | kPhraseRights);
  EXPECT_EQ(phrases_of("Zzz. COPYRIGHT"), kPhraseRights);
  EXPECT_EQ(phrases_of("京ICP备1号"), kPhraseRights);
  EXPECT_EQ(phrases_of(std::string(256 - 9, '-') + "Copyright"), kPhraseRights);
  EXPECT_EQ(phrases_of(std::string(256 - 8, '-') + "Copyright"), 0);
  EXPECT_EQ(phrases_of("copyrigh"), 0);
  EXPECT_EQ(phrases_of(""), 0);
  EXPECT_EQ(phrases_of(" ... "), 0);
}

TEST(HtmlRoles, FollowWordsNotLetters) {
  EXPECT_EQ(roles_of({.classes = "mainNav"}) & kRoleMenu, kRoleMenu);
  EXPECT_EQ(roles_of({.classes = "navy-blue advice"}) & (kRoleAd), 0U);
  EXPECT_EQ(roles_of({.id = "post_content"}) & kRoleBody, kRoleBody);
  EXPECT_EQ(roles_of({.classes = "td-postContent x"}) & kRoleBody, kRoleBody);
  EXPECT_EQ(roles_of({.classes = "leftsidebar"}) & kRoleSidebar, kRoleSidebar);
  EXPECT_EQ(roles_of({.role = "navigation"}) & kRoleMenu, kRoleMenu);
  EXPECT_EQ(roles_of({.itemprop = "articleBody"}) & kRoleBody, kRoleBody);
  EXPECT_EQ(roles_of({.classes = "x--1MENU"}) & kRoleMenu, kRoleMenu);
  const std::string capitals(5000, 'A');
  EXPECT_EQ(roles_of({.id = capitals + "aAaA", .classes = capitals}), 0U);
  EXPECT_EQ(roles_of({}), 0U);
}

TEST(HtmlBlocks, EndAtBlockElementsAndBreaks) {
  const Tree tree =
      parse_html("<div>one <b>bold</b><br>two<p>three <a href=x>link</a></p></div>four");
  const std::vector<Block> blocks = blocks_of(tree);
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(blocks[0].amount.weight, 7U);
  EXPECT_EQ(blocks[2].amount.link_weight, 4U);
  EXPECT_EQ(blocks[2].amount.links, 1U);
  EXPECT_EQ(tree.nodes[blocks[0].parent].tag, Tag::div);
  EXPECT_EQ(tree.nodes[blocks[2].parent].tag, Tag::p);
  EXPECT_EQ(blocks[3].parent, 0U);
}

TEST(HtmlBlocks, LeaveOutWhatIsHidden) {
  EXPECT_EQ(all_text("<p hidden>a<p style='color:red; DISPLAY : none'>b<p>c"), "c");
  EXPECT_EQ(all_text("<p style='display: none'>b<p>c<select><option>e"), "c");
  EXPECT_EQ(all_text("<p style='display: none; display: block'>b<p style='x-display:none'>c"),
            "b\n\nc");
  EXPECT_EQ(all_text("x<button>go</button><noscript><p>no</p></noscript> y"), "x y");
}

TEST(HtmlBlocks, HoldWhatNoscriptHasInsideTheText) {
  EXPECT_EQ(all_text("<div class='post-body'><noscript><p>a</p></noscript></div>b"), "a\n\nb");
  EXPECT_EQ(all_text("<article>c<noscript> &lt;img src=x&gt;</noscript>d</article>"), "cd");
  EXPECT_EQ(all_text("<head><noscript><img></noscript></head><body><p>e"), "e");
}

TEST(HtmlBlocks, BeginWithTheirFirstInlineElement) {
  EXPECT_EQ(all_text("<p><b>bold</b> and not</p>", TextForm::markdown), "**bold** and not");
  EXPECT_EQ(all_text("<p><span class=x></span>a</p><p>b", TextForm::markdown), "a\n\nb");
  EXPECT_EQ(all_text("<a href=1><div><i>a</i></div></a>b", TextForm::markdown), "*a*\n\nb");
}

TEST(HtmlBlocks, WeighChineseTwice) {
  const TextAmount amount = measure_text("中文，ab 1.");
  EXPECT_EQ(amount.weight, 2U * 2 + 1 + 4);  // the wide comma is outside the CJK range
  EXPECT_EQ(amount.marks, 2U);
  EXPECT_EQ(amount.words, 2U);
}

TEST(HtmlBlocks, MeasureWhatTheirCharactersDo) {
  struct Piece {
    std::string_view text;
    TextAmount amount;
    bool goes_on = false;  // neither begins nor ends a word
  };

  const Piece pieces[] = {{"a", {.weight = 1}},
                          {"é", {.weight = 1}},
                          {"B", {.weight = 1, .capitals = 1}},
                          {"7", {.weight = 1, .digits = 1}},
                          {"?", {.weight = 1, .marks = 1}},
                          {" ", {}},
                          {"\n", {}},
                          {"中", {.weight = 2}},
                          {"の", {.weight = 2}},
                          {"。", {.weight = 2, .marks = 1}},
                          {"；", {.weight = 1, .marks = 1}},
                          {"ａ", {.weight = 1}},
                          {"\xE3", {.weight = 2}},
                          {"\x01", {}, true},
                          {"\xA9", {}, true}};
  Rng rng(12, 1);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    TextAmount expected;
    bool in_word = false;
    for (std::uint64_t i = rng.next() % 60; i > 0; --i) {
      const Piece& piece = pieces[rng.next() % std::size(pieces)];
      text += piece.text;
      expected.add(piece.amount);
      if (piece.goes_on) continue;
      if (piece.amount.weight > 0 && !in_word) ++expected.words;
      in_word = piece.amount.weight > 0;
    }
    const TextAmount amount = measure_text(text);
    ASSERT_EQ(amount.weight, expected.weight) << text;
    ASSERT_EQ(amount.words, expected.words) << text;
    ASSERT_EQ(amount.marks, expected.marks) << text;
    ASSERT_EQ(amount.capitals, expected.capitals) << text;
    ASSERT_EQ(amount.digits, expected.digits) << text;
  }
}

TEST(HtmlBlocks, AreMeasuredAlikeHoweverLongTheirWordsAre) {
  for (const std::uint32_t repeats : {1U, 20'000U, 70'000U}) {
    std::string word;
    for (std::uint32_t i = 0; i < repeats; ++i) {
      word += "aB3.é";
    }
    const TextAmount amount = measure_text(word + " " + word);
    EXPECT_EQ(amount.words, 2U);
    EXPECT_EQ(amount.weight, 2 * 5 * repeats);
    EXPECT_EQ(amount.capitals, 2 * repeats);
    EXPECT_EQ(amount.digits, 2 * repeats);
    EXPECT_EQ(amount.marks, 2 * repeats);
  }
}

TEST(HtmlRendering, KeepsParagraphsListsAndRows) {
  EXPECT_EQ(all_text("<h1>T</h1><p>a<br>b</p><p>c"), "T\n\na\nb\n\nc");
  EXPECT_EQ(all_text("<p>x<ul><li>a<li><p>b</p><p>b2</p></ul>y"), "x\n\n- a\n- b\n\nb2\n\ny");
  EXPECT_EQ(all_text("<ol><li>a<ol><li>i<li>j</ol><li>b</ol>"), "1. a\n1. i\n2. j\n2. b");
  EXPECT_EQ(all_text("<table><tr><th>k<th>v<tr><td>1<td>2</table><p>z"), "k | v\n1 | 2\n\nz");
  EXPECT_EQ(all_text("<dl><dt>t<dd>d<dt>u<dd>e</dl>"), "t\nd\n\nu\ne");
  EXPECT_EQ(all_text("<pre>\nif x:\n    y()\n</pre>"), "if x:\n    y()");
}

TEST(HtmlRendering, LaysLongCellsOnLinesOfTheirOwn) {
  const std::string text(200, 'x');
  EXPECT_EQ(all_text("<table><tr><td>a<td><p>" + text + "</p><td>b</table>"),
            "a\n\n" + text + "\n\nb");
}

TEST(HtmlRendering, WritesMarkdown) {
  EXPECT_EQ(all_text("<h2>T <b>x</b></h2><p>a <b>bold </b>and <code>c</code>", TextForm::markdown),
            "## T x\n\na **bold** and `c`");
  EXPECT_EQ(all_text("<pre>a\n b</pre><p>x", TextForm::markdown), "```\na\n b\n```\n\nx");
  EXPECT_EQ(all_text("<table><tr><th>k<th>v<tr><td>1<td>2</table><p>z", TextForm::markdown),
            "k | v\n--- | ---\n1 | 2\n\nz");
  EXPECT_EQ(
      all_text("<blockquote><p>q</blockquote><ul><li>a<ul><li>b</ul></ul>", TextForm::markdown),
      "> q\n\n- a\n  - b");
}

}  // namespace
}  // namespace aludel::text::html
