#include "aludel/curate/layers/correction/mojibake.h"

#include <algorithm>
#include <vector>

#include "aludel/base/ascii.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/layers/correction/code_page.h"
#include "aludel/curate/layers/correction/gbk.h"

namespace aludel::curate {
namespace {

constexpr int kMostReadings = 3;

/// Consecutive characters that each stand for one byte.
struct MisreadRun {
  std::string bytes;
  std::vector<std::size_t> begins;  // where each character begins in the text, and the end
};

unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

bool is_lead_of_three(unsigned byte) {
  return byte >= 0xE0 && byte <= 0xEF;
}

bool is_continuation(unsigned byte) {
  return byte >= 0x80 && byte <= 0xBF;
}

/// True if `bytes` end in an unfinished character that a no-break space (0xA0) can continue: à, Š,
/// Р, and those of three bytes.
bool wants_hard_blank(std::string_view bytes) {
  if (bytes.empty() || bytes.ends_with("\xE2\x80")) return false;  // a quote that was cut
  const unsigned last = byte_at(bytes, bytes.size() - 1);
  if (last == 0xC3 || last == 0xC5 || last == 0xD0 || is_lead_of_three(last)) return true;
  return bytes.size() > 1 && is_continuation(last) &&
         is_lead_of_three(byte_at(bytes, bytes.size() - 2));
}

/// Collects a run into `run`, whose memory is used again; where a character begins that the page
/// does not have, the run is empty and ends behind it. HTML may have turned no-break spaces into
/// blanks, so a blank that completes a character counts as a byte of it.
void collect_run(std::string_view text, std::size_t begin, const CodePage& page, MisreadRun& run) {
  run.bytes.clear();
  run.begins.clear();
  std::size_t at = begin;
  while (at < text.size()) {
    const CodePoint c = decode_utf8(text, at);
    const bool is_restored = c.value == ' ' && wants_hard_blank(run.bytes);
    const int byte = is_restored ? 0xA0 : page.byte_of(c.value);
    if (byte == CodePage::kNoByte) {
      if (run.bytes.empty()) at += c.size_bytes;
      break;
    }
    run.bytes += static_cast<char>(byte);
    run.begins.push_back(at);
    at += c.size_bytes;
  }
  run.begins.push_back(at);
}

// True for quotes, dashes and the ellipsis, which may follow an accented capital in sound text.
bool is_typographic(unsigned byte) {
  return byte == 0x85 || (byte >= 0x91 && byte <= 0x97) || byte == 0x8B || byte == 0x9B ||
         byte == 0xAB || byte == 0xBB;
}

enum class Evidence : std::uint8_t { none, weak, strong };

/// Returns how sure it is that bytes [i, i + size) are one character of misread UTF-8. `is_beside`:
/// another such character touches it.
Evidence evidence_of(std::string_view bytes, std::size_t i, std::size_t size, bool is_beside) {
  const unsigned lead = byte_at(bytes, i);
  if (size == 4) return Evidence::strong;
  if (lead == 0xE2 || is_beside) return Evidence::strong;
  if (size == 3) return Evidence::weak;
  const unsigned second = byte_at(bytes, i + 1);
  if (lead == 0xC2 && second < 0xA0) return Evidence::weak;
  return is_typographic(second) || lead >= 0xCE ? Evidence::weak : Evidence::strong;
}

/// Returns the size of the UTF-8 character of two or more bytes at `i`; 0 if there is none.
std::size_t sequence_size(std::string_view bytes, std::size_t i) {
  const CodePoint c = decode_utf8(bytes, i);
  return c.size_bytes >= 2 ? c.size_bytes : 0;
}

// True for "â€", whose last byte 0x9D, a control in windows-1252, a filter has removed.
bool is_cut_quote(std::string_view bytes, std::size_t i) {
  return bytes.substr(i).starts_with("\xE2\x80") && sequence_size(bytes, i) == 0;
}

// Returns the size of a cut quote. If it was misread twice, the control's lead byte is still there.
std::size_t cut_quote_size(std::string_view bytes, std::size_t i) {
  const bool has_lead =
      i + 2 < bytes.size() && byte_at(bytes, i + 2) == 0xC2 && sequence_size(bytes, i + 2) == 0;
  return has_lead ? 3 : 2;
}

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// True if the "à" before `rest` is a word or ends one, so that a blank belongs behind it.
/// Portuguese continues without a blank: às, àquele, àquilo.
bool is_word_end(std::string_view rest) {
  if (rest.empty() || !is_ascii_letter(rest[0])) return false;
  if (rest.starts_with("quel") || rest.starts_with("quil")) return false;
  return rest[0] != 's' || (rest.size() > 1 && is_ascii_letter(rest[1]));
}

class MisreadUtf8 {
 public:
  MisreadUtf8(std::string_view text, const CodePage& page) : text_(text), page_(page) {}

