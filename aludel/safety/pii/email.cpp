#include <algorithm>
#include <array>
#include <string>

#include "aludel/base/ascii.h"
#include "aludel/safety/pii/context.h"
#include "aludel/safety/pii/rules.h"

namespace aludel::safety {
namespace {

// Country domains of two letters, then the generic ones that mail uses. Source: IANA root zone.
constexpr std::string_view kTopLevels =
    " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs"
    " bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee"
    " eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm"
    " hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb"
    " lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz"
    " na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs"
    " ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl"
    " tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
    " com org net edu gov mil int info biz name pro museum aero coop jobs mobi travel tel cat asia"
    " xxx post arpa app dev page blog shop store site online tech space website xyz top club vip"
    " work live news email cloud digital agency media studio design group team company solutions"
    " services center systems network world today life academy university school church foundation"
    " health care clinic law legal finance money bank capital ventures partners consulting expert"
    " guru ninja rocks art music photo photography gallery video games game fun social community"
    " berlin london paris nyc tokyo amsterdam wien hamburg koeln bayern eus gal scot wales quebec"
    " icu wang ren link click ltd inc llc gmbh plus one global international ";

// Nobody's own: RFC 2142 roles, program and placeholder names.
constexpr auto kRoleNames = std::to_array<std::string_view>(
    {"abuse",      "admin",       "administrator", "anonymous",  "bugs",
     "contact",    "control",     "enquiries",     "feedback",   "announce",
     "dev",        "discuss",     "distros",       "ftpmaster",  "listserv",
     "mailman",    "majordomo",   "packages",      "users",      "maintainers",
     "devel",      "ftp",         "git",           "help",       "hg",
     "hostmaster", "info",        "list",          "listmaster", "mailer-daemon",
     "marketing",  "news",        "no-reply",      "nobody",     "noc",
     "noreply",    "office",      "owner",         "postmaster", "press",
     "privacy",    "request",     "root",          "sales",      "security",
     "service",    "submit",      "subscribe",     "support",    "svn",
     "team",       "unsubscribe", "usenet",        "user",       "username",
     "uucp",       "webmaster",   "www",           "www-data",   "you",
     "your-name",  "your.name",   "your_name",     "yourname",   "your.email",
     "your-email", "youremail",   "your_email",    "name",       "someone",
     "somebody",   "foo",         "bar",           "baz",        "firstname.lastname",
     "first.last", "xxx"});

// Domains that texts invent, beside the reserved ones.
constexpr auto kInventedDomains = std::to_array<std::string_view>(
    {"domain.com",      "domain.org",       "domain.net",     "domain.tld",   "mydomain.com",
     "yourdomain.com",  "your-domain.com",  "somedomain.com", "company.com",  "mycompany.com",
     "yourcompany.com", "your-company.com", "foo.com",        "bar.com",      "foo.org",
     "bar.org",         "foobar.com",       "foo.bar",        "host.com",     "server.com",
     "site.com",        "website.com",      "somewhere.com",  "somehost.com", "nowhere.com",
     "acme.com",        "nospam.com",       "falcot.com",     "test.com"});

// RFC 2606, RFC 6762, RFC 8375 and common names of home networks.
constexpr auto kReservedSuffixes = std::to_array<std::string_view>(
    {".example", ".test", ".invalid", ".localhost", ".local", ".localdomain", ".lan", ".internal",
     ".home.arpa", "example.com", "example.org", "example.net", "example.edu"});

// Hosts of mailing lists and bug trackers: readers by the thousand.
constexpr auto kListHosts =
    std::to_array<std::string_view>({"lists.", "list.", "bugs.", "packages.", "groups."});
constexpr auto kListDomains = std::to_array<std::string_view>(
    {"googlegroups.com", "yahoogroups.com", "groups.io", "vger.kernel.org"});

// What list programs add to the name of a list. RFC 2142, 6; ezmlm, Mailman, majordomo.
constexpr auto kListSuffixes = std::to_array<std::string_view>(
    {"-request", "-subscribe", "-unsubscribe", "-owner", "-admin", "-bounces", "-help", "-announce",
     "-devel", "-dev", "-list", "-users", "-discuss", "-security", "-team", "-maintainers"});

constexpr auto kGroupNouns = std::to_array<std::string_view>(
    {"team", "group", "committee", "board", "maintainers", "administrators", "developers"});

constexpr auto kMessageIdWords = std::to_array<std::string_view>(
    {"message-id", "in-reply-to", "references", "msgid", "boundary"});

bool is_local_character(char c) {
  return is_ascii_word(c) || c == '.' || c == '%' || c == '+' || c == '-';
}

bool is_domain_character(char c) {
  return is_ascii_digit(c) || is_ascii_letter(c) || c == '-' || c == '.';
}

bool is_top_level(std::string_view label) {
  return label.starts_with("xn--") ||
         kTopLevels.find(" " + std::string(label) + " ") != std::string_view::npos;
}

/// End of the longest domain with a real top level that starts at `begin`, or `begin`.
std::size_t domain_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && end - begin < 253 && is_domain_character(text[end])) {
    ++end;
  }
  while (end > begin) {
    const std::string domain = lower_ascii(text.substr(begin, end - begin));
    const auto dot = domain.rfind('.');
    if (dot == std::string::npos) return begin;
    const bool is_well_formed = dot > 0 && domain.find("..") == std::string::npos &&
                                is_ascii_word(domain.front()) && domain[dot - 1] != '-';
    if (is_well_formed && is_top_level(std::string_view(domain).substr(dot + 1))) return end;
    // "Write to ann@host.org.The next sentence": the last label is no part of the address.
    end = begin + dot;
  }
  return begin;
}

