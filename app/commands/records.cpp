#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/curate/document.h"
#include "aludel/io/codec.h"
#include "aludel/io/lines.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/unwrap.h"

namespace aludel::app {
namespace {

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
    v("files", files, "text files (.gz, .zst or plain)");
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

class RecordWriter {
 public:
  RecordWriter(io::ByteWriter& out, const RecordsOptions& options) : out_(out), options_(options) {}

  void start_file(const std::string& path) {
    path_ = path.substr(path.rfind('/') + 1);
    number_ = 0;
    text_.clear();
  }

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
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) return Ok{};
    if (text.size() < static_cast<std::size_t>(options_.min_bytes)) return Ok{};
    curate::Document document;
    document.url = fmt::format("{}#{}", path_, number_++);
    document.id = hash128(document.url).hex();
    document.licence = options_.licence;
    document.text = std::move(text);
    return out_.write(curate::to_json(std::move(document)).dump() + "\n");
  }

 private:
  io::ByteWriter& out_;
  const RecordsOptions& options_;
  std::string path_;
  std::string text_;
  std::int64_t number_ = 0;
};

Result<int> run(const CommandLine& line) {
  RecordsOptions options;
  if (ALUDEL_TRY(line.read(options, {"files"})) == Parsed::help_shown) return kExitDone;
  if (options.files.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[records] give text files and --out FILE.jsonl"};
  }
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  ALUDEL_TRY(files.make_folders(io::folder_of(options.out)));
  const auto out = ALUDEL_TRY(io::create_compressed(files, options.out));
  RecordWriter writer(*out, options);
  for (const std::string& path : options.files) {
    io::LineReader lines(ALUDEL_TRY(io::open_decompressed(files, path)));
    writer.start_file(path);
    for (std::string_view text; ALUDEL_TRY(lines.next(text));) {
      ALUDEL_TRY(writer.add_line(text));
    }
    ALUDEL_TRY(writer.end_record());
  }
  ALUDEL_TRY(out->commit());
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_records = {
    .name = "records",
    .summary = "Cuts text files into the records of a JSONL file.",
    .details = "Example: aludel records linux work --separator % --licence BSD --out open.jsonl",
    .run = run,
};

}  // namespace aludel::app
