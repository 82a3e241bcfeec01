#include "aludel/curate/layers/shared/cut_text.h"

#include <algorithm>

#include "aludel/base/check.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kSpaces = " \t\r\n\f\v";

std::string_view separator(std::string_view before, std::string_view after) {
  const auto breaks = std::max(std::ranges::count(before, '\n'), std::ranges::count(after, '\n'));
  if (breaks >= 2) return "\n\n";
  if (breaks == 1) return "\n";
  return before.empty() && after.empty() ? "" : " ";
}

/// Appends `part` behind a cut. Replaces the spaces on both sides by one separator.
void join(std::string& out, std::string_view part) {
  const std::size_t kept = out.find_last_not_of(kSpaces) + 1;  // 0 where all is space
  const std::size_t skipped = std::min(part.find_first_not_of(kSpaces), part.size());
  const std::string between(separator(std::string_view(out).substr(kept), part.substr(0, skipped)));
  out.resize(kept);
  if (kept > 0 && skipped < part.size()) out += between;
  out += part.substr(skipped);
}

}  // namespace

std::string cut_text(std::string_view text, std::span<const Range> cuts) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  for (const Range& cut : cuts) {
    ALUDEL_CHECK(cut.begin >= at && cut.begin <= cut.end && cut.end <= text.size(),
                 "cuts are sorted and inside the text");
    const std::string_view part = text.substr(at, cut.begin - at);
    if (at == 0) {
      out = part;
    } else {
      join(out, part);
    }
    at = cut.end;
  }
  if (cuts.empty()) return std::string(text);
  join(out, text.substr(at));
  return out;
}

}  // namespace aludel::curate
