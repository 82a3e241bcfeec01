#include "aludel/curate/run/filter.h"

#include <cstring>

#include "tests/ask_to_stop.h"
#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/hash.h"
#include "aludel/base/json.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/learn/findings.h"

namespace aludel::curate {
namespace {

/// When a reader asks the program to stop.
enum class StopSignal : std::uint8_t { none, at_first_read };

class TextReader final : public io::ByteReader {
 public:
  TextReader(std::string text, StopSignal stop) : text_(std::move(text)), stop_(stop) {}

  Result<std::size_t> read(std::span<char> out) override {
    if (stop_ == StopSignal::at_first_read && at_ == 0) ask_to_stop();
    const std::size_t size = std::min(out.size(), text_.size() - at_);
    std::memcpy(out.data(), text_.data() + at_, size);
    at_ += size;
    return size;
  }

 private:
  std::string text_;
  StopSignal stop_;
  std::size_t at_ = 0;
};

class LayerFilter : public testing::Test {
 protected:
  Result<std::vector<Json>> run(FilterOptions options, const std::string& in, int workers = 2) {
    Threads threads(workers);
    options.scratch_folder = folder_.path();
    std::vector<Json> out;
    const auto keep = [&](std::string_view line) -> Status {
      ++lines_out_;
      out.push_back(last_ = ALUDEL_TRY(parse_json(line)));
      return Ok{};
    };
    ALUDEL_TRY(
        filter_documents(files_, threads, options, std::make_unique<TextReader>(in, stop_), keep));
    return out;
  }

  /// Writes the state of a layer that has learned of these lines to `state`, as a run does.
  void leave_state(const std::string& layer, const std::string& in) {
    const auto out = run({.layer = layer}, in);
    ASSERT_TRUE(out) << out.error().message;
    auto seen = SeenWriter::create(files_, seen_path(folder_ / "state", 0), layer).value();
    for (const Json& line : out.value()) {
      ASSERT_TRUE(seen.add(line.string_or("id", "")));
    }
    ASSERT_TRUE(seen.commit());
  }

