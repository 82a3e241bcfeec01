#include "aludel/text/charset.h"

#include <string>

#include <gtest/gtest.h>
#include <iconv.h>

#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

// "This is a Chinese page about the weather and the news" in GB2312.
constexpr std::string_view kChineseGbk =
    "\xD5\xE2\xCA\xC7\xD2\xBB\xB8\xF6\xD6\xD0\xCE\xC4\xCD\xF8\xD2\xB3\xA3\xAC\xBD\xB2\xCC\xEC\xC6"
    "\xF8\xBA\xCD\xD0\xC2\xCE\xC5\xA1\xA3\xCE\xD2\xC3\xC7\xC3\xBF\xCC\xEC\xB6\xBC\xBB\xE1\xB8\xFC"
    "\xD0\xC2\xC4\xDA\xC8\xDD\xA3\xAC\xBB\xB6\xD3\xAD\xB4\xF3\xBC\xD2\xC0\xB4\xD4\xC4\xB6\xC1\xA1"
    "\xA3";
constexpr std::string_view kChineseUtf8 =
    "这是一个中文网页，讲天气和新闻。我们每天都会更新内容，欢迎大家来阅读。";
constexpr std::string_view kRussianUtf8 =
    "Это русская страница о погоде и новостях, которая обновляется каждый день.";

TEST(CharsetLabels, FollowTheWhatwgTable) {
  EXPECT_EQ(charset_of_label("UTF8"), "utf-8");
  EXPECT_EQ(charset_of_label("  ISO-8859-1 "), "windows-1252");
  EXPECT_EQ(charset_of_label("gb2312"), "gbk");
  EXPECT_EQ(charset_of_label("x-sjis"), "shift_jis");
  EXPECT_EQ(charset_of_label("ks_c_5601-1987"), "euc-kr");
  EXPECT_EQ(charset_of_label("cp1251"), "windows-1251");
  EXPECT_EQ(charset_of_label("no such thing"), "");
  EXPECT_EQ(charset_of_label(""), "");
}

