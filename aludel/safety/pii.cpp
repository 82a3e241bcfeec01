#include "aludel/safety/pii.h"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/base/hash.h"
#include "aludel/safety/pii/rules.h"
#include "aludel/text/fold.h"

namespace aludel::safety {
namespace {

std::vector<PiiRule> all_rules() {
  std::vector<PiiRule> rules;
  for (const auto part :
       {email_rules(), ip_address_rules(), number_rules(), iban_rules(), secret_rules(),
        passport_rules(), chinese_plate_rules(), announced_plate_rules()}) {
    rules.insert(rules.end(), part.begin(), part.end());
  }
  return rules;
}

// Folded, letters in lower case, without separators, so that two spellings of one number are one
// value.
std::string normal_form(std::string_view value) {
  const text::FoldedText folded = text::fold(value, text::FoldFor::values);
  std::string normal;
  for (const char c : folded.text()) {
    if (c == ' ' || c == '-' || c == '(' || c == ')') continue;
    normal += lower_ascii(c);
  }
  return normal;
}

// RFC 2606.
std::string reserved_email(std::string_view, std::uint64_t key) {
  return fmt::format("person-{:08x}@example.org", key & 0xFFFFFFFFU);
}

// RFC 3849 and RFC 5737.
std::string reserved_address(std::string_view value, std::uint64_t key) {
  if (value.find(':') == std::string_view::npos) {
    return fmt::format("198.51.100.{}", 1 + key % 254);
  }
  return fmt::format("2001:db8::{:x}:{:x}", (key >> 16) & 0xFFFFU, key & 0xFFFFU);
}

// The numbers that North America keeps for fiction.
std::string fictional_phone(std::string_view, std::uint64_t key) {
  return fmt::format("202-555-01{:02}", key % 100);
}

struct KindText {
  std::string_view name;
  std::string_view placeholder;
  std::string (*pseudonym)(std::string_view value, std::uint64_t key);  // null: <PLACEHOLDER_KEY>
};

constexpr std::array<KindText, kPiiKindCount> kKindTexts = {
    {{"private_key", "<PRIVATE_KEY>", nullptr},
     {"api_key", "<API_KEY>", nullptr},
     {"email", "<EMAIL>", reserved_email},
     {"iban", "<IBAN>", nullptr},
     {"ip_address", "<IP_ADDRESS>", reserved_address},
     {"resident_id", "<RESIDENT_ID>", nullptr},
     {"passport", "<PASSPORT>", nullptr},
     {"licence_plate", "<LICENCE_PLATE>", nullptr},
     {"bank_card", "<BANK_CARD>", nullptr},
     {"phone", "<PHONE>", fictional_phone}}};

const KindText& text_of(PiiKind kind) {
  return kKindTexts.at(static_cast<std::size_t>(kind));
}

std::string pseudonym(PiiKind kind, std::string_view value, std::uint64_t seed) {
  const std::uint64_t key = hash64(normal_form(value), seed ^ static_cast<std::uint64_t>(kind));
  const KindText& known = text_of(kind);
  if (known.pseudonym != nullptr) return known.pseudonym(value, key);
  std::string_view name = known.placeholder;
  name.remove_suffix(1);
  return fmt::format("{}_{:08x}>", name, key & 0xFFFFFFFFU);
}

/// Adds the spans of one kind that overlap none that is there and no earlier one of their own.
/// Both are ordered by begin, and `spans` stays so. Time: linear.
void add_kind(std::vector<PiiSpan>& spans, std::span<const PiiSpan> kind) {
  std::vector<PiiSpan> all;
  all.reserve(spans.size() + kind.size());
  auto there = spans.cbegin();
  for (const PiiSpan& span : kind) {
    while (there != spans.cend() && there->begin < span.begin) {
      all.push_back(*there++);
    }
    const bool overlaps_next = there != spans.cend() && there->begin < span.end;
    const bool overlaps_last = !all.empty() && all.back().end > span.begin;
    if (!overlaps_next && !overlaps_last) all.push_back(span);
  }
  all.insert(all.end(), there, spans.cend());
  spans = std::move(all);
}

}  // namespace

std::string_view pii_kind_name(PiiKind kind) {
  return text_of(kind).name;
}

std::vector<std::string_view> pii_kind_names() {
  std::vector<std::string_view> names;
  for (const KindText& text : kKindTexts) {
    names.push_back(text.name);
  }
  return names;
}

std::string_view pii_placeholder(PiiKind kind) {
  return text_of(kind).placeholder;
}

Result<PiiFinder> PiiFinder::create() {
  std::vector<std::string> expressions;
  for (const PiiRule& rule : all_rules()) {
    expressions.emplace_back(rule.expression);
  }
  return PiiFinder(ALUDEL_TRY(PatternSet::of_expressions(expressions)));
}

std::vector<PiiSpan> PiiFinder::find(std::string_view original) const {
  const text::FoldedText folded = text::fold(original, text::FoldFor::values);
  std::vector<PiiSpan> spans = find_folded(folded.text());
  if (folded.is_same()) return spans;
  for (PiiSpan& span : spans) {
    span.begin = folded.original_begin(span.begin);
    span.end = folded.original_end(span.end);
  }
  return spans;
}

std::vector<PiiSpan> PiiFinder::find_folded(std::string_view text) const {
  const std::vector<PatternHit> hits = patterns_.find(text);
  if (hits.empty()) return {};
  const std::vector<PiiRule> rules = all_rules();
  std::vector<PiiSpan> candidates;
  for (const PatternHit& hit : hits) {
    rules[hit.pattern].judge({text, hit.begin, hit.end}, candidates);
  }
  std::ranges::sort(candidates, [](const PiiSpan& a, const PiiSpan& b) {
    return std::tie(a.kind, a.begin, b.end) < std::tie(b.kind, b.begin, a.end);
  });
  std::vector<PiiSpan> spans;  // ordered by begin, not overlapping
  for (auto kind = candidates.begin(); kind != candidates.end();) {
    const auto end = std::find_if(kind, candidates.end(),
                                  [&](const PiiSpan& span) { return span.kind != kind->kind; });
    add_kind(spans, {kind, end});
    kind = end;
  }
  return spans;
}

AnonymisedText anonymise(std::string_view text, const std::vector<PiiSpan>& spans,
                         PiiReplacement replacement, std::uint64_t seed) {
  AnonymisedText result;
  std::size_t done = 0;
  for (const PiiSpan& span : spans) {
    result.text += text.substr(done, span.begin - done);
    const std::string_view value = text.substr(span.begin, span.end - span.begin);
    result.text += replacement == PiiReplacement::pseudonym
                       ? pseudonym(span.kind, value, seed)
                       : std::string(pii_placeholder(span.kind));
    ++result.counts.at(static_cast<std::size_t>(span.kind));
    done = span.end;
  }
  result.text += text.substr(done);
  return result;
}

}  // namespace aludel::safety
