#pragma once

#include <map>
#include <string>

#include "aludel/base/json.h"
#include "aludel/curate/document/packed_id.h"

namespace aludel::curate {

/// The ids of documents from anywhere. Plans need ids of 32 hexadecimal digits; this maps a
/// document's own id to such an id, and back in findings.
class OwnIds {
 public:
  /// Returns the id for plans and remembers the document's own. Equal ids give equal ids.
  std::string packed(const std::string& own) {
    std::string id = packed_id(own).hex();
    own_.emplace(id, own);
    return id;
  }

  /// Returns a finding with the documents' own ids in place of those for plans.
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
