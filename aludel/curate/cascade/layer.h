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

/// A plan. It learns of a corpus by stages of tasks over partitioned files (corpus.h), so that no
/// task holds the whole corpus in memory, and leaves findings (findings.h) or limits in the state
/// folder.
using CorpusPlan = std::function<Status(const CorpusFit&)>;

/// A layer of the cascade. LayerRunner takes each document through its four steps in this order:
///
///   measure -> (all documents: learn) -> decide -> edit
///
/// measure() notes what decide() needs, so that a later run can decide about the document again
/// without measuring it; learn() sees the notes of all documents; decide() says keep or drop, and
/// what the text becomes. The runner makes that edit, except in a run that only annotates.
/// Concurrent calls: measure(), decide() and rules(). One thread calls the rest.
class Layer {
 public:
  virtual ~Layer() = default;

  /// Measures the text and writes annotations[name] anew. This is the expensive step; the runner
  /// skips it where the notes of an earlier run still hold. Only a layer that repairs may change
  /// the text.
  virtual void measure(Document& document) const { static_cast<void>(document); }

  /// Returns the plan that must run before the first decide(). Empty if the layer learns nothing
  /// with its settings. For a layer of Learns::limits, the plan finds the layer's notes in the
  /// documents.
  virtual CorpusPlan learn() const { return {}; }

  /// Reads the limits that the plan left. Not called for a layer of findings: its decide() takes
  /// the document's finding from Document::finding. Errors: not_found if the state is missing,
  /// corrupt_data.
  virtual Status load_limits(io::FileSystem& files, const std::string& state_folder) {
    static_cast<void>(files);
    static_cast<void>(state_folder);
    return Ok{};
  }

  /// Decides by notes, finding and limits. May add notes. Does not change the text: the runner
  /// makes the edit that the verdict asks for.
  virtual Verdict decide(Document& document) const = 0;

  /// Returns the rules that the document's notes are held against, with the limits that apply to
  /// it.
  virtual Rules rules(const Document& document) const {
    static_cast<void>(document);
    return {};
  }
};

/// The base of layers that measure numbers and decide by rules alone.
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

/// How a layer changes texts. A repair is part of making the text: measure() makes it, also in an
/// annotated run. A decision (a cut, a mask) depends on settings or on the corpus: decide() states
/// it in the verdict, and an annotated run does not make it, so that a later decision finds the
/// whole text.
enum class Edits : std::uint8_t { never, repairs, decisions };

/// What a layer must know before it decides. `sources`: findings about the sources, made while they
/// are read and before there is a text; only the first layer of the cascade can have them.
/// `findings`: findings about single documents, as the layers before left them. `limits`: limits
/// for all documents, learned from the layer's notes of each.
enum class Learns : std::uint8_t { nothing, sources, findings, limits };

/// What decide() reads of a document. `text`: it reads the text again, which must still be the text
/// that measure() saw. So such a layer cannot decide again from a finished run if it, or a layer
/// behind it, repairs the text.
enum class DecidesBy : std::uint8_t { notes, text };

/// What a run does with verdicts. `annotate`: it drops nothing; every document passes every layer,
/// and the layers note all that another decision needs.
enum class Purpose : std::uint8_t { decide, annotate };

/// What a layer may use. It must outlive the layer.
struct LayerContext {
  io::FileSystem& files;
  std::string models_folder;  // trained models: lm, quality, topic, safety
  std::uint64_t seed;
  Threads& threads;
  Purpose purpose = Purpose::decide;
  bool measures = true;  // false: measure() is never called, so its models may be missing
};

/// What a reader must see to check a drop: the document's own text, or something elsewhere (the
/// text that it copies, its address, a consent, the languages that were asked for).
enum class Grounds : std::uint8_t { own_text, elsewhere };

template <class Settings>
void default_settings(const std::function<void(const Fields&)>& use) {
  Settings settings;
  use(fields_of(settings));
}

/// The registration of a layer: the constant `layer_x` in layers/x.cpp.
struct LayerSpec {
  std::string_view name;
  std::string_view summary;
  std::string_view source;  // the paper or code whose rules it follows
  /// Passes the fields of the layer's settings, at their defaults, to `use`. It is
  /// default_settings<Struct> of the layer's struct.
  void (*show_settings)(const std::function<void(const Fields&)>& use);
  /// Makes the layer. Errors: invalid_argument for wrong settings, not_found for a missing model.
  Result<std::unique_ptr<Layer>> (*make)(const Json& settings, const LayerContext& context);
  Edits edits = Edits::never;
  Learns learns = Learns::nothing;
  DecidesBy decides_by = DecidesBy::notes;
  /// Returns the rules that the layer has with these settings. Null: it has none.
  std::span<const Rule> (*rules)(const Json& settings) = nullptr;
  bool learns_by_seed = false;  // true: the plan's findings depend on the seed
  Grounds grounds = Grounds::own_text;
  /// Returns for the report what each class is judged by: {CLASS: {"basis", …}}, with these
  /// settings and the models of a folder. Null for a layer that tells no classes apart.
  Json (*class_basis)(const Json& settings, io::FileSystem& files,
                      const std::string& models_folder) = nullptr;

  Json defaults() const;

  /// Returns the names of the settings that are read at that time. The settings that rules name are
  /// read at the decision; every other setting says in visit() when it is read. A state fixes the
  /// settings that its plan has read, for everyone who decides by it. A document's notes still hold
  /// if only settings of plan and decision have changed since it was measured.
  std::vector<std::string> settings_read_at(ReadAt when, const Json& settings) const;

  /// True if it learns of what the layers before it left, so that the run waits there for all
  /// documents.
  bool waits_for_corpus() const { return learns == Learns::findings || learns == Learns::limits; }

  std::span<const Rule> rules_with(const Json& settings) const {
    return rules == nullptr ? std::span<const Rule>() : rules(settings);
  }
};

/// Returns all layers, sorted by name. The build generates the table from the files in layers/.
std::span<const LayerSpec* const> all_layers();

}  // namespace aludel::curate
