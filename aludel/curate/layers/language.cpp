#include "aludel/text/language.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/layers/language/page_text.h"
#include "aludel/curate/layers/language/url_filter.h"
#include "aludel/text/normalise.h"

namespace aludel::curate {
namespace {

/// Sources: RefinedWeb = arXiv:2306.01116 G.1 for URLs, and its 0.65 for the language, which
/// FineWeb (arXiv:2406.17557) keeps; the share that CLD2 reports stands in for fastText's
/// probability.
struct LanguageSettings {
  std::vector<std::string> languages = {"en", "zh"};
  double min_confidence = 0.65;
  std::vector<std::string> domain_lists;
  std::vector<std::string> word_lists;
  std::int64_t max_soft_url_words = 1;
  bool check_urls = true;
  bool respect_consent = true;
  bool normalise = true;

  template <class V>
  void visit(V& v) {
    v("languages", languages, "ISO 639-1 codes that are kept; empty keeps all");
    v("min_confidence", min_confidence, "share of the text that is in the language; RefinedWeb");
    v("domain_lists", domain_lists, "files of blocked domains, one a line");
    v("word_lists", word_lists, "files of blocked URL words: \"strict|hard|soft WORD\" a line");
    v("max_soft_url_words", max_soft_url_words, "soft words that a URL may have; RefinedWeb");
    v("check_urls", check_urls, "block by own words and the lists");
    v("respect_consent", respect_consent, "drop pages that say noai or reserve text mining");
    v("normalise", normalise, "NFC, one kind of line end, no controls, no space at line ends");
  }
};

Verdict judge_language(const LanguageSettings& settings, std::string_view language,
                       double confidence) {
  const bool asked = settings.languages.empty() ||
                     std::ranges::find(settings.languages, language) != settings.languages.end();
  if (asked && confidence >= settings.min_confidence) return {true, "", 1 - confidence};
  return {false, asked ? "unsure_language" : "language", confidence};
}

class LanguageLayer final : public Layer {
 public:
  LanguageLayer(LanguageSettings settings, UrlFilter urls, Purpose purpose)
      : settings_(std::move(settings)), urls_(std::move(urls)), purpose_(purpose) {}

  Verdict judge(Document& document) const override {
    Json notes = Json::object();
    const std::string blocked(settings_.check_urls ? urls_.blocked_reason(document.url) : "");
    if (!blocked.empty() && purpose_ == Purpose::decide) {
      document.annotations["language"] = std::move(notes);
      return {false, blocked, 1};
    }
    if (document.text.empty() && !document.raw.empty()) {
      PageText page = page_text(document.raw, document.content_type);
      notes = std::move(page.notes);
      if (settings_.respect_consent && page.consent == text::Consent::withheld) {
        notes["blocked"] = "no_consent";  // its text is not kept in any run
        document.annotations["language"] = std::move(notes);
        return {false, "no_consent", 1};
      }
      document.text = std::move(page.text);
    }
    if (settings_.normalise) document.text = text::normalise_text(document.text);
    if (!blocked.empty()) notes["blocked"] = blocked;
    const Verdict verdict = note_language(document, std::move(notes));
    return blocked.empty() ? verdict : Verdict{false, blocked, 1};
  }

 private:
  Verdict note_language(Document& document, Json notes) const {
    if (document.text.empty()) {
      document.annotations["language"] = std::move(notes);
      return {false, "no_text", 1};
    }
    text::LanguageGuess guess = text::guess_language(document.text);
    notes["language"] = guess.language;
    if (!guess.script.empty()) notes["script"] = guess.script;
    notes["confidence"] = guess.confidence;
    document.annotations["language"] = std::move(notes);
    document.language = std::move(guess.language);
    return judge_language(settings_, document.language, guess.confidence);
  }

  LanguageSettings settings_;
  UrlFilter urls_;
  Purpose purpose_;
};

/// Judges by language and confidence as they were noted; what was blocked stays so.
class StoredLanguageLayer final : public Layer {
 public:
  explicit StoredLanguageLayer(LanguageSettings settings) : settings_(std::move(settings)) {}

  Verdict judge(Document& document) const override {
    const Json* notes = document.annotations.find("language");
    if (notes == nullptr) return {false, "no_text", 1};
    const std::string blocked = notes->string_or("blocked", "");
    if (!blocked.empty()) return {false, blocked, 1};
    if (notes->find("confidence") == nullptr) return {false, "no_text", 1};
    return judge_language(settings_, notes->string_or("language", ""),
                          notes->number_or("confidence", 0));
  }

 private:
  LanguageSettings settings_;
};

constexpr std::string_view kLanguageDials[] = {"languages", "min_confidence"};

Json defaults() {
  return dump_config(LanguageSettings());
}

Result<LanguageSettings> read_settings(const Json& table) {
  LanguageSettings settings;
  ALUDEL_TRY(read_config(table, settings, "layers.language"));
  if (settings.min_confidence < 0 || settings.min_confidence > 1) {
    return Error{
        Code::invalid_argument,
        fmt::format("[language] min_confidence is {}, expected 0 to 1", settings.min_confidence)};
  }
  if (settings.max_soft_url_words < 0) {
    return Error{Code::invalid_argument, "[language] max_soft_url_words is negative"};
  }
  return settings;
}

Result<std::unique_ptr<Layer>> make_language(const Json& table, const LayerContext& context) {
  LanguageSettings settings = ALUDEL_TRY(read_settings(table));
  UrlFilter urls(settings.max_soft_url_words + 1);
  for (const std::string& path : settings.domain_lists) {
    ALUDEL_TRY(urls.add_domains(context.files, path));
  }
  for (const std::string& path : settings.word_lists) {
    ALUDEL_TRY(urls.add_words(context.files, path));
  }
  return std::unique_ptr<Layer>(
      std::make_unique<LanguageLayer>(std::move(settings), std::move(urls), context.purpose));
}

Result<std::unique_ptr<Layer>> make_stored_language(const Json& table, const LayerContext&) {
  return std::unique_ptr<Layer>(
      std::make_unique<StoredLanguageLayer>(ALUDEL_TRY(read_settings(table))));
}

}  // namespace

extern constinit const LayerSpec layer_language = {
    .name = "language",
    .summary = "Blocklists and consent, extraction and charset, then language and script.",
    .source = "arXiv:2306.01116 G.1",
    .kind = LayerKind::edit,
    .defaults = defaults,
    .make = make_language,
    .edits = Edits::repair,
    .dials = kLanguageDials,
    .make_stored = make_stored_language,
};

}  // namespace aludel::curate
