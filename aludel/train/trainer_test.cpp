#include "aludel/train/trainer.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/training_run.h"
#include <gtest/gtest.h>

#include "aludel/base/json.h"
#include "aludel/models/family.h"
#include "aludel/text/chat_template.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::train {
namespace {

using TrainerTest = TrainingRun;

TEST_F(TrainerTest, LeavesAModelThatBeginsFromNothingAsADocumentDidInTraining) {
  std::ofstream(folder_ / "tokenizer/tokenizer_config.json") << R"({"add_bos_token": false})";
  ASSERT_TRUE(run(config("base"), 1).has_value());
  const auto model = models::load_model(files_, folder_ / "base/model").value();
  const auto tokenizer = text::Tokenizer::load(files_, folder_ / "base/model").value();
  EXPECT_EQ(model.config.begin_id, tokenizer.end_id());
}

TEST_F(TrainerTest, LeavesATokenizerThatReadsTextsAndConversationsAsInTraining) {
  const auto before = text::Tokenizer::load(files_, folder_ / "tokenizer").value();
  Json added = Json::object();
  added["[TOOL]"] = before.vocab_size();
  std::ofstream(folder_ / "tokenizer/added_tokens.json") << added.dump();
  Json settings = Json::object();
  settings["add_bos_token"] = true;
  settings["chat_template"] = "{{ bos_token }}<|im_start|><|im_end|>";
  std::ofstream(folder_ / "tokenizer/tokenizer_config.json") << settings.dump();
  ASSERT_TRUE(run(config("base"), 1).has_value());
  ASSERT_TRUE(run(tuning_config("tuned"), 1).has_value());
  const auto given = text::Tokenizer::load(files_, folder_ / "tokenizer").value();
  const auto left = text::Tokenizer::load(files_, folder_ / "tuned/model").value();
  EXPECT_EQ(left.vocab_size(), before.vocab_size() + 1);
  EXPECT_TRUE(left.id_of("[TOOL]").has_value());
  EXPECT_EQ(left.encode_for_model("cat"), given.encode_for_model("cat"));
  EXPECT_EQ(left.encode_for_model("cat").front(), left.begin_id());
  const std::vector<text::ChatMessage> chat = {{"user", "cat"}, {"assistant", "sat"}};
  EXPECT_EQ(text::encode_chatml(left, chat, false).value().ids,
            text::encode_chatml(given, chat, false).value().ids);
  EXPECT_EQ(text::encode_chatml(left, chat, false).value().ids.front(), left.begin_id());
  const auto model = models::load_model(files_, folder_ / "tuned/model").value();
  EXPECT_EQ(model.config.end_ids, text::stop_ids(given));
}

TEST_F(TrainerTest, LearnsAndLeavesAModelFolder) {
  ASSERT_TRUE(run(config("a"), 2).has_value());
  EXPECT_EQ(summary("a").integer_or("steps", 0), 8);
  EXPECT_EQ(summary("a").integer_or("tokens", 0), 8 * 2 * 32);
  std::ifstream log(folder_ / "a/train_log.jsonl");
  std::vector<Json> rows;
  for (std::string line; std::getline(log, line);) {
    rows.push_back(parse_json(line).value());
  }
  ASSERT_EQ(rows.size(), 8U);
  EXPECT_LT(rows.back().number_or("loss", 99), rows.front().number_or("loss", 0) - 1);
  EXPECT_GT(rows[3].number_or("validation_bits_per_byte", 0), 0);
  for (const char* file : {"config.json", "generation_config.json", "tokenizer.model"}) {
    EXPECT_TRUE(fs::exists(folder_ / "a/model" / file)) << file;
  }
}

TEST_F(TrainerTest, ExportsTheChatTemplateAndEveryStopId) {
  ASSERT_TRUE(run(config("a"), 2).has_value());
  const Json exported =
      parse_json(io::read_file(files_, folder_ / "a/model/generation_config.json").value()).value();
  EXPECT_EQ(exported.string_or("chat_template", ""), text::kChatmlJinja);
  EXPECT_EQ(exported.find("eos_token_id")->dump(), "[2,7]");
}

TEST_F(TrainerTest, MeasuresEveryCheckpointOnHeldOutData) {
  ASSERT_TRUE(run(config("a"), 2).has_value());
  std::ifstream log(folder_ / "a/train_log.jsonl");
  for (std::string line; std::getline(log, line);) {
    const Json row = parse_json(line).value();
    EXPECT_EQ(row.find("validation_bits_per_byte") != nullptr, row.integer_or("step", 0) % 2 == 0)
        << line;
  }
}

TEST_F(TrainerTest, KeepsTheSummaryWhenItIsRunAgainAndMeasuresAnewWhenThereIsNone) {
  ASSERT_TRUE(run(config("a"), 2).has_value());
  const auto text = [&] { return io::read_file(files_, folder_ / "a/train.json").value(); };
  const std::string before = text();
  fs::remove_all(folder_ / "a/model");
  ASSERT_TRUE(run(config("a"), 2).has_value());
  EXPECT_EQ(text(), before);
  EXPECT_TRUE(fs::exists(folder_ / "a/model/model.safetensors"));
  fs::remove(folder_ / "a/train.json");
  ASSERT_TRUE(run(config("a"), 2).has_value());
  EXPECT_EQ(parse_json(text()).value().number_or("validation_bits_per_byte", 0),
            parse_json(before).value().number_or("validation_bits_per_byte", 1));
}

TEST_F(TrainerTest, KeepsTheMeasuredSpeedWhereASettingChangedAndNothingWasLeftToTrain) {
  ASSERT_TRUE(run(config("a"), 2).has_value());
  const Json before = summary("a");
  ASSERT_GT(before.number_or("flop_utilisation", 0), 0);
  TrainConfig other = config("a");
  other.checkpoint_every = 4;
  other.validation = "";
  ASSERT_TRUE(run(other, 1).has_value());
  const Json after = summary("a");
  EXPECT_NE(after.string_or("run", ""), before.string_or("run", ""));
  EXPECT_EQ(after.find("validation_loss"), nullptr) << "nothing is held out any more";
  for (const char* measure : {"tokens_per_second", "flop_utilisation", "matmul_flop_per_second",
                              "precision", "isa", "threads"}) {
    ASSERT_NE(after.find(measure), nullptr) << measure;
    EXPECT_EQ(after.find(measure)->dump(), before.find(measure)->dump()) << measure;
  }
}

TEST_F(TrainerTest, BeginsAnewOverADamagedCheckpointWhenToldTo) {
  ASSERT_TRUE(run(config("whole"), 2).has_value());
  for (const char* damaged : {"state.json", "model.safetensors", "optimizer.safetensors"}) {
    ASSERT_TRUE(run(config("a"), 2).has_value());
    const fs::path file = folder_ / "a/checkpoints/step-00000008" / damaged;
    fs::resize_file(file, 20);
    const Status refused = run(config("a"), 2);
    ASSERT_FALSE(refused.has_value()) << damaged;
    EXPECT_EQ(refused.error().code, Code::corrupt_data);
    EXPECT_NE(refused.error().message.find(damaged), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find("--overwrite"), std::string::npos);
    EXPECT_EQ(fs::file_size(file), 20U) << "nothing is touched";
    ASSERT_TRUE(run(config("a"), 2, io::Existing::replace).has_value()) << damaged;
    EXPECT_EQ(weights("a"), weights("whole"));
  }
}

TEST_F(TrainerTest, GoesOnBehindATornLogAndNamesItsLine) {
  TrainConfig begun = config("a");
  begun.schedule.kind = "constant";
  begun.steps = 4;
  ASSERT_TRUE(run(begun, 2).has_value());
  const std::string path = folder_ / "a/train_log.jsonl";
  const std::string log = io::read_file(files_, path).value();
  const std::size_t second = log.find('\n') + 1;
  const std::string torn[] = {log.substr(0, log.size() - 30), log + "{\"step\": 5, \"lo",
                              log.substr(0, second) + "{\"step\": 2,\n" + log.substr(second),
                              "7\n" + log};
  const int lines[] = {4, 5, 2, 1};
  for (std::size_t i = 0; i < std::size(torn); ++i) {
    ASSERT_TRUE(io::write_file(files_, path, torn[i]));
    testing::internal::CaptureStderr();
    const Status status = run(begun, 2);
    const std::string said = testing::internal::GetCapturedStderr();
    ASSERT_TRUE(status.has_value()) << i << ": " << status.error().message;
    const std::string place = path + ":" + std::to_string(lines[i]) + ": ";
    EXPECT_NE(said.find("warning: " + place), std::string::npos) << i << ": " << said;
    EXPECT_EQ(said.find(path), said.rfind(path)) << i << ": " << said;
  }
  begun.steps = 8;
  ASSERT_TRUE(run(begun, 2).has_value());
  const std::string after = io::read_file(files_, path).value();
  EXPECT_EQ(after.substr(0, log.size()), log) << "its sound rows stay";
  EXPECT_EQ(std::ranges::count(after, '\n'), 8);
}

TEST_F(TrainerTest, MeasuresTheRepliesOfHeldOutConversations) {
  ASSERT_TRUE(run(config("base"), 2).has_value());
  TrainConfig tuned = config("tuned");
  tuned.stage = "sft";
  tuned.data = folder_ / "chat.jsonl";
  tuned.validation = "";
  tuned.init = folder_ / "base/model";
  const auto bits_of_reply = [&](const std::string& reply) {
    tuned.out = folder_ / ("tuned" + reply);
    tuned.validation = folder_ / "held_out.jsonl";
    const Json user = parse_json(R"({"role":"user","content":"the cat"})").value();
    Json assistant = parse_json(R"({"role":"assistant"})").value();
    assistant["content"] = reply;
    Json row = Json::object();
    row["messages"] = Json::Array{user, assistant};
    std::ofstream(tuned.validation) << row.dump() << "\n";
    EXPECT_TRUE(run(tuned, 2).has_value());
    const Json found = parse_json(io::read_file(files_, tuned.out + "/train.json").value()).value();
    return found.number_or("validation_bits_per_byte", 0);
  };
  const double as_trained = bits_of_reply("sat ");
  EXPECT_GT(as_trained, 0);
  EXPECT_LT(as_trained, bits_of_reply("qzx"));
}

/// What the user says in the conversations of a file.
std::set<std::string> questions(io::FileSystem& files, const std::string& path) {
  std::set<std::string> found;
  std::istringstream lines(io::read_file(files, path).value());
  for (std::string line; std::getline(lines, line);) {
    const Json row = parse_json(line).value();
    for (const Json& message : row.find("messages")->as_array()) {
      if (message.string_or("role", "") == "user") found.insert(message.string_or("content", ""));
    }
  }
  return found;
}

TEST(QuickStartConversations, HoldOutQuestionsThatAreNotTrainedOn) {
  io::LocalFileSystem files;
  const std::string folder = std::string(ALUDEL_SOURCE_DIR) + "/recipes/sft/";
  const auto trained = questions(files, folder + "quickstart.jsonl");
  const auto held_out = questions(files, folder + "held_out.jsonl");
  EXPECT_GE(held_out.size(), 20U);
  for (const std::string& question : held_out) {
    EXPECT_FALSE(trained.contains(question)) << question;
  }
}

TEST_F(TrainerTest, GivesTheSameWeightsForAnyNumberOfThreadsAndAfterAStop) {
  ASSERT_TRUE(run(config("one"), 1).has_value());
  ASSERT_TRUE(run(config("three"), 3).has_value());
  EXPECT_EQ(weights("one"), weights("three"));

  // As if killed between the checkpoints of steps 6 and 8: what came after 6 is gone.
  ASSERT_TRUE(run(config("stopped"), 2).has_value());
  fs::remove_all(folder_ / "stopped/checkpoints/step-00000008");
  fs::remove_all(folder_ / "stopped/model");
  ASSERT_TRUE(run(config("stopped"), 2).has_value());
  EXPECT_EQ(weights("one"), weights("stopped"));
  std::ifstream log(folder_ / "stopped/train_log.jsonl");
  EXPECT_EQ(std::count(std::istreambuf_iterator<char>(log), {}, '\n'), 8);
}

TEST_F(TrainerTest, RefusesAnInputThatChangedAndBeginsAnewWhenToldTo) {
  ASSERT_TRUE(run(config("base"), 2).has_value());
  const TrainConfig tuned = tuning_config("tuned");
  ASSERT_TRUE(run(tuned, 2).has_value());
  const std::string first = weights("tuned");
  ASSERT_TRUE(run(tuned, 2).has_value()) << "the same inputs: nothing is left to do";
  const auto expect_refused = [&](const std::string& what) {
    const Status status = run(tuned, 2);
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, Code::invalid_argument);
    EXPECT_NE(status.error().message.find("what " + what + " holds"), std::string::npos)
        << status.error().message;
  };
  std::ofstream(folder_ / "chat.jsonl")
      << R"({"messages":[{"role":"user","content":"cat"},{"role":"assistant","content":"mat"}]})"
      << "\n";
  expect_refused("data");
  EXPECT_EQ(weights("tuned"), first);
  ASSERT_TRUE(run(tuned, 2, io::Existing::replace).has_value());
  const std::string second = weights("tuned");
  EXPECT_NE(second, first);
  TrainConfig other_base = config("base");
  other_base.seed = 2;
  ASSERT_TRUE(run(other_base, 2, io::Existing::replace).has_value());
  expect_refused("init");
  EXPECT_EQ(weights("tuned"), second);
}

