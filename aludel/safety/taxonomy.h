#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "aludel/base/result.h"

namespace aludel::safety {

/// The classes of unsafe text. Source: RAISE in the Yi technical report, arXiv:2403.04652, section
/// 5, which names superstition and religious sensitivities in one breath; here they are two.
enum class SafetyClass : std::uint8_t {
  environmental_disharmony,
  superstition,
  religious_sensitivities,
  discrimination,
  substance_abuse,
  violence,
  illegal_activities,
  hate_speech,
  ethical_violations,
  privacy_breaches,
  self_harm,
  sexually_explicit,
  mental_health,
  cybersecurity
};

inline constexpr std::size_t kSafetyClassCount = 14;

/// What labelled harmless text is called beside the names of the classes.
inline constexpr std::string_view kSafeLabel = "safe";

/// A class's name in configs, annotations and reasons, and what it holds.
struct SafetyClassInfo {
  std::string_view name;
  std::string_view summary;
};

/// In the order of SafetyClass.
std::span<const SafetyClassInfo> safety_classes();

std::string_view safety_class_name(SafetyClass which);

std::optional<SafetyClass> find_safety_class(std::string_view name);

/// The same for a name that a user wrote. Errors: invalid_argument.
Result<SafetyClass> safety_class_named(std::string_view name);

}  // namespace aludel::safety
