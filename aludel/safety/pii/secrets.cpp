#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "aludel/safety/pii/checksums.h"
#include "aludel/safety/pii/context.h"
#include "aludel/safety/pii/rules.h"

namespace aludel::safety {
namespace {

// Below it a "key" is a placeholder such as xxxxxxxxxxxx; 20 random letters hardly fall below 3.
constexpr double kLeastEntropyBits = 2.7;

bool is_key_character(char c) {
  return is_ascii_word(c) || c == '-';
}

bool says_example(std::string_view key) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"EXAMPLE", "example", "your", "YOUR", "xxxx", "XXXX", "1234567890abcdef", "0123456789"});
  return std::ranges::any_of(
      kWords, [&](std::string_view word) { return key.find(word) != std::string_view::npos; });
}

void judge_key(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  const std::string_view text = candidate.text;
  // Before the run is followed to its end: "sk-sk-sk-…" holds a candidate at every prefix.
  if (candidate.begin > 0 && is_key_character(text[candidate.begin - 1])) return;
  std::size_t end = candidate.end;
  while (end < text.size() && is_key_character(text[end])) {
    ++end;
  }
  const std::string_view key = text.substr(candidate.begin, end - candidate.begin);
  const bool has_digit = std::ranges::count_if(key, is_ascii_digit) >= 3;
  if (!has_digit || says_example(key) || shannon_entropy(key) < kLeastEntropyBits) return;
  found.push_back({candidate.begin, end, PiiKind::api_key});
}

bool is_base64(char c) {
  return is_ascii_digit(c) || is_ascii_letter(c) || c == '+' || c == '/' || c == '=' || c == '\n' ||
         c == '\r' || c == ' ' || c == '\\' || c == '-' || c == ':' || c == ',';
}

void judge_private_key(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  constexpr std::size_t kLongestBytes = 16384;
  constexpr std::size_t kLongestEndLine = 128;
  constexpr std::size_t kLeastBody = 48;
  const std::string_view text = candidate.text;
  const std::size_t body = candidate.end;
  // The next block ends this one, so that many heads without an end cost no more than few.
  const std::size_t limit = std::min(text.substr(0, body + kLongestBytes).find("-----BEGIN", body),
                                     std::min(text.size(), body + kLongestBytes));
  std::size_t end = text.substr(0, limit).find("-----END", body);
  if (end == std::string_view::npos) {  // cut off: what follows as long as it can be key
    end = body;
    while (end < limit && is_base64(text[end])) {
      ++end;
    }
    const auto blank = text.substr(body, end - body).find("\n\n", 2);
    if (blank != std::string_view::npos) end = body + blank;
  } else {
    const auto dashes = text.substr(0, end + kLongestEndLine).find("-----", end + 8);
    end = dashes == std::string_view::npos ? std::min(text.size(), end + 8) : dashes + 5;
  }
  const std::string_view key = text.substr(body, end - body);
  const auto characters = std::ranges::count_if(
      key, [](char c) { return is_ascii_digit(c) || is_ascii_letter(c) || c == '+' || c == '/'; });
  if (std::cmp_less(characters, kLeastBody) || key.find("...") != std::string_view::npos) return;
  found.push_back({candidate.begin, end, PiiKind::private_key});
}

// Prefixes as the services document them.
constexpr auto kSecretRules = std::to_array<PiiRule>({
    {"(AKIA|ASIA)[A-Z0-9]{16}", judge_key},                     // AWS
    {"LTAI[A-Za-z0-9]{12}", judge_key},                         // Alibaba Cloud
    {"AKID[A-Za-z0-9]{32}", judge_key},                         // Tencent Cloud
    {"gh[pousr]_[A-Za-z0-9]{36}", judge_key},                   // GitHub
    {"github_pat_[A-Za-z0-9_]{40}", judge_key},                 // GitHub
    {"glpat-[A-Za-z0-9_-]{20}", judge_key},                     // GitLab
    {"sk-[A-Za-z0-9_-]{20}", judge_key},                        // OpenAI, Anthropic, DeepSeek
    {"[sr]k_(live|test)_[A-Za-z0-9]{20}", judge_key},           // Stripe
    {"xox[abeoprs]-[A-Za-z0-9-]{10}", judge_key},               // Slack
    {"AIza[A-Za-z0-9_-]{35}", judge_key},                       // Google
    {"ya29\\.[A-Za-z0-9_-]{20}", judge_key},                    // Google OAuth
    {"hf_[A-Za-z0-9]{34}", judge_key},                          // Hugging Face
    {"npm_[A-Za-z0-9]{36}", judge_key},                         // npm
    {"pypi-AgEI[A-Za-z0-9_-]{40}", judge_key},                  // PyPI
    {"SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}", judge_key},  // SendGrid
    {"do[opr]_v1_[a-f0-9]{64}", judge_key},                     // DigitalOcean
    {"shp(at|ca|pa|ss)_[a-fA-F0-9]{32}", judge_key},            // Shopify
    {"eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10}", judge_key},  // RFC 7519
    {"-----BEGIN [A-Z ]{0,20}PRIVATE KEY( BLOCK)?-----", judge_private_key},           // RFC 7468
});

}  // namespace

std::span<const PiiRule> secret_rules() {
  return kSecretRules;
}

}  // namespace aludel::safety
