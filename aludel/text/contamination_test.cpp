#include "aludel/text/contamination.h"

#include <set>
#include <string>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/hash.h"
#include "aludel/base/json.h"
#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"
#include "aludel/text/words.h"

namespace aludel::text {
namespace {

std::string numbered(int first, int count) {
  std::string text;
  for (int i = first; i < first + count; ++i) {
    text += "w" + std::to_string(i) + (i % 5 == 0 ? ", " : " ");
  }
  return text;
}

ContaminationIndex index_of(const std::vector<std::string>& items) {
  ContaminationIndex index;
  for (std::size_t i = 0; i < items.size(); ++i) {
    index.add(items[i], i);
  }
  index.freeze();
  return index;
}

TEST(Contamination, FindsRunsOfThirteenAndThirtyWords) {
  const ContaminationIndex index = index_of({numbered(0, 40)});
  EXPECT_EQ(index.size(), 28U + 11U);
  const auto twelve = index.find("x " + numbered(3, 12) + " y");
  EXPECT_EQ(twelve.short_runs + twelve.long_runs, 0U);
  EXPECT_EQ(index.find("x " + numbered(3, 13) + " y").short_runs, 1U);
  const auto thirty_one = index.find(numbered(500, 9) + numbered(0, 31));
  EXPECT_EQ(thirty_one.short_runs, 19U);
  EXPECT_EQ(thirty_one.long_runs, 2U);
}

TEST(Contamination, DoesNotLookAtCaseAndSymbols) {
  const ContaminationIndex index =
      index_of({"What is the Capital of the country that lies north of Spain and Andorra?"});
  EXPECT_EQ(index.find("what is the capital -- of the country that lies north of SPAIN and...")
                .short_runs,
            1U);
}

TEST(Contamination, TakesShortItemsAsAWholeAndLeavesShorterOnesOut) {
  const ContaminationIndex index = index_of({numbered(0, 9), numbered(100, 7)});
  EXPECT_EQ(index.size(), 1U);
  EXPECT_EQ(index.find("and " + numbered(0, 9) + "end").short_runs, 1U);
  EXPECT_EQ(index.find(numbered(0, 8)).short_runs, 0U);
  EXPECT_EQ(index.find(numbered(100, 7)).short_runs, 0U);
}

TEST(Contamination, NamesTheSet) {
  const ContaminationIndex index = index_of({numbered(0, 20), numbered(50, 20)});
  EXPECT_EQ(index.find(numbered(50, 20)).set, 1U);
}

TEST(Contamination, FindsItemsInEveryFormOfTheirLetters) {
  const std::string item =
      "A train of 12 wagons leaves the station at noon and the 2 others leave at dusk";
  const ContaminationIndex index = index_of({item});
  const auto with = [&](const std::string& blank, const std::string& inside) {
    std::string text;
    for (const char c : item) {
      text += c == ' ' ? blank : inside + c;
    }
    return text;
  };
  std::string wide;
  for (const char c : item) {
    append_utf8(wide, c == ' ' ? U'\u3000' : 0xFEE0 + static_cast<char32_t>(c));
  }
  for (const std::string& text :
       {wide, with("&nbsp;", ""), with("\u00A0", ""), with(" ", "\u00AD"), with(" ", "\u200B"),
        with(" ", "&shy;"), with("<br>", ""), with("</b> <b>", ""), with(" ", "<span></span>"),
        with(" ", "\u2060"), with("&#32;", "")}) {
    EXPECT_GT(index.find(text).short_runs, 0U) << text;
  }
  EXPECT_EQ(index.find(item.substr(20)).short_runs, 0U);
}

TEST(Contamination, FindsChineseItemsInEitherFormOfTheirCharacters) {
  const ContaminationIndex simplified = index_of({"图书馆上午九点开门，读者每次可以借十本书。"});
  EXPECT_GT(simplified.find("圖書館上午九點開門，讀者每次可以借十本書。").short_runs, 0U);
  const ContaminationIndex traditional = index_of({"圖書館上午九點開門，讀者每次可以借十本書。"});
  EXPECT_GT(traditional.find("图书馆上午九点开门，读者每次可以借十本书。").short_runs, 0U);
  EXPECT_GT(traditional.find("圖書館上午九點開門，讀者每次可以借十本書。").short_runs, 0U);
}

TEST(Contamination, RefusesAnIndexWhoseWordsWereNotFolded) {
  const auto old = ContaminationIndex::from_bytes("ALUDELE1 and what follows");
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code, Code::unsupported);
  EXPECT_NE(old.error().message.find("build it"), std::string::npos);
}

TEST(Contamination, EqualsBruteForce) {
  for (std::uint64_t item = 0; item < 30; ++item) {
    Rng rng(3, item);
    const auto random = [&](std::size_t count) {
      std::string text;
      for (std::size_t i = 0; i < count; ++i) {
        text += rng.below(20) == 0 ? "b " : "a ";
      }
      return text;
    };
    const std::string evaluation = random(13 + rng.below(60));
    const std::string text = random(rng.below(200));
    const auto grams = [](const std::string& from, std::size_t length) {
      const auto words = word_hashes(from);
      std::vector<std::vector<std::uint64_t>> all;
      for (std::size_t i = 0; i + length <= words.size(); ++i) {
        const auto begin = words.begin() + static_cast<std::ptrdiff_t>(i);
        all.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(length));
      }
      return all;
    };
    const auto brute_force = [&](std::size_t length) {
      const auto known = grams(evaluation, length);
      const std::set<std::vector<std::uint64_t>> known_set(known.begin(), known.end());
      std::size_t count = 0;
      for (const auto& gram : grams(text, length)) {
        count += known_set.count(gram);
      }
      return count;
    };
    const Contamination found = index_of({evaluation}).find(text);
    EXPECT_EQ(found.short_runs, brute_force(13));
    EXPECT_EQ(found.long_runs, brute_force(30));
  }
}

