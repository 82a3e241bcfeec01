#include "aludel/text/corpus_reader.h"

#include <algorithm>
#include <functional>
#include <map>
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
#include "aludel/io/place.h"
#include "aludel/text/corpus_folders.h"
#include "aludel/text/text_file.h"

namespace aludel::text {
namespace {

constexpr std::uint64_t kMaxPlainBytes = std::uint64_t{1} << 30;
constexpr std::string_view kTextKey = "text";
constexpr std::string_view kTextFiles = "*.jsonl, *.parquet or *.txt";
constexpr std::string_view kUnknownFormat = "unknown_format";

/// What is read of each row.
constexpr io::Column kColumns[] = {{"id"}, {"source"}, {"label"}, {"cluster"}, {kTextKey}};

bool holds_rows(const io::FormatSpec* format) {
  return format != nullptr && format->has_rows;
}

bool is_named_as_rows(std::string_view path) {
  return holds_rows(io::find_format(path, ""));
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
  return holds_rows(io::find_format("", head)) || io::begins_with_record(head, kTextKey);
}

/// Refuses what a run of curate dropped where it is found beside what the run kept, however deep.
Status refuse_rejects(std::string_view path, std::span<const io::FileInfo> found) {
  std::set<std::string> folders;  // that a file was found in or below
  for (const io::FileInfo& file : found) {
    for (std::string folder = io::folder_of(file.path); folders.insert(folder).second;) {
      folder = io::folder_of(folder);
    }
  }
  for (const std::string& folder : folders) {
    if (folder.substr(folder.rfind('/') + 1) != kRejectsFolder) continue;
    std::string kept = folder;
    kept.replace(kept.size() - kRejectsFolder.size(), kRejectsFolder.size(), kKeptFolder);
    if (!folders.contains(kept)) continue;
    return Error{Code::invalid_argument,
                 fmt::format("{} has {} in it, what a run dropped: give {}, or of many runs "
                             "'FOLDER/**/{}/*'",
                             path, folder, kept, kKeptFolder)};
  }
  return Ok{};
}

Error no_texts_in(std::string_view names) {
  return {Code::invalid_argument, fmt::format("no {} file in {}", kTextFiles, names)};
}

/// What was given and is not read, by the reasons that a run of curate gives.
class LeftOut {
 public:
  void add(std::string_view reason, std::string_view path) {
    Group& group = groups_[std::string(reason)];
    if (group.count++ == 0) group.first = io::file_name_of(path);
  }

  void warn() const {
    if (groups_.empty()) return;
    std::vector<std::string> parts;
    for (const auto& [reason, group] : groups_) {
      parts.push_back(fmt::format("{} {} ({}{})", reason, group.count, group.first,
                                  group.count > 1 ? ", …" : ""));
    }
    log_warning("not read: {}{}", fmt::join(parts, "; "),
                groups_.contains(kUnknownFormat)
                    ? fmt::format("; of a folder only {} is read", kTextFiles)
                    : "");
  }

 private:
  struct Group {
    std::uint64_t count = 0;
    std::string first;
  };

