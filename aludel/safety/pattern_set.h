#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"

namespace aludel::safety {

/// Where pattern number `pattern` stands in a text, in bytes: [begin, end).
struct PatternHit {
  std::uint32_t pattern;
  std::size_t begin;
  std::size_t end;
};

/// Whether a hit is no part of a longer word of ASCII letters, digits and '_'.
bool is_whole_word(std::string_view text, const PatternHit& hit);

/// Many patterns looked for in one pass over a text. find() may be called concurrently.
/// Backed by Vectorscan (https://github.com/VectorCamp/vectorscan), whose names stay in the .cpp.
class PatternSet {
 public:
  /// Regular expressions over bytes (PCRE syntax without back references or look-around).
  /// Errors: invalid_argument for an expression that does not compile; unsupported on a CPU that
  /// Vectorscan does not run on.
  static Result<PatternSet> of_expressions(std::span<const std::string> expressions);

  /// Plain strings; ASCII letters match in either case. Errors: as above, and for an empty literal.
  static Result<PatternSet> of_literals(std::span<const std::string> literals);

  PatternSet(PatternSet&&) noexcept;
  PatternSet& operator=(PatternSet&&) noexcept;
  ~PatternSet();

  /// All hits ordered by (begin, pattern); of the hits of one expression that begin at one place
  /// only the longest. REQUIRES: text.size() < 2^32.
  std::vector<PatternHit> find(std::string_view text) const;

 private:
  struct Database;
  explicit PatternSet(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace aludel::safety
