#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <unicode/uchar.h>

#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/peer_words.h"
#include "aludel/curate/document/scan/spacy_address.h"
#include "aludel/curate/document/scan/spacy_exceptions.h"

namespace aludel::curate {
namespace {

bool contains(std::u32string_view set, char32_t c) {
  return set.find(c) != std::u32string_view::npos;
}

// Character sets of spaCy 3.8, lang/char_classes.py and lang/punctuation.py.
constexpr std::u32string_view kPunct = U"…,:;!?¿؟¡()[]{}<>_#*&。？！，、；：～·।،۔؛٪";
constexpr std::u32string_view kQuotes = U"'\"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉〈〉⟦⟧";
constexpr std::u32string_view kCurrency =
    U"$£€¥฿₽﷼₴₠₡₢₣₤₥₦₧₨₩"
    U"₪₫₭₮₯₰₱₲₳₵₶₷₸₹₺₻₼₾₿";
constexpr std::u32string_view kOtherPrefixes = U"§%=—–";
constexpr std::u32string_view kBeforeStop = U"%²-+()?:|";  // beside letters, digits, marks, quotes

/// Units that are split from the digit before them.
constexpr std::array<std::string_view, 56> kUnits = {
    "km",  "km²",  "km³", "m",   "m²",  "m³", "dm",   "dm²", "dm³", "cm", "cm²", "cm³", "mm", "mm²",
    "mm³", "ha",   "µm",  "nm",  "yd",  "in", "ft",   "kg",  "g",   "mg", "µg",  "t",   "lb", "oz",
    "m/s", "km/h", "kmh", "mph", "hPa", "Pa", "mbar", "mb",  "MB",  "kb", "KB",  "gb",  "GB", "tb",
    "TB",  "T",    "G",   "M",   "K",   "%",  "км",   "м",   "кг",  "г",  "мм",  "см",  "Мб", "Гб"};

bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

bool is_icon(char32_t c) {
  return c >= 0xA6 && character_table()[c].has(kPictograph);
}

bool is_alpha(char32_t c) {
  return character_table()[c].has(kPythonAlpha);
}

/// True for a lower-case letter. Letters without case count as lower and as upper case.
bool is_lower(char32_t c) {
  return is_alpha(c) && u_isupper(static_cast<UChar32>(c)) == 0;
}

bool is_upper(char32_t c) {
  return is_alpha(c) && u_islower(static_cast<UChar32>(c)) == 0;
}

/// A word as a range of the text's bytes.
struct Piece {
  std::size_t begin;
  std::size_t size;
  std::size_t characters;
};

/// Splits a chunk between white space into words by affixes and infixes, and by exceptions if it
/// has any. `[lo, hi)` are indices of characters.
class ChunkCutter {
 public:
  ChunkCutter(std::string_view text, const SpacyExceptions* exceptions)
      : text_(text), exceptions_(exceptions) {}

  /// Returns the words of [begin, end), valid until the next call.
  std::vector<Piece>& cut(std::size_t begin, std::size_t end) {
    pieces_.clear();
    if (cut_plain(begin, end)) return pieces_;
    decode(begin, end);
    std::size_t lo = 0;
    std::size_t hi = characters_.size();
    suffixes_.clear();
    strip_affixes(lo, hi);
    if (lo < hi) cut_inner(lo, hi);
    for (auto suffix = suffixes_.rbegin(); suffix != suffixes_.rend(); ++suffix) {
      emit(suffix->first, suffix->second);
    }
    return pieces_;
  }

 private:
  /// OPTIMIZATION: a chunk of ASCII letters only is one word, unless it is an exception.
  bool cut_plain(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const char c = static_cast<char>(text_[i] | 0x20);
      if (c < 'a' || c > 'z' || text_[i] < 0) return false;
    }
    if (!add_exception(begin, end)) pieces_.push_back({begin, end - begin, end - begin});
    return true;
  }