TEST_F(TrainerTest, GoesOnWithMoreStepsAsIfTheyHadBeenAskedForAtOnce) {
  TrainConfig short_run = config("grown");
  short_run.schedule.kind = "constant";
  short_run.steps = 4;
  ASSERT_TRUE(run(short_run, 2).has_value());
  TrainConfig long_run = short_run;
  long_run.steps = 8;
  long_run.checkpoint_every = 3;
  long_run.validation = "";
  ASSERT_TRUE(run(long_run, 2).has_value());
  EXPECT_EQ(summary("grown").integer_or("steps", 0), 8);
  TrainConfig at_once = long_run;
  at_once.out = folder_ / "at_once";
  ASSERT_TRUE(run(at_once, 2).has_value());
  EXPECT_EQ(weights("grown"), weights("at_once"));
  EXPECT_TRUE(fs::exists(folder_ / "grown/checkpoints/step-00000006")) << "on step 6 it saved";
}

TEST_F(TrainerTest, KeepsAFinishedTrainingThatAnotherConfigWouldReplace) {
  ASSERT_TRUE(run(config("a"), 2).has_value());
  const std::string before = weights("a");
  const auto expect_refused = [&](const TrainConfig& other, const std::string& words) {
    const Status status = run(other, 2);
    ASSERT_FALSE(status.has_value()) << words;
    EXPECT_EQ(status.error().code, Code::invalid_argument);
    EXPECT_NE(status.error().message.find(words), std::string::npos) << status.error().message;
    EXPECT_NE(status.error().message.find("--overwrite"), std::string::npos);
    EXPECT_EQ(weights("a"), before);
    EXPECT_TRUE(fs::exists(folder_ / "a/checkpoints/step-00000008/state.json"));
  };
  TrainConfig other = config("a");
  other.steps = 10;
  expect_refused(other, "steps: 8 -> 10");  // the cosine gave the steps done other rates
  other = config("a");
  other.steps = 6;
  other.schedule.kind = "constant";
  expect_refused(other, "schedule.kind: \"cosine\" -> \"constant\"");
  expect_refused(other, "(8 steps are done, and no step can be taken back)");
  other = config("a");
  other.shape.blocks = 1;
  other.optimizer.beta2 = 0.9;
  expect_refused(other, "optimizer.beta2: 0.95 -> 0.9");
  expect_refused(other, "shape.blocks: 2 -> 1");
  fs::remove_all(folder_ / "a/checkpoints");
  Status status = run(other, 2);
  ASSERT_FALSE(status.has_value()) << "the model alone is a finished training, too";
  EXPECT_EQ(weights("a"), before);
  ASSERT_TRUE(run(config("a"), 2).has_value()) << "the same training makes the same model again";
  EXPECT_EQ(weights("a"), before);
  ASSERT_TRUE(run(other, 2, io::Existing::replace).has_value());
  EXPECT_NE(weights("a"), before);
}

