#include <chrono>
#include <filesystem>
#include <set>

#include "tests/faulty_file_system.h"
#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/io/codec.h"
#include "aludel/io/formats/warc.h"

// Tests which records of a source become documents, and what of a record survives.
namespace aludel::curate {
namespace {

class JsonDocuments : public testing::Test {
 protected:
  struct Read {
    std::vector<Document> documents;
    std::map<std::string, std::uint64_t> problems;
    std::map<std::string, std::string> examples;
    std::size_t parts = 0;

    std::vector<std::string> texts() const {
      std::vector<std::string> all;
      for (const Document& document : documents) {
        all.push_back(document.text);
      }
      return all;
    }
  };

  JsonDocuments() {
    config_.task_megabytes = 1;
    config_.sources.emplace_back().name = "s";
  }

  std::string write(const std::string& name, std::string_view bytes) {
    EXPECT_TRUE(files_.make_folders(io::folder_of(folder_ / name)));
    EXPECT_TRUE(io::write_file(files_, folder_ / name, bytes));
    return folder_ / name;
  }

  std::vector<Shard> plan(const std::string& path) {
    config_.sources[0].path = {path};
    return plan_shards(files_, sources_to_cut(config_)).value();
  }

  Read read(const std::vector<Shard>& shards) {
    Read all;
    for (const Shard& shard : shards) {
      for (const FilePart& part : shard.parts) {
        ++all.parts;
        const auto reader = open_documents(files_, config_.sources[0], part).value();
        for (ReadDocument item; reader->next(item).value();) {
          all.documents.push_back(item.document);
        }
        for (const auto& [reason, count] : reader->problems()) {
          all.problems[reason] += count;
        }
        all.examples.insert(reader->examples().begin(), reader->examples().end());
      }
    }
    return all;
  }

  Read read_file(const std::string& name, std::string_view bytes) {
    return read(plan(write(name, bytes)));
  }

  /// Reads one record.
  Document document(std::string_view record) {
    const Read all = read_file("one.jsonl", record);
    EXPECT_EQ(all.documents.size(), 1U) << record;
    return all.documents.empty() ? Document() : all.documents[0];
  }

  TemporaryFolder folder_;
  io::LocalFileSystem files_;
  CurateConfig config_;
};

using Texts = std::vector<std::string>;
using Problems = std::map<std::string, std::uint64_t>;

/// Returns records with the texts "0 …", "1 …" of about 1,000 bytes that hardly compress.
std::string many_records(std::size_t count) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) {
    Rng rng(3, i);
    std::string text = fmt::format("{} ", i);
    while (text.size() < 1000) {
      text += fmt::format("{:x}", rng.next());
    }
    lines += fmt::format("{{\"id\":{},\"text\":\"{}\"}}\n", i, text);
  }
  return lines;
}

void expect_each_once(const std::vector<std::string>& texts, std::size_t count) {
  ASSERT_EQ(texts.size(), count);
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_TRUE(texts[i].starts_with(fmt::format("{} ", i))) << i;
  }
}

TEST_F(JsonDocuments, AreReadOnceWhateverTheNameSaysOfTheirCompression) {
  const std::string lines = many_records(3000);
  for (const std::string& bytes : {lines, io::compress_gzip(lines), io::compress_zstd(lines),
                                   io::compress_gzip(lines.substr(0, lines.size() / 2)) +
                                       io::compress_gzip(lines.substr(lines.size() / 2))}) {
    for (const char* name : {"a.jsonl", "a.jsonl.gz", "a.ndjson.zst", "a.json"}) {
      const Read all = read_file(name, bytes);
      expect_each_once(all.texts(), 3000);
      EXPECT_TRUE(all.problems.empty()) << name;
      EXPECT_EQ(all.parts > 1, bytes == lines) << "only lines as they are can be cut";
    }
  }
}

