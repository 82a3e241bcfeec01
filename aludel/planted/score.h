#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/curate/document/document.h"
#include "aludel/planted/planted.h"

namespace aludel::planted {

/// What became of one kind. For a group of n copies n - 1 are counted: one should stay.
struct PlantedKindScore {
  std::string kind;
  std::vector<std::string> layers;
  std::int64_t planted = 0;
  std::int64_t caught = 0;                        // by the layer meant for it
  std::map<std::string, std::int64_t> elsewhere;  // not caught, but dropped by this other layer
  std::vector<std::string> missed;                // ids that were not caught
};

/// A value that layer `correction` replaced in a clean page, for a person to judge.
struct ReplacedValue {
  std::string id;
  std::string kind;
  std::string value;
  std::string before;  // the text right before it
  std::string after;
};

/// What became of the clean pages among the planted ones.
struct CleanScore {
  std::int64_t planted = 0;
  std::map<std::string, std::int64_t> lost;             // by layer
  std::map<std::string, std::int64_t> true_duplicates;  // by layer: most of it stands in kept text
  std::int64_t other_language = 0;  // dropped by layer `language`, which found neither en nor zh
  std::map<std::string, std::int64_t> replacements;  // by kind of personal data, right or wrong
  std::vector<ReplacedValue> replaced;               // of the pages whose originals were given
  std::int64_t text_bytes = 0;
  std::vector<std::string> lost_ids;
};

/// Personal data with right checksums found, and what was replaced besides.
struct PersonalDataScore {
  std::int64_t planted = 0;
  std::int64_t found = 0;
  std::int64_t wrong = 0;  // look-alikes that were replaced

  double recall() const;
  double precision() const;
};

struct PlantedScore {
  std::vector<PlantedKindScore> kinds;
  CleanScore clean;
  std::map<std::string, PersonalDataScore> personal_data;  // by kind of personal data
};

Json to_json(const PlantedScore& score);

/// A table for a terminal.
std::string to_text(const PlantedScore& score);

/// Judges a run of the cascade by the truth file. Feed it all rejects, then all kept documents.
class PlantedScorer {
 public:
  explicit PlantedScorer(std::vector<PlantedTruth> truth);

  /// A planted document as it went in: with it the score lists what was replaced in clean pages.
  void add_original(const curate::Document& document);

  void add_reject(const curate::Document& document);
  void add_kept(const curate::Document& document);

  /// Errors: those of PiiFinder::create(), when originals were given.
  /// Documents of the truth that came in neither way count as missed, clean ones as lost by
  /// "nowhere".
  Result<PlantedScore> finish() const;

 private:
  struct Record {
    std::string rejected_by;  // empty: kept
    std::string language;
    std::string text;  // white space collapsed
    std::string topic;
    std::map<std::string, std::int64_t> replacements;  // of personal data, by kind
    std::int64_t text_bytes = 0;
  };

  static Record record_of(const curate::Document& document);

  const Record* record_of(const PlantedTruth& truth) const;
  bool is_caught(const PlantedTruth& truth, const Record& record) const;
  void score_group(const std::vector<const PlantedTruth*>& group, PlantedKindScore& score) const;
  void score_single(const PlantedTruth& truth, PlantedKindScore& score) const;
  void score_clean(const PlantedTruth& truth, CleanScore& score) const;
  void score_personal_data(const PlantedTruth& truth, PlantedScore& score) const;
  Status list_replaced(CleanScore& score) const;
  bool is_true_duplicate(const std::string& id) const;

  std::vector<PlantedTruth> truth_;
  std::unordered_map<std::string, std::size_t> truth_of_id_;
  std::unordered_map<std::string, Record> records_;
  std::map<std::string, std::string> originals_;  // texts of clean pages
  // Five-word runs of clean pages that a dedup layer dropped, and whether kept text holds them.
  std::unordered_map<std::uint64_t, bool> lost_shingles_;
  std::unordered_map<std::string, std::vector<std::uint64_t>> shingles_of_lost_;
};

}  // namespace aludel::planted