  TemporaryFolder folder_;
  io::LocalFileSystem files_;
  StopSignal stop_ = StopSignal::none;
  std::size_t lines_out_ = 0;
  Json last_;  // the last line that came out
};

constexpr std::string_view kLong =
    "The cat sat on the mat with all of that. It was a day to remember and be glad. So it ended.";

std::string line_of(std::string_view text, std::string_view more = "") {
  return R"({"id":"a",)" + std::string(more) + R"("text":")" + std::string(text) + "\"}\n";
}

TEST_F(LayerFilter, AnnotatesAndRejectsInTheSameOrder) {
  const auto out = run({.layer = "metrics", .set = {"min_words=10"}},
                       line_of("short") + line_of(kLong, R"("mine":[1],)") + "\n{bad\n" +
                           line_of("x", R"("rejected_by":"language","reason":"r",)"))
                       .value();
  ASSERT_EQ(out.size(), 4U);
  EXPECT_EQ(out[0].string_or("rejected_by", ""), "metrics");
  EXPECT_EQ(out[0].string_or("reason", ""), "too_few_words");
  EXPECT_EQ(out[0].number_or("score", 0), 10);
  EXPECT_EQ(out[1].find("rejected_by"), nullptr) << out[1].dump();
  EXPECT_EQ(out[1].find("annotations")->find("metrics")->number_or("words", 0), 22);
  EXPECT_NE(out[1].find("mine"), nullptr) << "keys of other tools stay";
  EXPECT_EQ(out[2].string_or("rejected_by", ""), "read");
  EXPECT_EQ(out[2].string_or("reason", ""), "bad_json");
  EXPECT_EQ(out[3].string_or("rejected_by", ""), "language");
  EXPECT_EQ(out[3].find("annotations"), nullptr) << "rejects pass unjudged";
}

TEST_F(LayerFilter, LeavesMembersOfAnyTypeAsTheyCame) {
  const auto out =
      run({.layer = "metrics"},
          "\xEF\xBB\xBF{\"id\":17,\"language\":[\"en\"],\"date\":5,\"n\":12345678901234567890,"
          "\"metadata\":{\"url\":\"u\"},\"text\":\"" +
              std::string(kLong) + "\\ud83d\"}\n")
          .value();
  ASSERT_EQ(out.size(), 1U);
  EXPECT_NE(out[0].find("annotations")->find("metrics"), nullptr);
  EXPECT_EQ(out[0].integer_or("id", 0), 17);
  EXPECT_TRUE(out[0].find("language")->is_array());
  EXPECT_EQ(out[0].integer_or("date", 0), 5);
  EXPECT_EQ(out[0].string_or("n", ""), "12345678901234567890");
  EXPECT_EQ(out[0].find("metadata")->dump(), R"({"url":"u"})");
  EXPECT_EQ(out[0].find("url"), nullptr);
}

TEST_F(LayerFilter, KeepsWhatAnotherToolCallsAnnotations) {
  for (const char* foreign : {R"({"toxicity":0.3})", R"(["a","b"])", R"("by hand")", "7"}) {
    const auto out =
        run({.layer = "metrics"}, line_of(kLong, fmt::format(R"("annotations":{},)", foreign)))
            .value();
    ASSERT_EQ(out.size(), 1U);
    EXPECT_NE(out[0].find("annotations")->find("metrics"), nullptr) << foreign;
    ASSERT_NE(out[0].find("annotations_"), nullptr) << foreign;
    EXPECT_EQ(out[0].find("annotations_")->dump(), foreign);
  }
}

// FineWeb-Edu has a `score` of its own, which a dropped document's score used to overwrite.
TEST_F(LayerFilter, KeepsWhatAnotherToolCallsScoreReasonAndRejectedBy) {
  const std::string theirs = R"("score":2.5,"reason":"math","rejected_by":["x"],)";
  const FilterOptions options{.layer = "metrics", .set = {"min_words=10"}};
  const auto out =
      run(options, line_of("short", theirs + R"("score_":1,)") + line_of(kLong, theirs) +
                       line_of("short", R"("score":null,"reason":"",)") +
                       R"({"reason":"math","problem":7,"content":"no text"})")
          .value();
  ASSERT_EQ(out.size(), 4U);
  EXPECT_EQ(out[0].string_or("rejected_by", ""), "metrics");
  EXPECT_EQ(out[0].number_or("score", 0), 10);
  EXPECT_EQ(out[0].number_or("score_", 0), 1);
  EXPECT_EQ(out[0].number_or("score__", 0), 2.5);
  EXPECT_EQ(out[0].string_or("reason_", ""), "math");
  EXPECT_TRUE(out[0].find("rejected_by_")->is_array());
  EXPECT_EQ(out[1].number_or("score", 0), 2.5) << "of what is kept nothing is in the way";
  EXPECT_EQ(out[1].string_or("reason", ""), "math");
  EXPECT_EQ(out[1].find("score_"), nullptr);
  EXPECT_EQ(out[2].find("score_"), nullptr) << "there was nothing in it";
  EXPECT_EQ(out[2].find("reason_"), nullptr);
  EXPECT_EQ(out[3].string_or("reason", ""), "no_text_key");
  EXPECT_EQ(out[3].string_or("reason_", ""), "math");
  EXPECT_EQ(out[3].integer_or("problem_", 0), 7);
}

TEST_F(LayerFilter, LeavesALanguageAsItCameThatItDoesNotChange) {
  for (const char* theirs : {"5", "true", R"(["en"])", R"("en")", "null"}) {
    const std::string line = line_of(kLong, fmt::format(R"("language":{},)", theirs));
    const auto kept = run({.layer = "metrics"}, line).value();
    EXPECT_EQ(kept.at(0).find("language")->dump(), theirs);
    EXPECT_EQ(kept.at(0).find("language_"), nullptr);
    const auto judged = run({.layer = "language"}, line).value();
    EXPECT_EQ(judged.at(0).string_or("language", ""), "en") << judged.at(0).dump();
    const bool is_foreign = theirs[0] != '"' && theirs[0] != 'n';
    const Json* aside = judged.at(0).find("language_");
    ASSERT_EQ(aside != nullptr, is_foreign) << theirs;
    if (is_foreign) {
      EXPECT_EQ(aside->dump(), theirs);
    }
  }
}

TEST_F(LayerFilter, FitsOnTheDocumentsThatItJudges) {
  const std::string in = R"([{"id":"a","text":"x"},)"
                         "\n"
                         R"({"id":"b",)"
                         "\n"
                         R"("text":"y"},{"content":"no text"}])";
  const auto fitted = run({.layer = "exact_dedup"}, in).value();
  ASSERT_EQ(fitted.size(), 3U) << "an object over two lines is one document on both readings";
  EXPECT_EQ(fitted[1].string_or("id", ""), "b");
  EXPECT_EQ(fitted[1].find("rejected_by"), nullptr) << fitted[1].dump();
  EXPECT_EQ(fitted[2].string_or("problem", ""), "[document] no 'text'; its members: content");
}

TEST_F(LayerFilter, SaysOfALineWithoutATextWhatItHas) {
  const auto out = run({.layer = "metrics"}, R"([{"content":"a","mine":1},{"text":[1]}])").value();
  ASSERT_EQ(out.size(), 2U) << "an array is read as its objects";
  EXPECT_EQ(out[0].string_or("reason", ""), "no_text_key");
  EXPECT_EQ(out[0].integer_or("mine", 0), 1);
  EXPECT_EQ(out[0].string_or("problem", ""), "[document] no 'text'; its members: content, mine");
  EXPECT_EQ(out[1].string_or("reason", ""), "bad_document");
}

TEST_F(LayerFilter, TakesLinesOfARunWhoseAnnotationsAreText) {
  const auto out =
      run({.layer = "metrics"}, line_of(kLong, R"("annotations":"{\"topic\":{\"of\":1}}",)"))
          .value();
  EXPECT_EQ(out.at(0).find("annotations")->find("topic")->integer_or("of", 0), 1);
  EXPECT_NE(out.at(0).find("annotations")->find("metrics"), nullptr);
}

TEST_F(LayerFilter, GivesTheSameLinesForAnyNumberOfWorkers) {
  std::string in;
  for (int i = 0; i < 2000; ++i) {
    in += line_of(std::string(kLong) + std::to_string(i));
  }
  EXPECT_EQ(run({.layer = "repetition"}, in, 1).value(),
            run({.layer = "repetition"}, in, 7).value());
}

/// Returns a line with an id of the form that a run gives.
std::string line_with_id(std::string_view name, std::string_view text) {
  return fmt::format("{{\"id\":\"{}\",\"text\":\"{}\"}}\n", hash128(name).hex(), text);
}

TEST_F(LayerFilter, LearnsOfItsInputFirstAndTakesTheStateLater) {
  const std::string in =
      line_with_id("a", kLong) + line_with_id("b", "Something else.") + line_with_id("c", kLong);
  const auto out = run({.layer = "exact_dedup"}, in).value();
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[0].find("rejected_by"), nullptr);
  EXPECT_EQ(out[1].find("rejected_by"), nullptr);
  EXPECT_EQ(out[2].string_or("rejected_by", ""), "exact_dedup");
  leave_state("exact_dedup", in);
  EXPECT_EQ(run({.layer = "exact_dedup", .state = folder_ / "state"}, in).value(), out);
}

TEST_F(LayerFilter, NamesCopiesByTheirOwnIds) {
  const std::string in = R"({"id":"mine","text":")" + std::string(kLong) + "\"}\n" +
                         R"({"id":"yours","text":")" + std::string(kLong) + "\"}\n";
  const auto out = run({.layer = "exact_dedup"}, in).value();
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[1].string_or("id", ""), "yours");
  EXPECT_EQ(out[1].find("annotations")->find("exact_dedup")->string_or("of", ""), "mine");
}

