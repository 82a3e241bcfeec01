#include "aludel/text/book/book.h"

#include <ctime>

#include "tests/book_files.h"
#include <gtest/gtest.h>

#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

constexpr std::uint64_t kLimit = std::uint64_t{1} << 20;

TEST(Epub, JoinsTheChaptersOfItsSpine) {
  const Book book =
      read_epub(make_zip(epub_files("It was a dark night.", "\xE5\xA4\xA9\xE4\xBA\xAE.")), kLimit)
          .value();
  EXPECT_EQ(book.text, "One\n\nIt was a dark night.\n\nTwo\n\n\xE5\xA4\xA9\xE4\xBA\xAE.");
  EXPECT_EQ(book.title, "A & B");
  EXPECT_EQ(book.author, "Ann Author");
  EXPECT_EQ(book.language, "en");
  EXPECT_EQ(book.rights, "CC-BY-4.0");
}

TEST(Epub, IsUtf8InAllThatItSaysOfItself) {
  auto files = epub_files("a", "b");
  std::string& package = files[2].content;
  package.replace(package.find("A &amp; B"), 9, "A \xFF\xC3 B");
  const Book book = read_epub(make_zip(files), kLimit).value();
  EXPECT_TRUE(is_valid_utf8(book.title)) << book.title;
  EXPECT_EQ(book.author, "Ann Author");
}

TEST(Epub, KeepsShortAndLinkedBlocksThatAWebPageWouldLose) {
  const Book book =
      read_epub(make_zip(epub_files("<a href='x'>All</a> <a href='y'>links</a>", "Yes.")), kLimit)
          .value();
  EXPECT_NE(book.text.find("All links"), std::string::npos);
  EXPECT_NE(book.text.find("Yes."), std::string::npos);
}

TEST(Epub, KeepsChaptersWithEmptyElements) {
  for (const std::string_view head :
       {"<title/>", "<title/><style/><script src='x.js'/>", "<script/>", "<link href='s.css'/>"}) {
    auto files = epub_files("a", "b");
    files[4].content = fmt::format(
        "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head>{}</head><body>"
        "<a id='p1'/><div class='c'/><p>Not in <i/>italics.</p><textarea/><iframe/><p>The end."
        "</p></body></html>",
        head);
    const Book book = read_epub(make_zip(files), kLimit).value();
    EXPECT_NE(book.text.find("Not in italics.\n\nThe end."), std::string::npos) << book.text;
  }
}

TEST(Epub, FindsFilesWhoseNamesDifferInCaseAndCountsThoseItLacks) {
  auto files = epub_files("It was dark.", "b");
  ASSERT_EQ(files[4].name, "one.xhtml");
  files[4].name = "One.XHTML";
  EXPECT_NE(read_epub(make_zip(files), kLimit).value().text.find("dark"), std::string::npos);
  EXPECT_EQ(read_epub(make_zip(files), kLimit).value().missing_chapters, 0U);
  files[4].name = "other.xhtml";
  EXPECT_EQ(read_epub(make_zip(files), kLimit).value().missing_chapters, 1U);
}

TEST(Epub, TakesAChapterOnceHoweverOftenItsSpineNamesIt) {
  auto files = epub_files("It was dark.", "b");
  std::string& package = files[2].content;
  const std::size_t first = package.find("<itemref");
  const std::string itemref = package.substr(first, package.find('>', first) + 1 - first);
  package.insert(first, itemref + "<itemref idref='none'/><itemref idref='none'/>");
  const Book book = read_epub(make_zip(files), kLimit).value();
  EXPECT_EQ(book.text.find("dark"), book.text.rfind("dark")) << book.text;
  EXPECT_EQ(book.missing_chapters, 1U);
}

/// A book of two chapters, and a third one that its manifest and spine list so.
std::vector<ZippedFile> with_third(const std::string& items, const std::string& id,
                                   const std::vector<ZippedFile>& more) {
  auto files = epub_files("It was dark.", "b");
  std::string& package = files[2].content;
  package.insert(package.find("</manifest>"), items);
  package.insert(package.find("</spine>"), "<itemref idref='" + id + "'/>");
  files.insert(files.end(), more.begin(), more.end());
  return files;
}

