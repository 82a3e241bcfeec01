// Layer `correction` and its parts.
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <vector>

#include "tests/repeat_text.h"
#include "tests/run_layer.h"
#include "tests/shared_data.h"
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include "aludel/base/utf8.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/layers/correction/code_page.h"
#include "aludel/curate/layers/correction/line_edits.h"
#include "aludel/curate/layers/correction/mojibake.h"
#include "aludel/curate/layers/correction/reference_marks.h"
#include "aludel/curate/layers/correction/unicode_repair.h"
#include "aludel/io/codec.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {
namespace {

// Reads the UTF-8 bytes of `text` as latin-1, one character a byte.
std::string misread_as_latin(std::string_view text) {
  std::string wrong;
  for (const char c : text) {
    append_utf8(wrong, static_cast<unsigned char>(c));
  }
  return wrong;
}

TEST(Mojibake, UndoesUtf8ReadAsWindows1252) {
  EXPECT_EQ(repair_mojibake("itâ€™s â€œfineâ€\u009D â€” cafÃ© 20Â°C").text,
            "it’s “fine” — café 20°C");
  EXPECT_EQ(repair_mojibake("ä¸\u00adæ–‡å­—ç¬¦").text, "中文字符");
  EXPECT_EQ(repair_mojibake("ÐŸÑ€Ð¸Ð²ÐµÑ‚").text, "Привет");
  EXPECT_EQ(repair_mojibake("ok ðŸ˜€").text, "ok 😀");
}

TEST(Mojibake, UndoesTwoAndThreeReadings) {
  for (const std::string original : {"it’s", "数据库很快", "naïve"}) {
    std::string wrong = original;
    for (int reading = 1; reading <= 3; ++reading) {
      wrong = misread_as_latin(wrong);
      const RepairedText repaired = repair_mojibake(wrong);
      EXPECT_EQ(repaired.text, original) << reading;
      EXPECT_GT(repaired.repairs, 0);
    }
  }
}

TEST(Mojibake, ClosesQuotesWhoseLastByteWasLost) {
  EXPECT_EQ(repair_mojibake("â€œhello!â€ she said").text, "“hello!” she said");
  EXPECT_EQ(repair_mojibake("my friend!â€\nNext").text, "my friend!”\nNext");
  EXPECT_EQ(repair_mojibake("Ã¢â‚¬Å“hello!Ã¢â‚¬Â she said").text, "“hello!” she said");
}

TEST(Mojibake, UndoesUtf8ReadAsGbkAndGbkReadAsLatin) {
  EXPECT_EQ(repair_mojibake("浣犲ソ涓栫晫").text, "你好世界");
  EXPECT_EQ(repair_mojibake("ÖÐÎÄ±àÂë").text, "中文编码");
}

TEST(Mojibake, UndoesUtf8ReadAsGbkWhateverCharacterIsFirst) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* gbk = ucnv_open("GBK", &status);
  ASSERT_TRUE(U_SUCCESS(status));
  int undone = 0;
  for (char32_t first = 0x800; first < 0xFFFE; ++first) {
    if (first >= 0xD800 && first < 0xE000) continue;
    std::string original;
    for (const char32_t c : {first, U'你', U'好', U'世', U'界', U'上'}) {
      append_utf8(original, c);
    }
    icu::UnicodeString wide(original.data(), static_cast<std::int32_t>(original.size()), gbk,
                            status);
    ASSERT_TRUE(U_SUCCESS(status));
    if (wide.indexOf(UChar{0xFFFD}) >= 0) continue;  // GBK does not have these bytes
    std::string wrong;
    EXPECT_EQ(repair_mojibake(wide.toUTF8String(wrong)).text, original);
    ++undone;
  }
  ucnv_close(gbk);
  EXPECT_GT(undone, 1000);
}

