#include "aludel/text/corpus_reader.h"

#include <filesystem>

#include "tests/http_server.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/io/codec.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::text {
namespace {

class CorpusReaderFiles : public testing::Test {
 protected:
  void write(std::string_view name, std::string_view bytes) {
    ASSERT_TRUE(io::write_file(files_, folder_ / name, bytes));
  }

  io::LocalFileSystem files_;
  TemporaryFolder folder_;
};

TEST_F(CorpusReaderFiles, GiveDocumentsInTheOrderOfPathsAndCountBadLines) {
  write("b.jsonl",
        "{\"id\":\"x\",\"text\":\"one\",\"source\":\"web\",\"cluster\":\"w\"}\n"
        "not json\n\n{\"text\":7}\n{\"text\":\"\"}\n{\"text\":\"two\"}\n");
  write("a.jsonl.zst", io::compress_zstd("{\"id\":\"first\",\"text\":\"zero\"}\n"));
  write("c.txt", "plain\ntext");
  write("ledger.json", "{}");
  auto reader = CorpusReader::open(files_, {folder_.path()});
  ASSERT_TRUE(reader) << reader.error().message;
  const auto batch = reader.value().next_batch();
  ASSERT_TRUE(batch) << batch.error().message;
  ASSERT_EQ(batch.value().size(), 4U);
  EXPECT_EQ(batch.value()[0].text, "zero");
  EXPECT_EQ(batch.value()[0].cluster, "first");
  EXPECT_EQ(batch.value()[1].id, "x");
  EXPECT_EQ(batch.value()[1].source, "web");
  EXPECT_EQ(batch.value()[1].cluster, "w");
  EXPECT_EQ(batch.value()[2].text, "two");
  EXPECT_TRUE(batch.value()[2].id.ends_with("b.jsonl:6"));
  EXPECT_EQ(batch.value()[3].text, "plain\ntext");
  EXPECT_EQ(reader.value().bad_lines(), 2U);
  EXPECT_TRUE(reader.value().next_batch().value().empty());
  EXPECT_TRUE(reader.value().expect_documents("tokenize"));
}

TEST_F(CorpusReaderFiles, SaysThatNothingHadAText) {
  write("a.jsonl", "{\"content\":\"one\"}\n{\"content\":\"two\"}\n");
  auto reader = CorpusReader::open(files_, {folder_.path()}).value();
  EXPECT_TRUE(reader.next_batch().value().empty());
  const Status status = reader.expect_documents("tokenize");
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("[tokenize] no document with a text"), std::string::npos);
}

TEST_F(CorpusReaderFiles, RefusesARunWithWhatItDropped) {
  ASSERT_TRUE(files_.make_folders(folder_ / "run/kept"));
  ASSERT_TRUE(files_.make_folders(folder_ / "run/rejects"));
  write("run/kept/a.jsonl", "{\"text\":\"kept\"}\n");
  write("run/rejects/a.jsonl", "{\"text\":\"dropped\"}\n");
  const auto whole = CorpusReader::open(files_, {folder_ / "run"});
  ASSERT_FALSE(whole);
  EXPECT_NE(whole.error().message.find("run/kept"), std::string::npos) << whole.error().message;
  EXPECT_EQ(CorpusReader::open(files_, {folder_ / "run/kept"}).value().next_batch().value().size(),
            1U);
}

TEST_F(CorpusReaderFiles, RefuseWhatRunsDroppedHoweverDeepTheyLie) {
  for (const char* folder : {"runs/web/kept", "runs/web/rejects", "runs/deep/er/kept",
                             "lists/rejects", "lists/kept-not"}) {
    ASSERT_TRUE(files_.make_folders(folder_ / folder));
    write(std::string(folder) + "/a.jsonl", "{\"text\":\"a\"}\n");
  }
  for (const std::string& path : {folder_ / "runs", folder_ / "runs/", folder_ / "runs/**.jsonl",
                                  folder_ / "runs/*/*/a.jsonl", folder_.path()}) {
    const auto all = CorpusReader::open(files_, {path});
    ASSERT_FALSE(all) << path;
    EXPECT_NE(all.error().message.find("web/rejects in it"), std::string::npos)
        << all.error().message;
    EXPECT_NE(all.error().message.find("web/kept, or"), std::string::npos) << all.error().message;
  }
  for (const std::string& path : {folder_ / "runs/web/kept", folder_ / "runs/web/rejects",
                                  folder_ / "runs/**/kept/*", folder_ / "lists"}) {
    EXPECT_TRUE(CorpusReader::open(files_, {path})) << path;
  }
}