  RepairedText repair() {
    visit_runs([this](const MisreadRun& run, std::size_t end) {
      weigh(run);
      return !is_surely_sound(end);
    });
    if (!is_misread()) return {std::string(text_), 0};
    visit_runs([this](const MisreadRun& run, std::size_t /*end*/) {
      rewrite(run);
      return true;
    });
    result_.text += text_.substr(copied_);
    return std::move(result_);
  }

 private:
  /// Visits each run, and with an empty run each character beside ASCII that the page does not
  /// have, until `visit(run, end)` is false.
  template <class Visit>
  void visit_runs(const Visit& visit) {
    MisreadRun run;
    for (std::size_t at = ascii_size(text_); at < text_.size();
         at += ascii_size(text_.substr(at))) {
      collect_run(text_, at, page_, run);
      at = run.begins.back();
      if (!visit(run, at)) return;
    }
  }

  Evidence judge(const MisreadRun& run, std::size_t i, std::size_t size) const {
    const std::string& bytes = run.bytes;
    const bool before = i >= last_size(bytes, i) && last_size(bytes, i) > 0;
    const bool after = i + size < bytes.size() && sequence_size(bytes, i + size) > 0;
    if (!page_.is_western()) return before || after ? Evidence::strong : Evidence::weak;
    if (!is_restored(run, i, size)) return evidence_of(bytes, i, size, before || after);
    // Sound text can also have such a character ("é –"), but not beside misread text.
    if (size > 2) return before || after ? Evidence::weak : Evidence::none;
    // A capital behind a small letter, "cittÃ ", is not a sound word.
    const std::size_t begin = run.begins[i];
    const bool is_inside_word = begin > 0 && text_[begin - 1] >= 'a' && text_[begin - 1] <= 'z';
    return is_inside_word && byte_at(bytes, i) == 0xC3 ? Evidence::strong : Evidence::weak;
  }

  /// True if one of the bytes is a blank in the text.
  bool is_restored(const MisreadRun& run, std::size_t i, std::size_t size) const {
    for (std::size_t place = i; place < i + size; ++place) {
      if (text_[run.begins[place]] == ' ') return true;
    }
    return false;
  }

  // Returns the size of the character that ends right before `i`; 0 if there is none.
  static std::size_t last_size(const std::string& bytes, std::size_t i) {
    for (std::size_t size = 2; size <= std::min<std::size_t>(4, i); ++size) {
      if (sequence_size(bytes, i - size) == size) return size;
    }
    return 0;
  }

  /// True if the text is misread. Pages other than windows-1252 have letters of sound words for
  /// lead bytes ("Різдво", "Ähre"), so nearly all characters must spell UTF-8 there.
  bool is_misread() const {
    constexpr std::size_t kLeastWhole = 6;
    if (page_.is_western()) return strong_ > 0;
    return whole_ >= kLeastWhole && whole_bytes_ * 10 >= (bytes_ + others_) * 9;
  }