TEST_F(LayerFilter, NamesTheClusterOfNearDuplicatesAndKeepsWhatAnotherToolCallsSo) {
  const auto line = [](std::string_view id, std::string_view member) {
    return fmt::format(R"({{"id":"{}",{}"text":"{}"}})", id, member, kLong) + "\n";
  };
  const std::string in = line("a", "") + line("b", R"("cluster":3,)");
  const auto out = run({.layer = "minhash_dedup"}, in).value();
  ASSERT_EQ(out.size(), 2U);
  EXPECT_FALSE(out[0].string_or("cluster", "").empty());
  EXPECT_EQ(out[1].string_or("cluster", ""), out[0].string_or("cluster", ""));
  EXPECT_EQ(out[1].integer_or("cluster_", 0), 3);
  const auto kept = run({.layer = "metrics"}, in).value();
  EXPECT_EQ(kept[0].find("cluster"), nullptr) << "this layer names none";
  EXPECT_EQ(kept[1].integer_or("cluster", 0), 3);
}

// Regression: a state of findings let documents of any other corpus pass as if it had judged them.
TEST_F(LayerFilter, GivesDocumentsThatAStateNeverSawBackUnjudgedAndFails) {
  const std::string seen = line_with_id("a", kLong) +
                           line_with_id("b", "Something else that nobody copied.") +
                           line_with_id("c", kLong);
  const std::string unseen = line_with_id("d", kLong);
  for (const char* layer : {"exact_dedup", "minhash_dedup", "paragraph_dedup", "semantic"}) {
    const auto out = run({.layer = layer}, seen).value();
    leave_state(layer, seen);
    const FilterOptions with_state{.layer = layer, .state = folder_ / "state"};
    EXPECT_EQ(run(with_state, seen).value(), out) << layer << " knows those without a finding, too";
    for (const std::string& in : {seen + unseen, unseen}) {
      lines_out_ = 0;
      const auto refused = run(with_state, in);
      ASSERT_FALSE(refused) << layer;
      EXPECT_EQ(refused.error().code, Code::not_found);
      const std::string said = in == unseen ? "1 of 1 documents" : "1 of 4 documents";
      EXPECT_NE(refused.error().message.find(said), std::string::npos) << refused.error().message;
      EXPECT_EQ(lines_out_, in == unseen ? 1U : 4U) << "nothing is lost";
      EXPECT_EQ(last_.find("annotations"), nullptr) << last_.dump();
    }
  }
}