TEST(CorpusReaderAddresses, AreKnownByTheirNameWithoutTheirQuery) {
  const TestServer server([](const ServedRequest&) {
    return ServedReply{.body = "{\"text\":\"one\"}\n{\"text\":\"two\"}\n"};
  });
  io::SchemeFileSystem files({}, kImpatient);
  auto reader =
      CorpusReader::open(files, {server.url("/a.jsonl?key=secret"), server.url("/b.txt?x#y")})
          .value();
  const auto batch = reader.next_batch().value();
  ASSERT_EQ(batch.size(), 3U);
  EXPECT_EQ(batch[1].text, "two");
  EXPECT_EQ(batch[1].id, server.url("/a.jsonl") + ":2");
  EXPECT_EQ(batch[2].id, server.url("/b.txt"));
  EXPECT_EQ(batch[2].cluster, batch[2].id);
}

TEST_F(CorpusReaderFiles, AreEndedByTheBatchSize) {
  write("a.jsonl", "{\"text\":\"12345\"}\n{\"text\":\"67890\"}\n{\"text\":\"x\"}\n");
  auto reader = CorpusReader::open(files_, {folder_ / "a.jsonl"});
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader.value().next_batch(6).value().size(), 2U);
  EXPECT_EQ(reader.value().next_batch(6).value().size(), 1U);
}

TEST_F(CorpusReaderFiles, LoseNoDocumentToAFlawOrTheTypeOfAnotherMember) {
  write("a.jsonl",
        "\xEF\xBB\xBF{\"id\":7,\"text\":\"a\\ud83d\",\"n\":1e999}\r\n"
        "{\"id\":[1],\"text\":\"b\xFF\",\"source\":5,\"annotations\":\"{x\"}\n"
        "{\"text\":\"c\",\"id\":\"d\",\"cluster\":5}\n");
  auto reader = CorpusReader::open(files_, {folder_.path()}).value();
  const auto batch = reader.next_batch().value();
  ASSERT_EQ(batch.size(), 3U);
  EXPECT_EQ(batch[0].id, "7");
  EXPECT_EQ(batch[0].text, "a\xEF\xBF\xBD");
  EXPECT_TRUE(batch[1].id.ends_with("a.jsonl:2"));
  EXPECT_EQ(batch[1].source, "5");
  EXPECT_EQ(batch[2].cluster, "d") << "another tool's number names no near-duplicates";
  EXPECT_EQ(reader.bad_lines(), 0U);
}

TEST_F(CorpusReaderFiles, AreReadAsRowsWhateverTheirName) {
  write("array.json", R"([{"text":"one"},{"text":"two"}])");
  write("lines.txt", "{\"text\":\"three\"}\n{\"text\":\"four\"}\n");
  write("plain.txt", "{not} json");
  // As curate tells records: behind others without a text, in an array, over several lines, and
  // longer than what is looked at.
  write("late.txt", "\n{\"id\":1}\n\n{\"text\":\"five\"}\n");
  write("array.txt", "[\n{\"text\":\"six\"}]");
  write("pretty.TXT", "{\n  \"text\": \"seven\"\n}\n");
  write("cut.txt", "{\"text\":\"eight\",\"html\":\"" + std::string(100'000, 'x') + "\"}\n");
  auto reader = CorpusReader::open(
                    files_, {folder_ / "array.json", folder_ / "lines.txt", folder_ / "plain.txt",
                             folder_ / "late.txt", folder_ / "array.txt", folder_ / "pretty.TXT",
                             folder_ / "cut.txt"})
                    .value();
  std::vector<std::string> texts;
  for (const CorpusDocument& document : reader.next_batch().value()) {
    texts.push_back(document.text);
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"one", "two", "three", "four", "{not} json", "five",
                                             "six", "seven", "eight"}));
}

TEST_F(CorpusReaderFiles, AreDecodedWhereTheyArePlainTextInAnOlderEncoding) {
  write("gbk.txt",
        "\xD5\xE2\xCA\xC7\xD2\xBB\xB8\xF6\xD6\xD0\xCE\xC4\xCD\xF8\xD2\xB3\xA3\xAC\xBD\xB2\xCC\xEC"
        "\xC6\xF8\xBA\xCD\xD0\xC2\xCE\xC5\xA1\xA3");
  write("mark.txt", "\xEF\xBB\xBFtext");
  auto reader = CorpusReader::open(files_, {folder_ / "gbk.txt", folder_ / "mark.txt"}).value();
  const auto batch = reader.next_batch().value();
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch[0].text, "这是一个中文网页，讲天气和新闻。");
  EXPECT_EQ(batch[1].text, "text");
  write("binary.txt", "%PDF-1.7");
  auto binary = CorpusReader::open(files_, {folder_ / "binary.txt"}).value();
  EXPECT_EQ(binary.next_batch().error().code, Code::unsupported);
}

