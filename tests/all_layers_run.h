#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/curate_run.h"

#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/text/ngram_lm/text_lm.h"

// Pages with every kind of defect, small models, and runs with all layers but `language` over them.
namespace aludel::curate {

/// The text with a word more in each line.
inline std::string near_copy(const std::string& text) {
  std::string copy;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    copy += "Also " + text.substr(at, end - at);
    at = end;
  }
  return copy;
}

/// A page with one of the defects that layers look for; documents share lines and are copies of
/// one another in several ways.
inline std::string defective_page(std::uint64_t i) {
  std::string text = page(i);
  const auto lines = [&](std::size_t count) {
    std::size_t at = 0;
    for (std::size_t line = 0; line < count && at < text.size(); ++line) {
      at = text.find('\n', at) + 1;
    }
    return text.substr(0, at);
  };
  switch (i % 9) {
    case 0:
      return lines(1 + i / 9 % 4);  // short
    case 1:
      return text + "Write to someone" + std::to_string(i) + "@mail.example.net now.\n";
    case 2:
      return "# # # # # # # # # # # # # # # # # # # # # # # # # # # # #\n" + page(i / 4);
    case 3:
      return page(i / 4) + lines(2);  // copy and repeat
    case 4:
      return text + page(7);  // shared lines
    case 5:
      return "12 comments\nShare this\n" + text + "Sign in\n";  // menu lines
    case 6:
      return text + text;  // repeats itself
    case 7:
      return page(i) + "He said he would stab him and bury the body. " + page(i + 500);
    default:
      return i % 18 == 17 ? near_copy(page(i - 9)) : text;
  }
}

class AllLayersRun : public CurateRun {
 protected:
  void SetUp() override {
    std::string lines;
    for (std::uint64_t i = 0; i < 180; ++i) {
      Json json = Json::object();
      json["id"] = fmt::format("page {}", i);
      json["url"] = fmt::format("https://site{}.example.org/p/{}", i % 7, i);
      json["language"] = "en";
      json["text"] = defective_page(i);
      lines += json.dump() + "\n";
      if (i % 60 == 59) {
        write(fmt::format("open/{}.jsonl", i), lines);
        lines.clear();
      }
    }
    write("books/one.txt", page(100) + page(101));
    write("books/short.txt", "Too short.");
    write_models();
    toml_ = "preset = \"web\"\ntask_megabytes = 1\nmodels = \"" + (folder_ / "models") + R"("
[layers]
language = "off"
[layers.perplexity]
languages = ["en"]
[layers.quality]
min_documents = 20
max_incoherence = 1
[layers.safety]
lexicon_only = true
[[sources]]
name = "open"
kind = "open"
path = "open"
[[sources]]
name = "books"
kind = "licensed"
profile = "book"
path = "books"
[profiles.book]
repetition = "off"
perplexity = "off"
)";
  }

  void write_models() {
    Threads threads(2);
    text::TextLmSettings settings;
    settings.order = 3;
    settings.work_folder = folder_ / "work";
    auto trainer = text::TextLmTrainer::create(files_, threads, settings).value();
    for (std::uint64_t i = 2000; i < 2040; ++i) {
      EXPECT_TRUE(trainer.add_text(page(i)));
    }
    EXPECT_TRUE(files_.make_folders(folder_ / "models"));
    EXPECT_TRUE(trainer.train(folder_ / ("models/" + lm_file_name("en"))));
    const std::pair<std::string_view, std::pair<std::string_view, std::string_view>> kinds[] = {
        {kQualityModel, {kGoodLabel, kBadLabel}}, {kTopicModel, {"knowledge", "ads"}}};
    for (const auto& [name, labels] : kinds) {
      std::vector<std::string> texts;
      for (std::uint64_t i = 0; i < 60; ++i) {
        texts.push_back(defective_page(i + (name == kTopicModel ? 1 : 0)));
      }
      std::vector<text::LabelledText> examples;
      for (std::size_t i = 0; i < texts.size(); ++i) {
        examples.push_back({texts[i], i % 3 == 0 ? labels.second : labels.first});
      }
      write("models/" + std::string(name),
            text::Classifier::train({}, examples, nullptr).value().to_bytes());
    }
  }

  CurateConfig with(const std::string& out, const std::vector<std::string>& set) {
    const std::string toml = toml_;
    CurateConfig config = read_curate_config(toml, "t.toml", set).value();
    config.out = folder_ / out;
    for (SourceConfig& source : config.sources) {
      source.path[0] = folder_ / source.path[0];
    }
    return config;
  }

  Result<CurateSummary> run_with(const CurateConfig& config, int workers = 2) {
    Threads threads(workers);
    return curate(files_, threads, config);
  }
};

}  // namespace aludel::curate