TEST(Mojibake, IsToldByALeadByteBeforeAnother) {
  for (const CodePage& page : CodePage::all()) {
    if (!page.is_western()) continue;
    std::map<int, std::vector<char32_t>> characters;  // by byte
    for (char32_t c = 0x80; c <= 0xFFFF; ++c) {
      if (page.byte_of(c) != CodePage::kNoByte) characters[page.byte_of(c)].push_back(c);
    }
    for (int lead = 0xC2; lead <= 0xF4; ++lead) {
      for (int next = 0x80; next <= 0xBF; ++next) {
        for (const char32_t c : characters[next]) {
          std::string text;
          append_utf8(text, characters[lead][0]);
          append_utf8(text, c);
          EXPECT_TRUE(page.may_have_misread(text)) << text;
        }
      }
    }
    EXPECT_TRUE(page.may_have_misread("citt\u00C3 "));
    for (const char* sound : {"", "\u00C3", "MANH\u00C3 e", "déjà vu", "a×b, Ä, Ö", "數據"}) {
      EXPECT_FALSE(page.may_have_misread(sound)) << sound;
    }
  }
}

TEST(Mojibake, IsUndoneBehindAFewSoundLetters) {
  std::string wrong = "Мир, да: ";
  std::string right = wrong;
  for (int i = 0; i < 20; ++i) {
    wrong += "РџСЂРёРІРµС‚ ";
    right += "Привет ";
  }
  EXPECT_EQ(repair_mojibake(wrong).text, right);
  EXPECT_EQ(repair_mojibake(right).repairs, 0);
}

TEST(Mojibake, RestoresHardBlanksThatWereMadePlain) {
  EXPECT_EQ(
      repair_mojibake("La cittÃ  Ã¨ piÃ¹ bella, lÃ  si puÃ² camminare fino allâ€™universitÃ .")
          .text,
      "La città è più bella, là si può camminare fino all’università.");
  EXPECT_EQ(repair_mojibake("DÃ©jÃ  vu Ã  Rome, voilÃ .").text, "Déjà vu à Rome, voilà.");
  EXPECT_EQ(repair_mojibake("Ð Ð¾Ñ\u0081Ñ\u0081Ð¸Ñ\u008F Ð¸ Ð Ñ\u008FÐ·Ð°Ð½ÑŒ").text,
            "Россия и Рязань");
  // White space that was collapsed: one blank stands for two.
  EXPECT_EQ(repair_mojibake("la libertÃ di chi verrÃ , giÃ detto: cosÃ¬").text,
            "la libertà di chi verrà, già detto: così");
  EXPECT_EQ(repair_mojibake("DÃª-lhe Ã s crianÃ§as atÃ© Ã noite, nÃ£o Ã quele").text,
            "Dê-lhe às crianças até à noite, não àquele");
  // Without other evidence than the words.
  EXPECT_EQ(repair_mojibake("La cittÃ e la libertÃ di chi verrÃ ").text,
            "La città e la libertà di chi verrà");
}

TEST(Mojibake, UndoesUtf8ReadAsTheCodePagesOfTheEast) {
  EXPECT_EQ(repair_mojibake("РџСЂРёРІРµС‚, РјРёСЂ вЂ” СЌС‚Рѕ С‚РµРєСЃС‚").text,
            "Привет, мир — это текст");
  EXPECT_EQ(repair_mojibake("ZaĹĽĂłĹ‚Ä‡ gÄ™Ĺ›lÄ… jaĹşĹ„").text, "Zażółć gęślą jaźń");
  EXPECT_EQ(repair_mojibake("Ĺ˝luĹĄouÄŤkĂ˝ kĹŻĹ\u0088 ĂşpÄ›l ÄŹĂˇbelskĂ© Ăłdy").text,
            "Žluťoučký kůň úpěl ďábelské ódy");
}

TEST(Mojibake, LeavesRightTextAlone) {
  for (const char* text : {"plain",
                           "café, naïve; GRÂ» «tout à fait»",
                           "Größe “quoted” — é…”",
                           "数据库的名称，以及编码。",
                           "IRMÃ”",
                           "Ärger, Ö, Ü…",
                           "ÁÉÍÓÚ ñÑ",
                           "Привет, мир",
                           "日本語のテキスト",
                           "한국어",
                           "A€ 20 £ 30",
                           "联通",
                           "x² ≤ ½·y³",
                           "Đà Nẵng, Việt Nam",
                           "Różne słowa: Ą, Ę, „Łódź”",
                           "Рјечник, Сјеница, Січ, Різдво: «Рідна Сєверская»",
                           "à la carte – é « x » – Å gå",
                           "IRMÃ É MANHÃ E MAÇÃ …",
                           "România, Ă, Â, „așa”",
                           "В «Правде» и «СССР» – Р.С.",
                           "Ähre, Äpfel, Ärger, Ämter, Äste, Ähnlich, Äther"}) {
    const RepairedText repaired = repair_mojibake(text);
    EXPECT_EQ(repaired.text, text);
    EXPECT_EQ(repaired.repairs, 0) << text;
  }
}