  std::map<std::string, Group, std::less<>> groups_;
};

}  // namespace

Result<CorpusReader> CorpusReader::open(io::FileSystem& files,
                                        const std::vector<std::string>& paths) {
  std::vector<std::string> found;
  std::set<std::string> places;
  LeftOut left_out;
  for (const std::string& path : paths) {
    const std::vector<io::FileInfo> listed = ALUDEL_TRY(io::find_files(files, path));
    const std::vector<io::NoFile> no_files = ALUDEL_TRY(io::find_no_files(path));
    if (listed.empty() && no_files.empty()) return no_texts_in(io::file_name_of(path));
    ALUDEL_TRY(refuse_rejects(path, listed));
    for (const io::FileInfo& file : listed) {
      if (file.path != path && !io::has_wildcard(path) && !is_corpus_file(file.path)) {
        left_out.add(kUnknownFormat, file.path);
      } else if (!places.insert(io::place_of(file.path)).second) {
        left_out.add("read_already", file.path);
      } else {
        found.push_back(file.path);
      }
    }
    for (const io::NoFile& item : no_files) {
      left_out.add(item.what, item.path);
    }
  }
  if (found.empty()) {
    std::vector<std::string_view> names(paths.size());
    std::ranges::transform(paths, names.begin(), io::file_name_of);
    return no_texts_in(fmt::format("{}", fmt::join(names, ", ")));
  }
  left_out.warn();
  return CorpusReader(files, std::move(found));
}

Result<bool> CorpusReader::next(CorpusDocument& document) {
  for (;;) {
    document = {};
    Found found = Found::document;
    if (rows_ != nullptr) {
      found = ALUDEL_TRY(next_row(document));
    } else if (next_path_ < paths_.size()) {
      found = ALUDEL_TRY(open_next_file(document));
    } else {
      return false;
    }
    if (found == Found::end) rows_.reset();
    if (found == Found::bad_line) bad_lines_.add(place());
    if (found != Found::document) continue;
    if (document.text.empty()) {
      empty_texts_.add(place());
      continue;
    }
    ++documents_;
    return true;
  }
}

std::string CorpusReader::place() const {
  const std::string_view name = io::file_name_of(paths_[next_path_ - 1]);
  return rows_ == nullptr ? std::string(name) : fmt::format("{}:{}", name, rows_->row_number());
}

void CorpusReader::Tally::add(std::string place) {
  if (count++ == 0) first = std::move(place);
}

void CorpusReader::warn_of_bad_lines(std::string_view command) const {
  if (bad_lines_.count > 0) {
    log_warning("[{}] {} rows were no documents with a member 'text', the first at {}", command,
                bad_lines_.count, bad_lines_.first);
  }
  if (empty_texts_.count > 0) {
    log_warning("[{}] {} rows or files had an empty text, the first at {}", command,
                empty_texts_.count, empty_texts_.first);
  }
}

Status CorpusReader::expect_texts_in_rows(std::string_view command) const {
  warn_of_bad_lines(command);
  if (documents_ > 0 || bad_lines_.count == 0) return Ok{};
  return Error{Code::invalid_argument,
               fmt::format("[{}] no document with a text was found: records need a member 'text'; "
                           "`aludel curate` reads other members (text_key)",
                           command)};
}

Status CorpusReader::expect_documents(std::string_view command) const {
  ALUDEL_TRY(expect_texts_in_rows(command));
  if (documents_ > 0) return Ok{};
  return Error{Code::invalid_argument,
               fmt::format("[{}] no document with a text was found: the files are empty, or their "
                           "texts are",
                           command)};
}

Result<CorpusReader::Found> CorpusReader::next_row(CorpusDocument& document) {
  Json row;
  auto more = rows_->next(row);
  if (!more) {
    if (!rows_->last_error_was_row()) return std::move(more).error();
    return Found::bad_line;
  }
  if (!more.value()) return Found::end;
  const Json* text = row.find(kTextKey);
  if (text == nullptr || !text->is_string()) return Found::bad_line;
  document.text = text->as_string();
  document.id = scalar_text(row.find("id"));
  if (document.id.empty()) document.id = place();
  document.source = scalar_text(row.find("source"));
  document.label = scalar_text(row.find("label"));
  document.cluster = row.string_or("cluster", "");
  if (document.cluster.empty()) document.cluster = document.id;
  return Found::document;
}

Result<CorpusReader::Found> CorpusReader::open_next_file(CorpusDocument& document) {
  const std::string& path = paths_[next_path_++];
  if (ALUDEL_TRY(has_rows(*files_, path))) {
    rows_ = ALUDEL_TRY(io::open_rows(*files_, path, kColumns));
    return Found::rows;
  }
  document.text = ALUDEL_TRY(read_text_file(*files_, path, kMaxPlainBytes)).text;
  document.id = place();
  document.cluster = document.id;
  return Found::document;
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
