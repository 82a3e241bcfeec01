#include "aludel/curate/layers/language/url_filter.h"

#include <algorithm>
#include <functional>
#include <optional>

#include <fmt/format.h>

#include "aludel/io/codec.h"
#include "aludel/io/lines.h"

namespace aludel::curate {
namespace {

struct OwnWords {
  UrlWordKind kind;
  std::string_view words;
};

// Chosen by hand so that few words of ordinary addresses hold a strict one ("essex" is why "sex" is
// not strict); names of services and people are left out.
constexpr OwnWords kOwnWords[] = {
    {UrlWordKind::strict,
     "porn xxxvideo sexvideo hentai camgirl blowjob milfs gangbang creampie bukkake escortgirl "
     "sexchat livesex sexcam nakedgirl onlinecasino casinobonus freeslots slotgacor judionline "
     "buyviagra buycialis cheapviagra fakepassport"},
    {UrlWordKind::hard,
     "xxx sex sexy milf anal bdsm fetish erotic erotica erotik escort escorts nude nudes nudity "
     "naked sexo porno pussy dildo incest femdom webcamsex swingers viagra cialis levitra casino "
     "casinos roulette baccarat poker sportsbook togel warez keygen serialkey qingse chengren "
     "seqing bocai duchang"},
    {UrlWordKind::soft,
     "adult adults teen teens girls hot babe babes wet cam cams hardcore amateur lesbian mature "
     "dating lingerie strip tits ass cock slut virgin bet bets betting bonus jackpot slots slot "
     "gamble gambling lottery pills pharmacy torrent torrents crack cracked nulled replica "
     "payday loans caipiao"},
};

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
}

void for_each_word(std::string_view text, const std::function<void(std::string_view)>& use) {
  for (std::size_t begin = 0; begin < text.size();) {
    if (!is_word_character(text[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < text.size() && is_word_character(text[end])) {
      ++end;
    }
    use(text.substr(begin, end - begin));
    begin = end;
  }
}

// "http://user@www.Example.org:80/a" without scheme and lowered; nullopt without a host.
struct UrlParts {
  std::string host;
  std::string all;  // host and path
};

std::optional<UrlParts> parts_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || scheme > 16) return std::nullopt;
  UrlParts parts;
  parts.all = lowered(url.substr(scheme + 3));
  std::string_view host = std::string_view(parts.all).substr(0, parts.all.find_first_of("/?#"));
  const std::size_t user = host.find_last_of('@');
  if (user != std::string_view::npos) host.remove_prefix(user + 1);
  host = host.substr(0, host.find(':'));
  while (host.ends_with('.')) {
    host.remove_suffix(1);
  }
  if (host.empty()) return std::nullopt;
  parts.host = host;
  return parts;
}

// Lines without comments and white space around them.
Status for_each_line(io::FileSystem& files, const std::string& path,
                     const std::function<Status(std::string_view, std::uint64_t)>& use) {
  io::LineReader lines(ALUDEL_TRY(io::open_decompressed(files, path)), std::size_t{1} << 16);
  std::string_view line;
  while (ALUDEL_TRY(lines.next(line))) {
    line = line.substr(0, line.find('#'));
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) continue;
    line = line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
    ALUDEL_TRY(use(line, lines.line_number()));
  }
  return Ok{};
}

}  // namespace

UrlFilter::UrlFilter(std::int64_t soft_limit) : soft_limit_(soft_limit) {
  if (soft_limit == 0) return;
  for (const OwnWords& own : kOwnWords) {
    for_each_word(own.words, [&](std::string_view word) { add_word(own.kind, word); });
  }
}

void UrlFilter::add_word(UrlWordKind kind, std::string_view word) {
  if (kind == UrlWordKind::strict) {
    strict_.push_back(lowered(word));
  } else {
    (kind == UrlWordKind::hard ? hard_ : soft_).insert(lowered(word));
  }
}

Status UrlFilter::add_domains(io::FileSystem& files, const std::string& path) {
  return for_each_line(files, path, [this](std::string_view line, std::uint64_t) -> Status {
    domains_.insert(lowered(line.starts_with('.') ? line.substr(1) : line));
    return Ok{};
  });
}

Status UrlFilter::add_words(io::FileSystem& files, const std::string& path) {
  return for_each_line(files, path, [&](std::string_view line, std::uint64_t number) -> Status {
    const std::size_t space = line.find(' ');
    const std::string_view kind = line.substr(0, space);
    const std::string_view word =
        space == std::string_view::npos ? "" : line.substr(line.find_first_not_of(' ', space));
    if (word.empty() || (kind != "strict" && kind != "hard" && kind != "soft")) {
      return Error{Code::invalid_argument,
                   fmt::format("[language] {}, line {}: expected \"strict\", \"hard\" or \"soft\" "
                               "and a word",
                               path, number)};
    }
    add_word(kind == "strict" ? UrlWordKind::strict
             : kind == "hard" ? UrlWordKind::hard
                              : UrlWordKind::soft,
             word);
    return Ok{};
  });
}

bool UrlFilter::is_blocked_domain(std::string_view host) const {
  while (!domains_.empty()) {
    if (domains_.contains(std::string(host))) return true;
    const std::size_t dot = host.find('.');
    if (dot == std::string_view::npos) break;
    host.remove_prefix(dot + 1);
  }
  return false;
}

std::string_view UrlFilter::blocked_reason(std::string_view url) const {
  const std::optional<UrlParts> parts = parts_of(url);
  if (!parts) return "";
  if (is_blocked_domain(parts->host)) return "blocked_domain";
  const bool strict = std::ranges::any_of(
      strict_, [&](const std::string& word) { return parts->all.find(word) != std::string::npos; });
  if (strict) return "blocked_url";
  bool hard = false;
  std::int64_t soft = 0;
  for_each_word(parts->all, [&](std::string_view word) {
    const std::string owned(word);
    hard = hard || hard_.contains(owned);
    soft += soft_.contains(owned) ? 1 : 0;
  });
  return hard || (soft_limit_ > 0 && soft >= soft_limit_) ? "blocked_url" : "";
}

}  // namespace aludel::curate
