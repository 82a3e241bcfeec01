#include "app/commands/curate/make_run.h"

#include "app/commands/curate/dry_run.h"
#include "app/commands/curate/trade_off_text.h"
#include "app/report/write_report.h"
#include <fmt/format.h>
#include <malloc.h>

#include "aludel/base/log.h"
#include "aludel/base/threads.h"
#include "aludel/curate/curate.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/sources/unread.h"
#include "aludel/curate/target/target_layer.h"
#include "aludel/io/json_file.h"

namespace aludel::app {
namespace {

Error wrong(std::string_view what) {
  return {Code::invalid_argument, fmt::format("[curate] {}", what)};
}

Status apply(const RunOptions& options, curate::CurateConfig& config) {
  if (!options.out.empty()) config.out = options.out;
  if (!options.models.empty()) config.models = options.models;
  if (!options.memory.empty()) config.memory = options.memory;
  ALUDEL_TRY(curate::memory_bytes_of(config));
  if (config.limit > 0 && config.sample > 0) {
    return wrong("--limit and --sample: give only one of them");
  }
  if (config.annotate && !config.from.empty()) {
    return wrong("a run that is read again is decided; leave --annotate out");
  }
  return Ok{};
}

std::string summary_json(const curate::CurateSummary& summary, const curate::Unread& unread,
                         const std::string& out) {
  Json json = Json::object();
  json["documents_in"] = summary.documents_in;
  json["documents_kept"] = summary.documents_kept;
  json["bytes_raw"] = summary.bytes_raw;
  json["bytes_kept"] = summary.bytes_kept;
  json["not_read"] = Json::object();
  for (const auto& [reason, count] : unread.reasons()) {
    json["not_read"][reason] = count;
  }
  json["out"] = out;
  return json.dump();
}

/// A page's buffers are larger than what glibc keeps of freed memory: it would ask the kernel for
/// each page's anew, which costs 2 % of a run.
void keep_freed_memory() {
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
}

/// What the report says of how a run was made.
Status note_command(io::FileSystem& files, const CommandLine& line, const std::string& out) {
  Json command = Json::object();
  command["version"] = ALUDEL_VERSION;
  command["words"] = Json::Array{line.command.name};
  for (const std::string& word : line.words) {
    command["words"].push_back(word);
  }
  return io::write_file(files, io::join_path(out, curate::kCommandReport),
                        command.dump_pretty() + "\n");
}

/// The last lines of a run, of which nothing that was not read is missing.
Result<int> end_run(io::FileSystem& files, const RunOptions& options,
                    const curate::CurateSummary& summary, const std::string& out) {
  const Json ledger = ALUDEL_TRY(curate::read_ledger(files, out));
  const curate::Unread unread = curate::unread_of_ledger(ledger);
  const std::string lines = curate::unread_lines(ledger);
  if (options.json) {
    if (!lines.empty()) log_line(lines);
    print(summary_json(summary, unread, out));
  } else {
    print(fmt::format("{} of {} documents kept, {:.1f} MB of text from {:.1f} MB raw: {}",
                      summary.documents_kept, summary.documents_in,
                      static_cast<double>(summary.bytes_kept) / 1e6,
                      static_cast<double>(summary.bytes_raw) / 1e6, out));
    if (!lines.empty()) print(lines);
  }
  if (options.strict && !unread.empty()) {
    return Error{Code::corrupt_data,
                 fmt::format("[curate] --strict: {} records were not read", unread.records())};
  }
  return kExitDone;
}

Result<int> run_to_end(io::FileSystem& files, const CommandLine& line, Threads& threads,
                       const RunOptions& options, const curate::CurateConfig& config) {
  keep_freed_memory();
  const auto summary =
      ALUDEL_TRY(curate::curate(files, threads, config, line.existing(options.overwrite)));
  if (summary.was_done_before) log_info("curate: {} was complete already", config.out);
  // A start that was killed behind the run's end has left it out.
  if (!files.info(io::join_path(config.out, curate::kCommandReport))) {
    ALUDEL_TRY(note_command(files, line, config.out));
  }
  ALUDEL_TRY(write_report(files, config.out, io::join_path(config.out, curate::kReportFile)));
  const std::string trade_off = io::join_path(config.out, curate::trade_off_path());
  if (!options.json && files.info(trade_off)) {
    print(trade_off_text(ALUDEL_TRY(io::read_json_object(files, trade_off))));
  }
  return end_run(files, options, summary, config.out);
}

}  // namespace

Result<int> make_run(io::FileSystem& files, const CommandLine& line, const RunOptions& options,
                     curate::CurateConfig config) {
  ALUDEL_TRY(apply(options, config));
  Threads threads(static_cast<int>(options.threads));
  if (!options.dry_run) return run_to_end(files, line, threads, options, config);
  const Json plan = ALUDEL_TRY(dry_run(files, threads, config, line.existing(options.overwrite)));
  print(options.json ? plan.dump() : dry_run_text(plan));
  if (plan.integer_or("problems", 0) == 0) return kExitDone;
  return Error{Code::not_found, "[curate] the run would stop: what is MISSING above is needed"};
}

}  // namespace aludel::app