TEST_F(LayerFilter, RefusesAStateThatDoesNotSayWhatItSaw) {
  const std::string in = R"({"id":"a","text":")" + std::string(kLong) + "\"}\n" +
                         R"({"id":"c","text":")" + std::string(kLong) + "\"}\n";
  ASSERT_TRUE(run({.layer = "exact_dedup"}, in));
  const auto refused = run({.layer = "exact_dedup", .state = folder_ / "state"}, in);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("which documents it saw"), std::string::npos);
}

TEST_F(LayerFilter, RefusesTheStateOfAnotherLayer) {
  const std::string in = line_with_id("a", kLong);
  for (const char* maker : {"exact_dedup", "minhash_dedup", "paragraph_dedup", "semantic"}) {
    leave_state(maker, in);
    for (const char* layer : {"exact_dedup", "minhash_dedup", "paragraph_dedup", "semantic"}) {
      lines_out_ = 0;
      const auto judged = run({.layer = layer, .state = folder_ / "state"}, in);
      EXPECT_EQ(bool(judged), std::string_view(layer) == maker) << layer << " by " << maker;
      EXPECT_EQ(lines_out_, judged ? 1U : 0U);
    }
  }
}

// Regression: such settings had no effect, and no message said so.
TEST_F(LayerFilter, RefusesSettingsThatTheStateDecides) {
  const std::string state = folder_ / "state";
  std::size_t layers = 0;
  for (const LayerSpec* spec : all_layers()) {
    const Json defaults = spec->defaults();
    std::vector<std::string> decided = spec->settings_read_at(ReadAt::learning, defaults);
    if (spec->learns_by_seed) decided.emplace_back("seed");
    for (const std::string& name : decided) {
      FilterOptions options{.layer = std::string(spec->name), .state = state};
      if (name == "seed") {
        options.seed = 7;
      } else {
        ASSERT_NE(defaults.find(name), nullptr) << spec->name << " has no setting " << name;
        options.set = {fmt::format("{}={}", name, defaults.find(name)->dump())};
      }
      const auto refused = run(options, "");
      ASSERT_FALSE(refused) << spec->name << " " << name;
      EXPECT_NE(refused.error().message.find(fmt::format("the state decides {} of", name)),
                std::string::npos)
          << refused.error().message;
    }
    if (!decided.empty()) ++layers;
  }
  EXPECT_EQ(layers, 6U) << "all that learn of documents";

  const std::string in = line_with_id("a", kLong);
  leave_state("exact_dedup", in);
  EXPECT_TRUE(run({.layer = "exact_dedup", .set = {"min_bytes=9"}, .state = state}, in))
      << "those that judge are the caller's";
}

