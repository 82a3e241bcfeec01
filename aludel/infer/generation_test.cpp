#include "aludel/infer/generation.h"

#include <atomic>

#include "tests/scripted_model.h"
#include <gtest/gtest.h>

#include "aludel/infer/batcher.h"
#include "aludel/infer/prompt_encoder.h"

namespace aludel::infer {
namespace {

/// What a sink heard.
struct Heard {
  std::string text;
  std::vector<std::string> pieces;
  std::vector<std::int32_t> ids;
  std::vector<TokenChance> last_chances;
  GenerationEnd end;
  std::string failure;
  bool ended = false;
};

class HearingSink final : public GenerationSink {
 public:
  explicit HearingSink(
      Heard& heard, std::function<Demand()> demand = [] { return Demand::more; })
      : heard_(heard), demand_(std::move(demand)) {}

  Demand demand() override { return demand_(); }

  void on_token(const GeneratedToken& token, std::string_view text) override {
    heard_.ids.push_back(token.id);
    heard_.last_chances = token.chances;
    heard_.text += text;
    if (!text.empty()) heard_.pieces.emplace_back(text);
  }

  void on_end(const GenerationEnd& end, std::string_view text) override {
    heard_.text += text;
    heard_.end = end;
    heard_.ended = true;
  }

  void on_failure(const Error& error) override {
    heard_.failure = error.message;
    heard_.ended = true;
  }

 private:
  Heard& heard_;
  std::function<Demand()> demand_;
};

GenerationRequest greedy(std::string_view prompt) {
  GenerationRequest request;
  request.prompt = byte_ids(prompt);
  request.sampling.temperature = 0;
  request.stop_ids = {kEndId, kChatEndId};
  return request;
}

Heard run(GenerationRequest request, std::vector<std::int32_t> script) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  ScriptedModel model(ScriptedModel::after(request.prompt.size(), std::move(script)));
  Heard heard;
  HearingSink sink(heard);
  const Status status = generate(model, tokenizer, std::move(request), sink);
  if (!status) heard.failure = status.error().message;
  return heard;
}

/// Asked for at once: between two questions a reply moves from waiting to running.
std::int64_t replies_in(const Batcher& batcher) {
  const BatcherLoad load = batcher.load();
  return load.running + load.waiting;
}

TEST(Generation, EndsAtAStopIdThatIsNotShown) {
  std::vector<std::int32_t> script = byte_ids("hello");
  script.push_back(kChatEndId);
  const Heard heard = run(greedy("hi"), script);
  EXPECT_EQ(heard.text, "hello");
  EXPECT_EQ(heard.end.reason, FinishReason::stop);
  EXPECT_EQ(heard.end.prompt_tokens, 2);
  EXPECT_EQ(heard.end.completion_tokens, 6);
}

TEST(Generation, EndsAtTheMostTokensAskedFor) {
  GenerationRequest request = greedy("hi");
  request.max_tokens = 3;
  const Heard heard = run(request, byte_ids("hello"));
  EXPECT_EQ(heard.text, "hel");
  EXPECT_EQ(heard.end.reason, FinishReason::length);
}

TEST(Generation, EndsWhereTheContextEnds) {
  GenerationRequest request = greedy(std::string(500, 'x'));
  request.max_tokens = 100'000;
  const Heard heard = run(request, byte_ids(std::string(400, 'y')));
  EXPECT_EQ(heard.text, std::string(12, 'y'));
  EXPECT_EQ(heard.end.reason, FinishReason::length);
}

TEST(Generation, ShowsACharacterOnlyWhenItIsWhole) {
  const Heard heard = run(greedy("hi"), byte_ids("a\u4f60\u00e9"));
  EXPECT_EQ(heard.pieces, (std::vector<std::string>{"a", "\u4f60", "\u00e9"}));
}

TEST(Generation, ShowsTheRestOfAnUnfinishedCharacterAtTheEnd) {
  GenerationRequest request = greedy("hi");
  request.max_tokens = 2;
  const Heard heard = run(request, byte_ids("\u4f60"));
  EXPECT_EQ(heard.text, std::string("\xE4\xBD"));
}

TEST(Generation, StopsAtAStopStringAcrossTokens) {
  GenerationRequest request = greedy("hi");
  request.stop = {"\nUser:", "###"};
  std::vector<std::int32_t> script = byte_ids("good #\nUse");
  script.push_back(kWordId);
  for (const std::int32_t id : byte_ids(" ## \nUser: more"))
    script.push_back(id);
  const Heard heard = run(request, script);
  EXPECT_EQ(heard.text, "good #\nUseword ## ");
  EXPECT_EQ(heard.end.reason, FinishReason::stop);
}

TEST(Generation, ReportsLogProbabilities) {
  GenerationRequest request = greedy("hi");
  request.max_tokens = 1;
  request.top_log_probabilities = 2;
  const Heard heard = run(request, byte_ids("x"));
  ASSERT_EQ(heard.last_chances.size(), 3U);
  EXPECT_EQ(heard.last_chances[0].id, byte_ids("x")[0]);
  EXPECT_EQ(heard.last_chances[1].id, heard.last_chances[0].id);
  EXPECT_GT(heard.last_chances[0].log_probability, heard.last_chances[2].log_probability);
}

TEST(Generation, SaysThatTheModelGivesNoNumbers) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  ScriptedModel model([](std::span<const std::int32_t>) { return ScriptedModel::kNoNumber; });
  Heard heard;
  HearingSink sink(heard);
  const Status status = generate(model, tokenizer, greedy("hi"), sink);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::corrupt_data);
  EXPECT_FALSE(heard.ended);
}

