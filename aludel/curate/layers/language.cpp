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

class LanguageLayer final : public Layer {
 public:
  LanguageLayer(LanguageSettings settings, UrlFilter urls)
      : settings_(std::move(settings)), urls_(std::move(urls)) {}

  Verdict judge(Document& document) const override {
    if (settings_.check_urls) {
      const std::string_view blocked = urls_.blocked_reason(document.url);
      if (!blocked.empty()) {
        document.annotations["language"] = Json::object();
        return {false, std::string(blocked), 1};
      }
    }
    Json notes = Json::object();
    if (document.text.empty() && !document.raw.empty()) {
      PageText page = page_text(document.raw, document.content_type);
      notes = std::move(page.notes);
      if (settings_.respect_consent && page.consent == text::Consent::withheld) {
        document.annotations["language"] = std::move(notes);
        return {false, "no_consent", 1};
      }
      document.text = std::move(page.text);
    }
    if (settings_.normalise) document.text = text::normalise_text(document.text);
    return judge_language(document, std::move(notes));
  }

 private:
  Verdict judge_language(Document& document, Json notes) const {
    if (document.text.empty()) {
      document.annotations["language"] = std::move(notes);
      return {false, "no_text", 1};
    }
    text::LanguageGuess guess = text::guess_language(document.text);
    const bool asked =
        settings_.languages.empty() ||
        std::ranges::find(settings_.languages, guess.language) != settings_.languages.end();
    notes["language"] = guess.language;
    if (!guess.script.empty()) notes["script"] = guess.script;
    notes["confidence"] = guess.confidence;
    document.annotations["language"] = std::move(notes);
    document.language = std::move(guess.language);
    if (asked && guess.confidence >= settings_.min_confidence)
      return {true, "", 1 - guess.confidence};
    return {false, asked ? "unsure_language" : "language", guess.confidence};
  }

  LanguageSettings settings_;
  UrlFilter urls_;
};

Json defaults() {
  return dump_config(LanguageSettings());
}

Result<std::unique_ptr<Layer>> make_language(const Json& table, const LayerContext& context) {
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
  UrlFilter urls(settings.max_soft_url_words + 1);
  for (const std::string& path : settings.domain_lists) {
    ALUDEL_TRY(urls.add_domains(context.files, path));
  }
  for (const std::string& path : settings.word_lists) {
    ALUDEL_TRY(urls.add_words(context.files, path));
  }
  return std::unique_ptr<Layer>(
      std::make_unique<LanguageLayer>(std::move(settings), std::move(urls)));
}

}  // namespace

extern constinit const LayerSpec layer_language = {
    .name = "language",
    .summary = "Blocklists and consent, extraction and charset, then language and script.",
    .source = "arXiv:2306.01116 G.1",
    .kind = LayerKind::edit,
    .defaults = defaults,
    .make = make_language,
};

}  // namespace aludel::curate
