#include "aludel/curate/layers/correction/mojibake.h"

#include <algorithm>
#include <array>
#include <vector>

#include "aludel/base/utf8.h"
#include "aludel/curate/layers/correction/gbk.h"

namespace aludel::curate {
namespace {

constexpr int kNoByte = -1;
constexpr int kMostReadings = 3;

// windows-1252 from 0x80 on; 0 where it has nothing (programs then read the C1 control).
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/// The byte that windows-1252 or latin-1 reads as this character; kNoByte for ASCII and the rest.
int misread_byte(char32_t c) {
  if (c < 0x80) return kNoByte;
  if (c <= 0xFF) return static_cast<int>(c);
  const auto* found = std::ranges::find(kWindows1252, c);
  return found == kWindows1252.end() ? kNoByte
                                     : 0x80 + static_cast<int>(found - kWindows1252.begin());
}

/// Consecutive characters that each stand for one byte.
struct MisreadRun {
  std::string bytes;
  std::vector<std::size_t> begins;  // of each character in the text, and the end
};

MisreadRun misread_run(std::string_view text, std::size_t begin) {
  MisreadRun run;
  std::size_t at = begin;
  while (at < text.size()) {
    const CodePoint c = decode_utf8(text, at);
    const int byte = misread_byte(c.value);
    if (byte == kNoByte) break;
    run.bytes += static_cast<char>(byte);
    run.begins.push_back(at);
    at += c.size_bytes;
  }
  run.begins.push_back(at);
  return run;
}

unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

// Quotes, dashes and the ellipsis, which do stand after a capital letter with an accent.
bool is_typographic(unsigned byte) {
  return byte == 0x85 || (byte >= 0x91 && byte <= 0x97) || byte == 0x8B || byte == 0x9B ||
         byte == 0xAB || byte == 0xBB;
}

enum class Evidence : std::uint8_t { none, weak, strong };

/// How sure it is that bytes [i, i + size) are one character of misread UTF-8. `is_beside`: another
/// such character touches it.
Evidence evidence_of(std::string_view bytes, std::size_t i, std::size_t size, bool is_beside) {
  const unsigned lead = byte_at(bytes, i);
  if (size == 4) return Evidence::strong;
  if (lead == 0xE2 || is_beside) return Evidence::strong;
  if (size == 3) return Evidence::weak;
  const unsigned second = byte_at(bytes, i + 1);
  if (lead == 0xC2 && second < 0xA0) return Evidence::weak;
  return is_typographic(second) || lead >= 0xCE ? Evidence::weak : Evidence::strong;
}

/// Size of the UTF-8 character of two or more bytes at `i`, or 0.
std::size_t sequence_size(std::string_view bytes, std::size_t i) {
  const CodePoint c = decode_utf8(bytes, i);
  return c.size_bytes >= 2 ? c.size_bytes : 0;
}

// "â€" whose last byte 0x9D, a control in windows-1252, a filter took away.
bool is_cut_quote(std::string_view bytes, std::size_t i) {
  return bytes.substr(i).starts_with("\xE2\x80") && sequence_size(bytes, i) == 0;
}

// Of a quote that was misread twice and lost its 0x9D, the lead byte of that control is left too.
std::size_t cut_quote_size(std::string_view bytes, std::size_t i) {
  const bool has_lead =
      i + 2 < bytes.size() && byte_at(bytes, i + 2) == 0xC2 && sequence_size(bytes, i + 2) == 0;
  return has_lead ? 3 : 2;
}

class MisreadUtf8 {
 public:
  explicit MisreadUtf8(std::string_view text) : text_(text) {}

  RepairedText repair() {
    visit_runs([this](const MisreadRun& run) { weigh(run); });
    if (strong_ == 0) return {std::string(text_), 0};
    visit_runs([this](const MisreadRun& run) { rewrite(run); });
    result_.text += text_.substr(copied_);
    return std::move(result_);
  }

 private:
  template <class Visit>
  void visit_runs(const Visit& visit) {
    for (std::size_t at = 0; at < text_.size();) {
      if (static_cast<unsigned char>(text_[at]) < 0x80) {
        ++at;
        continue;
      }
      const MisreadRun run = misread_run(text_, at);
      if (run.bytes.size() >= 2) visit(run);
      at = run.bytes.empty() ? at + decode_utf8(text_, at).size_bytes : run.begins.back();
    }
  }

  static Evidence judge(const std::string& bytes, std::size_t i, std::size_t size) {
    const bool before = i >= last_size(bytes, i) && last_size(bytes, i) > 0;
    const bool after = i + size < bytes.size() && sequence_size(bytes, i + size) > 0;
    return evidence_of(bytes, i, size, before || after);
  }

  // Size of a character that ends right before `i`.
  static std::size_t last_size(const std::string& bytes, std::size_t i) {
    for (std::size_t size = 2; size <= std::min<std::size_t>(4, i); ++size) {
      if (sequence_size(bytes, i - size) == size) return size;
    }
    return 0;
  }

  void weigh(const MisreadRun& run) {
    for (std::size_t i = 0; i < run.bytes.size();) {
      const std::size_t size = sequence_size(run.bytes, i);
      if (is_cut_quote(run.bytes, i)) ++strong_;
      if (size > 0 && judge(run.bytes, i, size) == Evidence::strong) ++strong_;
      i += std::max<std::size_t>(size, 1);
    }
  }

  void rewrite(const MisreadRun& run) {
    for (std::size_t i = 0; i < run.bytes.size();) {
      const std::size_t size = sequence_size(run.bytes, i);
      if (size > 0 && is_accepted(judge(run.bytes, i, size))) {
        replace(run.begins[i], run.begins[i + size], run.bytes.substr(i, size));
        i += size;
      } else if (is_cut_quote(run.bytes, i)) {
        const std::size_t size_cut = cut_quote_size(run.bytes, i);
        replace(run.begins[i], run.begins[i + size_cut], "\xE2\x80\x9D");
        i += size_cut;
      } else {
        ++i;
      }
    }
  }

  bool is_accepted(Evidence evidence) const {
    return evidence == Evidence::strong || (evidence == Evidence::weak && strong_ >= 3);
  }

  void replace(std::size_t begin, std::size_t end, std::string_view with) {
    result_.text += text_.substr(copied_, begin - copied_);
    result_.text += with;
    copied_ = end;
    ++result_.repairs;
  }

  std::string_view text_;
  RepairedText result_;
  std::size_t copied_ = 0;
  int strong_ = 0;
};

bool has_non_ascii(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

RepairedText repair_mojibake(std::string_view text) {
  if (!has_non_ascii(text)) return {std::string(text), 0};
  RepairedText result = repair_gbk(text);
  for (int reading = 0; reading < kMostReadings; ++reading) {
    RepairedText again = MisreadUtf8(result.text).repair();
    if (again.repairs == 0) break;
    result = {std::move(again.text), result.repairs + again.repairs};
  }
  return result;
}

}  // namespace aludel::curate