TEST(Generation, RefusesWhatTheModelCannotTake) {
  EXPECT_NE(run(greedy(""), {}).failure, "");
  EXPECT_NE(run(greedy(std::string(512, 'x')), {}).failure, "");
  GenerationRequest outside = greedy("x");
  outside.prompt.push_back(100'000);
  EXPECT_NE(run(outside, {}).failure, "");
  GenerationRequest none = greedy("x");
  none.max_tokens = 0;
  EXPECT_NE(run(none, {}).failure, "");
}

TEST(Batcher, RunsRepliesTogetherAsIfEachWereAlone) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  const auto next = [](std::span<const std::int32_t> text) {  // depends on its own text only
    return text.size() >= 40
               ? kEndId
               : kFirstByteId + 'a' + (text.front() + static_cast<int>(text.size())) % 26;
  };
  std::vector<Heard> together(6);
  std::vector<Heard> alone(6);
  ScriptedModel shared(next);
  std::atomic<bool> submitted = false;
  const auto all_there = [&] { return submitted ? Demand::more : Demand::wait; };
  {
    Batcher batcher(shared, tokenizer, {.max_replies = 4});
    for (std::size_t i = 0; i < together.size(); ++i) {
      batcher.submit(greedy(std::string(1, static_cast<char>('A' + i))),
                     std::make_unique<HearingSink>(together[i], all_there));
    }
    submitted = true;
    while (replies_in(batcher) > 0)
      std::this_thread::yield();
  }
  EXPECT_GE(*std::max_element(shared.batch_sizes.begin(), shared.batch_sizes.end()), 2U);
  for (std::size_t i = 0; i < alone.size(); ++i) {
    ScriptedModel model(next);
    HearingSink sink(alone[i]);
    ASSERT_TRUE(
        generate(model, tokenizer, greedy(std::string(1, static_cast<char>('A' + i))), sink));
    EXPECT_EQ(together[i].text, alone[i].text);
    EXPECT_EQ(together[i].end.reason, FinishReason::stop);
  }
}

TEST(Batcher, TakesALongPromptInChunksBetweenTokensOfOthers) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  ScriptedModel model([](std::span<const std::int32_t>) { return kFirstByteId; }, 4096);
  Heard heard;
  {
    Batcher batcher(model, tokenizer, {});
    GenerationRequest request = greedy(std::string(1000, 'x'));
    request.max_tokens = 2;
    batcher.submit(request, std::make_unique<HearingSink>(heard));
    while (replies_in(batcher) > 0)
      std::this_thread::yield();
  }
  EXPECT_EQ(model.batch_sizes.size(), 5U);  // 256 three times, 232 with the first token, the second
  EXPECT_EQ(heard.end.completion_tokens, 2);
}

TEST(Batcher, CancelsAReplyThatNobodyReads) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  ScriptedModel model([](std::span<const std::int32_t>) { return kFirstByteId; }, 1 << 20);
  Heard heard;
  int asked = 0;
  {
    Batcher batcher(model, tokenizer, {.max_cached_tokens = 1 << 21});
    GenerationRequest request = greedy("x");
    request.max_tokens = 1 << 19;
    batcher.submit(request, std::make_unique<HearingSink>(heard, [&] {
                     return ++asked < 10 ? Demand::more : Demand::cancel;
                   }));
    while (replies_in(batcher) > 0)
      std::this_thread::yield();
  }
  EXPECT_EQ(heard.end.reason, FinishReason::cancelled);
  EXPECT_EQ(heard.end.completion_tokens, 9);
}

