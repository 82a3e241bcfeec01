#include "aludel/curate/target/target_layer.h"

#include <cmath>
#include <map>
#include <utility>

#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/target/candidate.h"
#include "aludel/curate/target/target_plan.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kReasons[] = {"target_quality", "target_perplexity"};

std::uint64_t documents_read(const Counts& counts) {
  std::uint64_t read = 0;
  for (const auto& [name, source] : counts) {
    const auto found = source.layers.find(kReadLayer);
    if (found != source.layers.end()) read += found->second.in;
  }
  return read;
}

class TargetLayer final : public Layer {
 public:
  TargetLayer(const CurateConfig& config, const Counts& counts)
      : config_(config), counts_(counts) {}

  CorpusPlan learn() const override {
    return [this](const CorpusFit& fit) {
      return fit_target(fit, {.tokens = static_cast<std::uint64_t>(config_.target_tokens),
                              .keep = config_.target_keep,
                              .bytes_per_token = config_.bytes_per_token,
                              .documents_read = documents_read(counts_)});
    };
  }

  Status load_limits(io::FileSystem& files, const std::string& state_folder) override {
    auto reader =
        ALUDEL_TRY(io::JsonlReader::open(files, io::join_path(state_folder, kTargetCuts)));
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

  Verdict decide(Document& document) const override {
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
      .show_settings = [](const std::function<void(const Fields&)>& use) { use(Fields()); },
      .make = [](const Json&, const LayerContext&) -> Result<std::unique_ptr<Layer>> {
        return Error{Code::unsupported, "[target] is made by a run"};
      },
      .learns = Learns::limits,
  };
  return kSpec;
}

std::string trade_off_path() {
  return io::join_path(state_path(target_spec().name), kTradeOff);
}

std::unique_ptr<Layer> make_target_layer(const CurateConfig& config, const Counts& counts) {
  return std::make_unique<TargetLayer>(config, counts);
}

}  // namespace aludel::curate
