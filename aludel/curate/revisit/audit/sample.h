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

// A blind sample of what a run kept and of what each of its layers dropped.
namespace aludel::curate::audit {

/// Whether layers are sampled whose drops their documents' own texts do not explain.
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
  std::vector<SheetText> texts;  // by key, which is in no order of anything else
};

/// Draws the documents whose ids have the smallest hashes with the seed, a stratum at a time: the
/// same ones for any order of documents and any number of threads, in the memory of the sample. In
/// an annotated run the first layer that would have dropped a document counts as the one that did.
/// Errors: those of reading; not_found where nothing can be judged; cancelled.
Result<Sample> draw_sample(io::FileSystem& files, Threads& threads, const StoredRun& run,
                           const RuleNotes& rules, const SampleSettings& settings);

/// Writes FOLDER/audit.html, documents.jsonl, answers.jsonl and sample.json.
Status write_sample(io::FileSystem& files, const std::string& folder, const Sample& sample);

}  // namespace aludel::curate::audit
