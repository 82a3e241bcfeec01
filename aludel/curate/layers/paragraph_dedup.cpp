#include <algorithm>
#include <set>

#include "aludel/base/config.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/layers/paragraph_dedup/paragraphs.h"
#include "aludel/curate/layers/paragraph_dedup/paragraphs_plan.h"
#include "aludel/curate/layers/shared/cut_text.h"
#include "aludel/curate/learn/findings.h"

namespace aludel::curate {
namespace {

using paragraph_dedup::Paragraph;

struct ParagraphSettings {
  std::string scope = "dump";
  std::int64_t min_words = 20;
  double min_new_share = 0.1;
  std::int64_t min_kept_words = 20;

  template <class V>
  void visit(V& v) {
    v("scope", scope, "which documents are compared: of one dump, of one source, or all",
      one_of(kScopes))
        .read_at = ReadAt::learning;
    v("min_words", min_words,
      "shorter paragraphs stay; words, or code points of Chinese, Japanese, Korean", at_least(1))
        .read_at = ReadAt::decision;
    v("min_new_share", min_new_share,
      "a document falls when less of its words is in paragraphs, short ones too, that are new",
      kShare)
        .read_at = ReadAt::decision;
    v("min_kept_words", min_kept_words, "a cut document falls when fewer words are left",
      at_least(0))
        .read_at = ReadAt::decision;
  }
};

class ParagraphLayer final : public Layer {
 public:
  ParagraphLayer(ParagraphSettings settings, Scope scope)
      : settings_(std::move(settings)), scope_(scope) {}

  CorpusPlan learn() const override {
    return [this](const CorpusFit& fit) { return paragraph_dedup::fit_paragraphs(fit, scope_); };
  }

  Verdict decide(Document& document) const override {
    if (document.finding.is_null()) return {};
    const auto paragraphs = paragraph_dedup::split_paragraphs(document.text);
    const std::set<std::int64_t> repeated = paragraph_dedup::repeated_of(document.finding);
    std::vector<Range> cuts;
    std::size_t words = 0;
    std::size_t words_repeated = 0;
    std::size_t words_cut = 0;
    for (std::size_t i = 0; i < paragraphs.size(); ++i) {
      const Paragraph& paragraph = paragraphs[i];
      words += paragraph.words;
      if (!repeated.contains(static_cast<std::int64_t>(i))) continue;
      words_repeated += paragraph.words;
      if (paragraph.words < static_cast<std::size_t>(settings_.min_words)) continue;
      cuts.push_back({paragraph.begin, paragraph.end});
      words_cut += paragraph.words;
    }
    if (words_repeated == 0) return {};
    const double share = static_cast<double>(words_repeated) / static_cast<double>(words);
    Json& annotation = document.annotations["paragraph_dedup"];
    annotation["repeated_share"] = share;
    annotation["cut"] = static_cast<std::int64_t>(cuts.size());
    if (1 - share < settings_.min_new_share ||
        (!cuts.empty() && words - words_cut < static_cast<std::size_t>(settings_.min_kept_words))) {
      return {false, "mostly_duplicate_paragraphs", share};
    }
    Verdict verdict{true, "", share};
    if (!cuts.empty()) verdict.text = cut_text(document.text, cuts);
    return verdict;
  }

 private:
  ParagraphSettings settings_;
  Scope scope_;
};

}  // namespace

extern constinit const LayerSpec layer_paragraph_dedup = {
    .name = "paragraph_dedup",
    .summary = "Cuts paragraphs that stood in an earlier document.",
    .source = "CCNet, arXiv:1911.00359 (there of lines); Yi, arXiv:2403.04652 figure 1",
    .show_settings = default_settings<ParagraphSettings>,
    .make = [](const Json& settings, const LayerContext&) -> Result<std::unique_ptr<Layer>> {
      ParagraphSettings read;
      ALUDEL_TRY(read_config(settings, read, "layers.paragraph_dedup"));
      const Scope scope = scope_named(read.scope);
      return std::unique_ptr<Layer>(std::make_unique<ParagraphLayer>(std::move(read), scope));
    },
    .edits = Edits::decisions,
    .learns = Learns::findings,
    .decides_by = DecidesBy::text,
    .grounds = Grounds::elsewhere,
};

}  // namespace aludel::curate
