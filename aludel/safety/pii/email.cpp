#include <algorithm>
#include <array>
#include <string>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "aludel/base/ascii.h"
#include "aludel/base/utf8.h"
#include "aludel/safety/pii/context.h"
#include "aludel/safety/pii/role_names.h"
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

// Top levels in other scripts. Source: IANA root zone.
constexpr auto kInternationalTopLevels = std::to_array<std::string_view>(
    {"中国",     "中國",   "香港", "台湾",   "台灣",     "澳门",   "澳門",  "新加坡", "公司",
     "公益",     "网络",   "網路", "网址",   "网店",     "网站",   "在线",  "中文网", "商城",
     "商店",     "商标",   "集团", "我爱你", "企业",     "信息",   "政务",  "机构",   "移动",
     "组织机构", "みんな", "コム", "ストア", "한국",     "닷컴",   "рф",    "рус",    "москва",
     "онлайн",   "сайт",   "орг",  "ком",    "дети",     "бел",    "укр",   "бг",     "мкд",
     "срб",      "қаз",    "мон",  "ею",     "ελ",       "ευ",     "հայ",   "გე",     "ישראל",
     "भारत",     "বাংলা",  "ไทย",  "مصر",    "السعودية", "امارات", "ایران", "الاردن", "المغرب",
     "شبكة",     "موقع"});

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

bool is_local_sign(char c) {
  return is_ascii_digit(c) || c == '_' || c == '.' || c == '%' || c == '+' || c == '-';
}

bool is_outside_ascii(char c) {
  return (c & 0x80) != 0;
}

/// A letter, a mark or a digit of any script.
bool is_letter(char32_t c) {
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK)) != 0;
}

/// Letters of Latin and the marks upon them.
bool is_latin(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &error);
  return script == USCRIPT_LATIN || script == USCRIPT_INHERITED;
}

bool is_top_level(std::string_view label) {
  return label.starts_with("xn--") ||
         kTopLevels.find(" " + std::string(label) + " ") != std::string_view::npos;
}

/// Bytes of the top level that a domain's last label begins with and that ends the domain there,
/// or 0: "com" in "com谢谢", since scripts without spaces go on at once.
std::size_t top_level_size(std::string_view label) {
  const auto* const outside = std::ranges::find_if(label, is_outside_ascii);
  const auto size = static_cast<std::size_t>(outside - label.begin());
  if (size > 0) return is_top_level(label.substr(0, size)) ? size : 0;
  std::size_t longest = 0;
  for (const std::string_view known : kInternationalTopLevels) {
    if (label.starts_with(known)) longest = std::max(longest, known.size());
  }
  const bool goes_on = longest < label.size() && !is_outside_ascii(label[longest]);
  return goes_on ? 0 : longest;
}

/// End of the characters from `begin` on that domains may have.
std::size_t domain_characters_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  std::size_t label = begin;
  while (end < text.size() && end - begin < 253) {
    const char c = text[end];
    if (is_outside_ascii(c)) {
      const CodePoint next = decode_utf8(text, end);
      if (!is_letter(next.value)) break;
      const bool is_after_ascii = end > label && !is_outside_ascii(text[end - 1]);
      const std::string before = lower_ascii(text.substr(label, end - label));
      if (is_after_ascii && label > begin && is_top_level(before)) break;
      end += next.size_bytes;
      continue;
    }
    if (!is_ascii_digit(c) && !is_ascii_letter(c) && c != '-' && c != '.') break;
    ++end;
    if (c == '.') label = end;
  }
  return end;
}

/// End of the longest domain with a real top level that starts at `begin`, or `begin`.
std::size_t domain_end(std::string_view text, std::size_t begin) {
  std::size_t end = domain_characters_end(text, begin);
  while (end > begin) {
    const std::string domain = lower_ascii(text.substr(begin, end - begin));
    const auto dot = domain.rfind('.');
    if (dot == std::string::npos) return begin;
    const char first = domain.front();
    const bool is_well_formed = dot > 0 && domain.find("..") == std::string::npos &&
                                (is_ascii_word(first) || is_outside_ascii(first)) &&
                                domain[dot - 1] != '-';
    const std::size_t top = top_level_size(std::string_view(domain).substr(dot + 1));
    if (is_well_formed && top > 0) return begin + dot + 1 + top;
    // "Write to ann@host.org.The next sentence": the last label is no part of the address.
    end = begin + dot;
  }
  return begin;
}

/// The code point that ends at `end`. REQUIRES: end > 0.
CodePoint code_point_before(std::string_view text, std::size_t end) {
  std::size_t begin = end - 1;
  while (begin > 0 && end - begin < 4 && (text[begin] & 0xC0) == 0x80) {
    --begin;
  }
  const CodePoint found = decode_utf8(text, begin);
  return begin + found.size_bytes == end ? found : CodePoint{kReplacementCharacter, 1};
}

