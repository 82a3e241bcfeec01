#include "aludel/train/conversations.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/text/tokenizer/bpe_trainer.h"

namespace aludel::train {
namespace {

class Conversations : public testing::Test {
 protected:
  static text::Tokenizer make_tokenizer() {
    text::WordCounts words;
    words.add_text("the cat sat on the mat and the dog sat on the cat and so on ");
    text::BpeTrainerConfig config;
    config.vocab_size = 400;
    return text::Tokenizer::make(text::train_bpe(words, config).value()).value();
  }

  Result<std::vector<Example>> read(std::string_view bytes) {
    const std::string path = folder_ / "chat.json";
    EXPECT_TRUE(io::write_file(files_, path, bytes));
    return read_conversations(files_, path, tokenizer_);
  }

  const std::string kOne =
      R"({"messages":[{"role":"user","content":"cat"},{"role":"assistant","content":"sat"}]})";
  TemporaryFolder folder_;
  io::LocalFileSystem files_;
  text::Tokenizer tokenizer_ = make_tokenizer();
};

TEST_F(Conversations, AreReadWithAByteOrderMarkAndFromAnArray) {
  EXPECT_EQ(read("\xEF\xBB\xBF" + kOne + "\r\n \n" + kOne).value().size(), 2U);
  EXPECT_EQ(read("[" + kOne + ",\n" + kOne + "]").value().size(), 2U);
}

TEST_F(Conversations, SayWhichMembersARowHasInstead) {
  const auto found = read(R"([{"instruction":"a","input":"","output":"b"}])");
  ASSERT_FALSE(found.has_value());
  EXPECT_NE(found.error().message.find("found members instruction, input, output"),
            std::string::npos)
      << found.error().message;
  EXPECT_NE(read("[1,2]").error().message.find("found no object"), std::string::npos);
}

TEST_F(Conversations, NameTheLineThatIsNoJson) {
  const auto found = read(kOne + "\n{\"messages\":[\n");
  ASSERT_FALSE(found.has_value());
  EXPECT_NE(found.error().message.find("line 2"), std::string::npos) << found.error().message;
}

}  // namespace
}  // namespace aludel::train
