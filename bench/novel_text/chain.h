#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"

// A seeded source of text that does not repeat, for benchmarks: what follows what is learnt from
// real text, and words (or sequences of characters) that the real text lacks are made up at a
// stated rate, as new text of that size would have them.
namespace aludel::bench {

/// Draws the next symbol after the two before it, as often as it stood there in the real text.
class Chain {
 public:
  void learn(const std::vector<std::uint32_t>& symbols) {
    for (std::size_t i = 2; i < symbols.size(); ++i) {
      after_[key(symbols[i - 2], symbols[i - 1])].push_back(symbols[i]);
    }
    for (std::size_t i = 1; i < symbols.size(); ++i) {
      after_one_[symbols[i - 1]].push_back(symbols[i]);
    }
    all_.insert(all_.end(), symbols.begin(), symbols.end());
  }

  /// After both symbols with the chance `faithful`, else after the last alone: so that no long
  /// stretch of the real text is said again.
  std::uint32_t next(std::uint32_t before, std::uint32_t last, double faithful, Rng& random) const {
    if (random.uniform() < faithful) {
      const auto found = after_.find(key(before, last));
      if (found != after_.end() && found->second.size() > 1) return pick(found->second, random);
    }
    const auto found = after_one_.find(last);
    return pick(found == after_one_.end() ? all_ : found->second, random);
  }

  std::uint32_t any(Rng& random) const { return pick(all_, random); }

 private:
  using Symbols = std::vector<std::uint32_t>;

  static std::uint64_t key(std::uint32_t before, std::uint32_t last) {
    return (std::uint64_t{before} << 32) | last;
  }

  static std::uint32_t pick(const Symbols& symbols, Rng& random) {
    return symbols[random.below(symbols.size())];
  }

  std::map<std::uint64_t, Symbols> after_;
  std::map<std::uint32_t, Symbols> after_one_;
  Symbols all_;
};

/// Words of spaced scripts: each with the white space behind it.
class NovelWords {
 public:
  explicit NovelWords(std::string_view real) {
    std::vector<std::uint32_t> sequence;
    for (std::size_t at = 0; at < real.size();) {
      std::size_t end = std::min(real.find_first_of(" \n", at), real.size());
      const std::string_view word = real.substr(at, end - at);
      while (end < real.size() && (real[end] == ' ' || real[end] == '\n')) {
        ++end;
      }
      if (!word.empty()) learn_letters(word);
      sequence.push_back(id_of(real.substr(at, end - at)));
      at = end;
    }
    words_.learn(sequence);
  }

  /// `novel_share` of the words are made up letter by letter.
  std::string document(std::uint64_t seed, std::uint64_t item, std::size_t bytes,
                       double novel_share) const {
    Rng random(seed, item);
    std::string text;
    std::uint32_t before = words_.any(random);
    std::uint32_t last = words_.any(random);
    while (text.size() < bytes) {
      const std::uint32_t word = words_.next(before, last, 0.5, random);
      before = last;
      last = word;
      if (random.uniform() < novel_share) {
        append_made_up(text, random);
      } else {
        text += spellings_[word];
      }
    }
    return text;
  }

 private:
  std::uint32_t id_of(std::string_view word) {
    const auto [found, is_new] =
        ids_.try_emplace(std::string(word), static_cast<std::uint32_t>(spellings_.size()));
    if (is_new) spellings_.emplace_back(word);
    return found->second;
  }

  void learn_letters(std::string_view word) {
    std::vector<std::uint32_t> letters = {0, 0};
    for (const char c : word) {
      letters.push_back(static_cast<unsigned char>(c));
    }
    letters.push_back(0);
    letters_.learn(letters);
  }

  void append_made_up(std::string& text, Rng& random) const {
    std::uint32_t before = 0;
    std::uint32_t last = 0;
    for (int length = 0; length < 24; ++length) {
      const std::uint32_t letter = letters_.next(before, last, 0.95, random);
      if (letter == 0 || letter >= 0x80) break;
      text += static_cast<char>(letter);
      before = last;
      last = letter;
    }
    text += ' ';
  }

  Chain words_;
  Chain letters_;
  std::map<std::string, std::uint32_t> ids_;
  std::vector<std::string> spellings_;
};

/// Scripts without spaces: character by character.
class NovelCharacters {
 public:
  explicit NovelCharacters(std::string_view real) {
    std::vector<std::uint32_t> sequence;
    for (std::size_t at = 0; at < real.size();) {
      const CodePoint next = decode_utf8(real, at);
      sequence.push_back(static_cast<std::uint32_t>(next.value));
      at += next.size_bytes;
    }
    characters_.learn(sequence);
  }

  /// `novel_share` of the characters follow their two predecessors by chance.
  std::string document(std::uint64_t seed, std::uint64_t item, std::size_t bytes,
                       double novel_share) const {
    Rng random(seed, item);
    std::string text;
    std::uint32_t before = characters_.any(random);
    std::uint32_t last = characters_.any(random);
    while (text.size() < bytes) {
      const bool is_novel = random.uniform() < novel_share;
      const std::uint32_t next =
          is_novel ? characters_.any(random) : characters_.next(before, last, 0.7, random);
      before = last;
      last = next;
      append_utf8(text, static_cast<char32_t>(next));
    }
    return text;
  }

 private:
  Chain characters_;
};

}  // namespace aludel::bench
