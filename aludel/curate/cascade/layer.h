#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "aludel/base/config.h"
#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/document/document.h"

namespace aludel::io {
class FileSystem;
}

namespace aludel::curate {

/// What a layer thinks of a document. Only the pipeline drops: it counts `reason` (snake_case, from
/// a small fixed set per layer) in the ledger, and writes reason and score into the rejects.
struct Verdict {
  bool keep = true;
  std::string reason;
  double score = 0;
  std::string cut_off = {};  // text that an edit parted from the document: a reject of its own
  double cut_off_score = 0;  // of that reject
};

/// The reason of such a reject. The document that it was cut from goes on, so the ledger counts its
/// bytes as removed, and no document as dropped.
inline constexpr std::string_view kCutAtSeam = "cut_at_seam";

/// First pass of a fitted layer over one shard. One Fit is used by one thread at a time.
class Fit {
 public:
  virtual ~Fit() = default;
  /// Called in document order within the shard.
  virtual void observe(const Document& document) = 0;
  /// Takes over what `later` saw; called in shard order. REQUIRES: the same layer's Fit.
  virtual void merge(Fit& later) = 0;
  /// Writes the state's files into the existing folder; called once, on the merge of all shards.
  virtual Status finish(io::FileSystem& files, const std::string& state_folder) = 0;
};

struct CorpusFit;

/// Fits a layer by stages of tasks over partitioned files (corpus.h), none of which sees the whole
/// corpus, and writes its findings (findings.h) or its state.
using CorpusPlan = std::function<Status(const CorpusFit&)>;

/// One of the twelve. judge() is called from many threads at once; the rest from one.
class Layer {
 public:
  virtual ~Layer() = default;
  /// Adds annotations[name]; an edit layer may change the text, no other may.
  virtual Verdict judge(Document& document) const = 0;

  /// Not null for a layer that must see the corpus first: one Fit a shard, merged in shard order.
  /// A layer with a plan may have a Fit, too: the same in memory, for a corpus that one process
  /// sees, which writes the same findings.
  virtual std::unique_ptr<Fit> start_fit() const { return nullptr; }

  /// Not empty for a layer whose state are findings: judge() takes what was found of a document
  /// from Document::finding. Of layers with a state, those that may only see a part of the corpus
  /// at a time. The first layer of the cascade sees documents as they are read, without text where
  /// that is still to be made; every other one sees what the layers before it left.
  virtual CorpusPlan corpus_plan() const { return {}; }

  /// Not empty for a layer that is fitted by a plan to a state which load_state() reads as a whole:
  /// cut-offs, no findings. The plan writes its files into the state folder, which is there.
  virtual CorpusPlan state_plan() const { return {}; }

  /// Reads what finish() or the plan wrote, unless that are findings. Called before the first
  /// judge(). Errors: not_found when the state is missing, corrupt_data.
  virtual Status load_state(io::FileSystem& files, const std::string& state_folder) {
    static_cast<void>(files);
    static_cast<void>(state_folder);
    return Ok{};
  }

  /// Cut-offs that are no settings but were fitted, for this document, by the noted value's name:
  /// {"score": {"at_least": 0.1}}.
  virtual Json fitted_cut_offs(const Document& document) const {
    static_cast<void>(document);
    return Json::object();
  }
};

/// `edit` may change the text; `fitted` sees the corpus before it judges.
enum class LayerKind : std::uint8_t { document, edit, fitted };

std::string_view layer_kind_name(LayerKind kind);

/// What a layer's edits are. Repairs belong to making the text; they are done in an annotated run,
/// too. Decisions (a cut, a mask) hang on settings or on the corpus; an annotated run notes them
/// and leaves the text alone, so that another decision finds it whole.
enum class Edits : std::uint8_t { decision, repair };

/// `annotate`: every document passes every layer, which notes all that another decision needs.
enum class Purpose : std::uint8_t { decide, annotate };

/// What a layer may use; it outlives the layer.
struct LayerContext {
  io::FileSystem& files;
  std::string models_folder;  // trained models: lm, quality, topic, safety
  std::uint64_t seed;
  Threads& threads;
  Purpose purpose = Purpose::decide;
};

enum class Side : std::uint8_t { at_least, at_most };

/// A rule that holds one noted value against one setting.
struct CutOff {
  std::string_view value;  // key in annotations[layer]; without it the rule does not apply
  Side side;
  std::string_view setting;  // a number, or true for 1
  std::string_view reason;
  std::string_view unless = {};                          // nor does it where this key is noted
  double off = std::numeric_limits<double>::infinity();  // a limit from which on it is not judged
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
  LayerKind kind;
  /// Shows the fields of its settings, at their defaults, to `use`: default_settings<Struct>.
  void (*show_settings)(const std::function<void(const Fields&)>& use);
  /// Errors: invalid_argument for wrong settings, not_found for a missing model.
  Result<std::unique_ptr<Layer>> (*make)(const Json& settings, const LayerContext& context);
  Edits edits = Edits::decision;
  /// With these settings, in the order in which judge() applies them; where make_stored is null
  /// they are all it does. An annotated run notes every value.
  std::span<const CutOff> (*cut_offs)(const Json& settings) = nullptr;
  /// Settings, besides those of the cut-offs, that may differ from those a document was annotated
  /// with when make_stored's layer judges it.
  std::span<const std::string_view> dials = {};
  /// A layer that judges by what judge() noted in an annotated run instead of measuring again.
  Result<std::unique_ptr<Layer>> (*make_stored)(const Json& settings,
                                                const LayerContext& context) = nullptr;
  /// Settings, or "seed", that only the fit reads: a state decides them for whoever judges by it.
  std::span<const std::string_view> fitted_settings = {};
  Grounds grounds = Grounds::own_text;

  Json defaults() const;

  /// Whether annotations are enough to judge again; else the text is needed, and all documents.
  bool is_stored() const { return make_stored != nullptr || cut_offs != nullptr; }

  std::span<const CutOff> cut_offs_of(const Json& settings) const {
    return cut_offs == nullptr ? std::span<const CutOff>() : cut_offs(settings);
  }
};

/// Generated from layers/, sorted by name.
std::span<const LayerSpec* const> all_layers();

}  // namespace aludel::curate
