#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/ascii.h"
#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/base/json.h"
#include "aludel/base/rng.h"
#include "aludel/base/threads.h"
#include "aludel/base/utf8.h"

namespace aludel {
namespace {

TEST(Json, ReadsBackWhatItWrites) {
  const std::string text = R"({"a":[1,-2.5,true,null,"q\"\\\n\u0001é"],"b":{"c":1e-09}})";
  const Json value = parse_json(text).value();
  EXPECT_EQ(value.dump(), text);
  EXPECT_EQ(parse_json(value.dump_pretty()).value(), value);
  for (const char* negative_zero : {"-0.0", "-0e0", "-0E5"}) {
    EXPECT_EQ(parse_json(negative_zero).value().dump(), "-0.0");
  }
}

TEST(Json, EscapesTheSameBytesWhereverTheyStandInAString) {
  const std::pair<std::string, std::string> escapes[] = {
      {"\n", "\\n"}, {"\"", "\\\""}, {"\\", "\\\\"}, {"\x1F", "\\u001f"}};
  for (const auto& [bytes, written] : escapes) {
    for (std::size_t at = 0; at <= 70; ++at) {
      const std::string before(at, '~');
      const std::string behind(70 - at, '\x7F');
      EXPECT_EQ(Json(fmt::format("{}{}{}", before, bytes, behind)).dump(),
                fmt::format("\"{}{}{}\"", before, written, behind));
    }
  }
}

TEST(Ascii, IsNoTextWithOneByteAbove127) {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string text(size, '\x7F');
    EXPECT_TRUE(is_ascii(text));
    EXPECT_EQ(ascii_size(text), size);
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      EXPECT_FALSE(is_ascii(text));
      EXPECT_EQ(ascii_size(text), at);
      text[at] = 'a';
    }
  }
}

TEST(Json, RefusesWhatIsNotJson) {
  EXPECT_EQ(parse_json("{\"a\":").error().code, Code::corrupt_data);
  EXPECT_FALSE(parse_json("").has_value());
  EXPECT_FALSE(parse_json("\"\xff\"").has_value());
  EXPECT_FALSE(parse_json(std::string(5000, '[')).has_value());
}

TEST(Json, ReadsWholeNumbersBeyond64BitsAsReals) {
  EXPECT_EQ(parse_json("18446744073709551616").value().as_number(), 0x1p64);
  EXPECT_EQ(parse_json("-9223372036854775809").value().as_number(), -0x1p63);
  const Json list = parse_json(R"([1, "\"99999999999999999999", 1e2, true,)"
                               R"({"a\\":100000000000000000000}, 9223372036854775807])")
                        .value();
  EXPECT_EQ(list.as_array()[0].as_integer(), 1);
  EXPECT_EQ(list.as_array()[1].as_string(), "\"99999999999999999999");
  EXPECT_EQ(list.as_array()[4].number_or("a\\", 0), 1e20);
  EXPECT_EQ(list.as_array()[5].as_integer(), INT64_MAX) << "those that 64 bits hold stay whole";
  EXPECT_FALSE(parse_json("[18446744073709551616, 01]"));
  EXPECT_FALSE(parse_json(std::string(400, '9'))) << "no real holds it";
}

TEST(Json, RefusesATextThatIsNowhere) {
  const auto parsed = parse_json(std::string_view());
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Code::corrupt_data);
}

TEST(Json, WritesInvalidUtf8AsReplacementAndNanAsNull) {
  EXPECT_EQ(Json("a\xff").dump(), "\"a\xEF\xBF\xBD\"");
  EXPECT_EQ(Json(std::nan("")).dump(), "null");
}

TEST(Utf8, DecodesWhatItAppendsAndRefusesOverlongForms) {
  for (const char32_t c : {U'a', U'\u00e9', U'\u4e2d', U'\U0001F600'}) {
    std::string text;
    append_utf8(text, c);
    EXPECT_EQ(decode_utf8(text, 0).value, c);
    EXPECT_EQ(decode_utf8(text, 0).size_bytes, text.size());
  }
  for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE4\xB8", "\x80"}) {
    EXPECT_EQ(decode_utf8(bad, 0).value, kReplacementCharacter) << bad;
    EXPECT_EQ(decode_utf8(bad, 0).size_bytes, 1U);
  }
  EXPECT_EQ(count_code_points("\xE4\xB8\xAD"
                              "a"),
            2U);
  EXPECT_EQ(count_code_points("\xff\xff"), 2U);
  EXPECT_EQ(utf8_boundary("a\xE4\xB8\xAD", 3), 1U);
}

TEST(Hash, MatchesTheReferenceAndItsOwnStream) {
  EXPECT_EQ(hash64(""), 0x2D06800538D394C2U);  // XXH3_64bits of nothing, from xxHash's own tests
  Hasher128 hasher;
  hasher.update("ab");
  hasher.update("c");
  EXPECT_EQ(hasher.digest(), hash128("abc"));
  EXPECT_EQ(hash128("abc").hex().size(), 32U);
}

TEST(Rng, DependsOnSeedAndItemAndIsRoughlyUniform) {
  EXPECT_NE(Rng(1, 2).next(), Rng(1, 3).next());
  EXPECT_NE(Rng(1, 2).next(), Rng(2, 2).next());
  EXPECT_EQ(Rng(1, 2).next(), Rng(1, 2).next());
  Rng rng(7, 0);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 10000; ++i) {
    sum += rng.uniform();
    const double normal = rng.normal();
    squares += normal * normal;
    ASSERT_LT(rng.below(10), 10U);
  }
  EXPECT_NEAR(sum / 10000, 0.5, 0.02);
  EXPECT_NEAR(squares / 10000, 1.0, 0.06);
}

TEST(Threads, RunsEveryTaskOnceAndNestedCallsInline) {
  for (const int count : {1, 2, 7}) {
    Threads threads(count);
    std::vector<int> hits(1000);
    for (int repeat = 0; repeat < 20; ++repeat) {
      threads.parallel_for(hits.size(), [&](std::size_t i, int worker) {
        ASSERT_LT(worker, count);
        threads.parallel_for(2, [&](std::size_t, int inner) {
          EXPECT_EQ(inner, worker);
          ++hits[i];
        });
      });
    }
    EXPECT_EQ(std::count(hits.begin(), hits.end(), 40), 1000);
  }
}

TEST(Threads, RethrowsAFailedCheckAndGoesOn) {
  Threads threads(2);
  EXPECT_THROW(threads.parallel_for(10, [](std::size_t i) { ALUDEL_CHECK(i != 5, "five"); }),
               CheckFailure);
  std::atomic<int> done = 0;
  threads.parallel_for(10, [&done](std::size_t) { ++done; });
  EXPECT_EQ(done, 10);
}

}  // namespace
}  // namespace aludel
