#include "app/catalogue.h"

#include "app/command.h"

#include "aludel/curate/cascade.h"
#include "aludel/curate/planted.h"
#include "aludel/eval/suite.h"
#include "aludel/io/format.h"
#include "aludel/models/family.h"
#include "aludel/models/quantisation/quantise.h"
#include "aludel/tensor/op.h"

namespace aludel::app {
namespace {

template <class Spec>
const Spec& spec_of(const Spec* entry) {
  return *entry;
}

template <class Spec>
const Spec& spec_of(const Spec& entry) {
  return entry;
}

/// Members of any registry or array whose Spec has name, summary and source.
template <class Specs>
std::vector<Member> members_of(const Specs& specs) {
  std::vector<Member> members;
  for (const auto& entry : specs) {
    const auto& spec = spec_of(entry);
    Member& member = members.emplace_back();
    member.name = spec.name;
    member.summary = spec.summary;
    if constexpr (requires { spec.source; }) member.source = spec.source;
  }
  return members;
}

std::vector<Member> planted_members() {
  std::vector<Member> members;
  for (const curate::PlantedKindInfo& kind : curate::planted_kinds()) {
    members.push_back(
        {std::string(kind.name), std::string(kind.summary), std::string(kind.layers)});
  }
  return members;
}

}  // namespace

std::vector<Family> catalogue() {
  return {
      {"commands", members_of(all_commands())},
      {"layers", members_of(curate::cascade())},
      {"formats", members_of(io::all_formats())},
      {"models", members_of(models::all_families())},
      {"ops", members_of(tensor::all_ops())},
      {"schemes", members_of(models::all_quantisation_schemes())},
      {"planted", planted_members()},
      {"suites", members_of(eval::all_suites())},
  };
}

}  // namespace aludel::app