TEST_F(CorpusReaderFiles, AreReadOnceHoweverOftenAndByWhateverPathTheyAreNamed) {
  ASSERT_TRUE(files_.make_folders(folder_ / "in"));
  write("in/a.jsonl", "{\"text\":\"one\"}\n");
  write("in/b.jsonl", "{\"text\":\"two\"}\n");
  std::filesystem::create_symlink("a.jsonl", folder_ / "in/z.jsonl");
  std::filesystem::create_directory_symlink("in", folder_ / "other");
  const std::string in = folder_ / "in";
  auto reader = CorpusReader::open(files_, {in, in, in + "/./b.jsonl", in + "/../in/a.jsonl",
                                            in + "/*.jsonl", folder_ / "other/a.jsonl"})
                    .value();
  const auto batch = reader.next_batch().value();
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch[0].text, "one");
  EXPECT_EQ(batch[1].text, "two");
}

TEST_F(CorpusReaderFiles, SayWhatOfThemHadAnEmptyText) {
  write("a.jsonl", "{\"text\":\"one\"}\n{\"text\":\"\"}\n{\"text\":\"\"}\nnone\n");
  write("b.txt", "");
  testing::internal::CaptureStderr();
  auto reader = CorpusReader::open(files_, {folder_.path()}).value();
  EXPECT_EQ(reader.next_batch().value().size(), 1U);
  EXPECT_TRUE(reader.expect_documents("tokenize"));
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("[tokenize] 3 rows or files had an empty text, the first at " +
                     (folder_ / "a.jsonl:2")),
            std::string::npos)
      << log;
  EXPECT_NE(log.find("[tokenize] 1 rows were no documents"), std::string::npos) << log;
  EXPECT_EQ(reader.bad_lines(), 1U) << "an empty text is no bad line";
}

TEST_F(CorpusReaderFiles, AreNoCorpusWhereTheirTextsAreEmptyOrUnderAnotherName) {
  write("none.jsonl", "");
  write("empty.jsonl", "{\"text\":\"\"}\n");
  write("other.jsonl", "{\"content\":\"one\"}\n");
  for (const char* name : {"none.jsonl", "empty.jsonl", "other.jsonl"}) {
    auto reader = CorpusReader::open(files_, {folder_ / name}).value();
    EXPECT_TRUE(reader.next_batch().value().empty());
    const bool is_under_another_name = std::string_view(name) == "other.jsonl";
    EXPECT_EQ(static_cast<bool>(reader.expect_texts_in_rows("dedup build")), !is_under_another_name)
        << name;
    const Status status = reader.expect_documents("tokenize");
    ASSERT_FALSE(status) << name;
    EXPECT_EQ(status.error().message.find("need a member 'text'") != std::string::npos,
              is_under_another_name)
        << status.error().message;
  }
}

TEST_F(CorpusReaderFiles, AreMissedByNameAlsoBesideOthersThatAreThere) {
  write("a.jsonl", "{\"text\":\"one\"}\n");
  ASSERT_TRUE(files_.make_folders(folder_ / "hollow"));
  for (const std::string& missed :
       {folder_ / "b*.jsonl", folder_ / "no/*.jsonl", folder_ / "hollow", folder_ / "b.jsonl"}) {
    const auto opened = CorpusReader::open(files_, {folder_ / "a.jsonl", missed});
    ASSERT_FALSE(opened) << missed;
    EXPECT_NE(opened.error().message.find(missed.substr(0, missed.find("/*"))), std::string::npos)
        << opened.error().message;
    EXPECT_EQ(opened.error().message.find("a.jsonl"), std::string::npos) << opened.error().message;
  }
}

TEST_F(CorpusReaderFiles, AreMissedWithAClearError) {
  EXPECT_EQ(CorpusReader::open(files_, {folder_.path()}).error().code, Code::invalid_argument);
  EXPECT_EQ(CorpusReader::open(files_, {folder_ / "none"}).error().code, Code::not_found);
}

}  // namespace
}  // namespace aludel::text
