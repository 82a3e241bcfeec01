#include "aludel/text/language.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/base/log.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/layers/correction/mojibake.h"
#include "aludel/curate/layers/language/captures.h"
#include "aludel/curate/layers/language/doubtful_page.h"
#include "aludel/curate/layers/language/text_addresses.h"
#include "aludel/curate/layers/language/url_filter.h"
#include "aludel/text/han_converter.h"
#include "aludel/text/language/fasttext_model.h"
#include "aludel/text/normalise.h"
#include "aludel/text/page/consent.h"
#include "aludel/text/page/page_text.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kSignals[] = {"robots_list", "noai", "tdm_reservation", "noimageai"};

/// Sources: RefinedWeb = arXiv:2306.01116 G.1 for URLs, and its 0.65 for the language, which
/// FineWeb (arXiv:2406.17557) keeps; the share that CLD2 reports stands in for fastText's
/// probability, and the shares of all languages that are wanted count together. Dolma =
/// arXiv:2402.00159: equal addresses were 53 % of its pages.
struct LanguageSettings {
  std::vector<std::string> languages = {"en", "zh"};
  double min_confidence = 0.65;
  std::string lid_model;
  bool newest_captures = true;
  std::vector<std::string> domain_lists;
  std::vector<std::string> url_lists;
  std::vector<std::string> word_lists;
  std::vector<std::string> robots_lists;
  std::int64_t max_soft_url_words = 2;
  bool own_url_words = true;
  bool check_urls = true;
  std::string compat = "none";
  std::vector<std::string> consent = {std::begin(kSignals), std::end(kSignals)};
  std::string comments = "drop";
  std::string han;
  bool repair_encoding = true;
  bool normalise = true;
  bool remove_addresses = false;
  std::int64_t max_newlines = 0;

  template <class V>
  void visit(V& v) {
    v("languages", languages, "ISO 639-1 codes that are kept; empty keeps all").read_at =
        ReadAt::decision;
    v("min_confidence", min_confidence,
      "share of the text that is in the languages, all together; RefinedWeb", kShare)
        .read_at = ReadAt::decision;
    v("lid_model", lid_model,
      "a fastText model that is asked where CLD2 is unsure; empty: lid.176.ftz of the folder of "
      "models, where it is there; none: CLD2 alone");
    v("newest_captures", newest_captures,
      "of web pages with one address keep the newest capture only, before all else; Dolma");
    v("domain_lists", domain_lists, "files of blocked domains, one a line");
    v("url_lists", url_lists, "files of blocked addresses, one a line");
    v("word_lists", word_lists, "files of blocked URL words: \"strict|hard|soft WORD\" a line");
    v("robots_lists", robots_lists,
      "files of hosts, or hosts with the beginning of a path, that robots.txt closes to training");
    v("max_soft_url_words", max_soft_url_words,
      "soft words that a URL may have; with one or more of them the page's text is judged, too; "
      "RefinedWeb: 1, unread",
      at_least(0));
    v("own_url_words", own_url_words, "use the words that come with the program");
    v("check_urls", check_urls, "block by own words and the lists");
    v("compat", compat, "whose way of matching URLs; none: our own; datatrove: as its URLFilter",
      one_of({"none", "datatrove"}));
    v("consent", consent, "signals that drop a page", one_of(kSignals));
    v("comments", comments,
      "what becomes of comments below the article of a web page; posts of a thread are kept",
      one_of({"drop", "keep"}));
    v("han", han, "the form in which Chinese is rewritten with OpenCC; empty: as it is",
      or_empty(one_of({"simplified", "traditional"})));
    v("repair_encoding", repair_encoding,
      "undo wrong encodings before the language is judged, as layer correction does");
    v("normalise", normalise, "NFC, one kind of line end, no controls, no space at line ends");
    v("remove_addresses", remove_addresses,
      "take web addresses out of the text, as DCLM does before it judges anything");
    v("max_newlines", max_newlines, "most line ends in a row, DCLM: 2; 0: as many as there are",
      at_least(0));
  }
};

/// What a layer reads once: lists and the model.
struct LanguageResources {
  UrlFilter urls{UrlRules::own, 0};
  RobotsList robots;
  std::optional<text::FastTextModel> model;
  std::optional<text::HanConverter> han;
  std::optional<DoubtfulPages> doubtful;
};

/// What the wanted languages have of a text together. A page is kept for their sum and named for
/// the largest of them: one in Chinese and English is sound where both are wanted.
Verdict judge_language(const LanguageSettings& settings, const text::LanguageGuess& guess,
                       std::string& language) {
  const auto is_wanted = [&](std::string_view name) {
    return settings.languages.empty() ||
           std::ranges::find(settings.languages, name) != settings.languages.end();
  };
  const bool is_first = is_wanted(guess.language);
  double wanted = is_first ? guess.confidence : 0;
  std::string largest = is_first ? guess.language : "";
  for (const text::LanguageShare& other : guess.others) {
    if (!is_wanted(other.language)) continue;
    wanted += other.share;
    if (largest.empty()) largest = other.language;
  }
  const bool keeps = !largest.empty() && wanted >= settings.min_confidence;
  language = keeps ? largest : guess.language;
  if (keeps) return {true, "", std::max(0.0, 1 - wanted)};
  return {false, is_first ? "unsure_language" : "language", guess.confidence};
}

