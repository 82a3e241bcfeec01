#include "aludel/base/json_record.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "aludel/base/utf8.h"

namespace aludel {
namespace {

const std::string kReplaced = "\xEF\xBF\xBD";

Json record(std::string_view text) {
  auto parsed = parse_record(text);
  EXPECT_TRUE(parsed.has_value()) << text << ": " << parsed.error().message;
  return parsed ? std::move(parsed).value() : Json();
}

std::string text_of(std::string_view json) {
  return record(json).string_or("text", "(none)");
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) {
    all += piece;
  }
  return all;
}

TEST(JsonRecord, ReadsSoundJsonAsTheStrictParserDoes) {
  for (const char* json :
       {R"({"a":[1,-2.5,true,null,"q\"\\\n\u0001é"],"b":{"c":1e-09}})", "[]", "{}", " [ 1 , 2 ] ",
        "\"\\ud83d\\ude00 \\/ \\b\\f\\t\"", "-0", "-0.0", "12.5e3", "9223372036854775807",
        "-9223372036854775808", "0.1", "5e-324", "1.7976931348623157e308", "false", "null",
        R"({"x":{"y":[{"z":[[]]}]}})"}) {
    EXPECT_EQ(record(json), parse_json(json).value()) << json;
  }
}

TEST(JsonRecord, TakesAByteOrderMarkOff) {
  EXPECT_EQ(text_of("\xEF\xBB\xBF{\"text\":\"a\"}"), "a");
  EXPECT_EQ(text_of("\xEF\xBB\xBF \t{\"text\":\"\xEF\xBB\xBF\"}\r"), "\xEF\xBB\xBF");
}

TEST(JsonRecord, LosesACharacterAndNoRecordForABadByteOrHalfASurrogatePair) {
  EXPECT_EQ(text_of("{\"text\":\"a\xFF\xE4\xB8z\"}"),
            "a" + kReplaced + kReplaced + kReplaced + "z");
  EXPECT_EQ(text_of(R"({"text":"a\ud83d"})"), "a" + kReplaced);
  EXPECT_EQ(text_of(R"({"text":"\ude00b"})"), kReplaced + "b");
  EXPECT_EQ(text_of(R"({"text":"\ud83d\u0041"})"), kReplaced + "A");
  EXPECT_EQ(text_of(R"({"text":"\ud83d\ud83d\ude00"})"), kReplaced + "\xF0\x9F\x98\x80");
  EXPECT_EQ(record("{\"b\xFF\":1}").as_object()[0].first, "b" + kReplaced);
}

TEST(JsonRecord, KeepsNumbersThatNoNumberHoldsAsTheirText) {
  const Json found = record(
      R"({"a":18446744073709551615,"b":-9223372036854775809,"c":1e999,"d":2024-05-18,"e":007})");
  EXPECT_EQ(found.string_or("a", ""), "18446744073709551615");
  EXPECT_EQ(found.string_or("b", ""), "-9223372036854775809");
  EXPECT_EQ(found.string_or("c", ""), "1e999");
  EXPECT_EQ(found.string_or("d", ""), "2024-05-18");
  EXPECT_EQ(found.string_or("e", ""), "007");
}

TEST(JsonRecord, MendsWhatLeavesNoDoubt) {
  const Json found = record("{\"a\":NaN,\"b\":[Infinity,-Infinity,],\"text\":\"x\ty\\q\\u12\",}");
  EXPECT_TRUE(found.find("a")->is_null());
  EXPECT_EQ(found.find("b")->as_array().size(), 2U);
  EXPECT_EQ(found.string_or("text", ""), "x\ty\\q\\u12");
}

TEST(JsonRecord, TakesTheLastOfMembersOfOneName) {
  EXPECT_EQ(text_of(R"({"text":"short","id":1,"text":"long"})"), "long");
  std::string many = "{\"text\":\"first\"";
  for (int i = 0; i < 100; ++i) {
    many += ",\"k" + std::to_string(i % 90) + "\":" + std::to_string(i);
  }
  const Json found = record(many + ",\"text\":\"last\"}");
  EXPECT_EQ(found.string_or("text", ""), "last");
  EXPECT_EQ(found.integer_or("k3", 0), 93);
  EXPECT_EQ(found.as_object().size(), 91U);
}

TEST(JsonRecord, RefusesWhatIsCutOffOrNoJsonWithItsPlace) {
  for (const char* bad :
       {"", " ", "{", "{\"a\":", "{\"a\":1", "{\"a\" 1}", "[1 2]", "[1", "\"a", "\"a\\", "not json",
        "{'a':1}", "{}{}", "{\"a\":1}]", "tru", ",", "{,}"}) {
    const auto parsed = parse_record(bad);
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_EQ(parsed.error().code, Code::corrupt_data);
    EXPECT_NE(parsed.error().message.find("byte "), std::string::npos);
  }
}

TEST(JsonRecord, KeepsAMemberThatIsTooDeepAsItsText) {
  for (const std::size_t depth : {513UL, 1500UL, 200'000UL}) {
    const std::string deep = repeated("[", depth) + "\"]{\"" + repeated("]", depth);
    const Json found = record("{\"deep\":" + deep + ",\"text\":\"a\"}");
    EXPECT_EQ(found.string_or("deep", ""), deep);
    EXPECT_EQ(found.string_or("text", ""), "a");
  }
  EXPECT_TRUE(
      record("{\"a\":" + repeated("[", 512) + repeated("]", 512) + "}").find("a")->is_array());
  EXPECT_FALSE(parse_record("{\"a\":" + repeated("[", 1500)).has_value());
  EXPECT_EQ(parse_record(repeated("[", 1500)).error().code, Code::resource_exhausted);
}

TEST(JsonRecord, BoundsTheValuesThatARecordMakes) {
  const std::string many = "[" + repeated("[],", kMaxRecordValues + 1) + "[]]";
  const std::string pairs = "{" + repeated("\"a\":1,", kMaxRecordValues + 1) + "\"b\":2}";
  const Json found = record("{\"m\":" + many + ",\"p\":" + pairs + ",\"text\":\"a\",\"few\":[1]}");
  EXPECT_EQ(found.string_or("m", ""), many);
  EXPECT_EQ(found.string_or("p", ""), pairs);
  EXPECT_EQ(found.string_or("text", ""), "a");
  EXPECT_TRUE(found.find("few")->is_array()) << "what was given up counts no longer";
  EXPECT_EQ(parse_record(many).error().code, Code::resource_exhausted);
  EXPECT_EQ(parse_record(pairs).error().code, Code::resource_exhausted);
}

TEST(JsonRecord, WritesEveryRecordAsStrictJsonInUtf8) {
  for (const char* flawed : {"{\"\xFF\\ud800\":\"\xC0\",\"n\":1e999,\"c\":\"\x01\"}",
                             "[NaN,12345678901234567890,\"\\udfff\"]"}) {
    const std::string written = record(flawed).dump();
    EXPECT_TRUE(is_valid_utf8(written));
    EXPECT_EQ(parse_json(written).value().dump(), written);
  }
}

TEST(Json, WritesNamesThatAreNotUtf8AsReplacementToo) {
  Json json = Json::object();
  json["a\xFF"] = 1;
  json["\xE4\xB8"]["\x80"] = "\xC3";
  EXPECT_EQ(json.dump(), "{\"a" + kReplaced + "\":1,\"" + kReplaced + kReplaced + "\":{\"" +
                             kReplaced + "\":\"" + kReplaced + "\"}}");
  EXPECT_TRUE(is_valid_utf8(json.dump_pretty()));
}

}  // namespace
}  // namespace aludel
