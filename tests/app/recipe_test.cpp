#include "app/recipe/recipe.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/recipe/run_lock.h"
#include <gtest/gtest.h>

#include "aludel/base/config.h"

namespace aludel::app {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class RecipeRunTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    where_.run_folder = folder_ / "run";
    where_.threads = 1;
  }

  void TearDown() override { fs::remove_all(folder_); }

  Recipe recipe(const std::string& toml) {
    const fs::path path = folder_ / "r.toml";
    std::ofstream(path) << toml;
    return load_recipe(path).value();
  }

  fs::path folder_;
  RecipeRun where_;
};

constexpr const char* kTwoSteps = R"(
name = "two"
[[steps]]
name = "first"
command = ["list", "commands"]
result = "{run}/first.txt"
[[steps]]
name = "second"
command = ["list", "--markdown"]
result = "{run}/second.txt"
outputs = ["{run}/second.txt"]
)";

TEST_F(RecipeRunTest, MakesAStepOfEachCombination) {
  const Recipe made = recipe(R"(
name = "grid"
[[steps]]
name = "train_{text}_{seed}"
what = "train"
command = ["list", "{text}", "{run}"]
config = { seed = "{seed}" }
each = { text = ["raw", "kept"], seed = ["1", "2"] }
[[steps]]
name = "last"
command = ["list", "{text}"]
)");
  std::vector<std::string> names;
  for (const Step& step : made.steps) {
    names.push_back(step.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"train_raw_1", "train_kept_1", "train_raw_2",
                                             "train_kept_2", "last"}));
  EXPECT_EQ(made.steps[1].command, (std::vector<std::string>{"list", "kept", "{run}"}));
  EXPECT_EQ(made.steps[2].config.string_or("seed", ""), "2");
  EXPECT_TRUE(made.steps[0].each.is_null());
  EXPECT_EQ(made.steps[4].command[1], "{text}");
}

TEST_F(RecipeRunTest, RefusesAnEachThatMakesNoSteps) {
  const std::string step = "name = 'r'\n[[steps]]\nname = 's_{x}'\ncommand = ['list']\neach = ";
  std::string many = "{";
  for (const char* name : {"a", "b", "c"}) {
    many += std::string(name == std::string("a") ? "" : ", ") + name + " = ['0'";
    for (int i = 1; i < 11; ++i) {
      many += ", '" + std::to_string(i) + "'";
    }
    many += "]";
  }
  for (const std::string& each : {std::string("{ x = 'a' }"), std::string("{ x = [] }"),
                                  std::string("{ x = [1] }"), many + "}"}) {
    const fs::path path = folder_ / "r.toml";
    std::ofstream(path) << step << each << "\n";
    const auto made = load_recipe(path);
    ASSERT_FALSE(made.has_value()) << each;
    EXPECT_NE(made.error().message.find("each of step 's_{x}'"), std::string::npos)
        << made.error().message;
  }
}

TEST_F(RecipeRunTest, SkipsWhatIsDoneAndRunsAgainFromAChange) {
  ASSERT_TRUE(run_recipe(recipe(kTwoSteps), where_).has_value());
  const fs::path first = folder_ / "run/first.txt";
  const fs::path second = folder_ / "run/second.txt";
  EXPECT_NE(read_text(first).find("list"), std::string::npos);
  EXPECT_NE(read_text(second).find("## commands"), std::string::npos);

  std::ofstream(first) << "kept";
  std::ofstream(second) << "kept";
  ASSERT_TRUE(run_recipe(recipe(kTwoSteps), where_).has_value());
  EXPECT_EQ(read_text(first), "kept");
  EXPECT_EQ(read_text(second), "kept");

  std::string changed = kTwoSteps;
  changed.replace(changed.find("--markdown"), 10, "commands");
  ASSERT_TRUE(run_recipe(recipe(changed), where_).has_value());
  EXPECT_EQ(read_text(first), "kept");
  EXPECT_EQ(read_text(second).find("##"), std::string::npos);
  EXPECT_NE(read_text(second), "kept");

  where_.from = "first";
  ASSERT_TRUE(run_recipe(recipe(changed), where_).has_value());
  EXPECT_NE(read_text(first), "kept");
}

TEST_F(RecipeRunTest, NamesTheStepThatFailsAndStaysUnfinished) {
  const Recipe bad = recipe("name='b'\n[[steps]]\nname='s'\ncommand=['list','nothing']\n");
  const Status status = run_recipe(bad, where_);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().message.find("step 's' (1 of 1): family: family is 'nothing'"), 0U)
      << status.error().message;
  const Json marker = parse_json(read_text(folder_ / "run/steps/s.json")).value();
  EXPECT_FALSE(marker.bool_or("finished", true));
}

TEST_F(RecipeRunTest, RefusesUnknownStepsAndKeys) {
  where_.to = "secnd";
  EXPECT_EQ(run_recipe(recipe(kTwoSteps), where_).error().code, Code::invalid_argument);
  std::ofstream(folder_ / "bad.toml") << "name='x'\nstep=1\n";
  const auto bad = load_recipe(folder_ / "bad.toml");
  ASSERT_FALSE(bad.has_value());
  EXPECT_NE(bad.error().message.find("did you mean 'steps'"), std::string::npos);
  EXPECT_EQ(load_recipe(folder_ / "missing.toml").error().code, Code::not_found);
}

