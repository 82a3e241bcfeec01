#include <algorithm>
#include <utility>

#include "aludel/base/check.h"
#include "aludel/base/config.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/cascade/compat.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/cascade/rules.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/layers/correction/line_edits.h"
#include "aludel/curate/layers/correction/mojibake.h"
#include "aludel/curate/layers/correction/peer_lines.h"
#include "aludel/curate/layers/correction/reference_marks.h"
#include "aludel/curate/layers/correction/unicode_repair.h"
#include "aludel/safety/pii.h"

namespace aludel::curate {
namespace {

constexpr Compat<EditAsPeer> kLineRules[] = {
    {"own", nullptr},
    {"c4", edit_lines_as_c4},
    {"fineweb", edit_lines_as_fineweb},
    {"refinedweb", edit_lines_as_refinedweb},
};

enum class PiiAction : std::uint8_t { placeholder, pseudonym, off };

struct NamedPiiAction {
  std::string_view name;
  PiiAction action;
};

constexpr NamedPiiAction kPiiActions[] = {{"placeholder", PiiAction::placeholder},
                                          {"pseudonym", PiiAction::pseudonym},
                                          {"off", PiiAction::off}};

/// Sources: RefinedWeb = arXiv:2306.01116 G.2 with DCLM's refinedweb.yaml for lines and the cap;
/// C4 = arXiv:1910.10683 for marks and javascript lines.
struct CorrectionSettings {
  bool repair_encoding = true;
  bool edit_lines = true;
  std::string line_rules = "own";
  bool strip_marks = true;
  LineEditSettings lines;
  double max_removed_words = 0.05;
  std::string pii = "placeholder";
  std::vector<std::string> keep_pii;
  double max_pii = 0.2;
  double max_replacement_characters = 0.01;

  template <class V>
  void visit(V& v) {
    v("repair_encoding", repair_encoding, "undo wrong encodings and remove invisible characters");
    v("edit_lines", edit_lines, "remove counters, menus, notices; false for code");
    v("line_rules", line_rules,
      "whose rules: own (`lines` and strip_marks), or a peer's, whose text comes out; refinedweb "
      "in "
      "DCLM's form",
      one_of(kLineRules));
    v("strip_marks", strip_marks,
      "take [edit], [citation needed] and the numbers of notes out of edited lines; C4");
    v("lines", lines, "which lines go");
    v("max_removed_words", max_removed_words,
      "share of words that line edits may remove before the document falls; RefinedWeb: 0.05",
      kShare);
    v("pii", pii, "placeholder: <EMAIL>; pseudonym: a reserved value, the same for the same",
      one_of(kPiiActions));
    v("keep_pii", keep_pii, "kinds of personal data that stay", one_of(safety::pii_kind_names()));
    v("max_pii", max_pii, "share of characters that are personal data before the document falls",
      kShare);
    v("max_replacement_characters", max_replacement_characters,
      "share of characters that are U+FFFD, what is left of lost bytes", kShare);
  }
};

struct CorrectionParts {
  CorrectionSettings settings;
  PiiAction action = PiiAction::placeholder;
  std::array<bool, safety::kPiiKindCount> is_kept{};  // by PiiKind
  std::uint64_t seed = 0;
  safety::PiiFinder finder;
  LineEditor editor;
  EditAsPeer as_peer = nullptr;  // nullptr: our own rules
};

/// All other settings change the text.
constexpr Rule kCorrectionRules[] = {
    {"replacement_characters", Side::at_most, "max_replacement_characters", "broken_unicode"},
    {"removed_words", Side::at_most, "max_removed_words", "too_many_lines_removed"},
    {"pii_share", Side::at_most, "max_pii", "too_much_pii"},
};

class CorrectionLayer final : public RuleLayer {
 public:
  explicit CorrectionLayer(CorrectionParts parts)
      : RuleLayer("correction", Rules(kCorrectionRules, dump_config(parts.settings))),
        parts_(std::move(parts)) {}

  void measure(Document& document) const override {
    Json annotation = Json::object();
    Measured measured(annotation);
    if (parts_.settings.repair_encoding) repair_encoding(document, annotation, measured);
    if (parts_.settings.edit_lines) edit_lines(document, annotation, measured);
    if (parts_.action != PiiAction::off) replace_pii(document, annotation, measured);
    document.annotations["correction"] = std::move(annotation);
  }

