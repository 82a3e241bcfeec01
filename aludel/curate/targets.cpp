#include "aludel/curate/targets.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/curate/quantile.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

constexpr double kMostByQuality = 0.9;  // DCLM keeps the best tenth
constexpr int kTableSteps = 9;

enum class Dial : std::uint8_t { quality, perplexity };

constexpr std::string_view kReasons[] = {"target_quality", "target_perplexity"};

/// What a dial turns on: better is larger; documents of equal value fall in the order of the key.
struct Rank {
  double value;
  std::uint64_t key;
  auto operator<=>(const Rank&) const = default;  // NOLINT(modernize-use-nullptr): not its 0
};

std::optional<Rank> rank_of(const Document& document, Dial dial) {
  const Json* notes = document.annotations.find(dial == Dial::quality ? "quality" : "perplexity");
  const Json* value =
      notes == nullptr ? nullptr : notes->find(dial == Dial::quality ? "score" : "log");
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double better = dial == Dial::quality ? value->as_number() : -value->as_number();
  return Rank{better, hash64(document.id) >> 1};  // fits the signed integers of JSON
}

struct Candidate {
  std::string language;
  std::optional<Rank> ranks[2];  // by Dial
  std::uint64_t bytes = 0;
  bool is_kept = true;
};

/// A candidate's place in the order in which a dial drops documents.
struct CandidatePlace {
  double percentile;
  Rank rank;
  Candidate* candidate;
};

/// Those that are kept and have a rank, by percentile within their language.
std::vector<CandidatePlace> drop_order(std::span<Candidate> candidates, Dial dial) {
  std::map<std::string, std::vector<CandidatePlace>> by_language;
  for (Candidate& candidate : candidates) {
    const auto& rank = candidate.ranks[static_cast<std::size_t>(dial)];
    if (candidate.is_kept && rank)
      by_language[candidate.language].push_back({0, *rank, &candidate});
  }
  std::vector<CandidatePlace> all;
  for (auto& [language, places] : by_language) {
    std::ranges::sort(places, {}, &CandidatePlace::rank);
    for (std::size_t i = 0; i < places.size(); ++i) {
      places[i].percentile = static_cast<double>(i) / static_cast<double>(places.size());
    }
    all.insert(all.end(), places.begin(), places.end());
  }
  std::ranges::sort(all, [](const CandidatePlace& a, const CandidatePlace& b) {
    return a.percentile != b.percentile ? a.percentile < b.percentile : a.rank.key < b.rank.key;
  });
  return all;
}

class TargetFit final : public Fit {
 public:
  TargetFit(const CurateConfig& config, const Counts& counts) : config_(config), counts_(counts) {}

  void observe(const Document& document) override {
    candidates_.push_back({document.language,
                           {rank_of(document, Dial::quality), rank_of(document, Dial::perplexity)},
                           document.text.size()});
  }