TEST(Epub, ReadsChaptersOfOldBooksAndTheFallbacksOfOtherMediaTypes) {
  const ZippedFile third = {"OEBPS/3", "<html><body><p>The third chapter.</p></body></html>"};
  for (const char* items :
       {"<item id='c' href='3' media-type='text/x-oeb1-document'/>",
        "<item id='c' href='3' media-type='Application/XHTML+XML; charset=utf-8'/>",
        "<item id='c' href='3.x' media-type='application/x-y' fallback='d'/>"
        "<item id='d' href='3' media-type='application/xhtml+xml'/>",
        "<item id='c' href='3.x' media-type='application/x-y' fallback='d'/>"
        "<item id='d' href='3.svg' media-type='image/svg+xml' fallback='e'/>"
        "<item id='e' href='3' media-type='text/html'/>"}) {
    const Book book = read_epub(make_zip(with_third(items, "c", {third})), kLimit).value();
    EXPECT_TRUE(book.text.ends_with("\n\nThe third chapter.")) << items << book.text;
    EXPECT_EQ(book.missing_chapters, 0U) << items;
  }
}

TEST(Epub, CountsChaptersOfAFormThatIsNotReadAndNoPictures) {
  const std::vector<ZippedFile> more = {{"OEBPS/t.svg", "<svg><g><text>Words</text></g></svg>"},
                                        {"OEBPS/p.svg", "<svg><path d='M0 0'/></svg>"},
                                        {"OEBPS/bad.svg", "<svg><path d='M0 0'/></svg>", 5},
                                        {"OEBPS/3", "text"}};
  for (const auto& [item, missing] : std::vector<std::pair<std::string, std::uint64_t>>{
           {"href='3' media-type='application/x-dtbook+xml'", 1},
           {"href='3' media-type='text/plain'", 1},
           {"href='3'", 1},
           {"href='3' media-type='application/x-y' fallback='none'", 1},
           {"href='3' media-type='application/x-y' fallback='c'", 1},
           {"href='t.svg' media-type='image/svg+xml'", 1},
           {"href='bad.svg' media-type='image/svg+xml'", 1},
           {"href='p.svg' media-type='image/svg+xml'", 0},
           {"href='p.jpg' media-type='image/jpeg'", 0}}) {
    const Book book =
        read_epub(make_zip(with_third("<item id='c' " + item + "/>", "c", more)), kLimit).value();
    EXPECT_EQ(book.missing_chapters, missing) << item;
    EXPECT_TRUE(book.text.ends_with("b")) << item << book.text;
  }
}

TEST(Epub, CountsAChapterOfBytesThatAreNoText) {
  std::string noise = "<html><body><p>";
  for (int i = 0; i < 4000; ++i)
    noise += static_cast<char>(i * 7 + i / 256);
  for (const std::string& bytes : {noise, std::string("\x89PNG\r\n\x1A\n") + noise}) {
    const Book book =
        read_epub(make_zip(with_third("<item id='c' href='3' media-type='application/xhtml+xml'/>",
                                      "c", {{"OEBPS/3", bytes}})),
                  kLimit)
            .value();
    EXPECT_EQ(book.missing_chapters, 1U);
    EXPECT_TRUE(book.text.ends_with("b")) << book.text;
  }
}

TEST(Epub, ReadsAFileOnceWhateverIdsAndNamesLeadToIt) {
  for (const std::string_view href : {"../one.xhtml", "./../one.xhtml#here", "/One.XHTML"}) {
    const std::string items =
        "<item id='c' href='" + std::string(href) + "' media-type='application/xhtml+xml'/>";
    const Book book = read_epub(make_zip(with_third(items, "c", {})), kLimit).value();
    EXPECT_EQ(book.text.find("dark"), book.text.rfind("dark")) << href << book.text;
    EXPECT_EQ(book.missing_chapters, 0U) << href;
  }
}

