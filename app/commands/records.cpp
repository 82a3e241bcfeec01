#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/log.h"
#include "aludel/curate/document/document.h"
#include "aludel/io/codec.h"
#include "aludel/io/keeping_file_system.h"
#include "aludel/io/place.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/text_file.h"
#include "aludel/text/unwrap.h"

namespace aludel::app {
namespace {

constexpr std::uint64_t kMaxTextBytes = std::uint64_t{4} << 30;

struct RecordsOptions {
  std::vector<std::string> files;
  std::string out;
  std::string separator;
  std::string split_before;
  std::string licence;
  std::int64_t min_bytes = 1;
  bool overwrite = false;
  bool unwrap = false;

  template <class V>
  void visit(V& v) {
    v("files", files, "text files (.gz, .zst or plain) in any encoding");
    v("out", out, "JSONL file to write; .gz or .zst compresses");
    v("separator", separator, "a line that ends a record, as % does in fortune files");
    v("split_before", split_before, "a record begins at each line that starts with this text");
    v("licence", licence, "licence that every record carries");
    v("min_bytes", min_bytes, "shorter records are left out", at_least(0));
    v("unwrap", unwrap, "join the lines of paragraphs that were broken at a page's width");
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

/// The line without the colour codes of terminals (ECMA-48 "ESC [ … m").
std::string without_colour(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    if (line.substr(i).starts_with("\033[")) {
      const std::size_t end = line.find('m', i);
      if (end != std::string_view::npos) {
        i = end + 1;
        continue;
      }
    }
    out += line[i++];
  }
  return out;
}

/// Takes the first line off `text`, without its end: LF, CR LF or CR.
std::string_view take_text_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  const std::size_t end_bytes = text.starts_with("\r\n") ? 2 : text.empty() ? 0 : 1;
  text.remove_prefix(end_bytes);
  return line;
}

/// The last `depth` parts of a path; all of it where it has no more.
std::string last_parts(const std::string& path, std::size_t depth) {
  std::size_t begin = path.size();
  for (std::size_t i = 0; i < depth && begin != std::string::npos; ++i) {
    begin = begin == 0 ? std::string::npos : path.rfind('/', begin - 1);
  }
  return begin == std::string::npos ? path : path.substr(begin + 1);
}

/// Refuses a file that is named twice, also in two spellings ("x.txt", "./x.txt") or by a link.
Status expect_other_files(const std::vector<std::string>& paths) {
  std::map<std::string, std::string_view> seen;
  for (const std::string& path : paths) {
    const auto [first, is_new] = seen.emplace(io::place_of(path), path);
    if (is_new) continue;
    const std::string_view name = io::file_name_of(path);
    return Error{Code::invalid_argument,
                 first->second == path
                     ? fmt::format("[records] {} is given twice", name)
                     : fmt::format("[records] {} and {} are one file", first->second, name)};
  }
  return Ok{};
}

/// The end of each path that no other one has: "x.txt", but "a/x.txt" and "b/x.txt" of two such.
/// REQUIRES: no path is there twice.
std::vector<std::string> short_names(const std::vector<std::string>& paths) {
  std::vector<std::string> names(paths.size());
  std::vector<std::size_t> open(paths.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  for (std::size_t depth = 1; !open.empty(); ++depth) {
    std::map<std::string, int> uses;
    for (const std::size_t i : open) {
      names[i] = last_parts(paths[i], depth);
      ++uses[names[i]];
    }
    std::erase_if(open, [&](std::size_t i) { return uses[names[i]] == 1; });
  }
  return names;
}

/// What was made of one file.
struct Cut {
  std::int64_t records = 0;
  std::int64_t too_short = 0;
};

/// Cuts one file; a record's place in it is its address.
class RecordCutter {
 public:
  RecordCutter(io::ByteWriter& out, const RecordsOptions& options, std::string name)
      : out_(out), options_(options), name_(std::move(name)) {}

  Result<Cut> cut(std::string_view text) {
    while (!text.empty()) {
      ALUDEL_TRY(add_line(take_text_line(text)));
    }
    ALUDEL_TRY(end_record());
    return cut_;
  }

 private:
  Status add_line(std::string_view line) {
    if (!options_.separator.empty() && line == options_.separator) return end_record();
    if (!options_.split_before.empty() && line.starts_with(options_.split_before)) {
      ALUDEL_TRY(end_record());
    }
    (text_ += without_colour(line)) += '\n';
    return Ok{};
  }

  Status end_record() {
    std::string text = std::exchange(text_, {});
    if (options_.unwrap) text = text::unwrap(text);
    if (text.find_first_not_of(" \t\n") == std::string::npos) return Ok{};
    if (text.size() < static_cast<std::size_t>(options_.min_bytes)) {
      ++cut_.too_short;
      return Ok{};
    }
    curate::Document document;
    document.url = fmt::format("{}#{}", name_, cut_.records++);
    // The text, too, makes the id: files of one name in other folders are records of their own.
    document.id = hash128(document.url + '\0' + text).hex();
    document.licence = options_.licence;
    document.text = std::move(text);
    return out_.write(curate::to_json(std::move(document)).dump() + "\n");
  }

  io::ByteWriter& out_;
  const RecordsOptions& options_;
  std::string name_;
  std::string text_;
  Cut cut_;
};

Result<int> run(const CommandLine& line) {
  RecordsOptions options;
  if (ALUDEL_TRY(line.read(options, {"files"})) == Parsed::help_shown) return kExitDone;
  if (options.files.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[records] give text files and --out FILE.jsonl"};
  }
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  ALUDEL_TRY(expect_other_files(options.files));
  const std::vector<std::string> names = short_names(options.files);
  ALUDEL_TRY(files.make_folders(io::folder_of(options.out)));
  const auto out = ALUDEL_TRY(io::create_compressed(files, options.out));
  Cut all;
  for (std::size_t i = 0; i < options.files.size(); ++i) {
    const std::string& path = options.files[i];
    const text::DecodedText text = ALUDEL_TRY(text::read_text_file(files, path, kMaxTextBytes));
    if (text.replaced > 0) {
      log_warning("{}: {} places are no {} and became U+FFFD", io::file_name_of(path),
                  text.replaced, text.charset);
    }
    const Cut cut = ALUDEL_TRY(RecordCutter(*out, options, names[i]).cut(text.text));
    if (cut.records == 0) log_warning("{}: no record", io::file_name_of(path));
    all.records += cut.records;
    all.too_short += cut.too_short;
  }
  ALUDEL_TRY(out->commit());
  log_info("cut {} records of {} files; {} shorter than {} bytes left out", all.records,
           options.files.size(), all.too_short, options.min_bytes);
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_records = {
    .name = "records",
    .summary = "Cuts text files into the records of a JSONL file.",
    .details =
        "Each file is read whole, and its encoding is told by its bytes. A record's URL is the\n"
        "file's name, with as much of its path as sets it apart from the others, and its "
        "number.\n\n"
        "Example: aludel records linux work --separator % --licence BSD --out open.jsonl",
    .run = run,
};

}  // namespace aludel::app
