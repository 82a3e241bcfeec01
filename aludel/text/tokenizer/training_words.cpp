#include "aludel/text/tokenizer/training_words.h"

#include <unicode/uscript.h>

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

constexpr char32_t kSpaceMarkCharacter = 0x2581;
constexpr char32_t kLongVowelMark = 0x30FC;

enum class CharacterKind : std::uint8_t { letter, digit, space, separator };

struct TrainingCharacter {
  CharacterKind kind;
  std::int32_t script;
  std::size_t size_bytes;
};

std::int32_t training_script(char32_t value, std::int32_t previous) {
  if (value < 0x80) {
    const char32_t lower = value | 0x20;
    return lower >= 'a' && lower <= 'z' ? USCRIPT_LATIN : USCRIPT_COMMON;
  }
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t script = uscript_getScript(static_cast<UChar32>(value), &error);
  if (script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || value == kLongVowelMark) {
    return USCRIPT_HAN;
  }
  return script == USCRIPT_INHERITED ? previous : script;
}

TrainingCharacter training_character(std::string_view text, std::size_t at,
                                     std::int32_t previous_script) {
  const auto [value, size_bytes] = decode_utf8(text, at);
  const bool invalid = value == kReplacementCharacter && size_bytes == 1;
  CharacterKind kind = CharacterKind::letter;
  if (value == '\n' || value == '\r' || value == kSpaceMarkCharacter || invalid) {
    kind = CharacterKind::separator;
  } else if (value == ' ') {
    kind = CharacterKind::space;
  } else if ((value >= '0' && value <= '9') || (value >= 0xFF10 && value <= 0xFF19)) {
    kind = CharacterKind::digit;
  }
  return {kind,
          kind == CharacterKind::letter ? training_script(value, previous_script) : USCRIPT_COMMON,
          size_bytes};
}

}  // namespace

void for_each_training_word(std::string_view text,
                            const std::function<void(std::string_view word)>& visit) {
  std::size_t begin = 0;  // of the open word, which holds spaces, then letters of `script`
  std::size_t letters = 0;
  std::int32_t script = USCRIPT_COMMON;
  const auto close = [&](std::size_t end) {
    if (end > begin) visit(text.substr(begin, end - begin));
    begin = end;
    letters = 0;
  };
  for (std::size_t at = 0; at < text.size();) {
    const TrainingCharacter next = training_character(text, at, script);
    const std::size_t end = at + next.size_bytes;
    switch (next.kind) {
      case CharacterKind::separator:
        close(at);
        begin = end;
        break;
      case CharacterKind::digit:
        close(at);
        close(end);
        break;
      case CharacterKind::space:
        if (letters > 0) close(at);
        break;
      case CharacterKind::letter:
        if (letters > 0 && next.script != script) close(at);
        if (letters == 0 && at > begin + 1) close(at - 1);  // all spaces but one
        ++letters;
        script = next.script;
        break;
    }
    at = end;
  }
  close(text.size());
}

std::size_t WordCounts::Hash::operator()(std::string_view word) const {
  return hash64(word);
}

void WordCounts::add_text(std::string_view text) {
  bytes_ += text.size();
  for_each_training_word(text, [this](std::string_view word) {
    const auto found = counts_.find(word);
    if (found != counts_.end()) {
      ++found->second;
    } else {
      counts_.emplace(word, 1);
    }
  });
}

void WordCounts::merge(const WordCounts& other) {
  bytes_ += other.bytes_;
  for (const auto& [word, count] : other.counts_) {
    counts_[word] += count;
  }
}

}  // namespace aludel::text