TEST_F(TrainerTest, SaysOfFewerStepsThanAreDoneThatNoneIsTakenBack) {
  for (const char* kind : {"constant", "wsd"}) {
    TrainConfig fewer = config(kind);
    fewer.schedule.kind = kind;
    ASSERT_TRUE(run(fewer, 2).has_value());
    fewer.steps = 5;
    const Status status = run(fewer, 2);
    ASSERT_FALSE(status.has_value());
    EXPECT_NE(status.error().message.find("steps: 8 -> 5 (8 steps are done, and no step can"),
              std::string::npos)
        << status.error().message;
    EXPECT_EQ(status.error().message.find("learning rates"), std::string::npos);
  }
}

TEST_F(TrainerTest, RefusesAModelThatItDidNotMake) {
  fs::create_directories(folder_ / "a/model");
  ASSERT_TRUE(io::write_file(files_, folder_ / "a/model/config.json", "{}"));
  EXPECT_EQ(run(config("a"), 2).error().code, Code::invalid_argument);
  EXPECT_EQ(io::read_file(files_, folder_ / "a/model/config.json").value(), "{}");
}

TEST_F(TrainerTest, RefusesASecondProcessInTheSameFolder) {
  {
    const auto first = io::OutputClaim::take(files_, folder_ / "a/train.json");
    const Status status = run(config("a"), 1);
    ASSERT_FALSE(status.has_value());
    EXPECT_NE(status.error().message.find("another writer is at work"), std::string::npos);
  }
  EXPECT_TRUE(run(config("a"), 1).has_value());
}