  bool add_exception(std::size_t begin, std::size_t end) {
    if (exceptions_ == nullptr) return false;
    const ExceptionPieces* pieces = exceptions_->find(text_.substr(begin, end - begin));
    if (pieces == nullptr) return false;
    for (const std::uint8_t size : *pieces) {
      pieces_.push_back({begin, size, count_characters(text_.substr(begin, size))});
      begin += size;
    }
    return true;
  }

  void decode(std::size_t begin, std::size_t end) {
    characters_.clear();
    begins_.clear();
    for (std::size_t at = begin; at < end;) {
      const CodePoint point = decode_utf8(text_, at);
      characters_ += point.value;
      begins_.push_back(at);
      at += point.size_bytes;
    }
    end_ = end;
  }

  char32_t operator[](std::size_t i) const { return characters_[i]; }

  std::size_t byte_of(std::size_t i) const { return i < begins_.size() ? begins_[i] : end_; }

  bool is_exception(std::size_t lo, std::size_t hi) const {
    return exceptions_ != nullptr &&
           exceptions_->find(text_.substr(byte_of(lo), byte_of(hi) - byte_of(lo))) != nullptr;
  }

  void emit(std::size_t lo, std::size_t hi) {
    if (lo < hi) pieces_.push_back({byte_of(lo), byte_of(hi) - byte_of(lo), hi - lo});
  }

  /// Emits prefixes and stacks suffixes until neither is left or the rest is an exception.
  void strip_affixes(std::size_t& lo, std::size_t& hi) {
    for (bool changed = true; changed && lo < hi && !is_exception(lo, hi);) {
      changed = false;
      const std::size_t prefix = prefix_length(lo, hi);
      if (prefix > 0 && lo + prefix < hi && is_exception(lo + prefix, hi)) {
        emit(lo, lo + prefix);
        lo += prefix;
        return;
      }
      const std::size_t suffix = suffix_length(lo + prefix, hi);
      if (suffix > 0 && hi - suffix > lo && is_exception(lo, hi - suffix)) {
        suffixes_.emplace_back(hi - suffix, hi);
        hi -= suffix;
        return;
      }
      if (prefix > 0) {
        emit(lo, lo + prefix);
        lo += prefix;
        changed = true;
      }
      if (suffix > 0) {
        suffixes_.emplace_back(hi - suffix, hi);
        hi -= suffix;
        changed = true;
      }
    }
  }

  std::size_t prefix_length(std::size_t lo, std::size_t hi) const {
    const char32_t c = (*this)[lo];
    if (c == '.') {
      std::size_t end = lo + 1;
      while (end < hi && (*this)[end] == '.') {
        ++end;
      }
      return end - lo >= 2 ? end - lo : 0;
    }
    if (c == '+') return lo + 1 < hi && is_digit((*this)[lo + 1]) ? 0 : 1;
    if (contains(kOtherPrefixes, c) || contains(kPunct, c) || contains(kQuotes, c)) return 1;
    if (contains(kCurrency, c) || is_icon(c)) return 1;
    if (lo + 1 < hi && (c == 'C' || c == 'A') && (*this)[lo + 1] == '$') return 2;
    if (lo + 2 < hi && c == 'U' && (*this)[lo + 1] == 'S' && (*this)[lo + 2] == '$') return 3;
    return 0;
  }

  /// Returns the length of the longest suffix of [lo, hi). Does not look before lo.
  std::size_t suffix_length(std::size_t lo, std::size_t hi) const {
    if (lo >= hi) return 0;
    const char32_t c = (*this)[hi - 1];
    if (c == '.') return stop_length(lo, hi);
    const char32_t before = hi - lo >= 2 ? (*this)[hi - 2] : U' ';
    if ((c == 's' || c == 'S') && (before == '\'' || before == U'’')) return 2;
    if (c == U'…' && before == U'…') return 2;
    if (contains(kPunct, c) || contains(kQuotes, c) || is_icon(c)) return 1;
    if (c == U'—' || c == U'–') return 1;
    if (c == '+' && is_digit(before)) return 1;
    if (contains(kCurrency, c) && is_digit(before)) return 1;
    return unit_length(lo, hi);
  }