TEST_F(JsonDocuments, BehindALineThatIsTooLongAreReadOnce) {
  for (const std::size_t megabytes : {65UL, 70UL}) {
    std::string bytes = R"({"text":"first"})"
                        "\n"
                        R"({"text":")";
    bytes.append(megabytes << 20U, 'x');
    bytes +=
        "\"}\n\n"
        R"({"text":"second"})"
        "\n"
        R"({"text":"third"})";
    const Read all = read_file("a.jsonl", bytes);
    EXPECT_EQ(all.texts(), (Texts{"first", "second", "third"}));
    EXPECT_EQ(all.problems, (Problems{{"too_large", 1}})) << "said by the part it begins in";
    EXPECT_GT(all.parts, 30U);
  }
}

TEST_F(JsonDocuments, AreNotLookedForWithoutEndWhereAFileFails) {
  const auto shards = plan(write("a.jsonl", many_records(900)));
  const FilePart& part = shards[0].parts[0];
  std::size_t failed_inside = 0;
  for (std::uint64_t n = 1; n <= 8; ++n) {  // a fault in opening the file, then in reading it
    FaultyFileSystem faulty(files_);
    faulty.fail_at(n, Code::resource_exhausted, true);
    const auto reader = open_documents(faulty, config_.sources[0], part);
    if (!reader) continue;
    ReadDocument item;
    std::size_t read = 0;
    while (read < 1000) {
      const auto more = reader.value()->next(item);
      if (!more || !more.value()) break;
      ++read;
    }
    EXPECT_LT(read, 900U);
    EXPECT_TRUE(reader.value()->problems().empty()) << "no line was too long";
    ++failed_inside;
  }
  EXPECT_GT(failed_inside, 3U);
}

TEST_F(JsonDocuments, KeepTheirIdsWhenAFileIsCutElsewhere) {
  const std::string path = write("a.jsonl", many_records(4000));
  const Read small = read(plan(path));
  config_.task_megabytes = 100;
  const Read whole = read(plan(path));
  EXPECT_EQ(whole.parts, 1U);
  ASSERT_EQ(small.documents.size(), whole.documents.size());
  for (std::size_t i = 0; i < whole.documents.size(); ++i) {
    ASSERT_EQ(small.documents[i].id, whole.documents[i].id);
  }
}

TEST_F(JsonDocuments, LoseNoneToAByteOrderMark) {
  const std::string mark = "\xEF\xBB\xBF";
  const std::string one = R"({"text":"one"})";
  const std::string two = R"({"text":"two"})";
  EXPECT_EQ(read_file("a.jsonl", mark + one + "\n" + two).texts(), (Texts{"one", "two"}));
  EXPECT_EQ(read_file("a.jsonl", mark + one + "\r\n" + mark + two + "\r\n").texts(),
            (Texts{"one", "two"}));
  EXPECT_EQ(read_file("a.jsonl.gz",
                      io::compress_gzip(mark + one + "\n") + io::compress_gzip(mark + two + "\n"))
                .texts(),
            (Texts{"one", "two"}));
  EXPECT_EQ(read_file("a.json", mark + "[" + one + ",\n" + two + "]").texts(),
            (Texts{"one", "two"}));
}

TEST_F(JsonDocuments, InUtf16AreReadPlainAndCompressed) {
  std::string bytes = "\xFF\xFE";
  for (const char c : std::string("{\"text\":\"one\"}\r\n{\"text\":\"two\"}\r\n")) {
    bytes += c;
    bytes += '\0';
  }
  EXPECT_EQ(read_file("a.jsonl", bytes).texts(), (Texts{"one", "two"}));
  EXPECT_EQ(read_file("a.jsonl.gz", io::compress_gzip(bytes)).texts(), (Texts{"one", "two"}));
}

