#include "aludel/curate/layers/language/url_filter.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/curate/document/url.h"
#include "aludel/io/codec.h"
#include "aludel/io/lines.h"

namespace aludel::curate {
namespace {

struct OwnWords {
  UrlWordKind kind;
  std::string_view words;
};

// Words chosen by hand. Few ordinary addresses hold a strict word ("sex" is not strict because of
// "essex"). A hard word hardly has an honest use; a soft word has some: same-sex marriage, nude
// mice, Ford Escort, Super Bowl XXX, ssh-keygen. Names of services and people are left out.
constexpr OwnWords kOwnWords[] = {
    {UrlWordKind::strict,
     "porn xxxvideo sexvideo hentai camgirl blowjob milfs gangbang creampie bukkake escortgirl "
     "sexchat livesex sexcam nakedgirl onlinecasino casinobonus freeslots slotgacor judionline "
     "buyviagra buycialis cheapviagra fakepassport"},
    {UrlWordKind::hard,
     "milf bdsm erotik porno femdom webcamsex sportsbook togel warez serialkey qingse seqing bocai "
     "duchang"},
    {UrlWordKind::soft,
     "xxx sex sexy sexo anal fetish erotic erotica escort escorts nude nudes nudity naked pussy "
     "dildo incest swingers keygen chengren adult adults teen teens girls hot babe babes wet cam "
     "cams hardcore amateur lesbian mature dating lingerie strip tits ass cock slut virgin bet "
     "bets "
     "betting bonus jackpot slots slot gamble gambling lottery pills pharmacy torrent torrents "
     "crack cracked nulled replica payday loans caipiao viagra cialis levitra casino casinos "
     "roulette baccarat poker"},
};

// Soft words for goods, and words of selling: "cheap-viagra-online".
constexpr std::string_view kGoods =
    "viagra cialis levitra pills pharmacy casino casinos roulette baccarat poker slots betting "
    "payday loans replica";
constexpr std::string_view kSelling =
    "buy cheap cheapest best bonus discount free online order prescription win";

// Honest words that contain a strict word: towns of France, given names of Thailand.
constexpr auto kHonestRuns = std::to_array<std::string_view>(
    {"pornic",    "pornichet", "apichatpong", "siriporn",  "supaporn",    "porntip",
     "pornthip",  "pornchai",  "pornsak",     "pornpong",  "pornpimol",   "pornprasert",
     "ampornpan", "duangporn", "jiraporn",    "chaiporn",  "kanjanaporn", "suporn",
     "umporn",    "wilaiporn", "thitiporn",   "nattaporn", "somporn",     "wanporn"});

bool is_symbol(char c) {
  return WordAutomaton::symbol_of(c) != WordAutomaton::kNone;
}

/// True if the run of letters and digits from `begin` on is an honest word.
bool is_honest_run(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && is_symbol(text[end])) {
    ++end;
  }
  const std::string_view run = text.substr(begin, end - begin);
  return std::ranges::find(kHonestRuns, run) != kHonestRuns.end();
}

// Returns the ASCII letters and digits of a text, in lower case.
std::string symbols_of(std::string_view text) {
  std::string out = lower_ascii(text);
  std::erase_if(out, [](char c) { return !is_symbol(c); });
  return out;
}

// Calls `use` for each run of letters and digits; by `own` rules, letters outside ASCII count, too.
void for_each_word(std::string_view text, UrlRules rules,
                   const std::function<void(std::string_view)>& use) {
  const auto in_word = [rules](char c) {
    return is_symbol(c) || (rules == UrlRules::own && (c & 0x80) != 0);
  };
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && in_word(text[end])) {
      ++end;
    }
    if (end > begin) use(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

// Calls `use` for each line, without comments and white space around it.
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

std::string with_scheme(std::string_view url) {
  return url.find("://") == std::string_view::npos ? fmt::format("http://{}", url)
                                                   : std::string(url);
}

}  // namespace

void UrlFilter::add_own_words() {
  for (const OwnWords& own : kOwnWords) {
    for_each_word(own.words, rules_, [&](std::string_view word) { add_word(own.kind, word); });
  }
  for_each_word(kGoods, rules_, [&](std::string_view word) { goods_.emplace(word); });
  for_each_word(kSelling, rules_, [&](std::string_view word) { selling_.emplace(word); });
  build_strict();
}

void UrlFilter::add_word(UrlWordKind kind, std::string_view word) {
  if (kind == UrlWordKind::strict) {
    strict_.push_back(symbols_of(word));
  } else {
    (kind == UrlWordKind::hard ? hard_ : soft_).insert(symbols_of(word));
  }
}

void UrlFilter::build_strict() {
  const std::vector<std::string_view> words(strict_.begin(), strict_.end());
  strict_words_.build(words);
}

Status UrlFilter::add_domains(io::FileSystem& files, const std::string& path) {
  return for_each_line(files, path, [this](std::string_view line, std::uint64_t) -> Status {
    domains_.insert(lower_ascii(line.starts_with('.') ? line.substr(1) : line));
    return Ok{};
  });
}

Status UrlFilter::add_urls(io::FileSystem& files, const std::string& path) {
  return for_each_line(files, path, [this](std::string_view line, std::uint64_t) -> Status {
    urls_.insert(rules_ == UrlRules::own ? normalise_url(with_scheme(line)) : std::string(line));
    return Ok{};
  });
}

Status UrlFilter::add_words(io::FileSystem& files, const std::string& path) {
  ALUDEL_TRY(for_each_line(files, path, [&](std::string_view line, std::uint64_t number) -> Status {
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string_view kind = line.substr(0, space);
    const std::string_view word = line.substr(space);
    if (std::ranges::none_of(word, is_symbol) ||
        (kind != "strict" && kind != "hard" && kind != "soft")) {
      return Error{Code::invalid_argument,
                   fmt::format("[layers.language] {}, line {}: expected \"strict\", \"hard\" or "
                               "\"soft\" and a word with letters or digits of ASCII",
                               path, number)};
    }
    add_word(kind == "strict" ? UrlWordKind::strict
             : kind == "hard" ? UrlWordKind::hard
                              : UrlWordKind::soft,
             word);
    return Ok{};
  }));
  build_strict();
  return Ok{};
}

bool UrlFilter::is_blocked_domain(std::string_view host) const {
  if (domains_.empty()) return false;
  if (domains_.contains(host)) return true;
  const std::string_view registrable = registrable_domain(host);
  if (rules_ == UrlRules::datatrove) return domains_.contains(registrable);
  while (host.size() > registrable.size()) {
    host.remove_prefix(host.find('.') + 1);
    if (domains_.contains(host)) return true;
  }
  return false;
}

bool UrlFilter::is_blocked_url(std::string_view url) const {
  if (urls_.empty()) return false;
  return rules_ == UrlRules::own ? urls_.contains(normalise_url(url)) : urls_.contains(url);
}

bool UrlFilter::has_strict_word(std::string_view text) const {
  WordAutomaton::State state = WordAutomaton::kStart;
  for (std::size_t i = 0, run = 0; i < text.size(); ++i) {
    const std::size_t symbol = WordAutomaton::symbol_of(text[i]);
    if (symbol == WordAutomaton::kNone) {
      run = i + 1;
      if (rules_ == UrlRules::own) state = WordAutomaton::kStart;
      continue;
    }
    state = strict_words_.step(state, symbol);
    if (strict_words_.found(state) && (rules_ != UrlRules::own || !is_honest_run(text, run))) {
      return true;
    }
  }
  return false;
}

UrlFilter::WholeWords UrlFilter::whole_words(std::string_view text) const {
  WholeWords found;
  std::set<std::string_view> soft;
  std::set<std::string_view> selling;
  bool has_goods = false;
  for_each_word(text, rules_, [&](std::string_view word) {
    found.has_hard = found.has_hard || hard_.contains(word);
    has_goods = has_goods || goods_.contains(word);
    if (soft_.contains(word)) {
      soft.insert(word);
    } else if (selling_.contains(word)) {
      selling.insert(word);
    }
  });
  const bool is_offer = has_goods && rules_ == UrlRules::own;
  found.soft = soft.size() + (is_offer ? selling.size() : 0);
  return found;
}

std::string UrlFilter::read_part(std::string_view url) const {
  const std::optional<Url> parts = parse_url(url);
  if (!parts) return "";
  return rules_ == UrlRules::own ? parts->host + lower_ascii(parts->rest) : std::string(url);
}

std::string_view UrlFilter::blocked_reason(std::string_view url) const {
  const std::optional<Url> parts = parse_url(url);
  if (!parts) return "";
  if (is_blocked_domain(parts->host)) return "blocked_domain";
  if (is_blocked_url(url)) return "blocked_url";
  const std::string read = read_part(url);
  const WholeWords words = whole_words(read);
  if (words.has_hard) return "hard_url_word";
  if (soft_limit_ > 0 && words.soft >= soft_limit_) return "soft_url_words";
  return has_strict_word(read) ? "strict_url_word" : "";
}

bool UrlFilter::is_doubtful(std::string_view url) const {
  return rules_ == UrlRules::own && whole_words(read_part(url)).soft > 0;
}

Status RobotsList::add(io::FileSystem& files, const std::string& path) {
  return for_each_line(files, path, [this](std::string_view line, std::uint64_t) -> Status {
    if (const auto url = parse_url(with_scheme(line))) prefixes_[url->host].push_back(url->rest);
    return Ok{};
  });
}

bool RobotsList::refuses(std::string_view url) const {
  if (prefixes_.empty()) return false;
  const std::optional<Url> parts = parse_url(url);
  if (!parts) return false;
  const auto found = prefixes_.find(parts->host);
  if (found == prefixes_.end()) return false;
  const std::string_view rest = parts->rest.empty() ? "/" : std::string_view(parts->rest);
  return std::ranges::any_of(found->second,
                             [&](const std::string& prefix) { return rest.starts_with(prefix); });
}

}  // namespace aludel::curate
