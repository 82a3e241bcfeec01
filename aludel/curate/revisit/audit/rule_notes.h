#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/curate/document/document.h"
#include "aludel/curate/revisit/audit/sheet.h"
#include "aludel/curate/run/stored_run.h"

namespace aludel::curate::audit {

/// The limits of a finished run, for comparison with what it noted of a document. Concurrent calls
/// of of(): yes.
class RuleNotes {
 public:
  /// Reads the limits that layers learned. If the state of a layer cannot be read, logs a warning
  /// and has no learned limits of that layer. `models` replaces the run's folder of models unless
  /// it is empty.
  static RuleNotes open(io::FileSystem& files, Threads& threads, const StoredRun& run,
                        const std::string& models);

  /// Returns a note for each rule whose value the document has.
  std::vector<RuleNote> of(const Document& document) const;

 private:
  struct LayerRules {
    ResolvedLayer resolved;
    std::unique_ptr<Layer> learned;  // null for a layer that learned no limits
  };

  void add_learned(const LayerRules& layer, const Document& document,
                   std::vector<RuleNote>& notes) const;

  std::vector<LayerRules> layers_;
  Json profiles_;
};

}  // namespace aludel::curate::audit