TEST_F(JsonDocuments, OfAnArrayOrOverSeveralLinesAreReadLikeLines) {
  EXPECT_EQ(read_file("a.json", R"([{"text":"one"},{"text":"two"}])").texts(),
            (Texts{"one", "two"}));
  EXPECT_EQ(read_file("a.jsonl", "{\n  \"text\": \"one\"\n}\n{\n  \"text\": \"two\"\n}\n").texts(),
            (Texts{"one", "two"}));
  std::string array = "[";
  for (std::size_t i = 0; i < 3000; ++i) {
    array += fmt::format("{}{{\"text\":\"{} {}\"}}", i == 0 ? "" : ",\n", i, std::string(900, 'x'));
  }
  const Read all = read_file("big.json", array + "]");
  expect_each_once(all.texts(), 3000);
  EXPECT_EQ(all.parts, 1U);
}

TEST_F(JsonDocuments, AreLostToTheirTextAlone) {
  const Read all = read_file("a.jsonl", R"({"id":1,"text":null}
{"id":2,"text":["a","b"]}
{"id":3,"content":"a","url":"u"}
{"id":4,"text":5}
{"id":5,"text":""}
[1,2]
"a string"
not json
{"id":6,"text":"a","cut":"
)");
  EXPECT_TRUE(all.documents.empty());
  EXPECT_EQ(all.problems,
            (Problems{{"bad_document", 4}, {"bad_json", 2}, {"empty", 2}, {"no_text_key", 1}}));
  EXPECT_EQ(all.examples.at("no_text_key"), "[document] no 'text'; its members: id, content, url");
}

TEST_F(JsonDocuments, TakeAnyTypeInEveryOtherMember) {
  for (const char* member : {R"("id":17)",
                             R"("id":1.5)",
                             R"("id":18446744073709551616)",
                             R"("id":true)",
                             R"("id":[1])",
                             R"("id":{"$oid":"a"})",
                             R"("date":1716000000)",
                             R"("language":["en"])",
                             R"("source":{"a":1})",
                             R"("url":null)",
                             R"("url":5)",
                             R"("annotations":[{"by":"me"}])",
                             R"("annotations":"x")",
                             R"("annotations":{"read":5,"metrics":"good"})",
                             R"("metadata":[1])",
                             R"("metadata":"none")",
                             R"("score":"high")",
                             R"("kind":0)",
                             R"("profile":[])",
                             R"("dump":2024)",
                             R"("n":1e999)",
                             R"("n":NaN)",
                             R"("t":"\ud83d")"}) {
    EXPECT_EQ(document(fmt::format("{{\"text\":\"a\",{}}}", member)).text, "a") << member;
  }
  EXPECT_EQ(document(R"({"text":"short","text":"long"})").text, "long");
}

TEST_F(JsonDocuments, MakeTextOfNumbersAndKeepTheRestAsItIs) {
  const Document found = document(
      R"({"text":"a","id":17,"date":1716000000,"dump":2024,"language":["en"],"source":{"a":[1]},)"
      R"("score":0,"reason":"r","tokens":12345678901234567890,"annotations":["me"],"x":null})");
  EXPECT_EQ(found.annotations.find("read")->string_or("id", ""), "17");
  EXPECT_EQ(found.date, "1716000000");
  EXPECT_EQ(found.dump, "2024");
  EXPECT_EQ(found.source, "s");
  EXPECT_EQ(found.metadata.dump(),
            R"({"language":["en"],"source":{"a":[1]},"score":0,"reason":"r",)"
            R"("tokens":"12345678901234567890","annotations":["me"],"x":null})");
  EXPECT_TRUE(found.rejected_by.empty() && found.reason.empty());
}

TEST_F(JsonDocuments, KeepWhatTheSourceOrALayerMaySayOtherwise) {
  const Document found = document(
      R"({"text":"a","source":"stack","kind":"code","language":"fr","cluster":"of ours"})");
  EXPECT_EQ(found.source, "s");
  EXPECT_EQ(found.metadata.dump(),
            R"({"source":"stack","kind":"code","language":"fr","cluster":"of ours"})");
  EXPECT_EQ(found.cluster, "of ours");
  EXPECT_EQ(document(R"({"text":"a","cluster":3})").metadata.dump(), R"({"cluster":3})");
}

TEST_F(JsonDocuments, TakeMetadataAsDatatroveWritesIt) {
  const Document found = document(
      R"({"text":"a","id":"<urn:1>","metadata":{"url":"https://a.example/","dump":"CC-MAIN-2024-10",)"
      R"("date":"2024-03-01T00:00:00Z","language":"en","language_score":0.9,"file_path":"s3://x"}})");
  EXPECT_EQ(found.url, "https://a.example/");
  EXPECT_EQ(found.dump, "CC-MAIN-2024-10");
  EXPECT_EQ(found.date, "2024-03-01T00:00:00Z");
  EXPECT_EQ(found.language, "en");
  EXPECT_EQ(found.annotations.find("read")->string_or("id", ""), "<urn:1>");
  EXPECT_EQ(found.metadata.string_or("file_path", ""), "s3://x");
  EXPECT_EQ(found.metadata.number_or("language_score", 0), 0.9);
  EXPECT_EQ(document(R"({"text":"a","url":"mine","metadata":{"url":"theirs"}})").url, "mine");
  EXPECT_EQ(document(R"({"text":"a","metadata":"{\"date\":\"2020\"}"})").date, "2020")
      << "as kept/ has it";
  EXPECT_EQ(document(R"({"text":"a","n":1,"m":3,"metadata":{"n":2,"m":3}})").metadata.dump(),
            R"({"n":2,"m":3,"n_":1})");
}

TEST_F(JsonDocuments, TakeTextAndIdFromTheMembersThatTheSourceNames) {
  config_.sources[0].text_key = "content";
  config_.sources[0].id_key = "meta.nr";
  const Document found = document(R"({"content":"a","text":"other","meta":{"nr":7,"by":"me"}})");
  EXPECT_EQ(found.text, "a");
  EXPECT_EQ(found.annotations.find("read")->string_or("id", ""), "7");
  EXPECT_EQ(found.metadata.dump(), R"({"text":"other","meta":{"by":"me"}})");
  config_.sources[0].text_key = "page.body";
  EXPECT_EQ(document(R"({"page":{"body":"b"}})").text, "b");
  EXPECT_EQ(document(R"({"page.body":"c"})").text, "c");
  EXPECT_EQ(read_file("a.jsonl", R"({"text":"a"})").problems, (Problems{{"no_text_key", 1}}));
}

TEST_F(JsonDocuments, AreFoundByTheirBytesUnderAnotherName) {
  for (const char* name : {"a.txt", "a", "part-00000", "a.bin", "a.txt.gz"}) {
    EXPECT_EQ(read_file(name, "{\"text\":\"one\"}\n{\"text\":\"two\"}\n").texts(),
              (Texts{"one", "two"}))
        << name;
  }
  for (const char* name : {"d.txt", "d.html", "d.TXT"}) {
    for (const char* bytes : {"\xEF\xBB\xBF{\"text\":\"one\"}\n{\"text\":\"two\"}\n",
                              "\n\n{\"text\":\"one\"}\n{\"text\":\"two\"}",
                              "{\"a\":1}\n{\"text\":\"one\"}\n{\"text\":\"two\"}\n",
                              " [ {\"text\":\"one\"},\n {\"text\":\"two\"} ]"}) {
      EXPECT_EQ(read_file(name, bytes).texts(), (Texts{"one", "two"})) << name << bytes;
    }
  }
  EXPECT_EQ(read_file("a.TXT", "[ {a} is a set ]").texts(), Texts{"[ {a} is a set ]"});
  EXPECT_EQ(read_file("b.txt", "{x} is a set.").texts(), Texts{"{x} is a set."});
  EXPECT_EQ(read_file("c.txt", R"({"a":1})").texts(), Texts{R"({"a":1})"});
}

TEST_F(JsonDocuments, AreToldByTheirMembersBeforeTheHeadCutsTheFirstOne) {
  const std::string long_text(100'000, 'x');
  const std::string record = R"({"id":{"a":[1,"}"]},"text":")" + long_text + "\"}";
  for (const std::string& bytes :
       {record + "\n{\"text\":\"two\"}\n", "[" + record + ",{\"text\":\"two\"}]"}) {
    EXPECT_EQ(read_file("a.txt", bytes).texts(), (Texts{long_text, "two"}));
  }
  const std::string no_record = R"({"x":{"text":"a"},"long":")" + long_text + "\"}";
  EXPECT_EQ(read_file("b.txt", no_record).texts(), Texts{no_record});
}

TEST_F(JsonDocuments, AndPagesAreToldApartByTheirBytes) {
  auto writer = io::WarcWriter::create(files_, folder_ / "w.warc.gz").value();
  ASSERT_TRUE(writer.write_response("http://a/1", "2024-05-18T01:58:10Z",
                                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", "<p>1"));
  ASSERT_TRUE(writer.commit());
  const std::string archive = io::read_file(files_, folder_ / "w.warc.gz").value();
  for (const char* name : {"a.jsonl", "a.txt.gz", "a.html", "a"}) {
    const Read all = read_file(name, archive);
    ASSERT_EQ(all.documents.size(), 1U) << name;
    EXPECT_EQ(all.documents[0].url, "http://a/1");
  }
}

TEST_F(JsonDocuments, OfAnEmptyFileAreMissedByReason) {
  EXPECT_EQ(read_file("a.jsonl", "").problems, (Problems{{"empty", 1}}));
  EXPECT_EQ(read_file("a.jsonl", "\n \n").problems, (Problems{{"empty", 1}}));
  EXPECT_EQ(read_file("a.jsonl.gz", io::compress_gzip("")).problems, (Problems{{"empty", 1}}));
  EXPECT_EQ(read_file("a.json", "[]").problems, (Problems{{"empty", 1}}));
}

TEST_F(JsonDocuments, OfAFileThatChangedBehindThePlanAreNotReadHalf) {
  for (const char* name : {"a.jsonl", "a.txt"}) {
    const std::string lines = "{\"text\":\"one\"}\n{\"text\":\"two\"}\n";
    const std::string path = write(name, lines);
    const auto shards = plan(path);
    write(name, lines.substr(0, 20));
    EXPECT_EQ(read(shards).problems, (Problems{{"changed_file", 1}})) << "shorter";
    write(name, lines + "{\"text\":\"three\"}\n");
    EXPECT_EQ(read(shards).problems, (Problems{{"changed_file", 1}})) << "longer";
    const auto planned_at = std::filesystem::last_write_time(path);
    write(name, "{\"text\":\"two\"}\n{\"text\":\"one\"}\n");
    std::filesystem::last_write_time(path, planned_at + std::chrono::seconds(1));
    EXPECT_EQ(read(shards).problems, (Problems{{"changed_file", 1}})) << "of the same size";
    EXPECT_NE(plan(path).at(0).content, shards.at(0).content) << "nor is it the same to a run";
    ASSERT_TRUE(files_.remove(path));
    EXPECT_EQ(read(shards).problems, (Problems{{"missing_file", 1}}));
    EXPECT_TRUE(read(shards).documents.empty());
  }
}

TEST_F(JsonDocuments, OfTooManyValuesAreCounted) {
  std::string many = R"({"text":"a")";
  std::string list = "[]";
  for (int i = 0; i < (1 << 20) + 2; ++i) {
    many += R"(,"a":1)";
    list += ",[]";
  }
  const Read all = read_file(
      "a.jsonl.gz", io::compress_gzip(many + "}\n{\"text\":\"b\",\"list\":[" + list + "]}\n"));
  EXPECT_EQ(all.texts(), Texts{"b"});
  EXPECT_EQ(all.problems, (Problems{{"too_many_values", 1}}));
  EXPECT_EQ(all.documents.at(0).metadata.string_or("list", "").size(), list.size() + 2);
}

}  // namespace
}  // namespace aludel::curate
