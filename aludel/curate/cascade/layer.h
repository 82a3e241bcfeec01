#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/cascade/rules.h"
#include "aludel/curate/cascade/verdict.h"
#include "aludel/curate/document/document.h"

namespace aludel::io {
class FileSystem;
}

namespace aludel::curate {

struct CorpusFit;

/// Learns of a corpus by stages of tasks over partitioned files (corpus.h), none of which sees the
/// whole of it, and leaves findings (findings.h) or limits in the state folder.
using CorpusPlan = std::function<Status(const CorpusFit&)>;

/// One of the twelve, in four steps that LayerRunner takes in this order for each document:
///
///   measure -> (all documents: learn) -> decide -> edit
///
/// measure() notes what decide() needs, so that another decision can be made of a document without
/// measuring it again; learn() sees the notes of all documents; decide() says keep or drop, and
/// what the text becomes. The runner makes that edit, or leaves it in a run that only annotates.
/// measure(), decide() and rules() are called from many threads at once; the rest from one.
class Layer {
 public:
  virtual ~Layer() = default;

  /// Writes annotations[name], anew, from the text. The expensive step; it is left out where the
  /// notes of an earlier run stand. Only a layer that repairs may change the text.
  virtual void measure(Document& document) const { static_cast<void>(document); }

  /// Returns the plan of what must be known of the corpus before the first decide(); empty where
  /// that is nothing, with these settings. A layer of Learns::limits finds its notes in the
  /// documents.
  virtual CorpusPlan learn() const { return {}; }

  /// Reads the limits that the plan left. Not called for a layer of findings: decide() takes what
  /// was found of a document from Document::finding. Errors: not_found when the state is missing,
  /// corrupt_data.
  virtual Status load_limits(io::FileSystem& files, const std::string& state_folder) {
    static_cast<void>(files);
    static_cast<void>(state_folder);
    return Ok{};
  }

  /// Judges by notes, finding and limits; may add notes, and never changes the text itself.
  virtual Verdict decide(Document& document) const = 0;

  /// The rules that a document's notes are held against, with the limits that apply to it.
  virtual Rules rules(const Document& document) const {
    static_cast<void>(document);
    return {};
  }
};

/// A layer that measures numbers and decides by rules alone: the base of those.
class RuleLayer : public Layer {
 public:
  RuleLayer(std::string_view name, Rules rules) : name_(name), rules_(std::move(rules)) {}

  Verdict decide(Document& document) const override {
    const Json* noted = document.annotations.find(name_);
    return noted == nullptr ? Verdict{} : rules_.decide(*noted);
  }

  Rules rules(const Document& document) const override {
    static_cast<void>(document);
    return rules_;
  }

 private:
  std::string_view name_;
  Rules rules_;
};

/// How a layer changes texts. Repairs belong to making the text: measure() does them, in an
/// annotated run, too. Decisions (a cut, a mask) hang on settings or on the corpus: decide() states
/// them, and an annotated run leaves the text alone, so that another decision finds it whole.
enum class Edits : std::uint8_t { never, repairs, decisions };

/// What a layer must know of the corpus before it decides: `sources`: findings of the sources as
/// they are read, before there is a text (only the first of the cascade can); `findings` of single
/// documents, as the layers before left them; `limits` for all, by what it noted of each.
enum class Learns : std::uint8_t { nothing, sources, findings, limits };

/// What decide() reads of a document. Text, where it looks at it again: then the text must be what
/// measure() saw, but for the edits of layers between; so a layer before the last one that repairs
/// cannot be decided again from a finished run.
enum class DecidesBy : std::uint8_t { notes, text };

/// `annotate`: every document passes every layer, which notes all that another decision needs.
enum class Purpose : std::uint8_t { decide, annotate };

/// What a layer may use; it outlives the layer.
struct LayerContext {
  io::FileSystem& files;
  std::string models_folder;  // trained models: lm, quality, topic, safety
  std::uint64_t seed;
  Threads& threads;
  Purpose purpose = Purpose::decide;
  bool measures = true;  // false: measure() is never called, and its models need not be there
};

/// What a reader must see to check a drop: the document's own text, or what lies elsewhere (a text
/// that it is a copy of, an address, a consent, the languages that were asked for).
enum class Grounds : std::uint8_t { own_text, elsewhere };

template <class Settings>
void default_settings(const std::function<void(const Fields&)>& use) {
  Settings settings;
  use(fields_of(settings));
}

/// How a layer is registered: `layer_x` in layers/x.cpp.
struct LayerSpec {
  std::string_view name;
  std::string_view summary;
  std::string_view source;  // the paper or code whose rules it follows
  /// Shows the fields of its settings, at their defaults, to `use`: default_settings<Struct>.
  void (*show_settings)(const std::function<void(const Fields&)>& use);
  /// Errors: invalid_argument for wrong settings, not_found for a missing model.
  Result<std::unique_ptr<Layer>> (*make)(const Json& settings, const LayerContext& context);
  Edits edits = Edits::never;
  Learns learns = Learns::nothing;
  DecidesBy decides_by = DecidesBy::notes;
  /// The rules with these settings.
  std::span<const Rule> (*rules)(const Json& settings) = nullptr;
  bool learns_by_seed = false;  // whether the plan's findings hang on the seed
  Grounds grounds = Grounds::own_text;
  /// For the report, of a layer that tells classes: {CLASS: {"basis": what it is judged by, …}}
  /// with these settings and the models of a folder.
  Json (*class_basis)(const Json& settings, io::FileSystem& files,
                      const std::string& models_folder) = nullptr;

  Json defaults() const;

  /// The settings that are read at one time. Those that rules name are read at the decision; of the
  /// others each says it in visit(). What only the plan reads a state decides for whoever judges by
  /// it; what only plan and decision read may differ from the settings a document was measured
  /// with.
  std::vector<std::string> settings_read_at(ReadAt when, const Json& settings) const;

  /// Whether it learns of what the layers before it left: the run waits for all documents there.
  bool waits_for_corpus() const { return learns == Learns::findings || learns == Learns::limits; }

  std::span<const Rule> rules_with(const Json& settings) const {
    return rules == nullptr ? std::span<const Rule>() : rules(settings);
  }
};

/// Generated from layers/, sorted by name.
std::span<const LayerSpec* const> all_layers();

}  // namespace aludel::curate
