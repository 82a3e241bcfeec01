#include "aludel/text/corpus_reader.h"

#include <algorithm>
#include <set>
#include <span>

#include <fmt/format.h>

#include "aludel/base/json_record.h"
#include "aludel/base/log.h"
#include "aludel/io/codec.h"
#include "aludel/io/format.h"
#include "aludel/io/glob.h"
#include "aludel/io/json_stream.h"
#include "aludel/io/no_files.h"
#include "aludel/text/text_file.h"

namespace aludel::text {
namespace {

constexpr std::uint64_t kMaxPlainBytes = std::uint64_t{1} << 30;
constexpr std::string_view kTextKey = "text";

/// What is read of each row.
constexpr io::Column kColumns[] = {
    {"id"}, {"source"}, {"label"}, {kTextKey}, {"annotations", io::ColumnType::json}};

bool is_named_as_rows(std::string_view path) {
  const std::string_view format = io::ending_of(path).format;
  return format == "jsonl" || format == "parquet";
}

/// Of what lies in a folder: .json is more often a ledger than a corpus.
bool is_corpus_file(std::string_view path) {
  const std::string_view ending = io::ending_of(path).ending;
  return ending == ".txt" || (ending != ".json" && is_named_as_rows(path));
}

/// Whether a file holds rows, by its name or, on a disk, by what it begins with.
Result<bool> has_rows(io::FileSystem& files, const std::string& path) {
  if (is_named_as_rows(path)) return true;
  if (io::is_web_address(path)) return false;
  const auto bytes = ALUDEL_TRY(io::open_decompressed(files, path));
  std::string head(io::kJsonHeadBytes, '\0');
  head.resize(ALUDEL_TRY(io::read_full(*bytes, head)));
  return head.starts_with("PAR1") || io::begins_with_record(head, kTextKey);
}

/// Refuses what a run of curate dropped where it is found beside what the run kept, however deep.
Status refuse_rejects(std::string_view path, std::span<const io::FileInfo> found) {
  constexpr std::string_view kRejects = "rejects";
  std::set<std::string> folders;  // that a file was found in or below
  for (const io::FileInfo& file : found) {
    for (std::string folder = io::folder_of(file.path); folders.insert(folder).second;) {
      folder = io::folder_of(folder);
    }
  }
  for (const std::string& folder : folders) {
    if (folder.substr(folder.rfind('/') + 1) != kRejects) continue;
    std::string kept = folder;
    kept.replace(kept.size() - kRejects.size(), kRejects.size(), "kept");
    if (!folders.contains(kept)) continue;
    return Error{Code::invalid_argument,
                 fmt::format("{} has {} in it, what a run dropped: give {}, or of many runs "
                             "'FOLDER/**/kept/*'",
                             path, folder, kept)};
  }
  return Ok{};
}

std::string cluster_of(const Json& row) {
  const Json* annotations = row.find("annotations");
  const Json* minhash = annotations == nullptr ? nullptr : annotations->find("minhash_dedup");
  return minhash == nullptr ? "" : minhash->string_or("cluster", "");
}

}  // namespace

Result<CorpusReader> CorpusReader::open(io::FileSystem& files,
                                        const std::vector<std::string>& paths) {
  std::vector<std::string> found;
  std::vector<std::string> others;
  for (const std::string& path : paths) {
    const std::vector<io::FileInfo> listed = ALUDEL_TRY(io::find_files(files, path));
    ALUDEL_TRY(refuse_rejects(path, listed));
    for (const io::FileInfo& file : listed) {
      const bool is_read = file.path == path || io::has_wildcard(path) || is_corpus_file(file.path);
      (is_read ? found : others).push_back(file.path);
    }
    for (io::NoFile& item : ALUDEL_TRY(io::find_no_files(path))) {
      others.push_back(fmt::format("{} ({})", item.path, item.what));
    }
  }
  if (found.empty()) {
    std::vector<std::string_view> names(paths.size());
    std::ranges::transform(paths, names.begin(), io::file_name_of);
    return Error{Code::invalid_argument,
                 fmt::format("no *.jsonl, *.parquet or *.txt file in {}", fmt::join(names, ", "))};
  }
  if (!others.empty()) {
    log_warning(
        "{} of what the folders hold is not read, since it is no *.jsonl, *.parquet or "
        "*.txt file; the first: {}",
        others.size(), others[0]);
  }
  return CorpusReader(files, std::move(found));
}

Result<bool> CorpusReader::next(CorpusDocument& document) {
  for (;;) {
    document = {};
    if (rows_ != nullptr) {
      if (!ALUDEL_TRY(next_row(document))) rows_.reset();
    } else if (next_path_ < paths_.size()) {
      ALUDEL_TRY(open_next_file(document));
    } else {
      return false;
    }
    if (!document.text.empty()) {
      ++documents_;
      return true;
    }
  }
}

void CorpusReader::count_bad_line() {
  if (bad_lines_++ > 0) return;
  first_bad_line_ =
      fmt::format("{}:{}", io::file_name_of(paths_[next_path_ - 1]), rows_->row_number());
}

void CorpusReader::warn_of_bad_lines(std::string_view command) const {
  if (bad_lines_ == 0) return;
  log_warning("[{}] {} rows were no documents with a member 'text', the first at {}", command,
              bad_lines_, first_bad_line_);
}

Status CorpusReader::expect_documents(std::string_view command) const {
  warn_of_bad_lines(command);
  if (documents_ > 0) return Ok{};
  return Error{Code::invalid_argument,
               fmt::format("[{}] no document with a text was found: records need a member 'text'; "
                           "`aludel curate` reads other members (text_key)",
                           command)};
}

/// Leaves the text empty after a line that is no document; false at the end of the file.
Result<bool> CorpusReader::next_row(CorpusDocument& document) {
  Json row;
  auto more = rows_->next(row);
  if (!more) {
    if (!rows_->last_error_was_row()) return std::move(more).error();
    count_bad_line();
    return true;
  }
  if (!more.value()) return false;
  const Json* text = row.find(kTextKey);
  if (text == nullptr || !text->is_string()) {
    count_bad_line();
    return true;
  }
  document.text = text->as_string();
  document.id = scalar_text(row.find("id"));
  if (document.id.empty()) {
    document.id =
        fmt::format("{}:{}", io::file_name_of(paths_[next_path_ - 1]), rows_->row_number());
  }
  document.source = scalar_text(row.find("source"));
  document.label = scalar_text(row.find("label"));
  document.cluster = cluster_of(row);
  if (document.cluster.empty()) document.cluster = document.id;
  return true;
}

Status CorpusReader::open_next_file(CorpusDocument& document) {
  const std::string& path = paths_[next_path_++];
  if (ALUDEL_TRY(has_rows(*files_, path))) {
    rows_ = ALUDEL_TRY(io::open_rows(*files_, path, kColumns));
    return Ok{};
  }
  document.text = ALUDEL_TRY(read_text_file(*files_, path, kMaxPlainBytes)).text;
  document.id = io::file_name_of(path);
  document.cluster = document.id;
  return Ok{};
}

Result<std::vector<CorpusDocument>> CorpusReader::next_batch(std::size_t limit_bytes) {
  std::vector<CorpusDocument> batch;
  CorpusDocument document;
  for (std::size_t bytes = 0; bytes < limit_bytes;) {
    if (!ALUDEL_TRY(next(document))) break;
    bytes += document.text.size();
    batch.push_back(std::move(document));
  }
  return batch;
}

}  // namespace aludel::text
