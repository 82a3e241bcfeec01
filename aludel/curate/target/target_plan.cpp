#include "aludel/curate/target/target_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "aludel/curate/layers/shared/quantile_sketch.h"
#include "aludel/curate/target/candidate.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

constexpr double kMostByQuality = 0.9;  // DCLM keeps the best tenth
constexpr double kUnranked = 2;  // percentile of a document without a rank: the dial keeps it

std::uint64_t sum_of(const exec::StageResult& stage, std::string_view name) {
  std::uint64_t sum = 0;
  for (const Json& counts : stage.counts) {
    sum += static_cast<std::uint64_t>(counts.integer_or(name, 0));
  }
  return sum;
}

/// Returns how much a candidate counts: one document, or its bytes.
std::uint64_t amount_of(const Candidate& candidate, const Target& target) {
  return target.keep > 0 ? 1 : candidate.size_bytes;
}

double goal_of(const Target& target) {
  return target.keep > 0 ? target.keep * static_cast<double>(target.documents_read)
                         : static_cast<double>(target.tokens) * target.bytes_per_token;
}

/// The sum of what a setting of the dials keeps.
class Kept {
 public:
  void add(const Candidate& candidate) {
    ++documents_;
    bytes_ += candidate.size_bytes;
    if (candidate.has_rank(Dial::quality)) {
      ++scored_;
      scores_ += candidate.value(Dial::quality);
    }
    if (candidate.has_rank(Dial::perplexity)) {
      logs_.add(static_cast<float>(-candidate.value(Dial::perplexity)));
    }
  }

  void merge(const Kept& other) {
    documents_ += other.documents_;
    bytes_ += other.bytes_;
    scored_ += other.scored_;
    scores_ += other.scores_;
    logs_.merge(other.logs_);
  }

  Json row(double quality_share, double perplexity_share, const Target& target) const {
    Json json = Json::object();
    json["quality_share"] = quality_share;
    json["perplexity_share"] = perplexity_share;
    json["documents"] = documents_;
    json["bytes_text"] = bytes_;
    json["tokens"] =
        static_cast<std::int64_t>(static_cast<double>(bytes_) / target.bytes_per_token);
    if (scored_ > 0) json["mean_quality"] = scores_ / static_cast<double>(scored_);
    if (logs_.count() > 0) json["median_perplexity"] = std::exp(logs_.quantile(0.5));
    return json;
  }

 private:
  std::uint64_t documents_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t scored_ = 0;
  double scores_ = 0;
  QuantileSketch logs_;
};

/// Collects the candidates. Output: candidates by language, ordered for the first dial.
exec::Stage candidates_stage(const CorpusFit& fit) {
  const exec::RecordLayout layout =
      by_hash(fit, kCandidateBytes, likely_documents(fit.corpus) * kCandidateBytes);
  exec::Stage stage{.name = "candidates",
                    .tasks = fit.corpus.shards(),
                    .inputs = "",
                    .outputs = {layout},
                    .work = {}};
  stage.work = [&fit, layout](exec::StageTask& task) -> Status {
    exec::RecordBuilder record;
    Languages languages;
    std::uint64_t documents = 0;
    std::uint64_t bytes = 0;
    ALUDEL_TRY(fit.corpus.read(task.number, [&](const CorpusDocument& item) -> Status {
      const Candidate candidate = candidate_of(item.document);
      count(languages, item.document.language, candidate);
      ++documents;
      bytes += candidate.size_bytes;
      return task.write(0, exec::partition_of(candidate.language, layout.partitions),
                        record_by_language(record, candidate, Dial::quality));
    }));
    task.counts["documents"] = documents;
    task.counts["bytes"] = bytes;
    task.counts["languages"] = to_json(languages);
    return Ok{};
  };
  return stage;
}

