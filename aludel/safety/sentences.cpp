#include "aludel/safety/sentences.h"

#include <array>
#include <string_view>

namespace aludel::safety {
namespace {

bool is_white_space(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

/// Returns the bytes of the sentence end that begins at `i`, 0 if none does; a new line is not part
/// of it.
std::size_t sentence_end(std::string_view text, std::size_t i) {
  if (text[i] == '.' || text[i] == '!' || text[i] == '?') {
    return i + 1 == text.size() || is_white_space(text[i + 1]) ? 1 : 0;
  }
  for (const std::string_view mark : {"。", "！", "？"}) {
    if (text.substr(i).starts_with(mark)) return mark.size();
  }
  return 0;
}

/// Returns the end of the sentence that begins at `begin`, with the spaces after it.
std::size_t next_sentence(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '\n') return i == begin ? i + 1 : i;
    std::size_t size = sentence_end(text, i);
    if (size == 0) continue;
    while (i + size < text.size() && text[i + size] == ' ') {
      ++size;
    }
    return i + size;
  }
  return text.size();
}

}  // namespace

std::vector<Sentence> sentences_of(std::string_view text) {
  std::vector<Sentence> sentences;
  for (std::size_t begin = 0; begin < text.size(); begin = sentences.back().end) {
    sentences.push_back({begin, next_sentence(text, begin)});
  }
  return sentences;
}

std::int64_t remove_sentences(std::string& text, std::span<const LexiconHit> hits) {
  std::string kept;
  std::int64_t removed = 0;
  std::size_t next_hit = 0;
  for (const auto [begin, end] : sentences_of(text)) {
    bool is_hit = false;
    while (next_hit < hits.size() && hits[next_hit].begin < end) {
      is_hit = true;
      ++next_hit;
    }
    if (is_hit) {
      ++removed;
    } else {
      kept += std::string_view(text).substr(begin, end - begin);
    }
  }
  text = std::move(kept);
  return removed;
}

}  // namespace aludel::safety