TEST(Epub, IsReadInLinearTimeWhereItLacksManyChaptersAmongManyFiles) {
  constexpr int kFiles = 60'000;
  constexpr int kChapters = 50'000;
  auto files = epub_files("It was dark.", "b");
  std::string items;
  std::string spine;
  for (int i = 0; i < kChapters; ++i) {
    items += fmt::format("<item id='m{0}' href='m{0:06}' media-type='text/html'/>", i);
    spine += fmt::format("<itemref idref='m{0}'/><itemref idref='m{0}'/>", i);
  }
  std::string& package = files[2].content;
  package.insert(package.find("</manifest>"), items);
  package.insert(package.find("</spine>"), spine);
  for (int i = 0; i < kFiles; ++i) {
    files.push_back({fmt::format("OEBPS/x{:06}", i), ""});
  }
  const std::string bytes = make_zip(files);
  const std::clock_t start = std::clock();
  const Book book = read_epub(bytes, 64 * kLimit).value();
  EXPECT_EQ(book.missing_chapters, std::uint64_t{kChapters});
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 20.0);
}

TEST(Epub, IsBoundedByWhatItUnpacksInAll) {
  const auto files = epub_files(std::string(700'000, 'a'), std::string(700'000, 'b'));
  EXPECT_EQ(read_epub(make_zip(files), kLimit).error().code, Code::resource_exhausted);
  EXPECT_TRUE(read_epub(make_zip(files), 2 * kLimit).has_value());
  auto encrypted = epub_files(std::string(700'000, 'a'), "b");
  encrypted.push_back({"META-INF/encryption.xml", std::string(700'000, ' ') + "<encryption/>"});
  EXPECT_EQ(read_epub(make_zip(encrypted), kLimit).error().code, Code::resource_exhausted);
}

TEST(Epub, RefusesWhatIsNoneAndWhatIsEncrypted) {
  EXPECT_EQ(read_epub("no book", kLimit).error().code, Code::corrupt_data);
  EXPECT_EQ(read_epub(make_zip({{"a", "b"}}), kLimit).error().code, Code::corrupt_data);
  auto files = epub_files("a", "b");
  files.push_back({"META-INF/encryption.xml",
                   "<encryption><CipherReference URI=\"OEBPS/font.otf\"/></encryption>"});
  EXPECT_TRUE(read_epub(make_zip(files), kLimit).has_value()) << "only a font";
  files.back().content = "<encryption><CipherReference URI=\"one.xhtml\"/></encryption>";
  EXPECT_EQ(read_epub(make_zip(files), kLimit).error().code, Code::unsupported);
}

TEST(PdfPages, LoseRunningHeadsPageNumbersAndHyphens) {
  std::vector<std::string> pages;
  for (int i = 1; i <= 4; ++i) {
    pages.push_back(fmt::format(
        "THE BOOK {}\nThis line of page {} is long enough to go on in the next line, for exam-\n"
        "ple here, where the sentence of the page comes to its end at last.\n{}\n",
        i, i, i + 10));
  }
  const std::string text = join_pages(pages);
  EXPECT_EQ(text.find("THE BOOK"), std::string::npos) << text;
  EXPECT_EQ(text.find("11"), std::string::npos) << text;
  EXPECT_NE(text.find("of page 3 is long"), std::string::npos);
  EXPECT_NE(text.find("for example here"), std::string::npos) << text;
}

TEST(PdfPages, KeepWhatDoesNotReturn) {
  EXPECT_EQ(join_pages({"First.\n", "Second.\n"}), "First. Second.");
  EXPECT_EQ(join_pages({}), "");
}

TEST(Pdf, IsReadWherePopplerIsBuiltIn) {
  const std::string bytes = make_pdf({{"Hello of page one."}, {"Hello of page two."}});
  const auto book = read_pdf(bytes, kLimit);
  if (!has_pdf()) {
    ASSERT_FALSE(book.has_value());
    EXPECT_EQ(book.error().code, Code::unsupported);
    EXPECT_NE(book.error().message.find("libpoppler-cpp-dev"), std::string::npos);
    return;
  }
  ASSERT_TRUE(book.has_value()) << book.error().message;
  EXPECT_NE(book.value().text.find("Hello of page one."), std::string::npos);
  EXPECT_NE(book.value().text.find("Hello of page two."), std::string::npos);
  EXPECT_EQ(read_pdf("no PDF", kLimit).error().code, Code::corrupt_data);
  EXPECT_EQ(read_pdf(bytes, 10).error().code, Code::resource_exhausted);
}

}  // namespace
}  // namespace aludel::text
