#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/safety/pattern_set.h"

namespace aludel::safety {

/// Kinds of personal data. Where two overlap, the one that stands first here wins.
enum class PiiKind : std::uint8_t {
  private_key,
  api_key,
  email,
  iban,
  ip_address,
  resident_id,
  passport,
  licence_plate,
  bank_card,
  phone
};

inline constexpr std::size_t kPiiKindCount = 10;

/// "email", "bank_card", …: the names that configs and annotations use.
std::string_view pii_kind_name(PiiKind kind);

/// Returns the names of all kinds, in the order of PiiKind.
std::vector<std::string_view> pii_kind_names();

/// "<EMAIL>", "<BANK_CARD>", …: what stands in the text instead.
std::string_view pii_placeholder(PiiKind kind);

/// Personal data at bytes [begin, end) of a text.
struct PiiSpan {
  std::size_t begin;
  std::size_t end;
  PiiKind kind;

  bool operator==(const PiiSpan&) const = default;
};

/// Finds personal data by pattern, then checksum and context, in the folded text (text/fold.h):
/// full-width digits, hard blanks and hidden characters hide nothing. find() may be called
/// concurrently.
class PiiFinder {
 public:
  /// Errors: unsupported on a CPU that the pattern engine does not run on.
  static Result<PiiFinder> create();

  /// Spans of the text as it is given, in order, none overlapping, none cutting a character. Text
  /// that is invalid UTF-8 is searched all the same.
  std::vector<PiiSpan> find(std::string_view original) const;

 private:
  explicit PiiFinder(PatternSet patterns) : patterns_(std::move(patterns)) {}

  std::vector<PiiSpan> find_folded(std::string_view text) const;

  PatternSet patterns_;
};

enum class PiiReplacement : std::uint8_t {
  placeholder,  // <EMAIL>
  pseudonym     // a reserved value of the same shape, the same one for the same original
};

struct AnonymisedText {
  std::string text;
  std::array<std::int64_t, kPiiKindCount> counts{};  // by PiiKind
};

/// The text with every span replaced. Pseudonyms depend on (seed, original value) only and lie in
/// ranges that find() keeps, so that a second pass changes nothing.
AnonymisedText anonymise(std::string_view text, const std::vector<PiiSpan>& spans,
                         PiiReplacement replacement, std::uint64_t seed);

}  // namespace aludel::safety
