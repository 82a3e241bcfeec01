#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/document/document.h"
#include "aludel/safety/dialects.h"
#include "aludel/safety/identity_terms.h"

// Measures whether a layer keeps documents of some groups less often than others: its bias.
namespace aludel::curate {

/// The finders of the dialects that a text is written in and of the groups of people that it is
/// about.
struct GroupWords {
  safety::IdentityTerms identity;
  safety::Dialects dialects;

  /// Makes the finders. Errors: unsupported on a CPU that the pattern engine does not run on.
  static Result<GroupWords> create();
};

/// Returns the groups that a document with text is in: "language:en", "script:Han",
/// "dialect:british_english", "identity:women". Notes dialects and identity groups once, in
/// annotations.dialect and annotations.identity, and later takes them from there, so that every
/// layer counts the same groups.
std::vector<std::string> groups_of(Document& document, const GroupWords& words);

/// Returns the script of most letters of a text: "Latin", "Han", "Cyrillic" and so on; "none" if it
/// has no letters. Returns "Kana" for a text mostly of Han with more than a fifth as much Kana.
std::string_view main_script(std::string_view text);

/// Counts of one layer by group. One caller at a time.
class KeepRates {
 public:
  enum class Fate : std::uint8_t { dropped, kept };

  void add(const std::vector<std::string>& groups, Fate fate);
  void add(const KeepRates& other);

  Json to_json() const;
  static Result<KeepRates> from_json(const Json& json);

  /// Returns [{"group", "documents", "kept", "ratio", "warning"}]. ratio is the keep rate of the
  /// group over that of all documents outside it; it is absent if there are none outside, or none
  /// of those was kept. A ratio outside 0.8 to 1.25 is a warning if both sides have at least 30
  /// documents.
  /// Source: the four-fifths rule, 29 CFR 1607.4(D).
  Json summary() const;

 private:
  struct Count {
    std::uint64_t documents = 0;
    std::uint64_t kept = 0;
  };

  Count all_;
  std::map<std::string, Count> groups_;
};

}  // namespace aludel::curate