 private:
  void repair_encoding(Document& document, Json& annotation, Measured& measured) const {
    RepairedText repaired = repair_mojibake(document.text);
    annotation["mojibake_repaired"] = repaired.repairs;
    repaired = repair_unicode(repaired.text);
    annotation["unicode_repaired"] = repaired.repairs;
    document.text = std::move(repaired.text);
    std::size_t lost = 0;
    for (auto at = document.text.find("\xEF\xBF\xBD"); at != std::string::npos;
         at = document.text.find("\xEF\xBF\xBD", at + 3)) {
      ++lost;
    }
    const auto all =
        static_cast<double>(std::max<std::size_t>(count_code_points(document.text), 1));
    measured.add("replacement_characters", static_cast<double>(lost) / all);
  }

  void edit_lines(Document& document, Json& annotation, Measured& measured) const {
    EditedLines edited = parts_.as_peer != nullptr ? parts_.as_peer(document.text)
                                                   : parts_.editor.apply(document.text);
    annotation["lines_removed"] = edited.lines_removed;
    document.text = std::move(edited.text);
    if (parts_.settings.strip_marks && parts_.as_peer == nullptr) {
      UnmarkedText unmarked = strip_reference_marks(document.text);
      annotation["marks_removed"] = unmarked.marks;
      document.text = std::move(unmarked.text);
    }
    const auto words = static_cast<double>(std::max<std::int64_t>(edited.words, 1));
    measured.add("removed_words", static_cast<double>(edited.words_removed) / words);
  }

  void replace_pii(Document& document, Json& annotation, Measured& measured) const {
    std::vector<safety::PiiSpan> spans = parts_.finder.find(document.text);
    std::erase_if(spans, [&](const safety::PiiSpan& span) {
      return parts_.is_kept.at(static_cast<std::size_t>(span.kind));
    });
    std::size_t bytes = 0;
    for (const safety::PiiSpan& span : spans) {
      bytes += span.end - span.begin;
    }
    const auto all = static_cast<double>(std::max<std::size_t>(document.text.size(), 1));
    const auto replacement = parts_.action == PiiAction::pseudonym
                                 ? safety::PiiReplacement::pseudonym
                                 : safety::PiiReplacement::placeholder;
    safety::AnonymisedText result =
        safety::anonymise(document.text, spans, replacement, parts_.seed);
    Json counts = Json::object();
    for (std::size_t kind = 0; kind < safety::kPiiKindCount; ++kind) {
      const std::int64_t count = result.counts.at(kind);
      if (count > 0) counts[safety::pii_kind_name(static_cast<safety::PiiKind>(kind))] = count;
    }
    document.text = std::move(result.text);
    annotation[kReplacedPersonalData.key] = std::move(counts);
    measured.add("pii_share", static_cast<double>(bytes) / all);
  }

  CorrectionParts parts_;
};

PiiAction action_of(std::string_view name) {
  const auto* const found = std::ranges::find(kPiiActions, name, &NamedPiiAction::name);
  ALUDEL_CHECK(found != std::end(kPiiActions), "an unknown action passed validation");
  return found->action;
}

Result<std::unique_ptr<Layer>> make_correction(const Json& json, const LayerContext& context) {
  CorrectionSettings settings;
  ALUDEL_TRY(read_config(json, settings, "layers.correction"));
  const auto& line_rules = compat_named<EditAsPeer>(kLineRules, settings.line_rules);
  CorrectionParts parts{.settings = settings,
                        .action = action_of(settings.pii),
                        .seed = context.seed,
                        .finder = ALUDEL_TRY(safety::PiiFinder::create()),
                        .editor = ALUDEL_TRY(LineEditor::create(settings.lines)),
                        .as_peer = line_rules.rule};
  for (std::size_t kind = 0; kind < safety::kPiiKindCount; ++kind) {
    const std::string_view name = safety::pii_kind_name(static_cast<safety::PiiKind>(kind));
    parts.is_kept.at(kind) = std::ranges::find(settings.keep_pii, name) != settings.keep_pii.end();
  }
  return std::unique_ptr<Layer>(std::make_unique<CorrectionLayer>(std::move(parts)));
}

}  // namespace

extern constinit const LayerSpec layer_correction = {
    .name = "correction",
    .summary = "Repairs encodings, removes menu and notice lines, anonymises personal data.",
    .source =
        "RefinedWeb, arXiv:2306.01116 G.2; C4, arXiv:1910.10683; GB 11643; ISO 13616; ISO/IEC 7812",
    .show_settings = default_settings<CorrectionSettings>,
    .make = make_correction,
    .edits = Edits::repairs,
    .rules = [](const Json&) { return std::span<const Rule>(kCorrectionRules); },
};

}  // namespace aludel::curate