TEST_F(LayerFilter, TellsDocumentsApartThatHaveNoIdOrOneId) {
  const std::string one = R"({"text":")" + std::string(kLong) + "\"}\n";
  const std::string other = R"({"text":"Something else."})"
                            "\n";
  const auto out = run({.layer = "exact_dedup"}, one + other + one).value();
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[0].find("rejected_by"), nullptr);
  EXPECT_EQ(out[1].find("rejected_by"), nullptr);
  EXPECT_EQ(out[2].string_or("reason", ""), "duplicate");
  EXPECT_EQ(out[2].find("annotations")->find("exact_dedup")->string_or("of", ""), "line 1");
  EXPECT_EQ(out[2].find("id"), nullptr) << "the input had none";

  const auto same_id =
      run({.layer = "exact_dedup"}, line_of(kLong) + line_of("Something else.") + line_of(kLong))
          .value();
  EXPECT_EQ(same_id[1].find("rejected_by"), nullptr);
  EXPECT_EQ(same_id[2].string_or("reason", ""), "duplicate");
  EXPECT_EQ(same_id[2].string_or("id", ""), "a") << "the input's own id comes back";
  EXPECT_EQ(same_id[2].find("annotations")->find("exact_dedup")->string_or("of", ""), "a");
}

// Documents of such a profile were taken for unknown ones, and the command failed.
TEST_F(LayerFilter, LeavesTheProfilesAloneThatTheRunOfTheStateHadOff) {
  const std::string web = R"({"id":"w","profile":"web","text":"One text."})"
                          "\n";
  const std::string code = R"({"id":"c","profile":"code","text":"One text."})"
                           "\n";
  const auto seen = run({.layer = "exact_dedup"}, web);
  ASSERT_TRUE(seen);
  const std::string state = folder_ / "run/state/exact_dedup";
  ASSERT_TRUE(files_.make_folders(state));
  ASSERT_TRUE(io::write_file(files_, findings_path(state, 0),
                             io::read_file(files_, findings_path(folder_ / "state", 0)).value()));
  auto writer = SeenWriter::create(files_, seen_path(state, 0), "exact_dedup").value();
  ASSERT_TRUE(writer.add("w"));
  ASSERT_TRUE(writer.commit());
  const FilterOptions options{.layer = "exact_dedup", .state = state};
  EXPECT_FALSE(run(options, web + code)) << "the state of no run says nothing of profiles";
  const auto write_config = [&](const std::string& profile) {
    return io::write_file(files_, folder_ / "run/config.resolved.toml",
                          "[[sources]]\nname = \"a\"\npath = \"a\"\n[profiles." + profile +
                              "]\nexact_dedup = \"off\"\n");
  };
  ASSERT_TRUE(write_config("code"));
  auto out = run(options, web + code);
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_EQ(out.value()[1].find("annotations"), nullptr);
  ASSERT_TRUE(write_config("web"));
  EXPECT_FALSE(run(options, web + code)) << "the run never saw code in that layer";
}

TEST_F(LayerFilter, SwitchesOnALayerThatThePresetHasOff) {
  const auto out = run({.layer = "semantic", .preset = "rules", .set = {"min_terms=5"}},
                       line_of(kLong) + line_of("Something else."));
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_NE(out.value()[0].find("annotations")->find("semantic"), nullptr);
}

TEST_F(LayerFilter, StopsBetweenTwoDocumentsOfABatch) {
  for (const char* layer : {"metrics", "exact_dedup"}) {
    catch_stop_signals();
    stop_ = StopSignal::at_first_read;  // long before the batch is full
    const auto stopped = run({.layer = layer}, line_of(kLong) + line_of(kLong));
    catch_stop_signals();
    ASSERT_FALSE(stopped) << layer;
    EXPECT_EQ(stopped.error().code, Code::cancelled);
    EXPECT_EQ(lines_out_, 0U) << "a document came out after the stop";
  }
}

TEST_F(LayerFilter, RefusesWrongNamesSettingsAndStates) {
  EXPECT_NE(run({.layer = "metrix"}, "").error().message.find("'metrics'"), std::string::npos);
  EXPECT_FALSE(run({.layer = "metrics", .preset = "wep"}, ""));
  EXPECT_FALSE(run({.layer = "metrics", .set = {"min_wrods=1"}}, ""));
  EXPECT_FALSE(run({.layer = "metrics", .state = "state"}, ""));
  EXPECT_FALSE(run({.layer = "exact_dedup", .state = folder_ / "missing"}, ""));
}

}  // namespace
}  // namespace aludel::curate
