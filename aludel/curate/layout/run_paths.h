#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "aludel/text/corpus_folders.h"

// The names in the folder of a run of curate, RUN. A path begins behind RUN.
//
//   config.resolved.toml      RunFolder: the config, every default written out
//   manifest.jsonl            exec::Manifest: the finished tasks, the hashes of their files
//   kept/00012.jsonl.zst      run_segment: documents of shard 12; pack_tasks: packed files
//   rejects/00012-1.jsonl.zst run_segment: what segment 1 dropped of shard 12
//   state/LAYER/00012.*       the layer's plan: findings; run_segment: whom they speak for
//   state/LAYER/*             the layer's plan: limits, in a file that the layer names
//   ledger.json               curate: the account of all documents; `tokenize` adds tokens
//   report/*.json             write_run_report, command `curate`: the data of the report
//   report.html               commands `curate` and `report`
//   forgotten.jsonl           forget: hashes of what must not come again
//   forget.json               forget: what it has still to move
//   work/*                    scratch; a finished run has none of it:
//     work/1/00012.documents    run_segment: what segment 1 kept of shard 12
//     work/notes/00012-1.json   run_segment: notes of that for the report
//     work/kept, work/rejects   run_segment: documents that are packed at the end
//     work/LAYER/*              exec::Shuffle: records of the layer's plan
//     work/forgetting/*         forget: files as they will be
namespace aludel::curate {

inline constexpr std::string_view kResolvedConfig = "config.resolved.toml";
inline constexpr std::string_view kManifestFile = "manifest.jsonl";
inline constexpr std::string_view kLedgerFile = "ledger.json";
inline constexpr std::string_view kReportFile = "report.html";
inline constexpr std::string_view kForgottenFile = "forgotten.jsonl";
inline constexpr std::string_view kForgetJournal = "forget.json";

using text::kKeptFolder;
using text::kRejectsFolder;
inline constexpr std::string_view kStateFolder = "state";

inline constexpr std::string_view kReportFolder = "report";
inline constexpr std::string_view kLayersReport = "report/layers.json";
inline constexpr std::string_view kModelsReport = "report/models.json";
inline constexpr std::string_view kTimingReport = "report/timing.json";
inline constexpr std::string_view kCommandReport = "report/command.json";

inline constexpr std::string_view kWorkFolder = "work";
inline constexpr std::string_view kNotesFolder = "work/notes";
inline constexpr std::string_view kUnpackedKeptFolder = "work/kept";
inline constexpr std::string_view kUnpackedRejectsFolder = "work/rejects";
inline constexpr std::string_view kForgetStaging = "work/forgetting";

/// Whether a path is below a folder.
bool is_below(std::string_view path, std::string_view folder);

std::string kept_path(std::size_t shard);
std::string rejects_path(std::size_t segment, std::size_t shard);

/// A file of kKeptFolder or kRejectsFolder that was packed; `extension` is "parquet" or
/// "jsonl.zst".
std::string packed_path(std::string_view folder, std::size_t number, std::string_view extension);

/// The number that the name of such a file begins with: that of the shard, where none was packed.
std::size_t number_of_file(std::string_view path);

std::string state_path(std::string_view layer);

/// Endings of the two files that a state of findings has for each shard.
inline constexpr std::string_view kFindingsEnding = ".jsonl.zst";
inline constexpr std::string_view kSeenEnding = ".seen.jsonl.zst";

/// In the folder of a state, which may be anywhere.
std::string findings_path(std::string_view state_folder, std::size_t shard);
std::string seen_path(std::string_view state_folder, std::size_t shard);

std::string work_folder(std::size_t segment);
std::string work_path(std::size_t segment, std::size_t shard);
std::string notes_path(std::size_t segment, std::size_t shard);
std::string unpacked_kept_path(std::size_t shard);
std::string unpacked_rejects_path(std::size_t segment, std::size_t shard);
std::string shuffle_folder(std::string_view layer);

}  // namespace aludel::curate
