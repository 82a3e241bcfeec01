#include "aludel/curate/layers/language/text_addresses.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <libpsl.h>

#include "aludel/base/ascii.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/characters.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kLongestName = 256;  // bytes before the last dot
constexpr std::size_t kMostBlanksBefore = 10;
constexpr std::size_t kLongestTopLevelName = 24;

/// Domains of DCLM's list that have been withdrawn since, or were never given out.
constexpr std::string_view kWithdrawn =
    " active adac afamilycompany aigo an bl blanco bnl boots bq budapest bugatti cancerresearch"
    " cartier caseih ceb chloe chrysler csc dodge doha doosan duck duns eh epost esurance everbank"
    " flsmidth fujixerox glade goodhands honeywell htc iinet intel iselect iveco iwc jcp jlc"
    " ladbrokes lancome liaison lixil loft lupin mcd mcdonalds meo metlife mf mobily montblanc "
    "mopar"
    " movistar mtpc mutuelle nadex nationwide newholland off onyourside orientexpress pamperedchef"
    " panerai piaget qvc raid rightathome rmit sapo scjohnson scor ses shriram spiegel "
    "spreadbetting"
    " srt starhub statoil swiftcover symantec telecity telefonica tp uconnect um vista vistaprint"
    " warman wed xperia zippo ";

