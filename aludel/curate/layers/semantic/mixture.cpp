#include "aludel/curate/layers/semantic/mixture.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/curate/document/annotations.h"

namespace aludel::curate::semantic {
namespace {

constexpr double kRoundingSlack = 1e-9;
constexpr std::uint64_t kMixtureSalt = 0x6D69787475726500;  // "mixture"

}  // namespace

Result<Mixture> Mixture::create(const std::string& by, const Json& shares) {
  if (std::ranges::find(kMixtureGroups, by) == std::end(kMixtureGroups)) {
    return Error{
        Code::invalid_argument,
        fmt::format("[layers.semantic] mixture_by = '{}'; known: source, language, topic", by)};
  }
  Mixture mixture;
  mixture.by_ = by;
  if (!shares.is_object() || shares.as_object().empty()) return mixture;
  double sum = 0;
  for (const auto& [group, share] : shares.as_object()) {
    const double value = share.is_number() ? share.as_number() : 0;
    if (!(value > 0 && value <= 1) || group.empty()) {
      return Error{
          Code::invalid_argument,
          fmt::format("[layers.semantic] mixture.{} must be a share above 0, at most 1", group)};
    }
    mixture.shares_[group] = value;
    sum += value;
  }
  if (sum > 1 + kRoundingSlack) {
    return Error{
        Code::invalid_argument,
        fmt::format("[layers.semantic] the shares of the mixture add up to {}, above 1", sum)};
  }
  mixture.shares_[""] = 1 - sum < kRoundingSlack ? 0 : 1 - sum;
  return mixture;
}

std::string Mixture::group_of(const Document& document) const {
  std::string group;
  if (by_ == "source") group = document.source;
  if (by_ == "language") group = document.language;
  if (by_ == "topic") group = topic_of(document);
  return shares_.contains(group) ? group : "";
}

std::vector<std::string> Mixture::groups() const {
  std::vector<std::string> names;
  for (const auto& [group, share] : shares_) {
    names.push_back(group);
  }
  return names;
}

std::map<std::string, double> Mixture::keep_rates(
    const std::map<std::string, std::uint64_t>& bytes) const {
  const auto bytes_of = [&](const std::string& group) {
    const auto found = bytes.find(group);
    return found == bytes.end() ? 0.0 : static_cast<double>(found->second);
  };
  double whole = std::numeric_limits<double>::infinity();  // bytes of the mixture
  for (const auto& [group, share] : shares_) {
    const double there = bytes_of(group);
    if (there > 0 && share > 0) whole = std::min(whole, there / share);
  }
  std::map<std::string, double> rates;
  for (const auto& [group, share] : shares_) {
    const double there = bytes_of(group);
    if (there > 0) rates[group] = share > 0 ? std::min(1.0, share * whole / there) : 0;
  }
  return rates;
}

bool is_sampled(std::string_view id, std::uint64_t seed, double keep_rate) {
  return Rng(seed, hash64(id, kMixtureSalt)).uniform() < keep_rate;
}

}  // namespace aludel::curate::semantic