TEST_F(RecipeRunTest, RunsAgainWhenAFileOfTheRecipeChanges) {
  std::ofstream(folder_ / "words.txt") << "a";
  const std::string toml =
      "name='f'\n[[steps]]\nname='s'\ncommand=['list']\nresult='{run}/s.txt'\n"
      "[steps.config]\nfile='{recipe}/words.txt'\n";
  ASSERT_TRUE(run_recipe(recipe(toml), where_).has_value());
  EXPECT_EQ(read_text(folder_ / "run/steps/s.toml"),
            "file = \"" + (folder_ / "words.txt").string() + "\"\n");
  std::ofstream(folder_ / "run/s.txt") << "kept";
  ASSERT_TRUE(run_recipe(recipe(toml), where_).has_value());
  EXPECT_EQ(read_text(folder_ / "run/s.txt"), "kept");
  std::ofstream(folder_ / "words.txt") << "b";
  ASSERT_TRUE(run_recipe(recipe(toml), where_).has_value());
  EXPECT_NE(read_text(folder_ / "run/s.txt"), "kept");
}

TEST_F(RecipeRunTest, RunsAgainAStepWhoseFilesAreGoneAndThoseAfterIt) {
  ASSERT_TRUE(run_recipe(recipe(kTwoSteps), where_).has_value());
  const fs::path first = folder_ / "run/first.txt";
  const fs::path second = folder_ / "run/second.txt";
  fs::remove(first);
  std::ofstream(second) << "old";
  ASSERT_TRUE(run_recipe(recipe(kTwoSteps), where_).has_value());
  EXPECT_NE(read_text(first).find("list"), std::string::npos);
  EXPECT_NE(read_text(second), "old");

  fs::remove(second);
  std::ofstream(first) << "kept";
  ASSERT_TRUE(run_recipe(recipe(kTwoSteps), where_).has_value());
  EXPECT_EQ(read_text(first), "kept");
  EXPECT_NE(read_text(second).find("## commands"), std::string::npos);
}

TEST_F(RecipeRunTest, RunsAgainAStepWhoseOutFolderHasLostAFile) {
  fs::create_directories(folder_ / "pages");
  std::ofstream(folder_ / "pages/a.txt") << "A page that is here to be read with care.\n";
  const std::string toml =
      "name='c'\n[[steps]]\nname='c'\ncommand=['curate','{config}']\n"
      "outputs=['{run}/curated']\n[steps.config]\npreset='rules'\n"
      "out='{run}/curated'\n[[steps.config.sources]]\nname='s'\npath='" +
      (folder_ / "pages").string() + "'\n";
  ASSERT_TRUE(run_recipe(recipe(toml), where_).has_value());
  for (const char* lost : {"run/curated/ledger.json", "run/curated"}) {
    ASSERT_TRUE(fs::exists(folder_ / lost));
    fs::remove_all(folder_ / lost);
    ASSERT_TRUE(run_recipe(recipe(toml), where_).has_value());
    EXPECT_TRUE(fs::exists(folder_ / lost)) << lost;
  }
}

TEST_F(RecipeRunTest, StaysReopenedWhenItStopsAfterTheStepThatRanAgain) {
  ASSERT_TRUE(run_recipe(recipe(kTwoSteps), where_).has_value());
  fs::remove(folder_ / "run/first.txt");
  std::ofstream(folder_ / "run/second.txt") << "old";
  where_.to = "first";
  ASSERT_TRUE(run_recipe(recipe(kTwoSteps), where_).has_value());
  where_.to = "";
  ASSERT_TRUE(run_recipe(recipe(kTwoSteps), where_).has_value());
  EXPECT_NE(read_text(folder_ / "run/second.txt"), "old");
}

TEST_F(RecipeRunTest, RefusesAnEndBeforeTheBeginning) {
  where_.from = "second";
  where_.to = "first";
  const Status status = run_recipe(recipe(kTwoSteps), where_);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, Code::invalid_argument);
  EXPECT_NE(status.error().message.find("--to first comes before --from second"),
            std::string::npos);
}

TEST_F(RecipeRunTest, RefusesAStepNameThatLeavesTheRunFolder) {
  for (const char* name : {"../../evil", "a/b", "Up", ""}) {
    std::ofstream(folder_ / "evil.toml")
        << "name='e'\n[[steps]]\nname='" << name << "'\ncommand=['list']\n";
    const auto refused = load_recipe(folder_ / "evil.toml");
    ASSERT_FALSE(refused.has_value()) << name;
    EXPECT_EQ(refused.error().code, Code::invalid_argument);
    EXPECT_NE(refused.error().message.find("evil.toml: step name '" + std::string(name) + "'"),
              std::string::npos)
        << refused.error().message;
  }
}

TEST_F(RecipeRunTest, FailsWhereAnotherProcessIsAtWorkAndNamesALockThatCannotBeOpened) {
  fs::create_directories(where_.run_folder);
  {
    const auto held = RunLock::take(where_.run_folder);
    ASSERT_TRUE(held.has_value());
    const Status status = run_recipe(recipe(kTwoSteps), where_);
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, Code::io_error);
    EXPECT_NE(status.error().message.find("another process is at work"), std::string::npos);
  }
  fs::remove(fs::path(where_.run_folder) / ".lock");
  fs::create_directories(fs::path(where_.run_folder) / ".lock");
  const Status status = run_recipe(recipe(kTwoSteps), where_);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, Code::io_error);
  EXPECT_NE(status.error().message.find("cannot open the lock"), std::string::npos);
}

TEST(FillIn, FillsEveryHoleInOrder) {
  EXPECT_EQ(fill_in("{a}-{b}-{a}", {{"a", "{b}"}, {"b", "2"}}), "2-2-2");
  EXPECT_EQ(fill_in("{a}", {{"a", "{a}"}}), "{a}");
}

}  // namespace
}  // namespace aludel::app
