#include "aludel/safety/taxonomy.h"

#include <array>

#include <fmt/format.h>

namespace aludel::safety {
namespace {

constexpr std::array<SafetyClassInfo, kSafetyClassCount> kClasses = {{
    {"environmental_disharmony", "harm to nature and wildlife, and pride in it"},
    {"superstition", "sale and praise of magic, curses and miracle cures"},
    {"religious_sensitivities", "insult of faiths and believers, cults"},
    {"discrimination", "contempt by sex, age, origin, disability or orientation"},
    {"substance_abuse", "use and sale of drugs"},
    {"violence", "cruelty and threats, weapons to hurt people with"},
    {"illegal_activities", "forgery, fraud, gambling, trafficking and other crime"},
    {"hate_speech", "calls to hate, expel or destroy a group"},
    {"ethical_violations", "bribery, cheating and fabrication"},
    {"privacy_breaches", "spying on people and trade in their data"},
    {"self_harm", "suicide and injury of oneself"},
    {"sexually_explicit", "pornography and sexual services"},
    {"mental_health", "contempt for the mentally ill, advice that harms them"},
    {"cybersecurity", "malware, intrusion and theft of accounts"},
}};

}  // namespace

std::span<const SafetyClassInfo> safety_classes() {
  return kClasses;
}

std::string_view safety_class_name(SafetyClass which) {
  return kClasses.at(static_cast<std::size_t>(which)).name;
}

std::optional<SafetyClass> find_safety_class(std::string_view name) {
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    if (kClasses.at(i).name == name) return static_cast<SafetyClass>(i);
  }
  return std::nullopt;
}

Result<SafetyClass> safety_class_named(std::string_view name) {
  if (const auto which = find_safety_class(name)) return *which;
  return Error{Code::invalid_argument, fmt::format("[safety] no class '{}'", name)};
}

}  // namespace aludel::safety