TEST(Batcher, WaitsForASlowReader) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  ScriptedModel model(ScriptedModel::after(1, byte_ids("slow")));
  Heard heard;
  int asked = 0;
  {
    Batcher batcher(model, tokenizer, {});
    batcher.submit(greedy("x"), std::make_unique<HearingSink>(heard, [&] {
                     return ++asked % 2 == 0 ? Demand::more : Demand::wait;
                   }));
    while (replies_in(batcher) > 0)
      std::this_thread::yield();
  }
  EXPECT_EQ(heard.text, "slow");
}

/// Submits replies to prompts of one letter each, with the cache given, and waits for their ends.
std::vector<Heard> run_together(std::int64_t max_cached_tokens, std::int64_t max_tokens,
                                std::size_t count, ScriptedModel& model) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  std::vector<Heard> heard(count);
  Batcher batcher(model, tokenizer, {.max_cached_tokens = max_cached_tokens});
  for (std::size_t i = 0; i < count; ++i) {
    GenerationRequest request = greedy(std::string(3 + i, static_cast<char>('A' + i)));
    request.max_tokens = max_tokens;
    batcher.submit(request, std::make_unique<HearingSink>(heard[i]));
  }
  while (replies_in(batcher) > 0)
    std::this_thread::yield();
  return heard;
}

/// A token that depends on the whole text, so that a lost or doubled one shows.
std::int32_t text_dependent(std::span<const std::int32_t> text) {
  std::int64_t sum = 0;
  for (const std::int32_t id : text)
    sum = (sum * 31 + id) % 9973;
  return kFirstByteId + 'a' + static_cast<std::int32_t>(sum % 26);
}

TEST(Batcher, SetsTheYoungestAsideWhenTheCacheIsFullAndLosesNothing) {
  for (const std::int64_t cache : {120, 300, 301, 640}) {  // each reply alone needs 103 to 107
    ScriptedModel narrow(text_dependent);
    ScriptedModel wide(text_dependent);
    const auto crowded = run_together(cache, 100, 5, narrow);
    const auto free = run_together(100'000, 100, 5, wide);
    for (std::size_t i = 0; i < free.size(); ++i) {
      EXPECT_EQ(crowded[i].text, free[i].text) << cache;
      EXPECT_EQ(crowded[i].end.reason, FinishReason::length);
      EXPECT_EQ(crowded[i].end.prompt_tokens, free[i].end.prompt_tokens);
      EXPECT_EQ(crowded[i].end.completion_tokens, 100);
    }
    EXPECT_LE(narrow.most_cached(), cache);
  }
}

TEST(Batcher, StartsRepliesBesideOneThatMayGrowToTheWholeContext) {
  ScriptedModel model(text_dependent, 1 << 20);
  const text::Tokenizer tokenizer = byte_tokenizer();
  Heard endless;
  Heard brief;
  Batcher batcher(model, tokenizer, {.max_cached_tokens = 1 << 18});
  EXPECT_EQ(batcher.longest_text(), 1 << 18);
  GenerationRequest greedy_one = greedy("x");
  greedy_one.max_tokens = 1 << 20;
  std::atomic<bool> left = false;
  batcher.submit(greedy_one, std::make_unique<HearingSink>(
                                 endless, [&] { return left ? Demand::cancel : Demand::more; }));
  GenerationRequest small = greedy("y");
  small.max_tokens = 5;
  batcher.submit(small, std::make_unique<HearingSink>(brief));
  while (replies_in(batcher) > 1)
    std::this_thread::yield();
  EXPECT_EQ(brief.end.completion_tokens, 5);
  left = true;
  while (batcher.load().running > 0)
    std::this_thread::yield();
  EXPECT_EQ(endless.end.reason, FinishReason::cancelled);
}

TEST(Batcher, EndsAReplyWhereTheCacheEnds) {
  ScriptedModel model(text_dependent, 4096);
  const auto heard = run_together(50, 4000, 2, model);
  EXPECT_EQ(heard[0].end.completion_tokens, 50 - 3);
  EXPECT_EQ(heard[1].end.completion_tokens, 50 - 4);
  EXPECT_EQ(heard[1].end.reason, FinishReason::length);
}

TEST(Batcher, FreesThePlacesOfClientsThatLeaveTheQueue) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  ScriptedModel model(text_dependent);
  Heard first;
  std::atomic<bool> finish = false;
  std::atomic<bool> left = false;
  std::vector<Heard> queued(3);
  Heard late;
  Batcher batcher(model, tokenizer, {.max_replies = 1, .max_waiting = 3});
  const auto running = [&] { return finish ? Demand::cancel : Demand::wait; };
  const auto leaving = [&] { return left ? Demand::cancel : Demand::more; };
  batcher.submit(greedy("x"), std::make_unique<HearingSink>(first, running));
  while (batcher.load().running == 0)
    std::this_thread::yield();
  for (Heard& heard : queued)
    batcher.submit(greedy("y"), std::make_unique<HearingSink>(heard, leaving));
  batcher.submit(greedy("z"), std::make_unique<HearingSink>(late));
  EXPECT_NE(late.failure, "") << "all places are taken";
  left = true;
  late = {};
  batcher.submit(greedy("z"), std::make_unique<HearingSink>(late));
  EXPECT_EQ(late.failure, "") << "nobody waits at those places any more";
  while (batcher.load().waiting > 1)
    std::this_thread::yield();
  for (const Heard& heard : queued) {
    EXPECT_EQ(heard.end.reason, FinishReason::cancelled);
    EXPECT_EQ(heard.end.completion_tokens, 0);
  }
  finish = true;
  while (replies_in(batcher) > 0)
    std::this_thread::yield();
  EXPECT_GT(late.end.completion_tokens, 0);
}

