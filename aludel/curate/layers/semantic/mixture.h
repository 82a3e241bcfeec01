#pragma once

// The shares of sources, languages or topics in the kept text.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/document/document.h"

namespace aludel::curate::semantic {

/// What the groups of a mixture may be.
inline constexpr std::string_view kMixtureGroups[] = {"source", "language", "topic"};

/// The groups by which documents are sampled. All groups without a name form one group, "".
class Mixture {
 public:
  /// Makes no mixture: every document is kept.
  Mixture() = default;

  /// Makes a mixture. `by` is source, language or topic; `shares` are {GROUP: share of the bytes of
  /// text}. The rest up to 1 belongs to all other groups together. Empty shares make no mixture.
  /// Errors: invalid_argument for another `by`, a share outside (0, 1] or a sum above 1.
  static Result<Mixture> create(const std::string& by, const Json& shares);

  bool is_set() const { return !shares_.empty(); }

  /// Returns the document's named group, or "".
  std::string group_of(const Document& document) const;

  /// Returns all groups, "" first, sorted.
  std::vector<std::string> groups() const;

  /// Returns for each group the share of its documents to keep, so that the kept bytes have the
  /// wanted shares. Keeps the scarcest group whole. Ignores a group without text; the others keep
  /// their proportions. REQUIRES: is_set(); the groups are those of group_of().
  std::map<std::string, double> keep_rates(const std::map<std::string, std::uint64_t>& bytes) const;

 private:
  std::string by_;
  std::map<std::string, double> shares_;  // with "" for the rest
};

/// True if a document is in the share `keep_rate` to keep. Depends on seed and id only, but is
/// independent of other decisions by the same seed.
bool is_sampled(std::string_view id, std::uint64_t seed, double keep_rate);

}  // namespace aludel::curate::semantic
