#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/io/file_system.h"

// The part of a blind sample that its readers do not see: FOLDER/answers.jsonl and
// FOLDER/sample.json.
namespace aludel::curate::audit {

/// A value that a layer noted of a document, beside the limit that it was held against.
struct RuleNote {
  std::string layer;
  std::string setting;  // "layers.metrics.min_words"; "layers.quality score fitted for en"
  std::string reason;   // of a drop by this rule; empty for a limit that was learned
  Side side = Side::at_least;
  double measured = 0;
  double limit = 0;

  bool breaks() const { return side == Side::at_least ? measured < limit : measured > limit; }
};

/// One document of the sample, as the run decided on it.
struct Answer {
  std::string key;  // the name that readers see: a hash of id and seed
  std::string id;
  std::string language;
  std::string layer;  // the layer that dropped it; empty if it was kept
  std::string reason;
  std::vector<RuleNote> rules;
};

/// A group of the run's documents, out of which a part of the sample was drawn.
struct Stratum {
  std::string layer;  // the layer that dropped them; empty for the kept ones
  std::uint64_t documents = 0;
  std::map<std::string, std::uint64_t> reasons;  // of the drops
};

struct Sheet {
  std::int64_t seed = 1;
  std::vector<std::string> languages;             // empty: all
  std::vector<Stratum> strata;                    // in the order of the cascade, the kept ones last
  std::map<std::string, std::uint64_t> left_out;  // documents in no stratum, by reason
  std::vector<Answer> answers;                    // by key
};

/// Writes both files into the folder. Errors: those of writing.
Status write_sheet(io::FileSystem& files, const std::string& folder, const Sheet& sheet);

/// Reads what write_sheet() wrote. Errors: not_found for a folder without a sample; corrupt_data
/// with file and line.
Result<Sheet> read_sheet(io::FileSystem& files, const std::string& folder);

}  // namespace aludel::curate::audit