  std::size_t stop_length(std::size_t lo, std::size_t hi) const {
    std::size_t begin = hi;
    while (begin > lo && (*this)[begin - 1] == '.') {
      --begin;
    }
    if (hi - begin >= 2) return hi - begin;
    if (begin == lo) return 0;
    const char32_t before = (*this)[begin - 1];
    const char32_t two_before = begin - lo >= 2 ? (*this)[begin - 2] : U' ';
    const bool closes = is_digit(before) || is_lower(before) || contains(kBeforeStop, before) ||
                        contains(kPunct, before) || contains(kQuotes, before);
    const bool capitals = is_upper(before) && is_upper(two_before);
    return closes || capitals || (contains(U"FfCcKk", before) && two_before == U'°') ? 1 : 0;
  }

  std::size_t unit_length(std::size_t lo, std::size_t hi) const {
    std::size_t longest = 0;
    for (const std::string_view unit : kUnits) {
      const std::size_t characters = count_characters(unit);
      if (characters <= longest || hi - lo <= characters) continue;
      const std::size_t from = hi - characters;
      if (!is_digit((*this)[from - 1])) continue;
      if (text_.substr(byte_of(from), byte_of(hi) - byte_of(from)) == unit) longest = characters;
    }
    return longest;
  }

  void cut_inner(std::size_t lo, std::size_t hi) {
    if (add_exception(byte_of(lo), byte_of(hi))) return;
    if (is_spacy_address(std::u32string_view(characters_).substr(lo, hi - lo))) return emit(lo, hi);
    std::size_t begin = lo;
    for (std::size_t i = lo + 1; i < hi;) {
      const std::size_t infix = infix_length(i, lo, hi);
      if (infix == 0) {
        ++i;
        continue;
      }
      emit(begin, i);
      emit(i, i + infix);
      begin = i + infix;
      i = begin;
    }
    emit(begin, hi);
  }

  /// Returns the length of the infix at i. REQUIRES: i > lo, because a prefix is not an infix.
  std::size_t infix_length(std::size_t i, std::size_t lo, std::size_t hi) const {
    const char32_t c = (*this)[i];
    if (c == U'…' || is_icon(c)) return 1;
    const char32_t before = i > lo ? (*this)[i - 1] : U' ';
    const char32_t after = i + 1 < hi ? (*this)[i + 1] : U' ';
    if (c == '.') {
      if (after == '.') return prefix_length(i, hi);
      const bool left = is_lower(before) || contains(kQuotes, before);
      return left && (is_upper(after) || contains(kQuotes, after)) ? 1 : 0;
    }
    if (contains(U"+-*^", c) && is_digit(before) && (is_digit(after) || after == '-')) return 1;
    if (c == ',') return is_alpha(before) && is_alpha(after) ? 1 : 0;
    if (!is_alpha(before) && !is_digit(before)) return 0;
    if (contains(U":<>=/", c)) return is_alpha(after) ? 1 : 0;
    return hyphen_length(i, hi);
  }

  std::size_t hyphen_length(std::size_t i, std::size_t hi) const {
    const char32_t c = (*this)[i];
    if (c != '-' && c != U'–' && c != U'—' && c != '~') return 0;
    const std::size_t longest = c == '-' ? 3 : c == U'—' ? 2 : 1;
    for (std::size_t length = 1; length <= longest && i + length < hi; ++length) {
      if (is_alpha((*this)[i + length])) return length;
      if ((*this)[i + length] != c) return 0;
    }
    return 0;
  }

