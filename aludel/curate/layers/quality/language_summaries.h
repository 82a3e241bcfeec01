#pragma once

#include <map>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/document/document.h"
#include "aludel/curate/layers/quality/references.h"
#include "aludel/curate/layers/shared/quantile_sketch.h"
#include "aludel/text/terms.h"

namespace aludel::curate::quality {

/// Rounds a score so that a quantile of however many scores is exact.
double rounded_score(double score);

/// Returns the score that is noted of a document's text before anything was cut off it.
double noted_score(const Document& document);

/// Scores and terms of each language's documents: a summary for sum_up() (learn/summary.h).
class LanguageSummaries {
 public:
  struct Summary {
    QuantileSketch scores;
    text::TermStatistics terms;
    ReferenceSample references;
  };

  /// REQUIRES: the document's score is noted.
  void add(const Document& document);

  std::vector<Json> rows() const;

  /// Errors: corrupt_data for a row that rows() did not make.
  Status add_row(const Json& row);

  const std::map<std::string, Summary>& languages() const { return languages_; }

  /// Returns {"language", "reference"} of each sampled document.
  static std::vector<Json> reference_rows(const std::string& language,
                                          const ReferenceSample& references);

 private:
  std::map<std::string, Summary> languages_;
};

}  // namespace aludel::curate::quality
