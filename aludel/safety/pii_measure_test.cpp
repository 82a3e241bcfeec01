// Precision and recall on a public labelled set, on generated sets, and false replacements on clean
// text. The tests print what they measure.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "tests/shared_data.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/json.h"
#include "aludel/base/utf8.h"
#include "aludel/safety/pii.h"
#include "aludel/safety/pii/synthetic.h"

namespace aludel::safety {
namespace {

struct Tally {
  int found = 0;
  int missed = 0;
  int invented = 0;

  double recall() const { return found / std::max(1.0, static_cast<double>(found + missed)); }

  double precision() const { return found / std::max(1.0, static_cast<double>(found + invented)); }
};

using Tallies = std::map<std::string, Tally>;

void print_tallies(const std::string& title, const Tallies& tallies) {
  for (const auto& [kind, tally] : tallies) {
    std::cout << fmt::format("[ measure  ] {} {}: recall {:.3f} precision {:.3f} ({} values)\n",
                             title, kind, tally.recall(), tally.precision(),
                             tally.found + tally.missed);
  }
}

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::size_t byte_of_code_point(std::string_view text, std::int64_t index) {
  std::size_t byte = 0;
  for (; index > 0 && byte < text.size(); --index) {
    byte += decode_utf8(text, byte).size_bytes;
  }
  return byte;
}

void tally_document(const PiiFinder& finder, const std::string& text,
                    const std::vector<PiiSpan>& truth, Tallies& tallies) {
  const auto spans = finder.find(text);
  const auto overlaps = [](const PiiSpan& a, const PiiSpan& b) {
    return a.kind == b.kind && a.begin < b.end && b.begin < a.end;
  };
  for (const PiiSpan& gold : truth) {
    Tally& tally = tallies[std::string(pii_kind_name(gold.kind))];
    const bool is_found =
        std::ranges::any_of(spans, [&](const PiiSpan& span) { return overlaps(span, gold); });
    ++(is_found ? tally.found : tally.missed);
  }
  for (const PiiSpan& span : spans) {
    const bool is_true =
        std::ranges::any_of(truth, [&](const PiiSpan& gold) { return overlaps(span, gold); });
    if (!is_true) ++tallies[std::string(pii_kind_name(span.kind))].invented;
  }
}

TEST(PiiMeasure, ReachesTheBarOnPresidiosSyntheticSet) {
  const std::string path = shared_data("safety/pii/synth_dataset_v2.json");
  if (path.empty()) GTEST_SKIP() << "no shared data";
  const std::map<std::string, PiiKind> kinds = {{"EMAIL_ADDRESS", PiiKind::email},
                                                {"IBAN_CODE", PiiKind::iban},
                                                {"IP_ADDRESS", PiiKind::ip_address},
                                                {"CREDIT_CARD", PiiKind::bank_card},
                                                {"PHONE_NUMBER", PiiKind::phone}};
  const PiiFinder finder = PiiFinder::create().value();
  const Json documents = parse_json(read_whole(path)).value();
  Tallies tallies;
  for (const Json& document : documents.as_array()) {
    const std::string text = document.string_or("full_text", "");
    std::vector<PiiSpan> truth;
    for (const Json& span : document.find("spans")->as_array()) {
      const auto kind = kinds.find(span.string_or("entity_type", ""));
      if (kind == kinds.end()) continue;
      truth.push_back({byte_of_code_point(text, span.integer_or("start_position", 0)),
                       byte_of_code_point(text, span.integer_or("end_position", 0)), kind->second});
    }
    tally_document(finder, text, truth, tallies);
  }
  print_tallies("presidio", tallies);
  for (const auto& [kind, tally] : tallies) {
    EXPECT_GE(tally.recall(), 0.95) << kind;
    EXPECT_GE(tally.precision(), 0.95) << kind;
  }
}

/// The value behind the word without which nobody could tell what it is.
std::string announced(PiiKind kind, PiiLocale locale, const std::string& value) {
  const bool is_chinese = locale == PiiLocale::chinese;
  if (kind == PiiKind::passport) return (is_chinese ? "护照" : "passport ") + value;
  if (kind == PiiKind::licence_plate) return (is_chinese ? "车牌" : "licence plate ") + value;
  return value;
}

class PiiGenerated : public testing::TestWithParam<PiiLocale> {};

TEST_P(PiiGenerated, ReachesTheBarWithDecoysAmongThem) {
  constexpr auto kEnglish = std::to_array<std::string_view>(
      {"The record lists {} for the second applicant.", "Please write it down: {}.",
       "Old entry ({}), to be checked by the clerk.", "{} was given at the counter on Monday"});
  constexpr auto kChinese = std::to_array<std::string_view>(
      {"登记的信息是{}，请核对。", "申请人填写了{}。", "资料（{}）已经归档", "备注：{}；其他略"});
  const bool is_chinese = GetParam() == PiiLocale::chinese;
  const PiiFinder finder = PiiFinder::create().value();
  Tallies tallies;
  for (std::uint64_t item = 0; item < 4000; ++item) {
    Rng random(20240611, item);
    const auto kind = static_cast<PiiKind>(item % kPiiKindCount);
    const bool is_decoy = random.below(3) == 0;
    const std::string value = is_decoy ? synthetic_decoy(kind, GetParam(), random)
                                       : synthetic_pii(kind, GetParam(), random);
    const auto& frames = is_chinese ? kChinese : kEnglish;
    const std::string text =
        fmt::format(fmt::runtime(frames.at(random.below(4))), announced(kind, GetParam(), value));
    const std::size_t begin = text.find(value);
    std::vector<PiiSpan> truth;
    if (!is_decoy) truth.push_back({begin, begin + value.size(), kind});
    tally_document(finder, text, truth, tallies);
  }
  print_tallies(is_chinese ? "generated zh" : "generated en", tallies);
  EXPECT_EQ(tallies.size(), kPiiKindCount);
  for (const auto& [kind, tally] : tallies) {
    EXPECT_GE(tally.recall(), 0.95) << kind;
    EXPECT_GE(tally.precision(), 0.95) << kind;
  }
}

INSTANTIATE_TEST_SUITE_P(Locales, PiiGenerated,
                         testing::Values(PiiLocale::english, PiiLocale::chinese),
                         [](const auto& locale) {
                           return locale.param == PiiLocale::english ? "English" : "Chinese";
                         });

TEST(PiiMeasure, ReplacesAtMostOnceInAMegabyteOfCleanText) {
  const PiiFinder finder = PiiFinder::create().value();
  for (const char* name : {"text/en/wiki_demo.txt", "text/en/tinyshakespeare.txt"}) {
    const std::string path = shared_data(name);
    if (path.empty()) GTEST_SKIP() << "no shared data";
    const std::string text = read_whole(path);
    const auto spans = finder.find(text);
    std::cout << fmt::format("[ measure  ] {}: {} replacements in {:.2f} MB\n", name, spans.size(),
                             static_cast<double>(text.size()) * 1e-6);
    EXPECT_LE(static_cast<double>(spans.size()), static_cast<double>(text.size()) * 1e-6) << name;
  }
}

}  // namespace
}  // namespace aludel::safety
