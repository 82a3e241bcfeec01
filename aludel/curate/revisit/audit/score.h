#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/curate/revisit/audit/better_limits.h"
#include "aludel/curate/revisit/audit/intervals.h"
#include "aludel/curate/revisit/audit/sheet.h"
#include "aludel/curate/revisit/audit/verdicts.h"

// Scores a run's decisions by a reader's verdicts.
namespace aludel::curate::audit {

/// The documents that the run decided on in one way, and about how many of the judged ones it was
/// wrong.
struct Judged {
  std::string name;             // a layer or a reason
  std::uint64_t documents = 0;  // in the run
  std::uint64_t judged = 0;     // by a reader who was sure
  std::uint64_t wrong = 0;      // by the reader's verdict
};

struct LayerJudged {
  Judged all;
  std::vector<Judged> reasons;  // those of the sample, the most frequent first
};

/// An estimate over strata, each weighted by its documents.
struct Estimate {
  std::uint64_t documents = 0;  // in the strata with a judged document
  std::uint64_t unseen = 0;     // in the other strata, of which nothing is known
  std::optional<WeightedShare> wrong;
};

/// The agreement of two readers, over the documents about which both were sure.
struct Agreement {
  std::uint64_t both = 0;
  std::uint64_t same = 0;
  std::optional<double> kappa;
};

struct Score {
  std::vector<LayerJudged> layers;
  Judged kept;
  Estimate dropped;
  Estimate all;
  std::optional<Agreement> agreement;
  std::vector<BetterLimit> limits;

  std::uint64_t sampled = 0;
  std::uint64_t keep = 0;
  std::uint64_t drop = 0;
  std::uint64_t unsure = 0;
  std::uint64_t missing = 0;  // documents of the sample without a verdict
  Verdicts verdicts;          // the first reader's, for the numbers of odd lines
  Verdicts second;            // with an agreement: the second reader's
  std::map<std::string, std::uint64_t> left_out;
};

/// Scores the first reader's verdicts. `second` may be null; else the score has the agreement of
/// the two readers.
Score score(const Sheet& sheet, const Verdicts& first, const Verdicts* second);

/// Returns the score as one JSON object: docs/audit.md.
Json to_json(const Score& score);

/// Returns the score as a table and sentences for a terminal.
std::string to_text(const Score& score);

}  // namespace aludel::curate::audit
