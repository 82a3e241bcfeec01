#include "aludel/io/formats/safetensors.h"

#include <cstring>

#include "tests/shared_data.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

namespace aludel::io {
namespace {

std::string file_with(const std::string& header, std::string_view data) {
  const std::uint64_t size = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &size, 8);
  return bytes.append(header).append(data);
}

class SafetensorsTest : public testing::Test {
 protected:
  Result<SafetensorsFile> open(const std::string& bytes) {
    folder_.write("t", bytes);
    return SafetensorsFile::open(files_, folder_ / "t");
  }

  void expect_refused(const std::string& bytes, std::string_view reason) {
    const auto file = open(bytes);
    ASSERT_FALSE(file.has_value()) << bytes;
    EXPECT_NE(file.error().message.find(reason), std::string::npos) << file.error().message;
    EXPECT_NE(file.error().message.find(folder_ / "t"), std::string::npos) << "the path is named";
  }

  TemporaryFolder folder_;
  LocalFileSystem files_;
};

TEST_F(SafetensorsTest, ReadsBackWhatItWritesInAnyOrder) {
  const std::vector<TensorView> tensors = {
      {"b", "F32", {2, 2}, std::string_view("0123456789abcdef", 16)},
      {"odd", "U8", {3}, "xyz"},
      {"a", "F32", {1}, "ABCD"},
      {"empty", "BF16", {0, 4}, ""},
      {"scalar", "I64", {}, "12345678"},
  };
  const std::vector<TensorView> reversed(tensors.rbegin(), tensors.rend());
  ASSERT_TRUE(write_safetensors(files_, folder_ / "1", tensors, {{"format", "pt"}}).has_value());
  ASSERT_TRUE(write_safetensors(files_, folder_ / "2", reversed, {{"format", "pt"}}).has_value());
  EXPECT_EQ(read_file(files_, folder_ / "1").value(), read_file(files_, folder_ / "2").value());

  const auto file = SafetensorsFile::open(files_, folder_ / "1").value();
  EXPECT_EQ(file.tensors().size(), 5U);
  EXPECT_EQ(file.metadata().at("format"), "pt");
  EXPECT_EQ(file.find("missing"), nullptr);
  for (const TensorView& tensor : tensors) {
    const TensorView* found = file.find(tensor.name);
    ASSERT_NE(found, nullptr) << tensor.name;
    EXPECT_EQ(found->dtype, tensor.dtype);
    EXPECT_EQ(found->shape, tensor.shape);
    EXPECT_EQ(found->bytes, tensor.bytes);
    const auto address = reinterpret_cast<std::uintptr_t>(found->bytes.data());
    EXPECT_EQ(address % safetensors_dtype_size(tensor.dtype), 0U) << tensor.name;
  }
}

TEST_F(SafetensorsTest, WritesALargeTensorPieceByPiece) {
  const std::vector<TensorView> whole = {{"rows", "F32", {2, 2}, "0123456789abcdef"}};
  ASSERT_TRUE(write_safetensors(files_, folder_ / "1", whole));
  auto file = begin_safetensors(files_, folder_ / "2", {"rows", "F32", {2, 2}, {}});
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_TRUE(file.value()->write("01234567"));
  ASSERT_TRUE(file.value()->write("89abcdef"));
  ASSERT_TRUE(file.value()->commit());
  EXPECT_EQ(read_file(files_, folder_ / "1").value(), read_file(files_, folder_ / "2").value());
}

TEST_F(SafetensorsTest, KeepsItsBytesWhenMoved) {
  const std::vector<TensorView> tensors = {{"a", "U8", {3}, "xyz"}};
  ASSERT_TRUE(write_safetensors(files_, folder_ / "1", tensors).has_value());
  auto file = SafetensorsFile::open(files_, folder_ / "1").value();
  const SafetensorsFile moved = std::move(file);
  EXPECT_EQ(moved.find("a")->bytes, "xyz");
}

TEST_F(SafetensorsTest, RefusesANameGivenTwice) {
  const std::vector<TensorView> twice = {{"a", "U8", {1}, "x"}, {"a", "U8", {1}, "y"}};
  EXPECT_EQ(write_safetensors(files_, folder_ / "1", twice).error().code, Code::invalid_argument);
  expect_refused(file_with(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                           R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                           "xy"),
                 "'a' stands twice");
  expect_refused(
      file_with(R"({"a":{"dtype":"U8","shape":[1],"shape":[2],"data_offsets":[0,1]}})", "x"),
      "'a.shape' stands twice");
}

TEST_F(SafetensorsTest, RefusesHeadersThatLieAboutTheFile) {
  expect_refused("abc", "only 3 bytes");
  expect_refused(std::string("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10), "is announced");
  expect_refused(std::string("\x05\0\0\0\0\0\0\0{}", 10), "is announced");
  expect_refused(file_with("{\"a\":", ""), "header");
  expect_refused(file_with("[]", ""), "no JSON object");
  expect_refused(file_with(R"({"__metadata__":{"a":1}})", ""), "no string");
}

TEST_F(SafetensorsTest, RefusesOffsetsThatLie) {
  const auto with = [](std::string_view offsets, std::string_view shape = "[4]") {
    return file_with("{\"a\":{\"dtype\":\"U8\",\"shape\":" + std::string(shape) +
                         ",\"data_offsets\":" + std::string(offsets) + "}}",
                     "0123");
  };
  EXPECT_TRUE(open(with("[0,4]")).has_value());
  expect_refused(with("[0,5]"), "do not lie in the 4 bytes");
  expect_refused(with("[4,0]"), "do not lie");
  expect_refused(with("[0,9223372036854775807]"), "do not lie");
  expect_refused(with("[-1,4]"), ">= 0");
  expect_refused(with("[0]"), "do not lie");
  expect_refused(with("7"), "no array");
  expect_refused(with("[0,3]"), "does not take 3 bytes");
  expect_refused(with("[0,4]", "[4611686018427387904,4]"), "does not take");
  expect_refused(with("[0,3]", "[3]"), "1 bytes at the end");
  expect_refused(with("[1,4]", "[3]"), "a hole");
  expect_refused(file_with(R"({"a":{"dtype":"Q9","shape":[1],"data_offsets":[0,1]}})", "x"), "Q9");
  expect_refused(file_with(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                           R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                           "012"),
                 "overlap");
}

TEST_F(SafetensorsTest, ReadsRealModels) {
  const std::string folder = shared_data("gold/hf-llama");
  if (folder.empty()) GTEST_SKIP() << "no shared data";
  int files = 0;
  for (const FileInfo& info : files_.list(folder).value()) {
    if (!info.path.ends_with(".safetensors")) continue;
    ++files;
    const auto file = SafetensorsFile::open(files_, info.path);
    ASSERT_TRUE(file.has_value()) << file.error().message;
    EXPECT_FALSE(file.value().tensors().empty());
  }
  EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace aludel::io