TEST(Mojibake, MendsTinyStoriesQuotes) {
  const std::string path = shared_data("text/en/tinystories-4MB.txt.gz");
  if (path.empty()) GTEST_SKIP() << "no shared data";
  io::LocalFileSystem files;
  auto reader = io::open_decompressed(files, path).value();
  std::string text(8U << 20U, '\0');
  std::size_t size = 0;
  while (const std::size_t got = reader->read(std::span(text).subspan(size)).value()) {
    size += got;
  }
  text.resize(size);
  const auto broken = [](const std::string& where) {
    int count = 0;
    for (auto at = where.find("â€"); at != std::string::npos; at = where.find("â€", at + 1)) {
      ++count;
    }
    return count;
  };
  const int before = broken(text);
  const RepairedText repaired = repair_mojibake(text);
  std::cout << "[ measure  ] tinystories: " << before << " broken quotes and dashes, "
            << broken(repaired.text) << " left, " << repaired.repairs << " repairs\n";
  EXPECT_GT(before, 2000);
  EXPECT_EQ(broken(repaired.text), 0);
}

TEST(Mojibake, KeepsChineseNovelsAsTheyAre) {
  const std::string path = shared_data("text/zh/novel-hongloumeng.txt.gz");
  if (path.empty()) GTEST_SKIP() << "no shared data";
  io::LocalFileSystem files;
  auto reader = io::open_decompressed(files, path).value();
  std::string text(4U << 20U, '\0');
  std::size_t size = 0;
  while (const std::size_t got = reader->read(std::span(text).subspan(size)).value()) {
    size += got;
  }
  text.resize(size);
  EXPECT_EQ(repair_mojibake(text).repairs, 0);
}

TEST(UnicodeRepair, RemovesWhatNobodySees) {
  const RepairedText repaired =
      repair_unicode("\uFEFFa\u200Bb\u00ADc\x07\r\nd\re\u2028f\tg\uFFFEh");
  EXPECT_EQ(repaired.text, "abc\nd\ne\nf\tgh");
  EXPECT_EQ(repaired.repairs, 8);
  EXPECT_EQ(repair_unicode("می‌خواهم").repairs,
            0);  // a zero-width non-joiner that belongs
}

TEST(UnicodeRepair, JudgesEachCharacterByItself) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text = "a";
    append_utf8(text, c);
    text += "中";
    const bool is_line_end = c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
    const bool is_control = c < 0xA0 && (c < 0x20 || c >= 0x7F) && c != '\t' && c != '\n';
    const bool is_unseen = c == 0xAD || c == 0x200B || c == 0x2060 || c == 0xFEFF;
    const bool is_none = (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
    const bool goes = is_control || is_unseen || is_none;
    const RepairedText repaired = repair_unicode(text);
    ASSERT_EQ(repaired.text, is_line_end ? "a\n中" : goes ? "a中" : text) << unsigned(c);
    ASSERT_EQ(repaired.repairs, is_line_end || goes ? 1 : 0);
  }
}

std::string edited(std::string_view text) {
  return LineEditor::create({}).value().apply(text).text;
}

TEST(LineEdits, RemoveCounters) {
  for (const char* line : {"12 likes", "1.2K views", "| 3 Comments |", "阅读 1024", "评论(3)",
                           "点赞：88", "1,024 followers"}) {
    EXPECT_TRUE(is_counter_line(line)) << line;
  }
  for (const char* line : {"12 monkeys", "shares", "3 comments were added to the page", "评论很多",
                           "阅读 1024 页的书", "2 views of the sea", "37.66. views"}) {
    EXPECT_FALSE(is_counter_line(line)) << line;
  }
}