  /// True if is_misread() is false whatever follows `end`. OPTIMIZATION: so much is mostly told by
  /// the first letters of a text that is sound.
  bool is_surely_sound(std::size_t end) const {
    const std::size_t rest = text_.size() - end;  // each byte of it spells a character at best
    return !page_.is_western() && whole_bytes_ * 10 + rest < (bytes_ + others_) * 9;
  }

  void weigh(const MisreadRun& run) {
    bytes_ += run.bytes.size();
    others_ += run.bytes.empty() ? 1U : 0U;
    for (std::size_t i = 0; i < run.bytes.size();) {
      const std::size_t size = sequence_size(run.bytes, i);
      whole_ += size > 0 ? 1U : 0U;
      whole_bytes_ += size;
      if (page_.is_western() && is_cut_quote(run.bytes, i)) ++strong_;
      if (size > 0 && judge(run, i, size) == Evidence::strong) ++strong_;
      i += std::max<std::size_t>(size, 1);
    }
  }

  void rewrite(const MisreadRun& run) {
    for (std::size_t i = 0; i < run.bytes.size();) {
      const std::size_t size = sequence_size(run.bytes, i);
      if (size > 0 && is_accepted(judge(run, i, size))) {
        std::string character = run.bytes.substr(i, size);
        const bool is_grave = byte_at(run.bytes, i) == 0xC3 && is_restored(run, i, size);
        // The blank stands for two blanks that HTML has collapsed.
        if (is_grave && is_word_end(text_.substr(run.begins[i + size]))) character += ' ';
        replace(run.begins[i], run.begins[i + size], character);
        i += size;
      } else if (page_.is_western() && is_cut_quote(run.bytes, i)) {
        const std::size_t size_cut = cut_quote_size(run.bytes, i);
        replace(run.begins[i], run.begins[i + size_cut], "\xE2\x80\x9D");
        i += size_cut;
      } else {
        ++i;
      }
    }
  }

  bool is_accepted(Evidence evidence) const {
    const bool takes_weak = strong_ >= 3 || !page_.is_western();
    return evidence == Evidence::strong || (evidence == Evidence::weak && takes_weak);
  }

  void replace(std::size_t begin, std::size_t end, std::string_view with) {
    result_.text += text_.substr(copied_, begin - copied_);
    result_.text += with;
    copied_ = end;
    ++result_.repairs;
  }

  std::string_view text_;
  const CodePage& page_;
  RepairedText result_;
  std::size_t copied_ = 0;
  int strong_ = 0;
  std::size_t bytes_ = 0;        // of all runs
  std::size_t others_ = 0;       // characters that the page does not have
  std::size_t whole_ = 0;        // characters that the runs spell
  std::size_t whole_bytes_ = 0;  // bytes of these characters
};

/// Reads a text again as UTF-8 that was misread in the page. Pages other than windows-1252 must fit
/// nearly everywhere; if the whole does not fit, repairs line by line.
RepairedText repair_page(std::string_view text, const CodePage& page) {
  RepairedText whole = MisreadUtf8(text, page).repair();
  if (whole.repairs > 0 || page.is_western()) return whole;
  RepairedText result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const RepairedText line = MisreadUtf8(text.substr(begin, end - begin), page).repair();
    result.text += line.text;
    result.repairs += line.repairs;
    begin = end;
  }
  return result;
}

}  // namespace

RepairedText repair_mojibake(std::string_view text) {
  if (is_ascii(text)) return {std::string(text), 0};
  RepairedText result = repair_gbk(text);
  for (const CodePage& page : CodePage::all()) {
    for (int reading = 0; reading < kMostReadings; ++reading) {
      if (!page.may_have_misread(result.text)) break;
      RepairedText again = repair_page(result.text, page);
      if (again.repairs == 0) break;
      result = {std::move(again.text), result.repairs + again.repairs};
    }
  }
  return result;
}

}  // namespace aludel::curate
