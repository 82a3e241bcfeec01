#include "aludel/curate/report/keep_rates.h"

#include <algorithm>
#include <array>
#include <optional>

#include "aludel/base/utf8.h"
#include "aludel/curate/document/annotations.h"

namespace aludel::curate {
namespace {

constexpr double kLeastRatio = 0.8;
constexpr double kMostRatio = 1.25;
constexpr std::uint64_t kLeastDocuments = 30;

struct ScriptRange {
  char32_t first;
  char32_t last;
  std::string_view script;

  constexpr bool holds(char32_t c) const { return c >= first && c <= last; }
};

// Letters of the main blocks. Source: Unicode 15, Scripts.txt.
constexpr std::array<ScriptRange, 17> kScriptRanges = {{{0x41, 0x5A, "Latin"},
                                                        {0x61, 0x7A, "Latin"},
                                                        {0xC0, 0x24F, "Latin"},
                                                        {0x370, 0x3FF, "Greek"},
                                                        {0x400, 0x52F, "Cyrillic"},
                                                        {0x530, 0x58F, "Armenian"},
                                                        {0x590, 0x5FF, "Hebrew"},
                                                        {0x600, 0x77F, "Arabic"},
                                                        {0x900, 0x97F, "Devanagari"},
                                                        {0x980, 0xDFF, "Indic"},
                                                        {0xE00, 0xE7F, "Thai"},
                                                        {0x1E00, 0x1EFF, "Latin"},
                                                        {0x3041, 0x30FF, "Kana"},
                                                        {0x3400, 0x9FFF, "Han"},
                                                        {0xAC00, 0xD7A3, "Hangul"},
                                                        {0xF900, 0xFAFF, "Han"},
                                                        {0x20000, 0x323AF, "Han"}}};

constexpr std::size_t kAsciiRange = 0;  // the range in which ASCII letters are counted
constexpr std::size_t kHanRange = 13;
static_assert(kScriptRanges[kHanRange].first <= 0x5000 && kScriptRanges[kHanRange].last == 0x9FFF);

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

/// Returns 1 for an ASCII letter, else 0. It is a number so that the compiler can count many at
/// once.
unsigned char letter_mark(char c) {
  const auto place = static_cast<unsigned char>((static_cast<unsigned char>(c) | 0x20U) - 'a');
  return static_cast<unsigned char>(place < 26);
}

struct AsciiRun {
  std::size_t end;
  std::uint64_t letters;
};

/// Returns the run of ASCII bytes that begins at `at`.
AsciiRun ascii_run(std::string_view text, std::size_t at) {
  constexpr std::size_t kBlockBytes = 32;
  AsciiRun run{at, 0};
  for (; run.end + kBlockBytes <= text.size(); run.end += kBlockBytes) {
    unsigned char high = 0;
    unsigned char letters = 0;
    for (std::size_t i = 0; i < kBlockBytes; ++i) {
      high |= static_cast<unsigned char>(text[run.end + i]);
      letters += letter_mark(text[run.end + i]);
    }
    if (high >= 0x80) break;
    run.letters += letters;
  }
  for (; run.end < text.size() && is_ascii(text[run.end]); ++run.end) {
    run.letters += letter_mark(text[run.end]);
  }
  return run;
}

/// True for the three bytes of a code point of U+5000 to U+9FFF, which most of Chinese text is.
bool is_han_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  return at + 2 < text.size() && byte(0) >= 0xE5 && byte(0) <= 0xE9 && (byte(1) & 0xC0U) == 0x80 &&
         (byte(2) & 0xC0U) == 0x80;
}

Error wrong_rates() {
  return {Code::corrupt_data, "[report] keep rates of a layer are not what they should be"};
}

}  // namespace

Result<GroupWords> GroupWords::create() {
  return GroupWords{ALUDEL_TRY(safety::IdentityTerms::create()),
                    ALUDEL_TRY(safety::Dialects::create())};
}