TEST(Contamination, IndexesEveryStringOfTheRows) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  Json row = Json::object();
  row["question"] = numbered(0, 15);
  row["choices"].push_back(numbered(100, 14));
  row["meta"]["note"] = numbered(200, 13);
  ASSERT_TRUE(io::write_file(files, folder / "eval.jsonl", row.dump() + "\n"));
  const auto index = ContaminationIndex::build(files, {folder / "eval.jsonl"}).value();
  EXPECT_EQ(index.size(), 3U + 2U + 1U);
  EXPECT_EQ(index.sets().at(index.find(numbered(200, 13)).set), folder / "eval.jsonl");
  EXPECT_FALSE(ContaminationIndex::build(files, {folder / "missing.jsonl"}));
  EXPECT_EQ(ContaminationIndex::build(files, {}).value().find(numbered(0, 40)).short_runs, 0U);
}

TEST(Contamination, IsTheSameFromAFrozenFileAsFromTheItems) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const auto write_items = [&](const std::string& name, int first) {
    ASSERT_TRUE(
        io::write_file(files, folder / name, "{\"question\":\"" + numbered(first, 40) + "\"}\n"));
  };
  write_items("a.jsonl", 0);
  write_items("b.jsonl", 20);  // shares runs with a
  write_items("c.jsonl", 300);
  const auto both =
      ContaminationIndex::build(files, {folder / "a.jsonl", folder / "b.jsonl"}).value();
  ASSERT_TRUE(io::write_file(files, folder / "ab.index", both.to_bytes()));
  const auto items =
      ContaminationIndex::build(files, {folder / "c.jsonl", folder / "a.jsonl", folder / "b.jsonl"})
          .value();
  const auto frozen =
      ContaminationIndex::build(files, {folder / "c.jsonl", folder / "ab.index"}).value();
  EXPECT_EQ(frozen.to_bytes(), items.to_bytes());
  for (const int first : {5, 30, 310, 500}) {
    const auto expected = items.find(numbered(first, 50));
    const auto found = frozen.find(numbered(first, 50));
    EXPECT_EQ(found.short_runs, expected.short_runs);
    EXPECT_EQ(found.long_runs, expected.long_runs);
    EXPECT_EQ(found.set, expected.set);
  }
}

// A file that was frozen years ago must still find its items: when this fails, words or hashes
// changed, and the file needs another magic.
TEST(Contamination, HashesAsFilesThatAreFrozenDo) {
  EXPECT_EQ(hash64(index_of({"Which of the two trains, 12 or 34, is first to reach \u5317\u4eac?"})
                       .to_bytes()),
            10158921972613537531U);
}

TEST(Contamination, NamesDamageOfAFile) {
  ContaminationIndex index;
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  ASSERT_TRUE(io::write_file(files, folder / "a.jsonl", "[\"" + numbered(0, 14) + "\"]\n"));
  const std::string bytes =
      ContaminationIndex::build(files, {folder / "a.jsonl"}).value().to_bytes();
  ASSERT_TRUE(ContaminationIndex::from_bytes(bytes));
  EXPECT_EQ(ContaminationIndex::from_bytes("ALUDELC1").error().code, Code::corrupt_data);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(ContaminationIndex::from_bytes(bytes.substr(0, i))) << i;
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(ContaminationIndex::from_bytes(flipped)) << i;
  }
  // With a checksum that fits, what it covers is checked.
  const auto sealed = [&](std::size_t at, char value) {
    std::string changed = bytes.substr(0, bytes.size() - 8);
    changed[at] = value;
    const std::uint64_t checksum = hash64(changed);
    return changed.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
  };
  const std::size_t last_entry = bytes.size() - 8 - 16;
  EXPECT_FALSE(ContaminationIndex::from_bytes(sealed(last_entry + 8, 31))) << "31 words";
  EXPECT_FALSE(ContaminationIndex::from_bytes(sealed(last_entry + 12, 1))) << "a set too many";
  EXPECT_FALSE(ContaminationIndex::from_bytes(sealed(last_entry + 7, 0))) << "out of order";
  EXPECT_FALSE(ContaminationIndex::from_bytes(sealed(11, 127))) << "a header beyond the end";
}

}  // namespace
}  // namespace aludel::text