TEST_F(TrainerTest, RefusesConversationsThatRowTokensLeavesNoReplyOf) {
  ASSERT_TRUE(run(config("base"), 2).has_value());
  TrainConfig tuned = tuning_config("tuned");
  tuned.row_tokens = 4;
  const Status status = run(tuned, 1);
  ASSERT_FALSE(status.has_value());
  EXPECT_NE(status.error().message.find("none of 1 conversations has a reply within row_tokens"),
            std::string::npos)
      << status.error().message;
  EXPECT_FALSE(fs::exists(folder_ / "tuned/model"));

  tuned = tuning_config("tuned");
  std::string question;
  for (int i = 0; i < 40; ++i) {
    question += "the cat sat ";
  }
  tuned.validation = folder_ / "long.jsonl";
  std::ofstream(tuned.validation) << R"({"messages":[{"role":"user","content":")" << question
                                  << R"("},{"role":"assistant","content":"sat"}]})"
                                  << "\n";
  const Status held_out = run(tuned, 1);
  ASSERT_FALSE(held_out.has_value()) << "a held-out set without a target has no loss of 0";
  EXPECT_NE(held_out.error().message.find("long.jsonl"), std::string::npos);
}

TEST_F(TrainerTest, EndsWhereTheHeldOutLossIsNoNumberAndSavesNothing) {
  TrainConfig wild = config("a");
  wild.steps = 1;
  wild.schedule.warmup_steps = 0;
  wild.schedule.peak = 1e38;
  const Status status = run(wild, 1);
  ASSERT_FALSE(status.has_value());
  EXPECT_NE(status.error().message.find("loss is not finite"), std::string::npos)
      << status.error().message;
  EXPECT_FALSE(fs::exists(folder_ / "a/checkpoints"));
  EXPECT_FALSE(fs::exists(folder_ / "a/model"));
}

