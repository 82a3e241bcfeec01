#pragma once

#include <map>
#include <string>

#include "aludel/base/json.h"
#include "aludel/curate/document/packed_id.h"

namespace aludel::curate {

/// Gives documents from anywhere the ids that plans work with, 32 hexadecimal digits, and their own
/// ids back to what was found.
class OwnIds {
 public:
  /// The id for plans; remembers the own one. Equal ids give equal ids.
  std::string packed(const std::string& own) {
    std::string id = packed_id(own).hex();
    own_.emplace(id, own);
    return id;
  }

  /// A finding with own ids for those of plans.
  Json unpacked(Json finding) const {
    if (!finding.is_object()) return finding;
    for (auto& [key, value] : finding.as_object()) {
      if (!value.is_string()) continue;
      const auto own = own_.find(value.as_string());
      if (own != own_.end()) value = own->second;
    }
    return finding;
  }

 private:
  std::map<std::string, std::string> own_;  // by the id for plans
};

}  // namespace aludel::curate
