#include "aludel/curate/revisit/forget/forget.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "aludel/base/stop.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/revisit/forget/ledger_rows.h"
#include "aludel/curate/revisit/forget/rewrite.h"
#include "aludel/curate/revisit/forget/token_shards.h"
#include "aludel/curate/revisit/forget/transaction.h"
#include "aludel/curate/run/forgotten.h"
#include "aludel/curate/run/stored_run.h"
#include "aludel/exec/manifest.h"
#include "aludel/io/input_recorder.h"
#include "aludel/io/lines.h"
#include "aludel/text/text_file.h"

namespace aludel::curate {
namespace {

constexpr std::uint64_t kMaxListBytes = std::uint64_t{1} << 30;

/// A file that changes, with its hashes for the ledger and the manifest.
struct Change {
  std::string path;  // below the run folder; of token shards, as it was given
  std::string before;
  std::string after;  // empty: the file is removed
  std::uint64_t removed = 0;
};

class Forgetting {
 public:
  Forgetting(io::FileSystem& files, Threads& threads, const ForgetOptions& options, StoredRun run)
      : files_(files),
        threads_(threads),
        options_(options),
        run_(std::move(run)),
        transaction_(files, in_run(kForgetJournal)) {}

  Result<ForgetSummary> run() {
    ALUDEL_TRY(read_list());
    ALUDEL_TRY(find_documents());
    if (found_.empty()) return finish_without_change();
    ALUDEL_TRY(check_tokens_are_named());
    ALUDEL_TRY(files_.remove(in_run(kForgetStaging)));
    for (const io::FileInfo& file : ALUDEL_TRY(run_files())) {
      ALUDEL_TRY(stage_file(file.path));
    }
    const auto tokens = ALUDEL_TRY(stage_tokens());
    ALUDEL_TRY(stage_forgotten());
    ALUDEL_TRY(stage_manifest());
    ALUDEL_TRY(stage_ledger(tokens));
    transaction_.remove(in_run(kReportFile));  // it shows samples; `aludel report` makes it anew
    transaction_.remove(in_run(kWorkFolder));
    ALUDEL_TRY(transaction_.commit());
    summary_.files = changes_.size();
    return std::move(summary_);
  }

 private:
  std::string in_run(std::string_view path) const { return io::join_path(run_.folder(), path); }

  std::string staged(std::string_view path) const {
    return io::join_path(in_run(kForgetStaging), path);
  }

  std::string relative(const std::string& path) const {
    return path.substr(run_.folder().size() + 1);
  }

  Status read_list() {
    const std::string text =
        ALUDEL_TRY(text::read_text_file(files_, options_.list, kMaxListBytes)).text;
    for (std::string_view left = text; !left.empty();) {
      const std::string_view line = left.substr(0, left.find('\n'));
      left.remove_prefix(std::min(line.size() + 1, left.size()));
      const std::size_t begin = line.find_first_not_of(" \t\r");
      if (begin == std::string_view::npos || line[begin] == '#') continue;
      const std::string one(line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1));
      if (!requested_.insert(forgotten_hash(one)).second) continue;
      forgotten_.add(one);
      summary_.unmatched.push_back(one);
    }
    if (requested_.empty()) {
      return Error{Code::invalid_argument,
                   fmt::format("[forget] {} names no id or URL", options_.list)};
    }
    summary_.requested = requested_.size();
    summary_.made_from = run_.config().from;
    return Ok{};
  }

  Result<std::vector<io::FileInfo>> run_files() {
    std::vector<io::FileInfo> all;
    for (const std::string_view folder :
         {kKeptFolder, kRejectsFolder, kStateFolder, kReportFolder}) {
      auto found = files_.list(in_run(folder));
      if (!found && found.error().code == Code::not_found) continue;
      const auto infos = ALUDEL_TRY(std::move(found));
      all.insert(all.end(), infos.begin(), infos.end());
    }
    return all;
  }

