#include "aludel/io/input_recorder.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

namespace aludel::io {
namespace {

TEST(InputRecorder, ChangesItsFingerprintWithAnyByteThatWasReadAndNoOther) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  const auto write = [&](const char* name, const char* text) {
    ASSERT_TRUE(write_file(files, folder / name, text));
  };
  write("opened", "one");
  write("mapped", "two");
  write("other", "three");
  const auto fingerprint = [&] {
    InputRecorder recorder(files);
    EXPECT_EQ(read_file(recorder, folder / "opened").value().size(), 3U);
    EXPECT_EQ(recorder.map(folder / "mapped").value().bytes().size(), 3U);
    EXPECT_FALSE(recorder.open(folder / "missing")) << "what could not be read is no input";
    return recorder.fingerprint().value();
  };
  const std::string first = fingerprint();
  write("other", "four");
  EXPECT_EQ(fingerprint(), first);
  write("mapped", "tow");
  EXPECT_NE(fingerprint(), first);
  write("mapped", "two");
  EXPECT_EQ(fingerprint(), first);
  write("opened", "oen");
  EXPECT_NE(fingerprint(), first);
}

TEST(InputRecorder, SaysWhenAnInputIsGoneAgain) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  ASSERT_TRUE(write_file(files, folder / "a", "one"));
  InputRecorder recorder(files);
  ASSERT_TRUE(read_file(recorder, folder / "a"));
  ASSERT_TRUE(files.remove(folder / "a"));
  EXPECT_EQ(recorder.fingerprint().error().code, Code::not_found);
}

}  // namespace
}  // namespace aludel::io
