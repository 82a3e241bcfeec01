#include <algorithm>
#include <optional>
#include <set>

#include "aludel/base/config.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/layers/exact_dedup/boundaries.h"
#include "aludel/curate/layers/exact_dedup/duplicates_plan.h"
#include "aludel/curate/layers/exact_dedup/repeats.h"
#include "aludel/curate/layers/exact_dedup/repeats_plan.h"
#include "aludel/curate/layers/shared/cut_text.h"
#include "aludel/curate/learn/findings.h"

namespace aludel::curate {
namespace {

struct ExactSettings {
  std::string scope = "dump";
  bool urls = true;
  std::int64_t min_words = 50;
  std::int64_t min_bytes = 100;
  double min_kept_share = 0.3;
  std::int64_t min_kept_words = 20;

  template <class V>
  void visit(V& v) {
    v("scope", scope, "which documents are compared: of one dump, of one source, or all",
      one_of(kScopes))
        .read_at = ReadAt::learning;
    v("urls", urls, "of web pages with one address keep the newest capture only").read_at =
        ReadAt::learning;
    v("min_words", min_words,
      "shortest run of words and symbols that is cut where it stands again; 0: cut nothing",
      at_least(0))
        .read_at = ReadAt::learning;
    v("min_bytes", min_bytes, "a shorter cut is not made", at_least(0)).read_at = ReadAt::decision;
    v("min_kept_share", min_kept_share, "a cut document falls when less of its words is left",
      kShare)
        .read_at = ReadAt::decision;
    v("min_kept_words", min_kept_words, "a cut document falls when fewer words are left",
      at_least(0))
        .read_at = ReadAt::decision;
  }
};

/// {"id", "reason", "of"} or {"id", "cut_words": [begin, end, …]}.
Json fallen_row(const std::string& id, std::string_view reason, const std::string& kept) {
  Json row = Json::object();
  row["id"] = id;
  row["reason"] = reason;
  row["of"] = kept;
  return row;
}

void add_cut(Json& row, const std::string& id, const Range& words) {
  if (row.is_null()) row["id"] = id;
  row["cut_words"].push_back(static_cast<std::int64_t>(words.begin));
  row["cut_words"].push_back(static_cast<std::int64_t>(words.end));
}

exact_dedup::Comparison comparison_of(const ExactSettings& settings) {
  return {settings.urls ? exact_dedup::Addresses::compared : exact_dedup::Addresses::ignored,
          scope_named(settings.scope)};
}

/// The findings of one shard: what falls and what is cut, in the documents' order.
Status write_exact_findings(const CorpusFit& fit, std::size_t shard,
                            const exact_dedup::DuplicateStages& duplicates,
                            const exact_dedup::RepeatStages* repeats, io::JsonlWriter& rows) {
  const auto fallen = ALUDEL_TRY(duplicates.fallen(fit, shard));
  auto next_fallen = fallen.begin();
  std::optional<exact_dedup::RepeatStages::Cuts> cuts;
  exact_dedup::RepeatStages::Cut cut{};
  if (repeats != nullptr) cuts.emplace(ALUDEL_TRY(repeats->cuts(fit, shard)));
  bool has_cut = cuts && ALUDEL_TRY(cuts->next(cut));
  exec::RecordReader ids = duplicates.ids(fit, shard);
  std::string_view id;
  for (std::uint32_t document = 0; ALUDEL_TRY(ids.next(id)); ++document) {
    Json row;
    if (next_fallen != fallen.end() && next_fallen->document == document) {
      row = fallen_row(next_fallen->id.hex(), next_fallen->reason, next_fallen->kept.hex());
      ++next_fallen;
    }
    for (; has_cut && cut.document == document; has_cut = ALUDEL_TRY(cuts->next(cut))) {
      add_cut(row, exec::RecordParser(id).hash().hex(), cut.words);
    }
    if (!row.is_null()) ALUDEL_TRY(rows.write(row));
  }
  return Ok{};
}

Status fit_exact(const CorpusFit& fit, const ExactSettings& settings) {
  const auto duplicates =
      ALUDEL_TRY(exact_dedup::DuplicateStages::run(fit, comparison_of(settings)));
  std::optional<exact_dedup::RepeatStages> repeats;
  if (settings.min_words > 0) {
    const auto skipped = [&](std::size_t shard) -> Result<std::set<std::uint32_t>> {
      std::set<std::uint32_t> skip;
      for (const auto& fallen : ALUDEL_TRY(duplicates.fallen(fit, shard))) {
        skip.insert(fallen.document);
      }
      return skip;
    };
    repeats = ALUDEL_TRY(exact_dedup::RepeatStages::run(
        fit, {static_cast<std::size_t>(settings.min_words), comparison_of(settings).scope, skipped,
              duplicates.fingerprint()}));
  }
  const std::string inputs = duplicates.fingerprint() + (repeats ? repeats->fingerprint() : "");
  return write_findings(fit, inputs, [&](std::size_t shard, io::JsonlWriter& rows) {
    return write_exact_findings(fit, shard, duplicates, repeats ? &*repeats : nullptr, rows);
  });
}

class ExactLayer final : public Layer {
 public:
  explicit ExactLayer(const ExactSettings& settings) : settings_(settings) {}

