#include "aludel/curate/layers/shared/line_rules/punkt.h"

#include <optional>
#include <string>

#include <unicode/uchar.h>

#include "aludel/base/ascii.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/python_lines.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kSentenceEnds = ".?!";
constexpr std::string_view kMarksBehindEnds = ")\";}]*:@'({[!?";  // a sentence may end before one
constexpr std::string_view kSentenceClosers = "\"')]}";  // they belong to the sentence before
constexpr std::string_view kBreaksWords = "(\"`{[:;&#*@)}],-";  // a word begins behind them

/// Punkt's abbreviations for English, learned from newspapers: abbrev_types.txt.
constexpr std::string_view kPunktAbbreviations =
    " . a.a a.c a.d a.g a.h a.m a.m.e a.s a.t adm ala ariz aug ave b.f b.v bros c c.i.t c.o.m.b c.v"
    " calif chg cie co col colo conn corp cos ct d d.c d.h d.w dec dr e e.f e.h e.l e.m f f.g f.j"
    " feb fla fri ft g g.d g.f g.k ga gen h h.c h.f h.m i.m.s ill inc j.b j.c j.j j.k j.p j.r jan"
    " jr k kan ky l l.a l.f l.p lt ltd m m.b.a m.d.c m.j maj messrs mg mich minn mr mrs ms n n.c"
    " n.d n.h n.j n.m n.v n.y nev nov oct ok okla ore p p.a.m p.m pa ph.d prof r r.a r.h r.i r.j"
    " r.k r.t rep reps s s.a s.a.y s.c s.g s.p.a s.s sen sep sept sr st sw t t.j tenn tues u.k u.n"
    " u.s u.s.a u.s.s.r v va vs vt w w.c w.r w.va w.w wash wed wis yr ";

bool is_mark_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

bool is_punkt_abbreviation(std::string_view word) {
  return !word.empty() &&
         kPunktAbbreviations.find(" " + lower_ascii(word) + " ") != std::string_view::npos;
}

bool begins_upper(std::string_view text) {
  return !text.empty() && u_isupper(static_cast<UChar32>(decode_utf8(text, 0).value)) != 0;
}

/// Returns the last possible end of a sentence in [begin, end).
std::optional<std::size_t> last_sentence_end(std::string_view line, std::size_t begin,
                                             std::size_t end) {
  for (std::size_t at = end; at-- > begin;) {
    if (!is_mark_of(line[at], kSentenceEnds)) continue;
    if (at + 1 < end ? is_mark_of(line[at + 1], kMarksBehindEnds) : end < line.size()) return at;
  }
  return std::nullopt;
}

/// Returns the text with which the next sentence would begin; empty if there is none.
std::string_view rest_behind(std::string_view line, std::size_t end) {
  std::string_view rest = line.substr(end + 1);
  std::size_t closers = 0;
  while (closers < rest.size() && is_mark_of(rest[closers], kSentenceClosers)) {
    ++closers;
  }
  const std::string_view behind = rest.substr(closers);
  const std::string_view stripped = python_strip(behind);
  const bool closes = behind.empty() || behind.starts_with("--") ||
                      stripped.data() != behind.data();  // true if white space follows
  return closes ? stripped : python_strip(rest);
}

bool ends_punkt_sentence(std::string_view line, std::size_t begin, std::size_t end) {
  const std::string_view rest = rest_behind(line, end);
  if (rest.empty()) return false;
  if (line[end] != '.') return true;
  const std::string_view before = line.substr(begin, end - begin);
  if (before.ends_with('.') && !begins_upper(rest)) return false;
  const std::size_t word = before.find_last_of(kBreaksWords) + 1;  // npos + 1 is 0
  return !is_punkt_abbreviation(before.substr(word));
}

}  // namespace

std::size_t count_punkt_sentences(std::string_view line) {
  std::size_t sentences = 1;
  for_each_chunk(line, [&](std::size_t begin, std::size_t end) {
    const std::optional<std::size_t> last = last_sentence_end(line, begin, end);
    if (last && ends_punkt_sentence(line, begin, *last)) ++sentences;
  });
  return sentences;
}

}  // namespace aludel::curate