TEST(LineEdits, RemoveMenusAndNotices) {
  const std::string before = "The first line stays.";
  const std::string after = "最后一行也留下。";
  for (const char* line :
       {"Skip to content", "| Home |", "Read more...", "We use cookies to give you the best.",
        "Subscribe to our newsletter", "© 2019 Acme. All rights reserved.", "Share on Facebook",
        "京ICP备12345678号", "版权所有 © 某某公司", "上一篇：春天", "返回顶部", "本文来源：某网站",
        "SUBSCRIBE NOW AND GET THE BEST OF OUR OFFERS!"}) {
    EXPECT_EQ(edited(fmt::format("{}\n{}\n{}", before, line, after)),
              fmt::format("{}\n{}", before, after))
        << line;
  }
}

TEST(LineEdits, KeepDocumentation) {
  const std::string text =
      "CREATE TABLE\nName\nALTER TABLE distributors ADD COLUMN address varchar(30);\n"
      "HTTP cookies are small blocks of data that the server sends, and the use of cookies is a "
      "matter of law in many countries.\n42\n(1 row)\nSELECT COUNT(*) FROM T;\n"
      "NOTE\nThe table lists all rights reserved to the superuser; see the chapter on roles for "
      "what each of them means in practice.\nDAVERAGE, DCOUNT, DCOUNTA, DGET, DMAX and DMIN\n"
      "1\nRoot nodes come first in the listing\n2\nChild nodes follow in their order";
  EXPECT_EQ(edited(text), text);
}

TEST(LineEdits, RemoveThePageNumberThatCutsASentence) {
  EXPECT_EQ(edited("the server keeps a copy of the\n17\nwhole file in its own memory"),
            "the server keeps a copy of the\nwhole file in its own memory");
}

TEST(LineEdits, RemoveShortLinesWithJavascript) {
  EXPECT_EQ(edited("One line.\nThis page needs JavaScript to work.\nAnother line."),
            "One line.\nAnother line.");
  const std::string prose =
      "The language that browsers run is called JavaScript, though it has little to do with Java "
      "beside the name and some of the syntax.";
  EXPECT_EQ(edited(prose), prose);
  const auto c4 = LineEditor::create({.max_javascript_words = 100}).value();
  EXPECT_EQ(c4.apply("One.\n" + prose).text, "One.");
}

TEST(ReferenceMarks, GoFromPagesThatCiteByNumber) {
  const UnmarkedText page = strip_reference_marks(
      "History[edit]\nThe town[3] was founded in 1290.[12] It grew [citation needed] fast [4].\n"
      "[1] Smith, 2004\n历史[编辑]\n该城建于1290年。[5]人口[6]增长[来源请求]。");
  EXPECT_EQ(page.text,
            "History\nThe town was founded in 1290. It grew fast.\n"
            "[1] Smith, 2004\n历史\n该城建于1290年。人口增长。");
  EXPECT_EQ(page.marks, 9);
}

TEST(ReferenceMarks, AreNotTheIndicesOfArrays) {
  for (const char* text : {"argv[1] is the first argument, argv[2] the second.", "see [1] and [2]",
                           "a range, [0] to the end.[5]", "[] and [a] and [1234].[", "x = y..[3]",
                           "[edited] by hand", "[12"}) {
    EXPECT_EQ(strip_reference_marks(text).text, text);
  }
}

class Correction : public ::testing::Test {
 protected:
  Verdict judge(Document& document, const std::string& settings = "{}") {
    const Json json = parse_json(settings).value();
    const auto layer = find_layer("correction").value()->make(json, context_).value();
    return run_layer("correction", *layer, document);
  }

  io::LocalFileSystem files_;
  Threads threads_{1};
  LayerContext context_{files_, "", 7, threads_};
};

TEST_F(Correction, CountsWhatItDid) {
  Document document;
  document.text = std::string("Itâ€™s said that Ann (ann.lee@acme-labs.de) ") +
                  "wrote a long text about many things that matter to all of us who read it here "
                  "and there, in the long hours of the evening.\n12 likes\nThe end is near, and "
                  "so is the last of the sentences that this small text has for its readers.";
  const Verdict verdict = judge(document);
  EXPECT_TRUE(verdict.keep) << verdict.reason;
  const Json& note = *document.annotations.find("correction");
  EXPECT_EQ(note.integer_or("mojibake_repaired", 0), 1);
  EXPECT_EQ(note.integer_or("lines_removed", 0), 1);
  EXPECT_EQ(note.find("pii")->integer_or("email", 0), 1);
  EXPECT_TRUE(document.text.starts_with("It’s said that Ann (<EMAIL>) wrote"));
  EXPECT_EQ(document.text.find("12 likes"), std::string::npos);
}