/// Gives each candidate its percentile within its language. Output: candidates by percentile; the
/// partitions are in the order of percentiles.
Result<exec::StageResult> percentiles_stage(const CorpusFit& fit, const exec::StageResult& from,
                                            Dial dial) {
  const Languages languages = languages_of(from);
  const std::size_t partitions = fit.shuffle.partitions_for(from.outputs[0].size_bytes);
  return sorted_stage(
      fit, fmt::format("{}_percentiles", dial_name(dial)), from, 0, {{kCandidateBytes, partitions}},
      [&](auto& task, auto& records) -> Status {
        exec::RecordBuilder out;
        std::string_view bytes;
        std::uint64_t language = 0;
        std::uint64_t before = 0;
        while (ALUDEL_TRY(records.next(bytes))) {
          const Candidate candidate = parse_by_language(bytes);
          if (candidate.language != language) before = 0;
          language = candidate.language;
          double percentile = kUnranked;
          if (candidate.has_rank(dial)) {
            const std::uint64_t all = languages.at(language).ranked[static_cast<std::size_t>(dial)];
            percentile = static_cast<double>(before++) / static_cast<double>(all);
          }
          const auto partition =
              static_cast<std::size_t>(percentile * static_cast<double>(partitions));
          ALUDEL_TRY(task.write(0, std::min(partition, partitions - 1),
                                record_by_percentile(out, {percentile, candidate})));
        }
        return Ok{};
      });
}

/// One dial at work. It drops documents until the target is met, and counts what it keeps.
class DialTurn {
 public:
  DialTurn(Dial dial, std::uint64_t left, const Target& target)
      : dial_(dial), left_(left), target_(target) {}

  /// True if the document is dropped. REQUIRES: called in the order of percentiles.
  bool drops(const PlacedCandidate& placed) {
    const auto above = std::ranges::upper_bound(kTenths, placed.percentile);
    by_tenth_[static_cast<std::size_t>(above - kTenths.begin()) - 1].add(placed.candidate);
    if (is_met() || placed.percentile >= most()) {
      kept_.add(placed.candidate);
      return false;
    }
    left_ -= amount_of(placed.candidate, target_);
    share_ = placed.percentile;
    last_[placed.candidate.language] = {placed.candidate.value(dial_), placed.candidate.key};
    return true;
  }

  bool is_met() const { return static_cast<double>(left_) <= goal_of(target_); }

  /// Returns the percentile from which on documents are kept, however many are left.
  double most() const { return dial_ == Dial::quality ? kMostByQuality : 1; }

  Json to_json(const Languages& languages) const {
    Json json = Json::object();
    json["left"] = left_;
    json["share"] = share_;
    json["solution"] = kept_.row(0, 0, target_);
    json["table"] = table();
    json["cuts"] = Json::array();
    for (const auto& [language, last] : last_) {
      Json row = Json::object();
      row["language"] = languages.at(language).name;
      row["dial"] = static_cast<int>(dial_);
      row["last_dropped"] = dial_ == Dial::quality ? last.value : -last.value;
      row["key"] = last.key;
      json["cuts"].push_back(std::move(row));
    }
    return json;
  }

 private:
  static constexpr std::array<double, 10> kTenths = {0,   0.1, 0.2, 0.3, 0.4,
                                                     0.5, 0.6, 0.7, 0.8, 0.9};

  /// Returns for each tenth how much is kept if the dial stops there.
  Json table() const {
    Json::Array rows;
    Kept from_here;
    for (std::size_t i = kTenths.size(); i-- > 0;) {
      from_here.merge(by_tenth_[i]);
      rows.insert(rows.begin(), from_here.row(kTenths[i], 0, target_));
    }
    return rows;
  }

  Dial dial_;
  std::uint64_t left_;
  Target target_;
  double share_ = 0;
  std::map<std::uint64_t, Rank> last_;  // the last dropped document, by language
  std::array<Kept, kTenths.size()> by_tenth_;
  Kept kept_;
};

