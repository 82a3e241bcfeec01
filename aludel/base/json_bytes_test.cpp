#include "aludel/base/json_bytes.h"

#include <limits>

#include <gtest/gtest.h>

namespace aludel {
namespace {

Json odd_values() {
  using Real = std::numeric_limits<double>;
  using Integer = std::numeric_limits<std::int64_t>;
  Json json = Json::object();
  json["reals"] = Json::Array{0.1,
                              -2.5,
                              3.0,
                              0.0,
                              -0.0,
                              -7.0,
                              1e5,
                              100000.5,
                              123456.,
                              1e20,
                              1e300,
                              0x1p62,
                              0x1p63,
                              -0x1p63,
                              5e-324,
                              12345678901234567890.0,
                              Real::max(),
                              Real::infinity(),
                              Real::quiet_NaN()};
  json["integers"] =
      Json::Array{0, -1, 1, 63, 64, -64, -65, 1 << 20, Integer::max(), Integer::min()};
  json["texts"] = Json::Array{"", "plain", "quoted \" \\ \n \x01", "汉字", "cut \xE6\xB1", "\xFF"};
  json["others"] = Json::Array{Json(), true, false, Json::array(), Json::object()};
  json["deep"]["deeper"]["deepest"] = Json::Array{Json::Array{Json::Array{1}}};
  json["long"] = std::string(300, 'x');
  json["not \xFF UTF-8"] = 1;
  json[""] = "no name";
  return json;
}

TEST(JsonBytes, GiveBackWhatJsonGivesBack) {
  std::string bytes = "before";
  append_json_bytes(bytes, odd_values());
  append_json_bytes(bytes, Json("behind"));
  std::string_view left = std::string_view(bytes).substr(6);
  Json value;
  ASSERT_TRUE(take_json_bytes(left, value));
  const Json expected = parse_json(odd_values().dump()).value();
  EXPECT_EQ(value, expected);
  EXPECT_EQ(value.dump(), expected.dump());
  ASSERT_TRUE(take_json_bytes(left, value));
  EXPECT_EQ(value, Json("behind"));
  EXPECT_TRUE(left.empty());
}

TEST(JsonBytes, RefuseWhatIsCutOffAtAnyByte) {
  std::string bytes;
  append_json_bytes(bytes, odd_values());
  Json value;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::string_view cut = std::string_view(bytes).substr(0, size);
    EXPECT_FALSE(take_json_bytes(cut, value)) << size;
  }
}

TEST(JsonBytes, RefuseWhatIsNone) {
  Json value;
  for (int byte = 8; byte < 256; ++byte) {
    const std::string bytes(64, static_cast<char>(byte));
    std::string_view left = bytes;
    EXPECT_FALSE(take_json_bytes(left, value)) << byte;
  }
}

TEST(JsonBytes, RefuseMoreLevelsThanJsonHas) {
  const auto nested = [](int levels) {
    Json json = 1;
    for (int i = 1; i < levels; ++i) {
      json = Json::Array{std::move(json)};
    }
    return json;
  };
  for (const int levels : {1000, 1024, 1025, 5000}) {
    std::string bytes;
    append_json_bytes(bytes, nested(levels));
    std::string_view left = bytes;
    Json value;
    EXPECT_EQ(take_json_bytes(left, value), levels <= 1024) << levels;
  }
}

}  // namespace
}  // namespace aludel
