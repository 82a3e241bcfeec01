#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/revisit/audit/rule_notes.h"
#include "aludel/curate/revisit/audit/sheet.h"
#include "aludel/curate/run/stored_run.h"
#include "aludel/io/file_system.h"

// Draws a blind sample of what a run kept and of what each of its layers dropped.
namespace aludel::curate::audit {

/// Which layers are sampled: only those whose drops the documents' own texts explain, or all.
enum class Layers : std::uint8_t { readable, all };

struct SampleSettings {
  std::int64_t per_layer = 20;
  std::int64_t kept = 100;
  std::vector<std::string> languages = {};  // empty: all
  std::int64_t seed = 1;
  Layers layers = Layers::readable;
};

/// What a reader sees of a document.
struct SheetText {
  std::string key;
  std::string language;
  std::string text;
};

struct Sample {
  Sheet sheet;
  std::vector<SheetText> texts;  // sorted by key, which tells nothing of the decisions
};

/// Draws from each stratum the documents whose ids have the smallest hashes with the seed. They are
/// the same for any order of documents and any number of threads, and only they are held in memory.
/// In an annotated run, the first layer that would have dropped a document counts as the one that
/// did. Errors: those of reading; not_found if no document can be judged; cancelled.
Result<Sample> draw_sample(io::FileSystem& files, Threads& threads, const StoredRun& run,
                           const RuleNotes& rules, const SampleSettings& settings);

/// Writes FOLDER/audit.html, documents.jsonl, answers.jsonl and sample.json.
Status write_sample(io::FileSystem& files, const std::string& folder, const Sample& sample);

}  // namespace aludel::curate::audit
