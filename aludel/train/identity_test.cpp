#include "aludel/train/identity.h"

#include <gtest/gtest.h>

namespace aludel::train {
namespace {

Json inputs(const std::string& data) {
  Json inputs = Json::object();
  inputs["tokenizer"] = "t";
  inputs["data"] = data;
  inputs["validation"] = "v";
  inputs["init"] = "";
  return inputs;
}

TrainConfig config() {
  TrainConfig config;
  config.out = "out";
  config.data = "tokens/train";
  config.tokenizer = "tokenizer";
  config.steps = 100;
  config.schedule.warmup_steps = 10;
  return config;
}

TEST(Identity, FindsNothingInTheSameRun) {
  const auto before = parse_json(identity_of(config(), inputs("d")).dump_pretty()).value();
  const IdentityChanges changes = changes_since(before, config(), inputs("d"), 50);
  EXPECT_TRUE(changes.harmful.empty());
  EXPECT_TRUE(changes.harmless.empty());
}

TEST(Identity, TellsWhatNoWeightDependsOnFromTheRest) {
  const Json before = identity_of(config(), inputs("d"));
  TrainConfig now = config();
  now.out = "moved/out";
  now.data = "moved/train";
  now.validation = "held_out";
  now.checkpoint_every = 7;
  now.evaluate_every = 3;
  Json hashes = inputs("d");
  hashes["validation"] = "another";
  IdentityChanges changes = changes_since(before, now, hashes, 50);
  EXPECT_TRUE(changes.harmful.empty());
  EXPECT_EQ(changes.harmless.size(), 6U);
  now = config();
  now.rows = 3;
  now.optimizer.weight_decay = 0;
  changes = changes_since(before, now, inputs("other"), 50);
  EXPECT_EQ(changes.harmful, (std::vector<std::string>{"optimizer.weight_decay: 0.1 -> 0",
                                                       "rows: 8 -> 3", "what data holds"}));
}

TEST(Identity, TakesASettingThatTheRunBeforeDidNotHaveForItsDefault) {
  Json before = identity_of(config(), inputs("d"));
  const auto without = [](Json& table, std::string_view name) {
    std::erase_if(table.as_object(), [&](const auto& member) { return member.first == name; });
  };
  without(before["config"], "seed");
  without(before["config"]["optimizer"], "weight_decay");
  EXPECT_TRUE(changes_since(before, config(), inputs("d"), 50).harmful.empty());
  TrainConfig now = config();
  now.seed = 7;
  now.optimizer.weight_decay = 0;
  EXPECT_EQ(changes_since(before, now, inputs("d"), 50).harmful,
            (std::vector<std::string>{"optimizer.weight_decay: 0.1 -> 0", "seed: 1 -> 7"}));
}

TEST(Identity, LetsMoreStepsGoOnWhereTheStepsDoneHadTheSameRates) {
  const auto is_harmless = [](const std::string& kind, std::int64_t steps, std::int64_t done) {
    TrainConfig before = config();
    before.schedule.kind = kind;
    TrainConfig now = before;
    now.steps = steps;
    return changes_since(identity_of(before, inputs("d")), now, inputs("d"), done).harmful.empty();
  };
  EXPECT_TRUE(is_harmless("constant", 200, 100));
  EXPECT_TRUE(is_harmless("wsd", 200, 80)) << "the decay of 100 steps begins at 80";
  EXPECT_FALSE(is_harmless("wsd", 200, 95));
  EXPECT_TRUE(is_harmless("cosine", 200, 10)) << "only warmed up";
  EXPECT_FALSE(is_harmless("cosine", 200, 50));
  EXPECT_FALSE(is_harmless("constant", 40, 50)) << "fewer steps than are done";
}

TEST(Identity, RefusesWhatAnotherVersionWrote) {
  EXPECT_EQ(changes_since(Json::object(), config(), inputs("d"), 5).harmful.size(), 1U);
  Json before = identity_of(config(), inputs("d"));
  before["config"]["a_setting_of_the_future"] = true;
  EXPECT_EQ(changes_since(before, config(), inputs("d"), 5).harmful.size(), 1U);
}

}  // namespace
}  // namespace aludel::train