bool is_top_level(const std::string& label) {
  if (label.empty()) return false;
  if (kWithdrawn.find(" " + label + " ") != std::string_view::npos) return true;
  return label != "onion" && psl_is_public_suffix2(psl_builtin(), label.c_str(),
                                                   PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

bool is_url_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_url_letter(char c) {
  return is_url_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/// True if the first letters of the text are a top-level domain, in any case, even inside a word.
bool begins_with_top_level(std::string_view text) {
  std::string label;
  for (const char c : text.substr(0, kLongestTopLevelName)) {
    const bool is_in_label = is_url_letter(c) || c == '-' || static_cast<unsigned char>(c) > 127;
    if (!is_in_label) return false;
    label += lower_ascii(c);
    if (is_top_level(label)) return true;
  }
  return false;
}

bool is_in_name(char c) {
  return is_url_letter(c) || std::string_view("-@:%._+~#=").find(c) != std::string_view::npos;
}

bool is_in_tail(char c) {
  return is_url_letter(c) || std::string_view("-()@:%_+.~#?&/=").find(c) != std::string_view::npos;
}

std::size_t end_of_tail(std::string_view text, std::size_t at) {
  while (at < text.size() && is_in_tail(text[at])) {
    ++at;
  }
  return at;
}

std::size_t scheme_size(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://", "ftp://"}) {
    if (text.starts_with(scheme)) return scheme.size();
  }
  return 0;
}

/// Returns the begin of up to ten characters of white space before `at`, but not before `from`.
std::size_t begin_of_blanks(std::string_view text, std::size_t from, std::size_t at) {
  for (std::size_t blanks = 0; blanks < kMostBlanksBefore && at > from; ++blanks) {
    const std::size_t before = utf8_boundary(text, at - 1);
    if (!character_table()[decode_utf8(text, before).value].has(kPythonSpace)) break;
    at = before;
  }
  return at;
}

/// Returns the end of the top-level domain that begins here and ends with its word, or nothing.
std::optional<std::size_t> end_of_top_level(std::string_view text, std::size_t begin) {
  const bool is_encoded = text.substr(begin).starts_with("xn--");
  std::size_t end = begin;
  while (end < text.size()) {
    const CodePoint point = decode_utf8(text, end);
    const bool goes_on = is_python_word(point.value) || (is_encoded && point.value == '-');
    if (!goes_on) break;
    end += point.size_bytes;
  }
  if (!is_top_level(std::string(text.substr(begin, end - begin)))) return std::nullopt;
  return end;
}

/// A run of characters that may occur in names.
struct NameRun {
  std::size_t end = 0;
  std::vector<std::size_t> dots;  // those before a top-level domain
};

NameRun name_run(std::string_view text, std::size_t begin) {
  NameRun run{begin, {}};
  for (; run.end < text.size() && is_in_name(text[run.end]); ++run.end) {
    if (text[run.end] == '.' && end_of_top_level(text, run.end + 1)) run.dots.push_back(run.end);
  }
  return run;
}

/// Returns the last dot of the run at which a name from `begin` on can end.
std::optional<std::size_t> last_dot(const NameRun& run, std::size_t begin) {
  const auto after = std::ranges::upper_bound(run.dots, begin + kLongestName);
  if (after == run.dots.begin() || *(after - 1) <= begin) return std::nullopt;
  return *(after - 1);
}

/// Returns the end of the address of four numbers that begins here, after the scheme, or nothing.
std::optional<std::size_t> end_of_numbers(std::string_view text, std::size_t at) {
  for (int part = 0; part < 4; ++part) {
    std::size_t end = at;
    while (end < text.size() && is_url_digit(text[end])) {
      ++end;
    }
    if (end == at) return std::nullopt;
    if (part == 3) return end_of_tail(text, end);
    const bool fits = end - at < 3 || (end - at == 3 && text[at] <= '2');
    if (!fits || end == text.size() || text[end] != '.') return std::nullopt;
    at = end + 1;
  }
  return std::nullopt;
}

/// The remainder of a text whose matches are removed from left to right.
class Remainder {
 public:
  explicit Remainder(std::string_view text) : text_(text) {}

  void drop(std::size_t begin, std::size_t end) {
    begin = begin_of_blanks(text_, from_, begin);
    kept_ += text_.substr(from_, begin - from_);
    from_ = end;
  }

  std::string finish() { return kept_ += text_.substr(from_); }

 private:
  std::string_view text_;
  std::string kept_;
  std::size_t from_ = 0;
};

/// Returns the end of the address whose name begins at `begin` in the run, or nothing.
std::optional<std::size_t> end_of_address(std::string_view text, const NameRun& run,
                                          std::size_t begin) {
  std::optional<std::size_t> dot;
  const std::size_t scheme = scheme_size(text.substr(begin));
  if (scheme > 0) dot = last_dot(name_run(text, begin + scheme), begin + scheme);
  if (!dot) dot = last_dot(run, begin);
  if (!dot) return std::nullopt;
  return end_of_tail(text, *end_of_top_level(text, *dot + 1));
}

std::string without_names(std::string_view text) {
  Remainder remainder(text);
  for (std::size_t at = 0; at < text.size();) {
    const NameRun run = name_run(text, at);
    std::optional<std::size_t> end;
    for (std::size_t begin = at; begin < run.end && !end; ++begin) {
      const bool may_begin = !run.dots.empty() || text[begin] == 'h' || text[begin] == 'f';
      if (!may_begin) continue;
      end = end_of_address(text, run, begin);
      if (end) remainder.drop(begin, *end);
    }
    at = end ? *end : std::max(run.end, at + 1);
  }
  return remainder.finish();
}

std::string without_numbers(std::string_view text) {
  Remainder remainder(text);
  for (std::size_t at = 0; at < text.size();) {
    const bool may_begin = is_url_digit(text[at]) || text[at] == 'h' || text[at] == 'f';
    const bool is_cut =
        at > 0 && is_python_word(decode_utf8(text, utf8_boundary(text, at - 1)).value);
    if (may_begin && !is_cut) {
      if (const auto end = end_of_numbers(text, at + scheme_size(text.substr(at)))) {
        remainder.drop(at, *end);
        at = *end;
        continue;
      }
    }
    ++at;
  }
  return remainder.finish();
}

}  // namespace

std::string without_addresses(std::string_view text) {
  if (!begins_with_top_level(text)) return without_numbers(text);
  return without_numbers(without_names(text));
}

std::string with_fewer_newlines(std::string text, std::int64_t most) {
  if (most == 0) return text;
  std::string kept;
  std::int64_t row = 0;
  for (const char c : text) {
    row = c == '\n' ? row + 1 : 0;
    if (row <= most) kept += c;
  }
  return kept;
}

}  // namespace aludel::curate