  void merge(Fit& later) override {
    std::ranges::move(static_cast<TargetFit&>(later).candidates_, std::back_inserter(candidates_));
  }

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    const double goal = goal_of_run();
    const auto has_rank = [](const Candidate& one) { return one.ranks[0] || one.ranks[1]; };
    if (amount() > goal && std::ranges::none_of(candidates_, has_rank)) {
      return Error{Code::invalid_argument,
                   "[target] no document has a quality score or a perplexity to choose by: turn "
                   "layer quality or perplexity on"};
    }
    Json table = Json::array();
    const std::vector<CandidatePlace> by_quality = drop_order(candidates_, Dial::quality);
    for (int step = 0; step <= kTableSteps; ++step) {
      set_quality(by_quality, static_cast<double>(step) / 10);
      table.push_back(row(static_cast<double>(step) / 10, 0));
    }
    set_quality(by_quality, 0);
    Json solution = solve(by_quality, goal);
    ALUDEL_TRY(write_cuts(files, state_folder));
    Json all = Json::object();
    all["target_tokens"] = config_.target_tokens;
    all["target_keep"] = config_.target_keep;
    all["bytes_per_token"] = config_.bytes_per_token;
    all["documents_read"] = documents_read();
    all["table"] = std::move(table);
    all["solution"] = std::move(solution);
    return io::write_file(files, io::join_path(state_folder, "trade_off.json"),
                          all.dump_pretty() + "\n");
  }

 private:
  bool counts_documents() const { return config_.target_keep > 0; }

  std::uint64_t documents_read() const {
    std::uint64_t read = 0;
    for (const auto& [name, source] : counts_) {
      const auto found = source.layers.find("read");
      if (found != source.layers.end()) read += found->second.in;
    }
    return read;
  }

  double goal_of_run() const {
    if (counts_documents()) return config_.target_keep * static_cast<double>(documents_read());
    return static_cast<double>(config_.target_tokens) * config_.bytes_per_token;
  }

  double amount_of(const Candidate& candidate) const {
    return counts_documents() ? 1 : static_cast<double>(candidate.bytes);
  }

  /// Documents or bytes that are kept now.
  double amount() const {
    double sum = 0;
    for (const Candidate& candidate : candidates_) {
      if (candidate.is_kept) sum += amount_of(candidate);
    }
    return sum;
  }

  static void set_quality(const std::vector<CandidatePlace>& order, double share) {
    for (const CandidatePlace& place : order) {
      place.candidate->is_kept = place.percentile >= share;
    }
  }

  /// Turns the dials until the target is met; returns the row of where they stand.
  Json solve(const std::vector<CandidatePlace>& by_quality, double goal) {
    double left = amount();
    double shares[2] = {0, 0};
    const auto turn = [&](const std::vector<CandidatePlace>& order, Dial dial, double most) {
      for (const CandidatePlace& place : order) {
        if (left <= goal || place.percentile >= most) return;
        place.candidate->is_kept = false;
        left -= amount_of(*place.candidate);
        shares[static_cast<std::size_t>(dial)] = place.percentile;
        cuts_[place.candidate->language].last[static_cast<std::size_t>(dial)] = place.rank;
      }
    };
    turn(by_quality, Dial::quality, kMostByQuality);
    if (left > goal) turn(drop_order(candidates_, Dial::perplexity), Dial::perplexity, 1);
    return row(shares[0], shares[1]);
  }

  Json row(double quality_share, double perplexity_share) const {
    Json json = Json::object();
    json["quality_share"] = quality_share;
    json["perplexity_share"] = perplexity_share;
    std::uint64_t documents = 0;
    std::uint64_t bytes = 0;
    double scores = 0;
    std::uint64_t scored = 0;
    std::vector<float> logs;
    for (const Candidate& candidate : candidates_) {
      if (!candidate.is_kept) continue;
      ++documents;
      bytes += candidate.bytes;
      if (candidate.ranks[0]) scores += candidate.ranks[0]->value;
      if (candidate.ranks[0]) ++scored;
      if (candidate.ranks[1]) logs.push_back(static_cast<float>(-candidate.ranks[1]->value));
    }
    json["documents"] = documents;
    json["bytes_text"] = bytes;
    json["tokens"] =
        static_cast<std::int64_t>(static_cast<double>(bytes) / config_.bytes_per_token);
    if (scored > 0) json["mean_quality"] = scores / static_cast<double>(scored);
    if (!logs.empty()) json["median_perplexity"] = std::exp(quantile(std::move(logs), 0.5));
    return json;
  }

  Status write_cuts(io::FileSystem& files, const std::string& state_folder) const {
    auto writer =
        ALUDEL_TRY(io::JsonlWriter::create(files, io::join_path(state_folder, "target.jsonl")));
    for (const auto& [language, cut] : cuts_) {
      for (const Dial dial : {Dial::quality, Dial::perplexity}) {
        const auto& last = cut.last[static_cast<std::size_t>(dial)];
        if (!last) continue;
        Json json = Json::object();
        json["language"] = language;
        json["dial"] = static_cast<int>(dial);
        json["last_dropped"] = dial == Dial::quality ? last->value : -last->value;
        json["key"] = last->key;
        ALUDEL_TRY(writer.write(json));
      }
    }
    return writer.commit();
  }

  struct Cut {
    std::optional<Rank> last[2];  // the best that fell, by Dial
  };

  CurateConfig config_;
  const Counts& counts_;
  std::vector<Candidate> candidates_;
  std::map<std::string, Cut> cuts_;
};

class TargetLayer final : public Layer {
 public:
  TargetLayer(const CurateConfig& config, const Counts& counts)
      : config_(config), counts_(counts) {}

  std::unique_ptr<Fit> start_fit() const override {
    return std::make_unique<TargetFit>(config_, counts_);
  }

  Status load_state(io::FileSystem& files, const std::string& state_folder) override {
    auto reader =
        ALUDEL_TRY(io::JsonlReader::open(files, io::join_path(state_folder, "target.jsonl")));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      const auto dial = row.integer_or("dial", 0) == 0 ? Dial::quality : Dial::perplexity;
      const double value = row.number_or("last_dropped", 0);
      last_dropped_[{row.string_or("language", ""), dial}] = {
          dial == Dial::quality ? value : -value,
          static_cast<std::uint64_t>(row.integer_or("key", 0))};
    }
    return Ok{};
  }

  Verdict judge(Document& document) const override {
    for (const Dial dial : {Dial::quality, Dial::perplexity}) {
      const auto last = last_dropped_.find({document.language, dial});
      const auto rank = rank_of(document, dial);
      if (last == last_dropped_.end() || !rank || *rank > last->second) continue;
      return {false, std::string(kReasons[static_cast<std::size_t>(dial)]),
              dial == Dial::quality ? rank->value : std::exp(-rank->value)};
    }
    return {};
  }

 private:
  CurateConfig config_;
  const Counts& counts_;
  std::map<std::pair<std::string, Dial>, Rank> last_dropped_;
};

}  // namespace

bool has_target(const CurateConfig& config) {
  return config.target_tokens > 0 || config.target_keep > 0;
}

const LayerSpec& target_spec() {
  static constexpr LayerSpec kSpec = {
      .name = "target",
      .summary = "Cuts to target_tokens or target_keep.",
      .source = "DCLM, arXiv:2406.11794; CCNet, arXiv:1911.00359",
      .kind = LayerKind::fitted,
      .show_settings = [](const std::function<void(const Fields&)>& use) { use(Fields()); },
      .make = [](const Json&, const LayerContext&) -> Result<std::unique_ptr<Layer>> {
        return Error{Code::unsupported, "[target] is made by a run"};
      }};
  return kSpec;
}

std::unique_ptr<Layer> make_target_layer(const CurateConfig& config, const Counts& counts) {
  return std::make_unique<TargetLayer>(config, counts);
}

}  // namespace aludel::curate
