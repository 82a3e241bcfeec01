#pragma once

// The shares that sources, languages or topics have in the text that is kept.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/document/document.h"

namespace aludel::curate::semantic {

/// What a document is sampled by; the rest of the groups is one group, "".
class Mixture {
 public:
  /// No mixture: every document stays.
  Mixture() = default;

  /// `by` is source, language or topic; `shares` are {GROUP: share of the bytes of text}. What they
  /// leave of 1 belongs to all other groups together. Empty shares: no mixture.
  /// Errors: invalid_argument for another `by`, for a share outside (0, 1] and a sum above 1.
  static Result<Mixture> create(const std::string& by, const Json& shares);

  bool is_set() const { return !shares_.empty(); }

  /// The document's named group, or "".
  std::string group_of(const Document& document) const;

  /// All groups, "" first, sorted.
  std::vector<std::string> groups() const;

  /// The share of its documents that each group keeps, so that the bytes kept have the shares that
  /// were asked for: the scarcest group stays whole. A group without text takes no part, and the
  /// others keep their proportions. REQUIRES: is_set(); the groups are group_of()'s.
  std::map<std::string, double> keep_rates(const std::map<std::string, std::uint64_t>& bytes) const;

 private:
  std::string by_;
  std::map<std::string, double> shares_;  // with "" for the rest
};

/// Whether a document is among the `keep_rate` that stay: depends on seed and id only, and not on
/// what the same seed decides elsewhere.
bool is_sampled(std::string_view id, std::uint64_t seed, double keep_rate);

}  // namespace aludel::curate::semantic