/// Key of the further languages and their shares in the notes.
constexpr std::string_view kOthers = "others";

text::LanguageGuess noted_guess(const Json& notes) {
  text::LanguageGuess guess;
  guess.language = notes.string_or("language", "");
  guess.confidence = notes.number_or("confidence", 0);
  if (const Json* others = notes.find(kOthers); others != nullptr && others->is_object()) {
    for (const auto& [name, share] : others->as_object()) {
      guess.others.push_back({name, share.as_number()});
    }
  }
  return guess;
}

/// Why no setting can bring a page back: its capture, its address, its consent. Only an annotated
/// run keeps the note; any other says it as the reason.
constexpr std::string_view kBlocked = "blocked";

class LanguageLayer final : public Layer {
 public:
  LanguageLayer(LanguageSettings settings, LanguageResources resources, Purpose purpose)
      : settings_(std::move(settings)),
        resources_(std::move(resources)),
        annotates_(purpose == Purpose::annotate) {}

  CorpusPlan learn() const override {
    return settings_.newest_captures ? fit_captures : CorpusPlan();
  }

  void measure(Document& document) const override {
    Json notes = Json::object();
    std::string_view reason = replaced_or_blocked(document, notes);
    std::string_view withheld;
    if (reason.empty() || annotates_) withheld = withheld_before_reading(document);
    const bool is_read = withheld.empty() && (reason.empty() || annotates_);
    const bool is_made = is_read && document.text.empty() && !document.raw.empty();
    if (is_made) withheld = make_text(document, notes);
    if (reason.empty()) reason = withheld;
    if (!reason.empty()) notes[kBlocked] = reason;
    if (!withheld.empty() || (!reason.empty() && !annotates_)) {
      if (!withheld.empty()) document.text.clear();  // what its owner withholds no run keeps
      document.annotations["language"] = std::move(notes);
      return;
    }
    if (settings_.repair_encoding) repair(document, notes);
    if (settings_.normalise) document.text = text::normalise_text(document.text);
    if (settings_.remove_addresses) document.text = without_addresses(document.text);
    document.text = with_fewer_newlines(std::move(document.text), settings_.max_newlines);
    // A run that drops the page here has made no text of it.
    if (is_made && !reason.empty()) notes["bytes_in"] = 0;
    if (reason.empty()) note_words_of_address(document, notes);
    note_language(document, std::move(notes));
  }

  Verdict decide(Document& document) const override {
    Json* notes = document.annotations.find("language");
    if (notes == nullptr) return {false, "no_text", 1};
    const std::string blocked = notes->string_or(kBlocked, "");
    if (!annotates_) remove_note(*notes, kBlocked);
    if (!blocked.empty()) return {false, blocked, 1};
    if (notes->find("confidence") == nullptr) return {false, "no_text", 1};
    return judge_language(settings_, noted_guess(*notes), document.language);
  }

 private:
  bool respects(std::string_view signal) const {
    return std::ranges::find(settings_.consent, signal) != settings_.consent.end();
  }

  std::string_view withheld_by(const text::ConsentSignals& signals) const {
    if (signals.noai && respects("noai")) return "noai";
    if (signals.tdm_reserved && respects("tdm_reservation")) return "tdm_reservation";
    return signals.noimageai && respects("noimageai") ? "noimageai" : "";
  }

  /// Makes the text of a page of its bytes, unless the page withholds it: by this signal.
  std::string_view make_text(Document& document, Json& notes) const {
    text::PageText page = text::page_text(
        document.raw, document.content_type, text::TextForm::plain,
        settings_.comments == "keep" ? text::html::Comments::keep : text::html::Comments::drop);
    for (auto& [name, value] : page.notes.as_object()) {
      notes[name] = std::move(value);
    }
    const std::string_view withheld = withheld_by(page.consent);
    if (!withheld.empty()) return withheld;
    document.text = std::move(page.text);
    add_metadata(document, std::move(page.metadata.as_object()));
    return {};
  }

  /// Why a page is dropped for its capture or address; empty if it is not.
  std::string_view replaced_or_blocked(const Document& document, Json& notes) const {
    if (const Json* newest = document.finding.find("newest")) {
      notes["newest"] = *newest;
      return "older_capture";
    }
    return settings_.check_urls ? resources_.urls.blocked_reason(document.url) : "";
  }

  /// Before anything judges the text: broken German is no German.
  static void repair(Document& document, Json& notes) {
    RepairedText repaired = repair_mojibake(document.text);
    if (repaired.repairs > 0) {
      document.text = std::move(repaired.text);
      notes["mojibake_repaired"] = repaired.repairs;
    }
    const std::string title = notes.string_or(kPageTitle.key, "");
    if (!title.empty()) notes[kPageTitle.key] = repair_mojibake(title).text;
  }

