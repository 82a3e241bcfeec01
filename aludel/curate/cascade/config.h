#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/embedded.h"
#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/sources/source_config.h"

// The config of a run of curate: its sources, and the settings of each layer for each profile.
namespace aludel::curate {

inline constexpr double kMostMegabytes = 1 << 20;  // the most for a task or a file: 1 TiB

/// Returns the presets, which the build embeds from recipes/presets/.
std::span<const EmbeddedFile> all_presets();

/// The config of a run. `layers` and `profiles` have a table of settings for each layer, or the
/// string "off":
///   [layers]                [layers.metrics]       [profiles.book.metrics]
///   perplexity = "off"      min_words = 30         max_words = 1_000_000
/// A profile's table changes only the settings that it names. A layer that learns of the corpus
/// sees the documents of all profiles, so a profile can only switch it off.
struct CurateConfig {
  std::string preset;
  std::string out;
  std::string models;
  std::int64_t seed = 0;
  bool annotate = false;
  std::string from;
  std::vector<std::string> recover;
  std::int64_t target_tokens = 0;
  double target_keep = 0;
  double bytes_per_token = 4;
  double max_failures = 0.1;
  std::int64_t limit = 0;
  std::int64_t sample = 0;
  std::int64_t task_megabytes = 16;
  std::string output_format = "jsonl";
  std::int64_t shard_megabytes = 0;
  std::string memory;
  std::vector<SourceConfig> sources;
  Json layers = Json::object();
  Json profiles = Json::object();

  template <class V>
  void visit(V& v) {
    v("preset", preset, "settings to start from: a file in recipes/presets, by name",
      or_empty(one_of(all_presets())));
    v("out", out, "the run folder");
    v("models", models, "folder with the trained models that layers need");
    v("seed", seed, "of everything random");
    v("annotate", annotate, "keep every document and only note what would have dropped it");
    v("from", from,
      "the finished run that was read instead of the sources; `corpus redecide` and `recover` note "
      "it here, and no config may give it");
    v("recover", recover, "rules whose documents are kept after all: metrics:too_short score<1.5");
    v("target_tokens", target_tokens, "keep the best documents up to so many tokens; 0: all",
      at_least(0));
    v("target_keep", target_keep,
      "keep the best documents up to this share of all that were read; 0: all", kShare);
    v("bytes_per_token", bytes_per_token,
      "bytes of text that make a token of target_tokens; what your tokenizer gives", above(0));
    v("max_failures", max_failures,
      "share of a source's records that may be unreadable; above it, from 10 on, the run stops",
      kShare);
    v("limit", limit, "read only the first so many documents of all sources; 0: all", at_least(0));
    v("sample", sample, "take only so many documents, drawn by seed out of all sources; 0: all",
      at_least(0));
    v("task_megabytes", task_megabytes, "input per task, where a file can be cut or joined",
      between(1, kMostMegabytes));
    v("output_format", output_format, "of kept/ and rejects/; jsonl is .jsonl.zst",
      one_of({"jsonl", "parquet"}));
    v("shard_megabytes", shard_megabytes,
      "text per file of kept/ and rejects/; 0: what each task gives, of parquet 256",
      between(0, kMostMegabytes));
    v("memory", memory,
      "what sorting may take in memory, \"8GB\"; the rest goes to OUT/work; empty: half the "
      "machine");
    v("sources", sources, "where documents come from");
    v("layers", layers, "settings per layer, or \"off\"");
    v("profiles", profiles, "changed settings per profile and layer, or \"off\"");
  }
};

/// Reads a config: the TOML text on top of its preset, and the changes of `--set` on top of both.
/// `name` stands for the file in messages.
/// Errors: those of read_config; invalid_argument for an unknown layer or profile, with the nearest
/// name, for `from`, and for settings that do not fit together; unsupported for an output format
/// that this program was built without.
Result<CurateConfig> read_curate_config(std::string_view toml, std::string_view name,
                                        const std::vector<std::string>& set);

/// Returns the sources as plan_shards() takes them. The result refers to the config, which must
/// outlive it.
SourcesToCut sources_to_cut(const CurateConfig& config);

/// Returns `annotate` if the config asks for it, else `decide`.
Purpose purpose_of(const CurateConfig& config);

/// The settings of one layer for the documents of one profile.
struct LayerSettings {
  bool on = true;
  Json settings;  // every setting of the layer
};

/// One layer of the cascade with its settings for each profile, in the order of profile_names().
struct ResolvedLayer {
  const LayerSpec* spec;
  std::vector<LayerSettings> by_profile;
};

/// Returns the profiles that some source has, as ascending indices into profile_names().
std::vector<std::size_t> used_profiles(const CurateConfig& config);

/// Returns all layers of the cascade in order, each with all its settings for every profile.
std::vector<ResolvedLayer> resolve_layers(const CurateConfig& config);

/// Returns the bytes that `memory` states; if it is empty, half of the machine's memory. Errors:
/// invalid_argument.
Result<std::uint64_t> memory_bytes_of(const CurateConfig& config);

/// Returns the config with every setting of every layer, as OUT/config.resolved.toml has it. Leaves
/// out the run folder, because the file lies in it, and the memory, because no byte of a run
/// depends on it.
Json resolved_config(const CurateConfig& config);

}  // namespace aludel::curate