  /// Finds the documents in kept and rejects. Reads the files in parallel, and takes the results in
  /// the order of the files.
  Status find_documents() {
    std::vector<std::string> paths;
    for (const io::FileInfo& file : ALUDEL_TRY(run_files())) {
      const std::string name = relative(file.path);
      if (is_below(name, kKeptFolder) || is_below(name, kRejectsFolder)) {
        paths.push_back(file.path);
      }
    }
    std::vector<Result<std::vector<FoundDocument>>> found(paths.size(),
                                                          std::vector<FoundDocument>());
    threads_.parallel_for(paths.size(), [&](std::size_t i) {
      if (!stop_requested()) found[i] = find_forgotten(files_, paths[i], forgotten_);
    });
    if (stop_requested()) return Error{Code::cancelled, "[forget] stopped; nothing has changed"};
    for (auto& documents : found) {
      for (FoundDocument& document : ALUDEL_TRY(std::move(documents))) {
        ids_.insert(document.id);
        if (document.reason != kCutAtSeam) {
          ++(document.rejected_by.empty() ? summary_.kept : summary_.rejects);
        }
        found_.push_back(std::move(document));
      }
    }
    std::set<std::string> matched;
    for (const FoundDocument& document : found_) {
      matched.insert(document.hashes.begin(), document.hashes.end());
    }
    std::erase_if(summary_.unmatched, [&](const std::string& name) {
      return std::ranges::any_of(forgotten_hashes(std::string_view(name)),
                                 [&](const std::string& hash) { return matched.contains(hash); });
    });
    return Ok{};
  }

  /// Writes the list for later curations, although no document was found now.
  Result<ForgetSummary> finish_without_change() {
    forgotten_.merge(ALUDEL_TRY(Forgotten::load(files_, run_.folder())));
    ALUDEL_TRY(io::write_file(files_, in_run(kForgottenFile), forgotten_.to_jsonl()));
    return std::move(summary_);
  }

  Status check_tokens_are_named() const {
    if (!options_.tokens.empty() || summary_.kept == 0) return Ok{};
    for (const auto& [name, source] : run_.ledger().find("sources")->as_object()) {
      if (source.find("out")->integer_or("tokens", 0) == 0) continue;
      return Error{Code::invalid_argument,
                   "[forget] the ledger says that token shards were made of this run: name their "
                   "folder with --tokens and the tokenizer with --tokenizer (--tokens none where "
                   "they are gone)"};
    }
    return Ok{};
  }

  Status stage_file(const std::string& path) {
    const std::string name = relative(path);
    const std::string to = staged(name);
    ALUDEL_TRY(files_.make_folders(io::folder_of(to)));
    RewrittenFile rewritten;
    if (name == kLayersReport) {
      rewritten = ALUDEL_TRY(rewrite_samples(files_, path, to, ids_));
    } else if (name.find(".jsonl") != std::string::npos || io::is_parquet_path(name)) {
      rewritten = ALUDEL_TRY(rewrite_rows(files_, path, to, ids_));
    }
    if (!rewritten.changed) return Ok{};
    if (rewritten.left == 0 && is_below(name, kRejectsFolder)) {
      transaction_.remove(path);  // a shard without rejects has no file of them
      std::string before = ALUDEL_TRY(hash_of(path));
      changes_.push_back({name, std::move(before), "", rewritten.removed});
      return Ok{};
    }
    return add_move(to, path, rewritten.removed);
  }

  Result<std::string> hash_of(const std::string& path) {
    return ALUDEL_TRY(io::hash_file(files_, path)).hex();
  }

  Status add_move(const std::string& from, const std::string& to, std::uint64_t removed) {
    ALUDEL_TRY(note_change(relative(to), to, from, removed));
    transaction_.move(from, to);
    return Ok{};
  }

  Status note_change(std::string name, const std::string& old_path, const std::string& new_path,
                     std::uint64_t removed) {
    // Named before the list below: if ALUDEL_TRY returned from inside it, g++ 12 would not destroy
    // the elements that are made already.
    std::string before = ALUDEL_TRY(hash_of(old_path));
    std::string after = ALUDEL_TRY(hash_of(new_path));
    changes_.push_back({std::move(name), std::move(before), std::move(after), removed});
    return Ok{};
  }

  Result<std::map<std::string, std::uint64_t>> stage_tokens() {
    std::map<std::string, std::uint64_t> by_source;
    if (options_.tokens.empty() || options_.tokens.front() == "none") return by_source;
    const auto tokenizer = text::Tokenizer::load(files_, options_.tokenizer);
    if (!tokenizer) return Error(tokenizer.error());
    std::vector<FoundDocument> kept;
    std::ranges::copy_if(found_, std::back_inserter(kept),
                         [](const FoundDocument& one) { return one.rejected_by.empty(); });
    for (const std::string& folder : options_.tokens) {
      const ForgottenTokens tokens =
          ALUDEL_TRY(stage_token_shards(files_, tokenizer.value(), folder, kept, transaction_));
      if (by_source.empty()) by_source = tokens.by_source;  // the ledger counts one folder's tokens
      for (const StagedFile& file : tokens.files) {
        ALUDEL_TRY(note_change(file.target, file.target, file.staged, 0));
      }
    }
    for (const auto& [source, count] : by_source) {
      summary_.tokens += count;
    }
    return by_source;
  }