  /// A word of the address with honest uses drops no page that does not say the same.
  void note_words_of_address(const Document& document, Json& notes) const {
    const bool is_asked = settings_.check_urls && resources_.doubtful.has_value() &&
                          resources_.urls.is_doubtful(document.url);
    if (!is_asked ||
        !resources_.doubtful->is_unsafe(notes.string_or(kPageTitle.key, ""), document.text)) {
      return;
    }
    notes[kBlocked] = "soft_url_words";
  }

  /// The signal of consent that drops a page before its bytes are read; empty if none does.
  std::string_view withheld_before_reading(const Document& document) const {
    if (respects("robots_list") && resources_.robots.refuses(document.url)) return "robots_list";
    return withheld_by(text::consent_in_headers(document.robots_tag, document.tdm_reservation));
  }

  void note_language(Document& document, Json notes) const {
    if (document.text.empty()) {
      document.annotations["language"] = std::move(notes);
      return;
    }
    const text::FastTextModel* model = resources_.model ? &*resources_.model : nullptr;
    text::LanguageGuess guess = text::guess_language(document.text, model);
    notes["language"] = guess.language;
    const bool is_wanted = judge_language(settings_, guess, document.language).keep;
    // Other settings may keep what these drop: an annotated run has it converted, too.
    const bool converts = (is_wanted || annotates_) && resources_.han && document.language == "zh";
    if (converts) convert_han(document, guess, notes);
    if (!guess.script.empty()) notes["script"] = guess.script;
    notes["confidence"] = guess.confidence;
    for (const text::LanguageShare& other : guess.others) {
      notes[kOthers][other.language] = other.share;
    }
    document.annotations["language"] = std::move(notes);
  }

  void convert_han(Document& document, text::LanguageGuess& guess, Json& notes) const {
    const std::string wanted = settings_.han == "simplified" ? "Hans" : "Hant";
    if (guess.script == wanted) return;
    document.text = resources_.han->convert(document.text);
    notes["converted_from"] = guess.script;
    guess.script = wanted;
  }

  LanguageSettings settings_;
  LanguageResources resources_;
  bool annotates_;
};

/// The file of the fastText model, or nothing.
std::string model_path(const LanguageSettings& settings, const LayerContext& context) {
  if (settings.lid_model == "none") return "";
  if (!settings.lid_model.empty() || context.models_folder.empty()) return settings.lid_model;
  std::string path = io::join_path(context.models_folder, "lid.176.ftz");
  if (!context.files.info(path)) return "";
  log_info("layer language: asks {} where CLD2 is unsure", path);
  return path;
}

Result<LanguageResources> read_resources(const LanguageSettings& settings,
                                         const LayerContext& context) {
  io::FileSystem& files = context.files;
  const UrlRules rules = settings.compat == "none" ? UrlRules::own : UrlRules::datatrove;
  LanguageResources resources{
      UrlFilter(rules, static_cast<std::size_t>(settings.max_soft_url_words) + 1), {}, {}, {}, {}};
  if (settings.check_urls && rules == UrlRules::own) {
    resources.doubtful = ALUDEL_TRY(DoubtfulPages::create());
  }
  if (settings.own_url_words) resources.urls.add_own_words();
  for (const std::string& path : settings.domain_lists) {
    ALUDEL_TRY(resources.urls.add_domains(files, path));
  }
  for (const std::string& path : settings.url_lists) {
    ALUDEL_TRY(resources.urls.add_urls(files, path));
  }
  for (const std::string& path : settings.word_lists) {
    ALUDEL_TRY(resources.urls.add_words(files, path));
  }
  for (const std::string& path : settings.robots_lists) {
    ALUDEL_TRY(resources.robots.add(files, path));
  }
  if (const std::string path = model_path(settings, context); !path.empty()) {
    auto model = text::FastTextModel::from_bytes(ALUDEL_TRY(io::read_file(files, path)));
    if (!model) return std::move(model).error().with_context(path);
    resources.model = std::move(model).value();
  }
  if (!settings.han.empty()) {
    resources.han = ALUDEL_TRY(text::HanConverter::open(
        settings.han == "simplified" ? text::HanForm::simplified : text::HanForm::traditional));
  }
  return resources;
}

Result<std::unique_ptr<Layer>> make_language(const Json& table, const LayerContext& context) {
  LanguageSettings settings;
  ALUDEL_TRY(read_config(table, settings, "layers.language"));
  LanguageResources resources;
  if (context.measures) resources = ALUDEL_TRY(read_resources(settings, context));
  return std::unique_ptr<Layer>(
      std::make_unique<LanguageLayer>(std::move(settings), std::move(resources), context.purpose));
}

}  // namespace

extern constinit const LayerSpec layer_language = {
    .name = "language",
    .summary = "Newest captures, blocklists and consent; extraction and charset; language, script.",
    .source = "RefinedWeb, arXiv:2306.01116 G.1; Dolma, arXiv:2402.00159",
    .show_settings = default_settings<LanguageSettings>,
    .make = make_language,
    .edits = Edits::repairs,
    .learns = Learns::sources,
    .grounds = Grounds::elsewhere,
};

}  // namespace aludel::curate
