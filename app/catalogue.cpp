#include "app/catalogue.h"

#include "app/command.h"

#include "aludel/curate/cascade.h"
#include "aludel/io/format.h"
#include "aludel/models/family.h"
#include "aludel/tensor/op.h"

namespace aludel::app {
namespace {

/// Members of any registry whose Spec has name, summary and source.
template <class Specs>
std::vector<Member> members_of(const Specs& specs) {
  std::vector<Member> members;
  for (const auto* spec : specs) {
    Member& member = members.emplace_back();
    member.name = spec->name;
    member.summary = spec->summary;
    if constexpr (requires { spec->source; }) member.source = spec->source;
  }
  return members;
}

}  // namespace

std::vector<Family> catalogue() {
  return {
      {"commands", members_of(all_commands())},   {"layers", members_of(curate::cascade())},
      {"formats", members_of(io::all_formats())}, {"models", members_of(models::all_families())},
      {"ops", members_of(tensor::all_ops())},
  };
}

}  // namespace aludel::app
