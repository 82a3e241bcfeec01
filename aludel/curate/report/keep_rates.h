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

// Whether a layer keeps documents of some groups less often than others: its bias.
namespace aludel::curate {

/// What tells the groups of people that a text is of or about.
struct GroupWords {
  safety::IdentityTerms identity;
  safety::Dialects dialects;

  /// Errors: unsupported on a CPU that the pattern engine does not run on.
  static Result<GroupWords> create();
};

/// "language:en", "script:Han", "dialect:british_english", "identity:women": the groups that a
/// document with text is in. Dialects and identity groups are noted once, in annotations.dialect
/// and annotations.identity, and taken from there later, so that every layer counts the same ones.
std::vector<std::string> groups_of(Document& document, const GroupWords& words);

/// "Latin", "Han", "Cyrillic", …: the script that most letters of a text are of; "none" where it
/// has no letters. Kana with Han is "Kana".
std::string_view main_script(std::string_view text);

/// Counts of one layer by group. One caller at a time.
class KeepRates {
 public:
  enum class Fate : std::uint8_t { dropped, kept };

  void add(const std::vector<std::string>& groups, Fate fate);
  void add(const KeepRates& other);

  Json to_json() const;
  static Result<KeepRates> from_json(const Json& json);

  /// [{"group", "documents", "kept", "ratio", "warning"}]: ratio is the group's keep rate over that
  /// of all documents outside the group, absent where there are none or none was kept. A ratio
  /// outside 0.8 to 1.25 is a warning where both sides have 30 documents.
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