/// Runs one dial, in one task, because where it stops depends on all documents dropped before.
/// Output: the documents that the dial may not drop, for the next dial, if the target is not met.
/// Counts: those of DialTurn, and `languages`.
Result<exec::StageResult> turn_stage(const CorpusFit& fit, const exec::StageResult& from, Dial dial,
                                     std::uint64_t left, const Target& target) {
  const exec::StageResult placed = ALUDEL_TRY(percentiles_stage(fit, from, dial));
  const exec::StageOutput& input = placed.outputs[0];
  const exec::RecordLayout layout = by_hash(fit, kCandidateBytes, input.size_bytes);
  const std::string name = fmt::format("{}_dial", dial_name(dial));
  exec::Stage stage{.name = name,
                    .tasks = 1,
                    .inputs = fmt::format("{} {}", placed.fingerprint, goal_of(target)),
                    .outputs = {layout},
                    .work = {}};
  stage.work = [&](exec::StageTask& task) -> Status {
    const Languages languages = languages_of(from);
    Languages left_over;
    DialTurn turn(dial, left, target);
    exec::RecordBuilder out;
    std::string_view bytes;
    for (std::size_t partition = 0; partition < input.layout.partitions; ++partition) {
      const auto records = ALUDEL_TRY(fit.shuffle.sorted(input, partition, name));
      while (ALUDEL_TRY(records->next(bytes))) {
        const PlacedCandidate next = parse_by_percentile(bytes);
        if (turn.drops(next) || turn.is_met() || dial != Dial::quality) continue;
        count(left_over, languages.at(next.candidate.language).name, next.candidate);
        ALUDEL_TRY(task.write(0, exec::partition_of(next.candidate.language, layout.partitions),
                              record_by_language(out, next.candidate, Dial::perplexity)));
      }
    }
    task.counts = turn.to_json(languages);
    task.counts["languages"] = to_json(left_over);
    return Ok{};
  };
  return fit.shuffle.run(stage);
}

/// Writes the cuts, sorted by language, then dial.
Status write_cuts(io::FileSystem& files, const std::string& path, std::vector<Json> cuts) {
  const auto place = [](const Json& cut) {
    return std::pair(cut.string_or("language", ""), cut.integer_or("dial", 0));
  };
  std::ranges::sort(cuts, {}, place);
  auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, path));
  for (const Json& cut : cuts) {
    ALUDEL_TRY(writer.write(cut));
  }
  return writer.commit();
}

bool has_some_rank(const Languages& languages) {
  return std::ranges::any_of(languages, [](const auto& language) {
    return language.second.ranked != std::array<std::uint64_t, 2>{};
  });
}

}  // namespace

Status fit_target(const CorpusFit& fit, const Target& target) {
  const exec::StageResult candidates = ALUDEL_TRY(fit.shuffle.run(candidates_stage(fit)));
  const std::uint64_t all = sum_of(candidates, target.keep > 0 ? "documents" : "bytes");
  if (static_cast<double>(all) > goal_of(target) && !has_some_rank(languages_of(candidates))) {
    return Error{Code::invalid_argument,
                 "[target] no document has a quality score or a perplexity to choose by: turn "
                 "layer quality or perplexity on"};
  }
  const auto by_quality = ALUDEL_TRY(turn_stage(fit, candidates, Dial::quality, all, target));
  const Json& first = by_quality.counts[0];
  std::vector<Json> cuts = first.find("cuts")->as_array();
  Json solution = *first.find("solution");
  solution["quality_share"] = *first.find("share");
  const std::uint64_t left = sum_of(by_quality, "left");
  if (static_cast<double>(left) > goal_of(target)) {
    const auto by_perplexity =
        ALUDEL_TRY(turn_stage(fit, by_quality, Dial::perplexity, left, target));
    const Json& second = by_perplexity.counts[0];
    solution = *second.find("solution");
    solution["quality_share"] = *first.find("share");
    solution["perplexity_share"] = *second.find("share");
    std::ranges::copy(second.find("cuts")->as_array(), std::back_inserter(cuts));
  }
  Json trade_off = Json::object();
  trade_off["target_tokens"] = target.tokens;
  trade_off["target_keep"] = target.keep;
  trade_off["bytes_per_token"] = target.bytes_per_token;
  trade_off["documents_read"] = target.documents_read;
  trade_off["table"] = *first.find("table");
  trade_off["solution"] = std::move(solution);
  io::FileSystem& files = fit.shuffle.files();
  const std::string folder = io::join_path(fit.shuffle.run_folder(), fit.state_folder);
  ALUDEL_TRY(write_cuts(files, io::join_path(folder, kTargetCuts), std::move(cuts)));
  return io::write_file(files, io::join_path(folder, kTradeOff), trade_off.dump_pretty() + "\n");
}

}  // namespace aludel::curate