TEST_F(Correction, DropsWhatLosesTooMuch) {
  Document menus;
  menus.text = "Some words stand here.\nSkip to main content\nShare on Facebook";
  EXPECT_EQ(judge(menus).reason, "too_many_lines_removed");
  Document contacts;
  contacts.text = "ann.lee@acme-labs.de, bob.ray@acme-labs.de, cem.oz@acme-labs.de";
  EXPECT_EQ(judge(contacts).reason, "too_much_pii");
  Document broken;
  broken.text = "\uFFFD\uFFFD lost \uFFFD";
  EXPECT_EQ(judge(broken).reason, "broken_unicode");
}

TEST_F(Correction, FollowsItsSettings) {
  Document document;
  document.text = "Mail ann.lee@acme-labs.de and again ann.lee@acme-labs.de, from 82.165.177.154.";
  Document pseudonyms = document;
  EXPECT_TRUE(judge(pseudonyms, R"({"pii":"pseudonym","max_pii":1.0})").keep);
  EXPECT_NE(pseudonyms.text.find("@example.org and again person-"), std::string::npos);
  Document kept = document;
  judge(kept, R"({"keep_pii":["ip_address","email"]})");
  EXPECT_EQ(kept.text, document.text);
  Document off = document;
  judge(off, R"({"pii":"off"})");
  EXPECT_EQ(off.text, document.text);
  const auto make = find_layer("correction").value()->make;
  EXPECT_FALSE(make(parse_json(R"({"pii":"maybe"})").value(), context_).has_value());
  EXPECT_FALSE(make(parse_json(R"({"keep_pii":["name"]})").value(), context_).has_value());
}

// A preset that names a peer writes the peer's text, not its verdict alone.
TEST_F(Correction, WritesAPeersTextByItsRules) {
  const std::string text =
      "  Home\nThe first line stays as it is.[1]\nWe use cookies, as all pages do.\n12 likes\n"
      "Four words and more";
  const auto written = [&](const std::string& rules) {
    Document document;
    document.text = text;
    const Verdict verdict =
        judge(document, R"({"line_rules":")" + rules + R"(","max_removed_words":1})");
    EXPECT_TRUE(verdict.keep) << rules;
    return document.text;
  };
  EXPECT_EQ(written("c4"), "The first line stays as it is.");
  EXPECT_EQ(written("fineweb"), "The first line stays as it is.\nFour words and more");
  EXPECT_EQ(written("refinedweb"),
            "The first line stays as it is.[1]\nWe use cookies, as all pages do.\n"
            "Four words and more");
  const auto make = find_layer("correction").value()->make;
  const auto unknown = make(parse_json(R"({"line_rules":"dclm"})").value(), context_);
  ASSERT_FALSE(unknown.has_value());
}

TEST_F(Correction, FallsByDclmsCountOfTheWordsThatLinesTook) {
  const std::string settings = R"({"line_rules":"refinedweb","pii":"off"})";
  const std::string prose = times("A sentence of six words here.\n", 10);
  const auto reason = [&](const std::string& text) {
    Document document;
    document.text = text;
    return judge(document, settings).reason;
  };
  EXPECT_EQ(reason(prose), "");
  EXPECT_EQ(reason(prose + "THESE FOUR WORDS SHOUT\n"), "too_many_lines_removed");
  EXPECT_EQ(reason(prose + "12 likes\n"), "");
  EXPECT_EQ(reason(prose + "} }\n"), "") << "words begin with a letter or number";
}

TEST_F(Correction, ChangesNothingTheSecondTime) {
  Document document;
  document.text = "Callâ€¦ 212-736-5000 or 13812345679.\nThe rest of it stays as it was before.";
  judge(document, R"({"max_pii":1.0})");
  const std::string once = document.text;
  judge(document, R"({"max_pii":1.0})");
  EXPECT_EQ(document.text, once);
}

}  // namespace
}  // namespace aludel::curate