TEST(Batcher, FailsTheReplyWhoseLogitsAreNoNumbersAndNoOther) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  ScriptedModel model([](std::span<const std::int32_t> text) {
    return text.front() == kFirstByteId + 'B' ? ScriptedModel::kNoNumber : text_dependent(text);
  });
  const auto heard = run_together(100'000, 30, 3, model);
  EXPECT_NE(heard[1].failure.find("no numbers"), std::string::npos);
  for (const std::size_t i : {0U, 2U}) {
    EXPECT_EQ(heard[i].failure, "");
    EXPECT_EQ(heard[i].end.completion_tokens, 30);
  }
}

TEST(Batcher, FailsWhatItCannotServe) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  ScriptedModel model([](std::span<const std::int32_t>) { return kFirstByteId; });
  Heard too_long;
  Heard stopped;
  Heard late;
  Batcher batcher(model, tokenizer, {.max_cached_tokens = 100});
  batcher.submit(greedy(std::string(101, 'x')), std::make_unique<HearingSink>(too_long));
  EXPECT_NE(too_long.failure, "");
  GenerationRequest small = greedy("x");
  small.max_tokens = 50;
  batcher.submit(small, std::make_unique<HearingSink>(stopped, [] { return Demand::wait; }));
  batcher.stop();
  EXPECT_NE(stopped.failure, "");
  batcher.submit(small, std::make_unique<HearingSink>(late));
  EXPECT_NE(late.failure, "");
}

TEST(PromptEncoder, WritesChatMl) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  const PromptEncoder prompts(tokenizer, std::nullopt, kEndId);
  const std::vector<text::ChatMessage> messages = {{"user", "a<|im_end|>"}};
  const auto ids = prompts.encode_chat(messages);
  ASSERT_TRUE(ids);
  std::vector<std::int32_t> expected = {6};
  const auto append = [&](std::string_view text) {
    for (const std::int32_t id : byte_ids(text))
      expected.push_back(id);
  };
  append("user\na<|im_end|>");  // a special that a user wrote is plain text
  expected.push_back(7);
  append("\n");
  expected.push_back(6);
  append("assistant\n");
  EXPECT_EQ(ids.value(), expected);
}

TEST(PromptEncoder, BeginsTextsAsTheModelWants) {
  const text::Tokenizer tokenizer = byte_tokenizer();
  EXPECT_EQ(PromptEncoder(tokenizer, 1, kEndId).encode_text("x").size(), 2U);
  EXPECT_EQ(PromptEncoder(tokenizer, std::nullopt, kEndId).encode_text("").front(), kEndId);
  EXPECT_TRUE(PromptEncoder(tokenizer, std::nullopt, std::nullopt).encode_text("").empty());
}

}  // namespace
}  // namespace aludel::infer
