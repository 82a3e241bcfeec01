#include "aludel/io/stand_in.h"

#include <functional>
#include <string>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/io/formats/safetensors.h"
#include "aludel/io/json_file.h"

namespace aludel::io {
namespace {

constexpr std::string_view kPointer =
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

TEST(StandIn, IsAPointerOfGitLfsOrAPage) {
  for (const std::string_view bytes :
       {"<!DOCTYPE html><html><head><title>404</title>", "\n<html lang=\"en\"><body>Not found",
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"}) {
    const Status status = expect_no_stand_in(bytes, "m/a.bin");
    ASSERT_FALSE(status.has_value()) << bytes;
    EXPECT_EQ(status.error().code, Code::corrupt_data);
    EXPECT_EQ(status.error().message.find("m/a.bin: this is a web page"), 0U);
  }
  const Status status = expect_no_stand_in(kPointer, "m/a.bin");
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().message.find("m/a.bin: this is a Git LFS pointer"), 0U);
  EXPECT_NE(status.error().message.find("`git lfs pull`"), std::string::npos);
}

TEST(StandIn, IsNoFileOfAModel) {
  for (const std::string_view bytes :
       {std::string_view("{\"version\": \"https://git-lfs.github.com/spec/v1\"}"),
        std::string_view("\x40\0\0\0\0\0\0\0{\"a\":", 13),
        std::string_view("\x0A\x0E\x0A\x05<unk>"), std::string_view("")}) {
    EXPECT_TRUE(expect_no_stand_in(bytes, "m/a.bin").has_value()) << bytes;
  }
}

TEST(StandIn, IsNamedByTheReadersOfWeightsAndOfJson) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  for (const std::string_view bytes : {kPointer, std::string_view("<!doctype html><html>")}) {
    const std::string path = folder.write("file", bytes);
    const auto weights = SafetensorsFile::open(files, path);
    ASSERT_FALSE(weights.has_value());
    EXPECT_EQ(weights.error().message.find(path + ": this is a "), 0U) << weights.error().message;
    const auto json = read_json_object(files, path);
    ASSERT_FALSE(json.has_value());
    EXPECT_EQ(json.error().message.find(path + ": this is a "), 0U) << json.error().message;
  }
}

TEST(JsonFile, RefusesAMemberThatStandsTwiceByName) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  const std::string path =
      folder.write("config.json", R"({"rope_scaling": {"factor": 2, "type": "x", "factor": 4}})");
  for (const auto& json : {read_json_object(files, path), read_optional_json_object(files, path)}) {
    ASSERT_FALSE(json.has_value());
    EXPECT_EQ(json.error().code, Code::corrupt_data);
    EXPECT_EQ(json.error().message.find(path + ": [json] 'rope_scaling.factor' stands twice"), 0U)
        << json.error().message;
  }
}

}  // namespace
}  // namespace aludel::io
