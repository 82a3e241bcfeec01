#include "aludel/train/schedule.h"

#include <gtest/gtest.h>

namespace aludel::train {
namespace {

ScheduleConfig schedule(const char* kind) {
  ScheduleConfig config;
  config.kind = kind;
  config.peak = 1;
  config.warmup_steps = 10;
  config.final_share = 0.1;
  config.decay_share = 0.5;
  return config;
}

TEST(Schedule, WarmsUpFromTheFirstStep) {
  for (const char* kind : {"cosine", "wsd", "constant"}) {
    EXPECT_DOUBLE_EQ(learning_rate(schedule(kind), 0, 111), 0.1);
    EXPECT_DOUBLE_EQ(learning_rate(schedule(kind), 9, 111), 1.0);
    EXPECT_DOUBLE_EQ(learning_rate(schedule(kind), 10, 111), 1.0);
  }
}

TEST(Schedule, EndsAtItsFinalShare) {
  EXPECT_NEAR(learning_rate(schedule("cosine"), 110, 111), 0.1, 1e-12);
  EXPECT_NEAR(learning_rate(schedule("cosine"), 60, 111), 0.55, 1e-12);
  EXPECT_NEAR(learning_rate(schedule("wsd"), 110, 111), 0.1, 1e-12);
  EXPECT_NEAR(learning_rate(schedule("wsd"), 60, 111), 1.0, 1e-12);
  EXPECT_NEAR(learning_rate(schedule("wsd"), 85, 111), 0.55, 1e-12);
  EXPECT_NEAR(learning_rate(schedule("constant"), 110, 111), 1.0, 1e-12);
}

TEST(Schedule, RefusesWhatItCannotFollow) {
  EXPECT_TRUE(check_config(schedule("wsd"), "test").has_value());
  EXPECT_NE(check_config(schedule("linear"), "test")
                .error()
                .message.find("kind is 'linear', expected cosine, wsd or constant"),
            std::string::npos);
  ScheduleConfig config = schedule("cosine");
  config.peak = 0;
  EXPECT_EQ(check_config(config, "test").error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace aludel::train
