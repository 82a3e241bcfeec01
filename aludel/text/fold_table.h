#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/text/fold.h"

namespace aludel::text {

/// What each character folds to. Concurrent look_up(): yes.
class FoldTable {
 public:
  /// The table for a purpose; made when it is first asked for.
  static const FoldTable& of(FoldFor purpose);

  /// What the character becomes, "" where it is left out; nothing where it stays.
  std::optional<std::string_view> look_up(char32_t c) const {
    const std::uint16_t place = c < places_.size() ? places_[c] : place_of_rest(c);
    if (place == 0) return std::nullopt;
    return forms_[place - 1U];
  }

 private:
  FoldTable() = default;

  void set(char32_t c, std::string form);
  void add_han();

  /// Of a character beyond the first plane.
  std::uint16_t place_of_rest(char32_t c) const;

  std::vector<std::uint16_t> places_;  // by character of the first plane: 1 + place in forms_, or 0
  std::vector<char32_t> rest_;         // characters beyond it that fold, sorted
  std::vector<std::uint16_t> rest_places_;
  std::vector<std::string> forms_;
};

}  // namespace aludel::text
