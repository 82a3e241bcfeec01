#include <algorithm>
#include <array>
#include <optional>

#include "aludel/safety/pii/context.h"
#include "aludel/safety/pii/rules.h"

namespace aludel::safety {
namespace {

/// Bytes of the capital at `at`, those of German plates included, or 0.
std::size_t capital_size(std::string_view line, std::size_t at) {
  if (line[at] >= 'A' && line[at] <= 'Z') return 1;
  const std::string_view two = line.substr(at, 2);
  return two == "Ä" || two == "Ö" || two == "Ü" ? 2 : 0;
}

/// End of the plate that begins at `begin`: capitals and digits in up to three groups, four to
/// nine of them with both among them; nothing where there is none.
std::optional<std::size_t> plate_end(std::string_view line, std::size_t begin) {
  std::optional<std::size_t> end;
  std::size_t letters = 0;
  std::size_t digits = 0;
  std::size_t at = begin;
  for (int group = 0; group < 3; ++group) {
    const std::size_t first = at;
    while (at < line.size()) {
      const bool is_digit = is_ascii_digit(line[at]);
      const std::size_t size = is_digit ? 1 : capital_size(line, at);
      if (size == 0) break;
      ++(is_digit ? digits : letters);
      at += size;
    }
    const bool is_cut = at < line.size() && is_ascii_word(line[at]);
    if (at == first || is_cut || letters + digits > 9) break;
    if (letters >= 1 && digits >= 1 && letters + digits >= 4) end = at;
    if (at + 1 >= line.size() || (line[at] != ' ' && line[at] != '-')) break;
    ++at;
  }
  return end;
}

void judge_announced_plate(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  constexpr std::size_t kReachBytes = 32;
  constexpr std::size_t kLongest = 10;
  if (candidate.begin > 0 && is_ascii_word(candidate.text[candidate.begin - 1])) return;
  const std::string_view rest = line_after(candidate.text, candidate.end, kReachBytes + kLongest);
  for (std::size_t at = 0; at < std::min(rest.size(), kReachBytes); ++at) {
    if (at > 0 && (is_ascii_word(rest[at - 1]) || rest[at - 1] == '-')) continue;
    const auto end = plate_end(rest, at);
    if (!end) continue;
    found.push_back({candidate.end + at, candidate.end + *end, PiiKind::licence_plate});
    return;
  }
}

constexpr std::array<PiiRule, 1> kAnnouncedPlateRules = {
    {{"[Ll]icen[sc]e ([Pp]late|[Tt]ag)s?|[Nn]umber [Pp]lates?|[Pp]late ([Nn]umber|[Nn]o)|"
      "[Rr]egistration [Pp]lates?|([Vv]ehicle|[Cc]ar) [Rr]egistration",
      judge_announced_plate}}};

}  // namespace

std::span<const PiiRule> announced_plate_rules() {
  return kAnnouncedPlateRules;
}

}  // namespace aludel::safety