  Status stage_text(std::string_view name, std::string_view text) {
    ALUDEL_TRY(io::write_file(files_, staged(name), text));
    transaction_.move(staged(name), in_run(name));
    return Ok{};
  }

  Status stage_forgotten() {
    forgotten_.merge(ALUDEL_TRY(Forgotten::load(files_, run_.folder())));
    ALUDEL_TRY(files_.make_folders(in_run(kForgetStaging)));
    return stage_text(kForgottenFile, forgotten_.to_jsonl());
  }

  /// Stages the manifest with the new sizes and hashes, so that the run still counts as done.
  Status stage_manifest() {
    io::LineReader rows(ALUDEL_TRY(files_.open(in_run(kManifestFile))));
    std::string lines;
    std::string_view line;
    while (ALUDEL_TRY(rows.next(line))) {
      exec::ManifestRow row =
          ALUDEL_TRY(exec::manifest_row_from_json(ALUDEL_TRY(parse_json(line))));
      std::vector<exec::OutputFile> outputs;
      for (exec::OutputFile& output : row.outputs) {
        const auto change = std::ranges::find(changes_, output.path, &Change::path);
        if (change == changes_.end()) {
          outputs.push_back(std::move(output));
        } else if (!change->after.empty()) {
          outputs.push_back(
              ALUDEL_TRY(exec::describe_output(files_, in_run(kForgetStaging), output.path)));
        }
      }
      row.outputs = std::move(outputs);
      lines += exec::to_json(row).dump() + "\n";
    }
    return stage_text(kManifestFile, lines);
  }

  Status stage_ledger(const std::map<std::string, std::uint64_t>& tokens) {
    Json ledger = run_.ledger();
    forget_in_ledger(ledger, found_, tokens);
    ALUDEL_TRY(check_ledger(ledger));
    Json proof = Json::object();
    proof["requested_xxh128"] = Json(Json::Array(requested_.begin(), requested_.end()));
    proof["kept"] = summary_.kept;
    proof["rejects"] = summary_.rejects;
    proof["tokens"] = summary_.tokens;
    proof["files"] = Json::array();
    for (const Change& change : changes_) {
      Json file = Json::object();
      file["path"] = change.path;
      file["before_xxh128"] = change.before;
      file["after_xxh128"] = change.after.empty() ? Json() : Json(change.after);
      file["removed"] = change.removed;
      proof["files"].push_back(std::move(file));
    }
    if (ledger.find("forgotten") == nullptr) ledger["forgotten"] = Json::array();
    ledger["forgotten"].push_back(std::move(proof));
    return stage_text(kLedgerFile, ledger.dump_pretty() + "\n");
  }

  io::FileSystem& files_;
  Threads& threads_;
  const ForgetOptions& options_;
  StoredRun run_;
  Transaction transaction_;
  Forgotten forgotten_;
  std::set<std::string> requested_;  // hashes of what the list names
  std::vector<FoundDocument> found_;
  std::set<std::string, std::less<>> ids_;
  std::vector<Change> changes_;
  ForgetSummary summary_;
};

}  // namespace

Result<ForgetSummary> forget(io::FileSystem& files, Threads& threads,
                             const ForgetOptions& options) {
  if (!options.tokens.empty() && options.tokens.front() != "none" && options.tokenizer.empty()) {
    return Error{Code::invalid_argument,
                 "[forget] --tokens needs the tokenizer that made them: --tokenizer"};
  }
  const std::string manifest = io::join_path(options.run, kManifestFile);
  if (!files.info(manifest)) {
    return Error{Code::not_found, fmt::format("[forget] {} is no run of curate: it has no {}",
                                              options.run, kManifestFile)};
  }
  const auto lock = ALUDEL_TRY(exec::Manifest::open(files, manifest));  // locks the run
  const bool was_interrupted = ALUDEL_TRY(
      Transaction::finish_interrupted(files, io::join_path(options.run, kForgetJournal)));
  StoredRun run = ALUDEL_TRY(StoredRun::open(files, options.run));
  ForgetSummary summary = ALUDEL_TRY(Forgetting(files, threads, options, std::move(run)).run());
  summary.was_interrupted = was_interrupted;
  return summary;
}

}  // namespace aludel::curate