bool is_domain_or_below(std::string_view domain, std::string_view parent) {
  if (!domain.ends_with(parent)) return false;
  return domain.size() == parent.size() || parent[0] == '.' ||
         domain[domain.size() - parent.size() - 1] == '.';
}

bool is_kept_domain(std::string_view domain) {
  const auto holds = [&](std::string_view parent) { return is_domain_or_below(domain, parent); };
  if (std::ranges::any_of(kReservedSuffixes, holds)) return true;
  if (std::ranges::any_of(kInventedDomains, holds)) return true;
  if (std::ranges::any_of(kListDomains, holds)) return true;
  return std::ranges::any_of(kListHosts, [&](std::string_view host) {
    return domain.starts_with(host) || domain.find("." + std::string(host)) != std::string::npos;
  });
}

bool is_role(std::string_view local) {
  return std::ranges::find(kRoleNames, local) != kRoleNames.end() ||
         std::ranges::any_of(kListSuffixes,
                             [&](std::string_view suffix) { return local.ends_with(suffix); });
}

/// "Write to the DSA team, dsa@host": the text itself calls the name a group's.
bool is_called_a_group(std::string_view before, std::string_view local) {
  constexpr std::size_t kReach = 200;
  if (before.size() > kReach) before.remove_prefix(before.size() - kReach);
  return std::ranges::any_of(kGroupNouns, [&](std::string_view noun) {
    const std::string phrase = std::string(local) + " " + std::string(noun);
    const std::array words = {std::string_view(phrase)};
    return has_word(before, words);
  });
}

// "20180609224913.GC38834@host" in the address of a mail archive: a message's number, no name.
bool is_message_number(std::string_view local) {
  const auto digits = static_cast<std::size_t>(std::ranges::count_if(local, is_ascii_digit));
  return digits >= 8 && 2 * digits >= local.size();
}

void judge_email(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  const std::string_view text = candidate.text;
  const std::size_t at = candidate.begin;
  std::size_t begin = at;
  while (begin > 0 && at - begin < 64 && is_local_character(text[begin - 1])) {
    --begin;
  }
  while (begin < at && !is_ascii_word(text[begin])) {
    ++begin;
  }
  const std::size_t end = domain_end(text, at + 1);
  if (begin == at || end == at + 1 || text[at - 1] == '.') return;
  const std::string local = lower_ascii(text.substr(begin, at - begin));
  if (local.find("..") != std::string::npos) return;
  if (begin > 0 && (text[begin - 1] == ':' || text[begin - 1] == '/') &&
      is_in_url(text, begin, at) && text.substr(0, begin).ends_with("//"))
    return;  // ftp://user@host
  if (is_role(local) || is_called_a_group(text.substr(0, begin), local)) return;
  if (text.substr(0, begin).ends_with('/') && is_in_url(text, begin, at) &&
      is_message_number(local))
    return;
  if (is_kept_domain(lower_ascii(text.substr(at + 1, end - at - 1)))) return;
  if (has_word(line_before(text, begin, 40), kMessageIdWords)) return;
  found.push_back({begin, end, PiiKind::email});
}

constexpr std::array<PiiRule, 1> kEmailRules = {{{"@", judge_email}}};

}  // namespace

std::span<const PiiRule> email_rules() {
  return kEmailRules;
}

}  // namespace aludel::safety
