#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aludel/curate/document/scan/word_ids.h"

namespace aludel::curate {

/// Sizes in bytes of the words into which an exception is split; one size keeps it whole.
using ExceptionPieces = std::vector<std::uint8_t>;

/// Spellings that spaCy's English tokenizer splits by a list, not by its rules: contractions
/// ("don't" is do + n't, "cannot" is can + not), abbreviations ("Mr."), times, emoticons. Source:
/// spaCy 3.8, lang/en/tokenizer_exceptions.py and lang/tokenizer_exceptions.py.
class SpacyExceptions {
 public:
  /// Returns the pieces of `spelling`; nullptr if it is not an exception.
  const ExceptionPieces* find(std::string_view spelling) const {
    if (spelling.empty() || spelling.size() > kLongest || !may_hold(spelling)) return nullptr;
    const auto found = pieces_.find(std::string(spelling));
    return found == pieces_.end() ? nullptr : &found->second;
  }

  /// Calls use(spelling) for each exception.
  template <class Use>
  void for_each(Use use) const {
    for (const auto& [spelling, pieces] : pieces_) {
      use(spelling);
    }
  }

 private:
  friend const SpacyExceptions& spacy_exceptions();
  static constexpr std::size_t kLongest = 40;
  SpacyExceptions();
  enum class Cut : std::uint8_t { at_marks, nowhere };
  void add(std::string_view parts, Cut cut = Cut::at_marks);
  void add_any_case(std::string_view parts);

  /// OPTIMIZATION: for nearly every other word, one bit of a hash says that it is not an exception.
  bool may_hold(std::string_view spelling) const {
    return seen_[word_hash(spelling, spelling.size()) >> kHashShift];
  }

  static constexpr unsigned kHashShift = 48;

  std::unordered_map<std::string, ExceptionPieces> pieces_;
  std::bitset<(1U << (64 - kHashShift))> seen_;
};

/// Returns the one list. Concurrent calls: yes.
const SpacyExceptions& spacy_exceptions();

}  // namespace aludel::curate