TEST_F(TrainerTest, CountsConversationsThatAreCutOrLeftOut) {
  ASSERT_TRUE(run(config("base"), 2).has_value());
  const TrainConfig tuned = tuning_config("tuned");
  std::ofstream chat(folder_ / "chat.jsonl");
  const std::string words = "the cat sat on the mat and the dog sat on the cat and so on and on ";
  const auto add = [&](const std::string& question, const std::string& reply) {
    chat << R"({"messages":[{"role":"user","content":")" << question
         << R"("},{"role":"assistant","content":")" << reply << "\"}]}\n";
  };
  add("cat", "sat");
  add("cat", words + words + words + words);
  add(words + words + words + words, "sat");
  chat.close();
  ASSERT_TRUE(run(tuned, 2).has_value());
  const Json counted = *summary("tuned").find("conversations");
  EXPECT_EQ(counted.dump(), R"({"trained_on":2,"cut":1,"left_out":1})");
}

TEST_F(TrainerTest, TunesOnRepliesFromAModel) {
  ASSERT_TRUE(run(config("base"), 2).has_value());
  TrainConfig tuned = config("tuned");
  tuned.stage = "sft";
  tuned.data = folder_ / "chat.jsonl";
  tuned.validation = "";
  tuned.init = folder_ / "base/model";
  ASSERT_TRUE(run(tuned, 2).has_value());
  EXPECT_NE(weights("tuned"), weights("base"));
}

TEST_F(TrainerTest, NamesWhatIsWrong) {
  TrainConfig wrong = config("x");
  wrong.stage = "dpo";
  EXPECT_EQ(run(wrong, 1).error().code, Code::invalid_argument);
  wrong = config("x");
  wrong.data = folder_ / "nothing";
  EXPECT_EQ(run(wrong, 1).error().code, Code::not_found);
  wrong = config("x");
  wrong.shape.heads = 5;
  EXPECT_EQ(run(wrong, 1).error().code, Code::invalid_argument);
  std::ofstream(folder_ / "bad.jsonl") << "{\"messages\":[]}\n{\"text\":1}\n";
  wrong = config("x");
  wrong.stage = "sft";
  wrong.init = folder_ / "x";
  wrong.data = folder_ / "bad.jsonl";
  const Status status = run(wrong, 1);
  ASSERT_FALSE(status.has_value());
  EXPECT_NE(status.error().message.find("bad.jsonl:1"), std::string::npos)
      << status.error().message;
}

}  // namespace
}  // namespace aludel::train