std::string_view main_script(std::string_view text) {
  std::array<std::uint64_t, kScriptRanges.size()> letters{};  // by range
  std::size_t last = 0;                                       // letters of a script come in runs
  for (std::size_t at = 0; at < text.size();) {
    if (is_ascii(text[at])) {
      const AsciiRun run = ascii_run(text, at);
      letters[kAsciiRange] += run.letters;
      at = run.end;
      continue;
    }
    if (is_han_at(text, at)) {  // OPTIMIZATION: counted without decoding
      ++letters[kHanRange];
      at += 3;
      continue;
    }
    const CodePoint c = decode_utf8(text, at);
    at += c.size_bytes;
    if (!kScriptRanges[last].holds(c.value)) {
      const auto* range = std::ranges::find_if(
          kScriptRanges, [&](const ScriptRange& r) { return c.value <= r.last; });
      if (range == kScriptRanges.end() || !range->holds(c.value)) continue;
      last = static_cast<std::size_t>(range - kScriptRanges.begin());
    }
    ++letters[last];
  }
  std::map<std::string_view, std::uint64_t> scripts;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (letters[i] > 0) scripts[kScriptRanges[i].script] += letters[i];
  }
  if (scripts.empty()) return "none";
  const auto most = std::ranges::max_element(scripts, {}, [](const auto& s) { return s.second; });
  return most->first == "Han" && 5 * scripts["Kana"] > most->second ? "Kana" : most->first;
}

std::vector<std::string> groups_of(Document& document, const GroupWords& words) {
  std::vector<std::string> groups;
  if (!document.language.empty()) groups.push_back("language:" + document.language);
  groups.push_back("script:" + std::string(main_script(document.text)));
  std::optional<text::FoldedText> folded;  // once for both finders
  const auto add = [&](std::string_view kind, const auto& finder) {
    const Json* noted = document.annotations.find(kind);
    if (noted == nullptr || !noted->is_array()) {
      if (!folded) folded = safety::fold_for_lists(document.text);
      Json found = Json::array();
      for (const std::string_view group : finder.find(*folded)) {
        found.push_back(group);
      }
      document.annotations[kind] = std::move(found);
      noted = document.annotations.find(kind);
    }
    for (const Json& group : noted->as_array()) {
      if (group.is_string()) groups.push_back(std::string(kind) + ":" + group.as_string());
    }
  };
  add(kDialectGroups, words.dialects);
  add(kIdentityGroups, words.identity);
  return groups;
}

void KeepRates::add(const std::vector<std::string>& groups, Fate fate) {
  const auto count = [fate](Count& counts) {
    ++counts.documents;
    if (fate == Fate::kept) ++counts.kept;
  };
  count(all_);
  for (const std::string& group : groups) {
    count(groups_[group]);
  }
}

void KeepRates::add(const KeepRates& other) {
  all_.documents += other.all_.documents;
  all_.kept += other.all_.kept;
  for (const auto& [group, count] : other.groups_) {
    groups_[group].documents += count.documents;
    groups_[group].kept += count.kept;
  }
}

Json KeepRates::to_json() const {
  Json json = Json::object();
  json[""] = Json::Array{all_.documents, all_.kept};
  for (const auto& [group, count] : groups_) {
    json[group] = Json::Array{count.documents, count.kept};
  }
  return json;
}

Result<KeepRates> KeepRates::from_json(const Json& json) {
  if (!json.is_object()) return wrong_rates();
  KeepRates rates;
  for (const auto& [group, value] : json.as_object()) {
    if (!value.is_array() || value.as_array().size() != 2 || !value.as_array()[0].is_integer() ||
        !value.as_array()[1].is_integer()) {
      return wrong_rates();
    }
    Count& count = group.empty() ? rates.all_ : rates.groups_[group];
    count.documents = static_cast<std::uint64_t>(value.as_array()[0].as_integer());
    count.kept = static_cast<std::uint64_t>(value.as_array()[1].as_integer());
  }
  return rates;
}

Json KeepRates::summary() const {
  Json rows = Json::array();
  for (const auto& [group, count] : groups_) {
    Json row = Json::object();
    row["group"] = group;
    row["documents"] = count.documents;
    row["kept"] = count.kept;
    const std::uint64_t others = all_.documents - std::min(count.documents, all_.documents);
    const std::uint64_t others_kept = all_.kept - std::min(count.kept, all_.kept);
    bool is_warning = false;
    if (others > 0 && others_kept > 0 && count.documents > 0) {
      const double ratio = static_cast<double>(count.kept) / static_cast<double>(count.documents) *
                           (static_cast<double>(others) / static_cast<double>(others_kept));
      row["ratio"] = ratio;
      is_warning = std::min(count.documents, others) >= kLeastDocuments &&
                   (ratio < kLeastRatio || ratio > kMostRatio);
    }
    row["warning"] = is_warning;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace aludel::curate