TEST(CharsetDeclaration, IsReadFromHeaderAndMarkup) {
  EXPECT_EQ(charset_parameter("text/html; Charset=\"GBK\""), "GBK");
  EXPECT_EQ(charset_parameter("text/html"), "");
  EXPECT_EQ(charset_in_markup("<head><META charset = 'big5'>"), "big5");
  EXPECT_EQ(
      charset_in_markup("<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">"),
      "gb2312");
  EXPECT_EQ(charset_in_markup("<?xml version='1.0' encoding='windows-1251'?><html>"),
            "windows-1251");
  EXPECT_EQ(charset_in_markup("<meta name=x content=y><p>charset=utf-8"), "");
}

TEST(CharsetDecoding, PrefersMarkThenHeaderThenMarkup) {
  const DecodedText marked = decode_to_utf8("\xEF\xBB\xBFh\xC3\xA9", "text/html; charset=gbk");
  EXPECT_EQ(marked.text, "hé");
  EXPECT_EQ(marked.source, CharsetSource::byte_order_mark);
  const std::string page = "<meta charset=windows-1251>\xE9";
  EXPECT_TRUE(decode_to_utf8(page, "text/html; charset=iso-8859-1").text.ends_with("é"));
  const DecodedText markup = decode_to_utf8(page);
  EXPECT_TRUE(markup.text.ends_with("й"));
  EXPECT_EQ(markup.source, CharsetSource::markup);
  EXPECT_EQ(markup.charset, "windows-1251");
}

TEST(CharsetDecoding, ReadsUtf16ByItsMark) {
  const std::string little("\xFF\xFEh\0\x2D\x4E\x3D\xD8\x00\xDE", 10);
  EXPECT_EQ(decode_to_utf8(little).text, "h中😀");
}

TEST(CharsetDecoding, ReadsEveryLegacyEncoding) {
  struct Case {
    std::string_view charset;
    std::string_view bytes;
    std::string_view text;
  };

  const Case cases[] = {
      {"gbk", "\xD6\xD0\xCE\xC4\x81\x30\x8B\x38", "中文Ā"},
      {"big5", "\xA4\xA4\xA4\xE5", "中文"},
      {"big5", "\x87\x63", "𣽡"},
      {"euc-jp", "\xC6\xFC\xCB\xDC", "日本"},
      {"shift_jis", "\x93\xFA\x96\x7B\xB1", "日本ｱ"},
      {"euc-kr", "\xC7\xD1\xB1\xDB\x8C\x63", "한글똠"},
      {"windows-1251", "\xEF\xF0\xE8", "при"},
      {"koi8-r", "\xD0\xD2\xC9", "при"},
      {"windows-1252", "\x80\x93\xFC\x94", "€“ü”"},
      {"iso-8859-2", "\xB1\xE6", "ąć"},
      {"windows-874", "\xE0\xB9", "เน"},
      {"iso-2022-jp", "\x1B$BF|K\\\x1B(B", "日本"},
      {"macintosh", "\x8E", "é"},
      {"hz-gb-2312", "~{VPND~}", "中文"},
  };
  for (const Case& one : cases) {
    const DecodedText decoded = decode_charset(one.bytes, one.charset);
    EXPECT_EQ(decoded.text, one.text) << one.charset;
    EXPECT_EQ(decoded.replaced, 0U) << one.charset;
  }
}

TEST(CharsetDecoding, ReplacesAndCountsInvalidBytes) {
  const DecodedText utf8 = decode_charset("a\xFF\xC3(b", "utf-8");
  EXPECT_EQ(utf8.text,
            "a�"
            "�(b");
  EXPECT_EQ(utf8.replaced, 2U);
  const DecodedText gbk = decode_charset("\xD6\xD0\xFF<b>\xD6", "gbk");
  EXPECT_EQ(gbk.text, "中�<b>�");
  EXPECT_EQ(gbk.replaced, 2U);
}

TEST(CharsetDecoding, KeepsLongTextAcrossChunks) {
  std::string bytes;
  std::string text;
  for (int i = 0; i < 5000; ++i) {  // odd offset, so that a surrogate pair meets a chunk's end
    bytes += i == 0 ? "x" : "\x94\x39\xDA\x33";
    text += i == 0 ? "x" : "💩";
  }
  const DecodedText decoded = decode_charset(bytes, "gb18030");
  EXPECT_EQ(decoded.text, text);
  EXPECT_EQ(decoded.replaced, 0U);
}

TEST(CharsetDetection, FindsUndeclaredEncodings) {
  const DecodedText chinese = decode_to_utf8("<p>" + std::string(kChineseGbk) + "</p>");
  EXPECT_EQ(chinese.text, "<p>" + std::string(kChineseUtf8) + "</p>");
  EXPECT_EQ(chinese.source, CharsetSource::detected);
  const DecodedText utf8 = decode_to_utf8(kRussianUtf8);
  EXPECT_EQ(utf8.text, kRussianUtf8);
  EXPECT_EQ(utf8.charset, "utf-8");
}

TEST(CharsetDecoding, LeavesBytesThatAreUtf8WhereTheyAre) {
  const DecodedText left = decode_to_utf8(kRussianUtf8, "", Unchanged::left);
  EXPECT_TRUE(left.is_given);
  EXPECT_EQ(left.text, "");
  EXPECT_EQ(left.charset, "utf-8");
  EXPECT_FALSE(decode_to_utf8(kRussianUtf8).is_given);
  for (const std::string_view changed : {"\xEF\xBB\xBFh", "caf\xE9"}) {
    const DecodedText decoded = decode_to_utf8(changed, "", Unchanged::left);
    EXPECT_FALSE(decoded.is_given);
    EXPECT_EQ(decoded.text, decode_to_utf8(changed).text);
  }
}

TEST(CharsetDetection, OverrulesARefutedDeclaration) {
  const std::string wrong = "<meta charset=utf-8>" + std::string(kChineseGbk);
  const DecodedText chinese = decode_to_utf8(wrong);
  EXPECT_EQ(chinese.text, "<meta charset=utf-8>" + std::string(kChineseUtf8));
  EXPECT_EQ(decode_to_utf8(kRussianUtf8, "text/html; charset=iso-8859-1").text, kRussianUtf8);
  const std::string western = std::string(kChineseGbk) + std::string(kChineseGbk);
  EXPECT_EQ(decode_to_utf8(western, "text/html; charset=iso-8859-1").text,
            std::string(kChineseUtf8) + std::string(kChineseUtf8));
}

// The text in another encoding, by the C library, which shares no table with ICU.
std::string encoded(std::string_view utf8, const char* charset) {
  const iconv_t converter = iconv_open(charset, "UTF-8");
  std::string in(utf8);
  std::string out(in.size() * 4, '\0');
  char* from = in.data();
  char* to = out.data();
  std::size_t from_left = in.size();
  std::size_t to_left = out.size();
  const bool ok =
      iconv(converter, &from, &from_left, &to, &to_left) != static_cast<std::size_t>(-1);
  iconv_close(converter);
  EXPECT_TRUE(ok) << charset;
  out.resize(out.size() - to_left);
  return out;
}

constexpr std::string_view kSimplified =
    "今天天气很好，图书馆上午九点开门。读者每次可以借十本书，四个星期以后归还；如果还没有读完，可以"
    "再续借一次。";
constexpr std::string_view kTraditional =
    "今天天氣很好，圖書館上午九點開門。讀者每次可以借十本書，四個星期以後歸還；如果還沒有讀完，可以"
    "再續借一次。";
constexpr std::string_view kJapanese =
    "図書館は午前九時に開きます。一度に十冊まで借りることができ、四週間後に返してください。読み終わ"
    "らないときは、もう一度延長できます。";
constexpr std::string_view kKorean =
    "도서관은 오전 아홉 시에 문을 엽니다. 한 번에 열 권까지 빌릴 수 있고 네 주 뒤에 돌려주어야 "
    "합니다. 다 읽지 못했으면 한 번 더 연장할 수 있습니다.";

TEST(CharsetDetection, ReadsEastAsianPagesHoweverTheyAreDeclared) {
  const struct {
    const char* charset;
    std::string_view text;
  } cases[] = {{"GB18030", kSimplified},  {"GBK", kSimplified},     {"BIG5", kTraditional},
               {"EUC-JP", kJapanese},     {"SHIFT_JIS", kJapanese}, {"EUC-KR", kKorean},
               {"ISO-2022-JP", kJapanese}};

  for (const auto& one : cases) {
    const std::string type = std::string("text/html; charset=") + one.charset;
    const std::string meta = std::string("<meta charset=\"") + one.charset + "\">";
    const std::string wrong = "<meta charset=iso-8859-2>";

    const struct {
      std::string head;
      std::string type;
    } ways[] = {{"", ""},
                {"", type},
                {meta, ""},
                {wrong, type},  // the header is stronger
                {"", "text/html; charset=utf-8"},
                {"<meta charset=utf-8>", ""},
                {"", "text/html; charset=iso-8859-1"}};  // a server's default

    for (const auto& way : ways) {
      const std::string page = "<html><head>" + way.head +
                               "<title>x</title></head><body><a href=/>" + "Home</a><p>" +
                               std::string(one.text) + "</p></body></html>";
      const DecodedText decoded = decode_to_utf8(encoded(page, one.charset), way.type);
      EXPECT_EQ(decoded.text, page) << one.charset << " " << way.head << " " << way.type;
    }
  }
}

TEST(CharsetDetection, KeepsADeclarationWithFewErrors) {
  std::string page;
  for (int i = 0; i < 20; ++i) {
    page += "Grüße aus München. ";
  }
  const DecodedText decoded = decode_to_utf8(page + "\xFF", "text/html; charset=utf-8");
  EXPECT_EQ(decoded.charset, "utf-8");
  EXPECT_EQ(decoded.replaced, 1U);
}

// Prose with about forty sequences of UTF-8.
std::string utf8_page() {
  std::string page = "<html><body><p>";
  for (int i = 0; i < 5; ++i) {
    page += "Café, naïve, façade, Zürich – déjà vu: “quoted” as editors do. ";
  }
  return page;
}

TEST(CharsetDetection, KeepsAPageOfUtf8WithStrayBytesWhateverItsHeaderSays) {
  for (const char* type :
       {"", "text/html", "text/html; charset=ISO-8859-1", "text/plain",
        "text/html; charset=windows-1251", "text/html; charset=gbk", "text/html; charset=utf-8",
        "text/html; charset=utf-16", "text/html; charset=iso-2022-jp"}) {
    for (const char* stray : {"\x96", "\xE9", "\xFF\xFE", "\xE5\x9B", "\xC3(", "\xF0\x9F\x98"}) {
      const DecodedText decoded = decode_to_utf8(utf8_page() + stray + " end</p>", type);
      EXPECT_EQ(decoded.charset, "utf-8") << type;
      EXPECT_TRUE(decoded.text.starts_with(utf8_page())) << type;
      EXPECT_TRUE(decoded.text.ends_with(" end</p>")) << type;
      EXPECT_GE(decoded.replaced, 1U) << type;
    }
  }
  const DecodedText meta =
      decode_to_utf8("<meta charset=windows-1252>" + utf8_page() + "\x92 careless");
  EXPECT_EQ(meta.charset, "utf-8");
}

TEST(CharsetDetection, KeepsUtf8ThatIsCutInsideItsLastCharacter) {
  const std::string han = "图书馆开";  // four characters of three bytes
  for (const char* type : {"", "text/html; charset=ISO-8859-1", "text/html; charset=gb2312"}) {
    for (const std::size_t cut : {1U, 2U}) {
      const DecodedText decoded = decode_to_utf8(han.substr(0, han.size() - cut), type);
      EXPECT_EQ(decoded.charset, "utf-8") << type;
      EXPECT_TRUE(decoded.text.starts_with("图书馆")) << type;
    }
  }
}

TEST(CharsetDetection, ReadsFewSequencesOfUtf8UnderAWesternHeader) {
  for (const char* text : {"One café.", "© 2024 Example Press", "It’s late", "5 °C – cold"}) {
    EXPECT_EQ(decode_to_utf8(text, "text/html; charset=iso-8859-1").text, text);
    EXPECT_EQ(decode_to_utf8(text).text, text);
  }
  for (const char* type : {"", "text/html; charset=windows-1251", "text/html; charset=utf-8"}) {
    EXPECT_EQ(decode_to_utf8("Drei Brüder, \x96 zwei Mühlen: für Gäste", type).text,
              "Drei Brüder, \xEF\xBF\xBD zwei Mühlen: für Gäste")
        << type;
  }
  EXPECT_EQ(decode_to_utf8("NESCAF\xC9\xAE", "text/html; charset=iso-8859-1").text, "NESCAFÉ®");
}

TEST(CharsetDetection, KeepsALegacyPageThatQuotesAFewBytesOfUtf8) {
  std::string western;
  for (int i = 0; i < 6; ++i) {
    western +=
        "Caf\xE9 cr\xE8me br\xFBl\xE9"
        "e. ";
  }
  western += "Read as Latin-1 it is \xC3\xA9, \xC3\xA8, \xC3\xAA and \xE2\x80\x93.";
  for (const char* type :
       {"", "text/html; charset=windows-1252", "text/html; charset=iso-8859-1"}) {
    const DecodedText decoded = decode_to_utf8(western, type);
    EXPECT_TRUE(decoded.text.starts_with("Café crème brûlée.")) << decoded.charset << " " << type;
  }

  const struct {
    const char* charset;
    std::string_view text;
  } cases[] = {{"GBK", kSimplified}, {"BIG5", kTraditional},   {"SHIFT_JIS", kJapanese},
               {"EUC-KR", kKorean},  {"KOI8-R", kRussianUtf8}, {"WINDOWS-1251", kRussianUtf8}};

  for (const auto& one : cases) {
    const std::string page = encoded(one.text, one.charset) + " \xC3\xA9 \xE4\xB8\xAD";
    const DecodedText decoded =
        decode_to_utf8(page, std::string("text/html; charset=") + one.charset);
    EXPECT_TRUE(decoded.text.starts_with(one.text)) << one.charset << " as " << decoded.charset;
  }
}

TEST(CharsetDetection, ReadsCantoneseInBig5Hkscs) {
  constexpr std::string_view kCantonese =
      "佢哋喺河邊起咗間磨坊，啲風成日都唔停，手藝差嘅木匠好快就會穿煲。嗰啲細路聽住水車嘅聲瞓覺。";
  const std::string bytes = encoded(kCantonese, "BIG5-HKSCS");
  EXPECT_EQ(decode_to_utf8(bytes).text, kCantonese);
  EXPECT_EQ(decode_to_utf8("<p>" + bytes + "</p>", "text/html; charset=iso-8859-1").text,
            "<p>" + std::string(kCantonese) + "</p>");
  EXPECT_EQ(decode_to_utf8(bytes, "text/plain; charset=big5-hkscs").text, kCantonese);
}

TEST(CharsetDetection, ReadsUtf16WithoutAMark) {
  constexpr std::string_view kText = "<html><p>The library opens at nine: 图书馆</p></html>";
  for (const char* charset : {"UTF-16LE", "UTF-16BE"}) {
    for (const char* type : {"", "text/html; charset=utf-8", "text/html; charset=utf-16"}) {
      EXPECT_EQ(decode_to_utf8(encoded(kText, charset), type).text, kText) << charset << type;
    }
  }
  EXPECT_EQ(decode_to_utf8(kText, "text/html; charset=utf-16").text, kText) << "it is UTF-8";
}

TEST(CharsetDetection, KeepsUtf8ThatShowsAnEscapeOfIso2022) {
  const std::string page = utf8_page() + "\x1B$B is how JIS begins.";
  EXPECT_EQ(decode_to_utf8(page).text, page);
}

TEST(CharsetDetection, TakesAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(255 - i);
    EXPECT_TRUE(is_valid_utf8(decode_to_utf8(bytes).text));
  }
  EXPECT_EQ(decode_to_utf8("").text, "");
}

}  // namespace
}  // namespace aludel::text
