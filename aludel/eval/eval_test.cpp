#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "aludel/eval/document_score.h"
#include "aludel/eval/xz.h"

namespace aludel::eval {
namespace {

/// A model that gives id (last + 1) a higher logit than all others, 0, and remembers what it read.
class NextIdModel final : public infer::LanguageModel {
 public:
  std::int64_t vocab_size() const override { return 4; }

  std::int64_t context_length() const override { return 300; }

  std::unique_ptr<infer::SequenceCache> new_sequence() override {
    ++sequences;
    return std::make_unique<Sequence>();
  }

  std::span<const float> run(std::span<const infer::ModelInput> inputs) override {
    logits_.clear();
    for (const std::int32_t id : inputs[0].ids) {
      read.push_back(id);
      for (std::int32_t candidate = 0; candidate < 4; ++candidate) {
        logits_.push_back(candidate == (id + 1) % 4 ? likeliest_logit : 0.0F);
      }
    }
    return logits_;
  }

  std::vector<std::int32_t> read;
  int sequences = 0;
  float likeliest_logit = 1;

 private:
  struct Sequence final : infer::SequenceCache {
    std::int64_t length() const override { return 0; }
  };

  std::vector<float> logits_;
};

TEST(DocumentScore, SumsTheLossOfEveryIdOnce) {
  NextIdModel model;
  const std::vector<std::int32_t> ids = {3, 0, 2};
  const double right = std::log(3 + std::exp(1.0)) - 1;
  const double wrong = std::log(3 + std::exp(1.0));
  EXPECT_NEAR(document_nats(model, ids, 2).value(), 2 * right + wrong, 1e-6);
  EXPECT_EQ(model.read, (std::vector<std::int32_t>{2, 3, 0}));
}

TEST(DocumentScore, CutsWhatIsLongerThanTheContext) {
  NextIdModel model;
  const std::vector<std::int32_t> ids(700, 1);
  EXPECT_GT(document_nats(model, ids, 0).value(), 0);
  EXPECT_EQ(model.sequences, 3);
  EXPECT_EQ(model.read.size(), 700U);
}

TEST(DocumentScore, SaysThatAModelGivesNoNumbers) {
  NextIdModel model;
  model.likeliest_logit = std::numeric_limits<float>::quiet_NaN();
  const std::vector<std::int32_t> ids = {3, 0, 2};
  const auto nats = document_nats(model, ids, 2);
  ASSERT_FALSE(nats);
  EXPECT_EQ(nats.error().code, Code::corrupt_data);
}

TEST(Xz, CompressesRepetitionWellAndNoiseNotAtAll) {
  EXPECT_LT(xz_size(std::string(100000, 'a')).value(), 1000U);
  std::string noise;
  std::uint64_t state = 1;
  for (int i = 0; i < 10000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    noise += static_cast<char>(state >> 56);
  }
  EXPECT_GT(xz_size(noise).value(), 9900U);
}

}  // namespace
}  // namespace aludel::eval
