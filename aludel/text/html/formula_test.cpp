#include "aludel/text/html/formula.h"

#include <string>

#include "tests/page_blocks.h"
#include <gtest/gtest.h>

namespace aludel::text::html {
namespace {

constexpr std::string_view kSquare =
    "<math><semantics><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow>"
    "<annotation encoding='application/x-tex'>x^2</annotation></semantics></math>";

std::string square() {
  return std::string(kSquare);
}

TEST(Formulas, AreTheirTexWherePagesCarryIt) {
  EXPECT_EQ(all_text("<p>a " + square() + " b"), "a $x^2$ b");
  EXPECT_EQ(all_text("<p>a <math alttext='\\alpha_{i}\\leq 1'><mi>α</mi></math>."),
            "a $\\alpha_{i}\\leq 1$.");
  EXPECT_EQ(all_text("<p><math><mi>a</mi><annotation encoding=LaTeX>{\\displaystyle a &amp;= "
                     "b}</annotation></math>"),
            "$a &= b$");
  EXPECT_EQ(all_text("<p><math><mi>a</mi><annotation encoding='text/x-tex'>\\(a\\)</annotation>"
                     "</math>"),
            "\\(a\\)");
}

TEST(Formulas, AreTheirCharactersWithoutTex) {
  EXPECT_EQ(all_text("<p>f is <math>\n <mi>f</mi> <mo>&#x2061;</mo>\n <mo>(</mo><mi>x</mi>"
                     "<mo>)</mo>\n</math>, too"),
            "f is f(x), too");
  EXPECT_EQ(all_text("<p><math><mtext>if x is</mtext><mn>1</mn><annotation-xml "
                     "encoding='MathML-Content'><ci>twice</ci></annotation-xml></math>"),
            "if x is1");
  EXPECT_EQ(all_text("<p><math alttext='E equals m c'><mi>E</mi></math>"), "E");
  EXPECT_EQ(all_text("<p><math alttext='E equals m c'></math>"), "E equals m c");
}

std::string formula_of(const std::string& mathml) {
  return all_text("<p><math>" + mathml + "</math>");
}

TEST(Formulas, WithoutTexKeepFractionsAndScriptsApart) {
  EXPECT_EQ(formula_of("<mfrac><mn>1</mn><mn>2</mn></mfrac>"), "1/2");
  EXPECT_EQ(formula_of("<mn>3</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>"), "3 1/2");
  EXPECT_EQ(formula_of("<msup> <mn>10</mn> <mn>24</mn> </msup><mi>kg</mi>"), "10^24kg");
  EXPECT_EQ(formula_of("<msup><mn>10</mn><mrow><mo>-</mo><mn>3</mn></mrow></msup>"), "10^(-3)");
  EXPECT_EQ(formula_of("<MSUB><MI>x</MI><MN>1</MN></MSUB><mo>=</mo><mn>2</mn>"), "x_1=2");
  EXPECT_EQ(formula_of("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"), "x_i^2");
  EXPECT_EQ(formula_of("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow>"
                       "<mi>n</mi></munderover><mi>i</mi>"),
            "∑_(i=1)^ni");
  EXPECT_EQ(formula_of("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mfrac><mi>c</mi>"
                       "<mn>2</mn></mfrac></mfrac>"),
            "(a+b)/(c/2)");
  EXPECT_EQ(formula_of("<msup><mn>2</mn><mfrac><mn>1</mn><mn>2</mn></mfrac></msup>"), "2^(1/2)");
  EXPECT_EQ(formula_of("<semantics><msup><mi>e</mi><mi>x</mi></msup><annotation-xml "
                       "encoding='MathML-Content'><apply><exp/><ci>x</ci></apply></annotation-xml>"
                       "</semantics>"),
            "e^x");
}

TEST(Formulas, WithoutTexAreFlatWhereNothingIsSetAboveOrTheTagsAreMisnested) {
  EXPECT_EQ(formula_of("<msup><mi>f</mi><mo>′</mo></msup>"), "f′");
  EXPECT_EQ(formula_of("<msup><mi>x</mi><mrow/></msup><msub><mi/><mn>2</mn></msub>"), "x_2");
  EXPECT_EQ(formula_of("<mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac>"), "n k");
  EXPECT_EQ(formula_of("<mfrac><mn>1<mn>2</mfrac></mn></mrow><mi>x</mi>"), "12x");
}

TEST(Formulas, LoseTheDrawingBesideThem) {
  // KaTeX: the drawing behind, hidden from screen readers.
  EXPECT_EQ(all_text("<p>a <span class=katex><span class=katex-mathml>" + square() +
                     "</span><span class=katex-html aria-hidden=true><span>x</span>2</span></span>"
                     " b"),
            "a $x^2$ b");
  // MathJax 3: before.
  EXPECT_EQ(all_text("<p>a <mjx-container><mjx-math aria-hidden=true><mjx-utext>x2</mjx-utext>"
                     "</mjx-math><mjx-assistive-mml>" +
                     square() + "</mjx-assistive-mml></mjx-container> b"),
            "a $x^2$ b");
  // MathJax 2: a preview, a drawing with MathML in it, then the source in a script.
  EXPECT_EQ(all_text("<p>a <span class=MathJax_Preview>[x]</span><span class=MathJax><nobr "
                     "aria-hidden=true>x2</nobr><span class=MJX_Assistive_MathML><math><mi>x</mi>"
                     "</math></span></span><script type='math/tex'>x^2</script> b"),
            "a $x^2$ b");
  EXPECT_EQ(all_text("<p>a</p><div class=MathJax_Display>x2</div><script "
                     "type='math/tex; mode=display'>x^2</script><p>b"),
            "a\n\n$x^2$\n\nb");
}

TEST(Formulas, StayWhereOnlyTheirDrawingIsShown) {
  // Wikipedia: MathML hidden by style, and a picture.
  const std::string hidden = "<span style='display: none'>" + square() + "</span>";
  EXPECT_EQ(
      all_text("<p>a <span>" + hidden +
               "<img class=mwe-math-fallback-image-inline aria-hidden=true alt='x^2'></span>"),
      "a $x^2$");
  EXPECT_EQ(
      all_text("<p>a <img class='mwe-math-fallback-image-inline' alt='{\\displaystyle x^2}'>"),
      "a $x^2$");
  EXPECT_EQ(all_text("<p>a <img src=q alt='\\frac{a}{b}'> b"), "a $\\frac{a}{b}$ b");
  EXPECT_EQ(all_text("<p>a <math style='display:none'><mi>y</mi></math>"), "a y");
}

TEST(Formulas, OfDrawingsAloneAreTheirCharacters) {
  EXPECT_EQ(all_text("<p>a <span class=katex><span class=katex-html aria-hidden=true>x2</span>"
                     "</span>"),
            "a x2");
  EXPECT_EQ(all_text("<p>a <span class=MathJax>x2</span> b"), "a x2 b");
}

TEST(Formulas, StandSideBySide) {
  EXPECT_EQ(all_text("<p>" + square() + square()), "$x^2$$x^2$");
  EXPECT_EQ(all_text("<p><mjx-container><mjx-assistive-mml>" + square() +
                     "</mjx-assistive-mml></mjx-container><mjx-container><mjx-assistive-mml>" +
                     square() + "</mjx-assistive-mml></mjx-container>"),
            "$x^2$$x^2$");
}

TEST(Formulas, ReadTheOtherScriptsOfMathJax) {
  EXPECT_EQ(formula_in_script("math/mml", "<math><mi>a</mi></math>"), "a");
  EXPECT_EQ(formula_in_script("math/asciimath", " a^2 "), "a^2");
  EXPECT_EQ(formula_in_script("text/javascript", "var a;"), "");
  EXPECT_EQ(all_text("<p>a<script>b</script>"), "a");
}

TEST(Formulas, AreNotMadeOfOtherPictures) {
  EXPECT_EQ(all_text("<p>a <img alt='my_photo_1' class='text-center'> <img alt='C:\\temp'>"), "a");
}

TEST(Formulas, ThatAreNotClosedEndBeforeTheNextParagraph) {
  EXPECT_EQ(all_text("<p>a <math><mi>x</mi><p>b</p><p>c"), "a x\n\nb\n\nc");
  EXPECT_EQ(all_text("<table><tr><td><math><mi>x</mi></td><td>y</table>z"), "x | y\n\nz");
  EXPECT_EQ(all_text("<p>a <math><annotation encoding=TeX>x<p>b"), "a $x$\n\nb");
  EXPECT_EQ(all_text("<p>a <math/> b"), "a b");
}

}  // namespace
}  // namespace aludel::text::html