  std::string_view text_;
  const SpacyExceptions* exceptions_;  // nullptr: there are none
  std::vector<Piece> pieces_;
  std::u32string characters_;
  std::vector<std::size_t> begins_;  // of each, in the text
  std::size_t end_ = 0;
  std::vector<std::pair<std::size_t, std::size_t>> suffixes_;
};

/// The exceptions that the rules would split, as lists of the resulting words. If these words stand
/// side by side in a chunk, they are the exception ("False):" ends in the emoticon "):").
class CutExceptions {
 public:
  CutExceptions() {
    spacy_exceptions().for_each([this](const std::string& spelling) {
      ChunkCutter cutter(spelling, nullptr);
      std::vector<std::size_t> sizes;
      for (const Piece& piece : cutter.cut(0, spelling.size())) {
        sizes.push_back(piece.size);
      }
      if (sizes.size() < 2) return;
      most_pieces_ = std::max(most_pieces_, sizes.size());
      sizes_.emplace(spelling, std::move(sizes));
    });
  }

  /// Replaces words that spell an exception by the exception: longer ones first, then earlier ones.
  void apply(std::string_view text, std::vector<Piece>& pieces) const {
    std::vector<Match> matches = find(text, pieces);
    if (matches.empty()) return;
    std::ranges::stable_sort(matches, std::greater<>(), &Match::count);
    std::vector<const Match*> at(pieces.size(), nullptr);
    std::vector<bool> is_taken(pieces.size(), false);
    for (const Match& match : matches) {
      const auto from = is_taken.begin() + static_cast<std::ptrdiff_t>(match.first);
      const auto to = from + static_cast<std::ptrdiff_t>(match.count);
      if (std::find(from, to, true) != to) continue;
      std::fill(from, to, true);
      at[match.first] = &match;
    }
    std::vector<Piece> joined;
    for (std::size_t i = 0; i < pieces.size(); i += at[i] != nullptr ? at[i]->count : 1) {
      if (at[i] == nullptr) {
        joined.push_back(pieces[i]);
        continue;
      }
      std::size_t begin = pieces[i].begin;
      for (const std::uint8_t size : *at[i]->exception) {
        joined.push_back({begin, size, count_characters(text.substr(begin, size))});
        begin += size;
      }
    }
    pieces = std::move(joined);
  }

 private:
  struct Match {
    std::size_t first;
    std::size_t count;
    const ExceptionPieces* exception;
  };

  std::vector<Match> find(std::string_view text, const std::vector<Piece>& pieces) const {
    std::vector<Match> matches;
    for (std::size_t first = 0; first + 1 < pieces.size(); ++first) {
      const std::size_t most = std::min(most_pieces_, pieces.size() - first);
      for (std::size_t count = 2; count <= most; ++count) {
        const Piece& last = pieces[first + count - 1];
        const std::size_t begin = pieces[first].begin;
        const std::string_view spelling = text.substr(begin, last.begin + last.size - begin);
        const ExceptionPieces* exception = spacy_exceptions().find(spelling);
        if (exception == nullptr) continue;
        const auto sizes = sizes_.find(std::string(spelling));
        const auto of_piece = [](const Piece& piece) { return piece.size; };
        const auto there = std::span(pieces).subspan(first, count);
        if (sizes == sizes_.end() || !std::ranges::equal(sizes->second, there, {}, {}, of_piece)) {
          continue;
        }
        matches.push_back({first, count, exception});
      }
    }
    return matches;
  }

  std::unordered_map<std::string, std::vector<std::size_t>> sizes_;
  std::size_t most_pieces_ = 0;
};

const CutExceptions& cut_exceptions() {
  static const CutExceptions exceptions;
  return exceptions;
}

}  // namespace

ScannedWords spacy_words(std::string_view text) {
  ScannedWords words(text.size());
  ChunkCutter cutter(text, &spacy_exceptions());
  for_each_chunk(text, [&](std::size_t begin, std::size_t end) {
    std::vector<Piece>& pieces = cutter.cut(begin, end);
    if (pieces.size() > 1) cut_exceptions().apply(text, pieces);
    for (const Piece& piece : pieces) {
      words.add(text, piece.begin, piece.size, piece.characters);
    }
  });
  return words;
}

}  // namespace aludel::curate
