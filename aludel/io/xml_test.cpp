#include "aludel/io/xml.h"

#include <gtest/gtest.h>

namespace aludel::io {
namespace {

/// Tokens in one line: <name a=v> text </name>
std::string outline(std::string_view xml) {
  XmlReader reader(xml);
  std::string line;
  XmlToken token;
  while (true) {
    const auto more = reader.next(token);
    if (!more) return line + " error";
    if (!more.value()) return line;
    switch (token.kind) {
      case XmlToken::Kind::start:
        line.append("<").append(token.name);
        for (const auto& [name, value] : token.attributes) {
          line.append(" ").append(name).append("=").append(value);
        }
        line += ">";
        break;
      case XmlToken::Kind::end:
        line.append("</").append(token.name).append(">");
        break;
      case XmlToken::Kind::text:
        line += token.text;
    }
  }
}

TEST(XmlReader, GivesTagsAttributesAndText) {
  EXPECT_EQ(outline("<?xml version=\"1.0\"?><a x='1' y = \"&lt;2\"><o:b/>t &amp; &#20320;</a>"),
            "<a x=1 y=<2><b></b>t & \xE4\xBD\xA0</a>");
  EXPECT_EQ(outline("<a><!-- <b> --><![CDATA[<c>&amp;]]></a>"), "<a><c>&amp;</a>");
}

TEST(XmlReader, ExpandsNoEntityOfADocumentType) {
  EXPECT_EQ(outline("<!DOCTYPE a [<!ENTITY b \"bomb\">]><a>&b;</a>"), "]><a>&b;</a>")
      << "what a document type declares is text at most";
}

TEST(XmlReader, NamesWhatDoesNotEnd) {
  EXPECT_EQ(outline("<a x='1"), " error");
  EXPECT_EQ(outline("<a><b"), "<a> error");
  EXPECT_EQ(outline("<a><!-- x"), "<a> error");
  EXPECT_EQ(outline("<a x=1>"), " error");
}

}  // namespace
}  // namespace aludel::io
