#include "aludel/text/language/latin_prose.h"

#include <algorithm>
#include <array>

#include "aludel/base/ascii.h"

namespace aludel::text {
namespace {

// The commonest words of languages in Latin letters; in prose every third or fourth word is one.
constexpr auto kFunctionWords = std::to_array<std::string_view>(
    {"a",    "al",   "an",    "and",  "are",  "as",   "at",   "auf",  "avec",  "az",   "be",
     "been", "bir",  "but",   "by",   "can",  "com",  "como", "con",  "dan",   "das",  "de",
     "dem",  "den",  "der",   "des",  "di",   "die",  "do",   "du",   "ein",   "eine", "el",
     "en",   "es",   "est",   "et",   "for",  "from", "für",  "had",  "has",   "have", "he",
     "het",  "his",  "if",    "il",   "in",   "is",   "ist",  "it",   "its",   "je",   "la",
     "las",  "le",   "les",   "lo",   "los",  "mit",  "na",   "ne",   "nicht", "nie",  "no",
     "not",  "och",  "of",    "on",   "or",   "os",   "our",  "para", "per",   "por",  "pour",
     "que",  "qui",  "se",    "sich", "sie",  "som",  "su",   "than", "that",  "the",  "their",
     "they", "this", "to",    "um",   "una",  "und",  "une",  "van",  "ve",    "von",  "was",
     "we",   "were", "which", "will", "with", "yang", "you",  "your", "zu",    "że"});

// What begins lines of programs and of command lines, and hardly a sentence of prose.
constexpr auto kCodeWords = std::to_array<std::string_view>(
    {"#!",     "#define", "#include",  "$",       "&&",      "*/",      "/*",     "//",
     "<!--",   "</",      "<?",        ">>>",     "apt",     "apt-get", "brew",   "catch",
     "cd",     "class",   "const",     "curl",    "def",     "docker",  "echo",   "elif",
     "else",   "end",     "export",    "extends", "fi",      "fn",      "func",   "function",
     "git",    "go",      "import",    "insert",  "int",     "kubectl", "let",    "ls",
     "mkdir",  "mvn",     "namespace", "npm",     "package", "pip",     "pip3",   "private",
     "public", "python",  "python3",   "return",  "select",  "static",  "struct", "sudo",
     "try",    "using",   "var",       "void",    "wget",    "yum",     "{",      "}"});

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// A byte of a Latin letter outside ASCII: U+00C0 to U+024F.
bool is_accented_lead(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0xC3 && byte <= 0xC9;
}

bool is_outside_latin(char c) {
  return static_cast<unsigned char>(c) >= 0xCA;
}

bool is_code_sign(std::string_view line, std::size_t i) {
  const char c = line[i];
  if (std::string_view("={}[]();<>_|\\*&$#@+`/^~").find(c) != std::string_view::npos) return true;
  const bool is_joined = i > 0 && i + 1 < line.size() && is_letter(line[i + 1]) &&
                         (is_letter(line[i - 1]) || line[i - 1] == ')');
  return c == '.' && is_joined;  // "np.zeros"
}

/// Whether a line without other scripts is of a program: by its first word, or one of twelve
/// characters being a sign of programs.
bool is_code_line(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return false;
  const std::string_view rest = line.substr(begin);
  const std::string first =
      lower_ascii(rest.substr(0, std::min(rest.find_first_of(" \t("), rest.size())));
  std::size_t signs = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    signs += is_code_sign(rest, i) ? 1U : 0U;
  }
  const bool has_code_word = std::ranges::binary_search(kCodeWords, std::string_view(first));
  const bool is_short = std::ranges::count(rest, ' ') < 6;
  return (signs >= 2 && signs * 12 >= rest.size()) || (has_code_word && (signs > 0 || is_short));
}

/// "https://…", "src/main.cpp", "max_size", "getName", "x86": the same in every language.
bool is_identifier(std::string_view token) {
  bool has_letter = false;
  bool has_digit = false;
  bool has_inner_capital = false;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char c = token[i];
    has_letter = has_letter || is_letter(c);
    has_digit = has_digit || (c >= '0' && c <= '9');
    has_inner_capital = has_inner_capital || (i > 0 && c >= 'A' && c <= 'Z' &&
                                              token[i - 1] >= 'a' && token[i - 1] <= 'z');
    if (std::string_view("/\\_@=<>{}[]|#$&*+~`").find(c) != std::string_view::npos) return true;
    const bool is_inner = i > 0 && i + 1 < token.size();
    if ((c == '.' || c == ':') && is_inner && !is_blank(token[i + 1])) return true;
  }
  return has_inner_capital || (has_letter && has_digit);
}

/// Of a stack trace, a list of files: half of the words or more are identifiers.
bool is_mostly_identifiers(std::string_view line) {
  std::size_t words = 0;
  std::size_t identifiers = 0;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && !is_blank(line[end])) {
      ++end;
    }
    if (end > at) {
      ++words;
      identifiers += is_identifier(line.substr(at, end - at)) ? 1U : 0U;
    }
    at = end + 1;
  }
  return words > 0 && identifiers * 2 >= words;
}

class ProseReader {
 public:
  explicit ProseReader(std::string_view text) : text_(text) {}

  LatinProse read() {
    for (std::size_t begin = 0; begin < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      take_line(text_.substr(begin, end - begin));
      begin = end + 1;
    }
    return std::move(prose_);
  }

 private:
  void take_line(std::string_view line) {
    const bool is_latin = std::ranges::none_of(line, is_outside_latin);
    if (is_latin && (is_code_line(line) || is_mostly_identifiers(line))) return;
    for (std::size_t at = 0; at < line.size();) {
      if (is_blank(line[at]) || is_outside_latin(line[at]) || is_continuation(line[at])) {
        ++at;
        continue;
      }
      const std::size_t begin = at;
      while (at < line.size() && !is_blank(line[at]) && !is_outside_latin(line[at])) {
        ++at;
      }
      take_token(line.substr(begin, at - begin));
    }
    prose_.text += '\n';
  }

  static bool is_continuation(char c) { return (c & 0xC0) == 0x80; }

  void take_token(std::string_view token) {
    if (is_identifier(token)) return;
    const auto in_word = [](char c) {
      return is_letter(c) || is_accented_lead(c) || is_continuation(c);
    };
    for (std::size_t at = 0; at < token.size();) {
      const std::size_t begin = at;
      while (at < token.size() && in_word(token[at])) {
        ++at;
      }
      if (at > begin) take_word(token.substr(begin, at - begin));
      at += at < token.size() ? 1U : 0U;
    }
    prose_.text += token;
    prose_.text += ' ';
  }

  void take_word(std::string_view word) {
    ++prose_.words;
    prose_.letters += static_cast<std::size_t>(
        std::ranges::count_if(word, [](char c) { return !is_continuation(c); }));
    const std::string lower = lower_ascii(word);
    if (std::ranges::binary_search(kFunctionWords, std::string_view(lower))) {
      ++prose_.function_words;
    }
  }

  std::string_view text_;
  LatinProse prose_;
};

}  // namespace

LatinProse latin_prose(std::string_view text) {
  static_assert(std::ranges::is_sorted(kFunctionWords) && std::ranges::is_sorted(kCodeWords));
  return ProseReader(text).read();
}

}  // namespace aludel::text