/// Begin of the local part that ends at `at`: ASCII and Latin letters; before a domain in another
/// script the letters of any. "邮箱是ann@163.com" is in Chinese up to ann alone.
std::size_t local_begin(std::string_view text, std::size_t at, std::string_view domain) {
  constexpr std::size_t kLongest = 64;
  const bool is_international = std::ranges::any_of(domain, is_outside_ascii);
  std::size_t begin = at;
  while (begin > 0 && at - begin < kLongest) {
    const char c = text[begin - 1];
    if (!is_outside_ascii(c)) {
      if (!is_local_sign(c) && !is_ascii_letter(c)) break;
      --begin;
      continue;
    }
    const CodePoint letter = code_point_before(text, begin);
    if (!is_letter(letter.value) || (!is_latin(letter.value) && !is_international)) break;
    begin -= letter.size_bytes;
  }
  while (begin < at && is_local_sign(text[begin]) && !is_ascii_digit(text[begin]) &&
         text[begin] != '_') {
    ++begin;
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
  return is_role_name(local) || std::ranges::any_of(kListSuffixes, [&](std::string_view suffix) {
           return local.ends_with(suffix);
         });
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

/// Whether an address, in small letters, is nobody's own.
bool is_kept(std::string_view local, std::string_view domain) {
  return local.find("..") != std::string_view::npos || is_role(local) || is_kept_domain(domain);
}

void judge_email(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  const std::string_view text = candidate.text;
  const std::size_t at = candidate.begin;
  const std::size_t end = domain_end(text, at + 1);
  if (end == at + 1) return;
  const std::string domain = lower_ascii(text.substr(at + 1, end - at - 1));
  const std::size_t begin = local_begin(text, at, domain);
  if (begin == at || text[at - 1] == '.') return;
  const std::string local = lower_ascii(text.substr(begin, at - begin));
  if (begin > 0 && (text[begin - 1] == ':' || text[begin - 1] == '/') &&
      is_in_url(text, begin, at) && text.substr(0, begin).ends_with("//"))
    return;  // ftp://user@host
  if (is_kept(local, domain) || is_called_a_group(text.substr(0, begin), local)) return;
  if (text.substr(0, begin).ends_with('/') && is_in_url(text, begin, at) &&
      is_message_number(local))
    return;
  if (has_word(line_before(text, begin, 40), kMessageIdWords)) return;
  found.push_back({begin, end, PiiKind::email});
}

/// Bytes of a dot at the begin of `rest`: ".", or the word in brackets or in capitals; 0 for none.
std::size_t dot_size(std::string_view rest) {
  for (const std::string_view mark :
       {".",       " (dot) ", "(dot)", " [dot] ", "[dot]",   " {dot} ", "{dot}",
        "（dot）", " (DOT) ", "(DOT)", "[DOT]",   " [DOT] ", " DOT ",   " dot ",
        "(punkt)", "[punkt]", "(点)",  "（点）",  "【点】",  "[点]"}) {
    if (rest.starts_with(mark)) return mark.size();
  }
  return 0;
}

/// "jane (at) web (dot) de", "jane[at]web.de": an address as people hide it from programs.
void judge_hidden_email(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  constexpr std::size_t kLongest = 253;
  const std::string_view text = candidate.text;
  const auto is_part = [](char c) { return is_ascii_digit(c) || is_ascii_letter(c) || c == '-'; };
  std::size_t at = candidate.begin;
  if (at > 0 && text[at - 1] == ' ') --at;
  const std::size_t begin = local_begin(text, at, "");
  std::size_t next = candidate.end;
  if (next < text.size() && text[next] == ' ') ++next;
  std::string domain;
  std::size_t end = 0;  // behind the last label that is a top level
  std::size_t whole = 0;
  while (next < text.size() && next - candidate.end < kLongest) {
    const std::size_t label = next;
    while (next < text.size() && is_part(text[next])) {
      ++next;
    }
    if (next == label) break;
    domain += lower_ascii(text.substr(label, next - label));
    if (domain.size() > next - label &&
        is_top_level(lower_ascii(text.substr(label, next - label)))) {
      end = next;
      whole = domain.size();
    }
    const std::size_t dot = dot_size(text.substr(next));
    if (dot == 0) break;
    domain += '.';
    next += dot;
  }
  if (begin == at || end == 0) return;
  domain.resize(whole);
  if (is_kept(lower_ascii(text.substr(begin, at - begin)), domain)) return;
  found.push_back({begin, end, PiiKind::email});
}

/// "jane AT web DOT de".
void judge_shouted_email(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  judge_hidden_email({candidate.text, candidate.begin + 1, candidate.begin + 3}, found);
}

constexpr auto kEmailRules = std::to_array<PiiRule>(
    {{"@", judge_email},
     {"(\\(|\\[|\\{|<|（|［|【) ?(at|AT|At|@|ät|arroba|chez|艾特) ?(\\)|\\]|\\}|>|）|］|】)",
      judge_hidden_email},
     {" AT [A-Za-z0-9-]{2,40} DOT ", judge_shouted_email}});

}  // namespace

std::span<const PiiRule> email_rules() {
  return kEmailRules;
}

}  // namespace aludel::safety
