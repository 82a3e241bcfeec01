#pragma once

// Documents made from a seed: novel text with a stated share of copies, for benchmarks of dedup.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/document/document.h"

namespace aludel::bench {

/// Every fifth document is a copy in some way: of all documents 5 % have the text of another, 5 %
/// are one with a few words changed, 5 % take a passage from one, 5 % a paragraph. Half of them are
/// English-like, half Chinese-like; words are drawn by Zipf's law, so that short runs of words
/// repeat as they do in language.
class DocumentGenerator {
 public:
  explicit DocumentGenerator(std::uint64_t seed) : seed_(seed) {
    for (std::uint64_t i = 0; i < kVocabulary; ++i) {
      english_.push_back(word(i));
      std::string character;
      append_utf8(character, static_cast<char32_t>(0x4E00 + i % kHan));
      chinese_.push_back(std::move(character));
    }
  }

  curate::Document document(std::uint64_t number) const {
    curate::Document made;
    made.id = hash128(fmt::format("{} {}", seed_, number)).hex();
    made.url = fmt::format("https://example.org/{}", number);
    made.source = "generated";
    made.kind = "web";
    made.text = text(number);
    return made;
  }

 private:
  static constexpr std::uint64_t kVocabulary = 30'000;
  static constexpr std::uint64_t kHan = 6'000;
  static constexpr std::uint64_t kCopyKinds = 20;

  std::string word(std::uint64_t number) const {
    Rng rng(seed_, number);
    std::string letters;
    for (std::uint64_t length = 2 + rng.below(4) + rng.below(5); length > 0; --length) {
      letters += "etaoinshrdlucmfwypvbgk"[rng.below(22)];
    }
    return letters;
  }

  /// Most often a low number. By inversion of the distribution function of 1 / (rank + 3).
  static std::uint64_t zipf(Rng& rng, std::uint64_t words) {
    const double most = std::log(static_cast<double>(words + 3) / 3);
    const double rank = 3 * std::exp(rng.uniform() * most) - 3;
    return std::min(static_cast<std::uint64_t>(rank), words - 1);
  }

  std::vector<std::string> paragraphs(std::uint64_t number) const {
    Rng rng(seed_ + 1, number);
    const bool is_english = number % 2 == 0;
    std::vector<std::string> all(2 + rng.below(9));
    for (std::string& paragraph : all) {
      for (std::uint64_t left = 20 + rng.below(120); left > 0; --left) {
        if (is_english) {
          paragraph += english_[zipf(rng, kVocabulary)];
          paragraph += rng.below(12) == 0 ? ". " : " ";
        } else {
          paragraph += chinese_[zipf(rng, kHan)];
          if (rng.below(14) == 0) paragraph += "。";
        }
      }
    }
    return all;
  }

  std::string text(std::uint64_t number) const {
    std::vector<std::string> parts = paragraphs(number);
    const std::uint64_t kind = number % kCopyKinds / 2;  // of either language
    if (kind >= 8 && number >= 2 * kCopyKinds) {
      Rng rng(seed_ + 2, number);
      // An earlier document of the same language that is no copy.
      const std::uint64_t block = rng.below(number / kCopyKinds);
      const std::uint64_t other = block * kCopyKinds + 2 * rng.below(8) + number % 2;
      copy_from(other, kind == 8 ? 0 : 2, rng, parts);
    }
    return fmt::format("{}\n", fmt::join(parts, "\n\n"));
  }

  void copy_from(std::uint64_t other, std::uint64_t first_way, Rng& rng,
                 std::vector<std::string>& parts) const {
    std::vector<std::string> from = paragraphs(other);
    switch (first_way + rng.below(2)) {
      case 0:
        parts = std::move(from);
        break;
      case 1:
        parts = std::move(from);
        parts[rng.below(parts.size())] += english_[rng.below(kVocabulary)];
        break;
      case 2:
        parts.front() += from.front() + from.back();
        break;
      default:
        parts.push_back(from.front());
    }
  }

  std::uint64_t seed_;
  std::vector<std::string> english_;
  std::vector<std::string> chinese_;
};

}  // namespace aludel::bench