  CorpusPlan learn() const override {
    return [this](const CorpusFit& fit) { return fit_exact(fit, settings_); };
  }

  Verdict decide(Document& document) const override {
    const Json& finding = document.finding;
    if (finding.is_null()) return {};
    const std::string reason = finding.string_or("reason", "");
    if (!reason.empty()) {
      document.annotations["exact_dedup"]["of"] = finding.string_or("of", "");
      return {false, reason, 1};
    }
    std::vector<Range> cut_words;
    const Json* cuts = finding.find("cut_words");
    for (std::size_t i = 0; cuts != nullptr && i + 1 < cuts->as_array().size(); i += 2) {
      cut_words.push_back({static_cast<std::size_t>(cuts->as_array()[i].as_integer()),
                           static_cast<std::size_t>(cuts->as_array()[i + 1].as_integer())});
    }
    return cut(document, cut_words);
  }

 private:
  Verdict cut(Document& document, const std::vector<Range>& cut_words) const {
    const std::vector<text::Word> words = exact_dedup::repeat_words(document.text);
    std::vector<Range> cuts;
    std::size_t words_cut = 0;
    for (const Range& range : cut_words) {
      if (range.begin >= range.end || range.end > words.size()) continue;  // of another text
      const Range run = exact_dedup::snap_to_sentences(document.text, words, range);
      const Range bytes{words[run.begin].begin, words[run.end - 1].end};
      if (bytes.end - bytes.begin < static_cast<std::size_t>(settings_.min_bytes)) continue;
      cuts.push_back(bytes);
      words_cut += run.end - run.begin;
    }
    if (cuts.empty()) return {};
    const double share = static_cast<double>(words_cut) / static_cast<double>(words.size());
    Json& annotation = document.annotations["exact_dedup"];
    annotation["cut"] = static_cast<std::int64_t>(cuts.size());
    annotation["share"] = share;
    if (1 - share < settings_.min_kept_share ||
        words.size() - words_cut < static_cast<std::size_t>(settings_.min_kept_words)) {
      return {false, "mostly_repeated", share};
    }
    return {.score = share, .text = cut_text(document.text, cuts)};
  }

  ExactSettings settings_;
};

}  // namespace

extern constinit const LayerSpec layer_exact_dedup = {
    .name = "exact_dedup",
    .summary = "Drops copies of texts and older captures of an address; cuts long repeated runs.",
    .source = "Lee et al. 2022, arXiv:2107.06499; RefinedWeb, arXiv:2306.01116",
    .show_settings = default_settings<ExactSettings>,
    .make = [](const Json& settings, const LayerContext&) -> Result<std::unique_ptr<Layer>> {
      ExactSettings read;
      ALUDEL_TRY(read_config(settings, read, "layers.exact_dedup"));
      return std::unique_ptr<Layer>(std::make_unique<ExactLayer>(read));
    },
    .edits = Edits::decisions,
    .learns = Learns::findings,
    .decides_by = DecidesBy::text,
    .grounds = Grounds::elsewhere,
};

}  // namespace aludel::curate
