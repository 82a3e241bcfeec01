#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/command.h"
#include "app/left_out.h"
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/base/progress.h"
#include "aludel/base/stop.h"
#include "aludel/base/utf8.h"
#include "aludel/io/codec.h"
#include "aludel/io/format.h"
#include "aludel/io/formats/warc.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/charset.h"

namespace aludel::app {
namespace {

constexpr int kExitFailed = 1;
constexpr std::uint64_t kMaxPageBytes = std::uint64_t{32} << 20;  // what readers take, too

struct ArchiveOptions {
  std::vector<std::string> inputs;
  std::string out;
  std::string url_prefix = "http://localhost/";
  std::string date;
  std::int64_t max_bytes = 0;
  bool overwrite = false;
  bool html_only = false;
  bool json = false;

  template <class V>
  void visit(V& v) {
    v("inputs", inputs, "HTML and text files, or folders with them");
    v("out", out, "archive to write: NAME.warc.gz, NAME.warc.zst or NAME.warc");
    v("url_prefix", url_prefix,
      "what a file's path below the folder that holds all inputs is put behind");
    v("date", date, "date of all records, 2024-05-18 or 2024-05-18T01:58:10Z; now when missing");
    v("max_bytes", max_bytes,
      "begin a new archive, NAME-00001.warc.gz, when one has this many bytes; 0: one archive",
      at_least(0));
    v("html_only", html_only, "leave text files out: often the sources of the pages beside them");
    v("json", json, "print what was done as one JSON object");
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

/// A path as part of a URL. Source: RFC 3986 section 2.
std::string percent_encoded(std::string_view path) {
  std::string url;
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("-._~/").find(c) != std::string_view::npos;
    if (is_plain) {
      url += c;
    } else {
      url += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return url;
}

struct Page {
  std::string path;
  std::string url;
  std::string_view media_type;
};

struct Pages {
  std::vector<Page> all;
  LeftOut left_out;
};

bool is_page(std::string_view path) {
  return !io::ending_of(path).media_type.empty();
}

/// The deepest folder that holds all inputs, with its slash: what stands below it names a page.
std::string common_folder(const std::vector<std::string>& inputs) {
  const auto as_folder = [](std::string path) {
    while (path.ends_with('/')) {
      path.pop_back();
    }
    return path + "/";
  };
  std::string common = as_folder(inputs[0]);
  for (const std::string& input : inputs) {
    while (!as_folder(input).starts_with(common)) {
      common.pop_back();
      common.resize(common.rfind('/') + 1);
    }
  }
  return common;
}

/// The pages below the inputs, in the order given, then by path.
Result<Pages> find_pages(io::FileSystem& files, const ArchiveOptions& options) {
  Pages pages;
  std::set<std::string> urls;
  const std::string common = common_folder(options.inputs);
  for (const std::string& input : options.inputs) {
    ALUDEL_TRY(pages.left_out.add_no_files(input, is_page));
    for (const io::FileInfo& file : ALUDEL_TRY(files.list(input))) {
      const io::NameEnding ending = io::ending_of(file.path);
      if (ending.media_type.empty() || (options.html_only && ending.format == "text")) {
        pages.left_out.add_other(file.path);
        continue;
      }
      std::string_view below = file.path;
      below.remove_prefix(below.starts_with(common) ? common.size() : below.rfind('/') + 1);
      const std::string url = options.url_prefix + percent_encoded(below);
      if (!urls.insert(url).second) {
        return Error{Code::invalid_argument,
                     fmt::format("[archive] {} and another file both become {}; pack their folders "
                                 "one by one, each with its own --url-prefix and --out",
                                 file.path, url)};
      }
      pages.all.push_back({file.path, url, ending.media_type});
    }
  }
  if (pages.all.empty()) {
    std::string known;
    for (const io::NameEnding& page : io::page_endings()) {
      known += fmt::format(" {}", page.ending);
    }
    return Error{Code::not_found,
                 fmt::format("[archive] no page to pack in {}{}; pages end in{}",
                             fmt::join(options.inputs, ", "), pages.left_out.line(), known)};
  }
  return pages;
}

/// The bytes of a page, without the compression of its file.
Result<std::string> read_page(io::FileSystem& files, const std::string& path) {
  const auto reader = ALUDEL_TRY(io::open_decompressed(files, path));
  auto body = io::read_all(*reader, kMaxPageBytes);
  if (body || body.error().code != Code::resource_exhausted) return body;
  return Error{Code::resource_exhausted,
               fmt::format("{}: larger than {} MiB, unpacked where it is compressed", path,
                           kMaxPageBytes >> 20)};
}

/// "2024-05-18T01:58:10Z" of a date, a date with a time, or nothing (now).
Result<std::string> full_date(const std::string& date) {
  if (date.empty()) {
    const auto now = std::chrono::system_clock::now();
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
  }
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:ddZ";
  const std::string full = date.size() == 10 ? date + "T00:00:00Z" : date;
  const bool fits = std::ranges::equal(full, kForm, [](char c, char form) {
    return form == 'd' ? c >= '0' && c <= '9' : c == form;
  });
  if (fits) return full;
  return Error{
      Code::invalid_argument,
      fmt::format("[archive] --date {}: 2024-05-18 or 2024-05-18T01:58:10Z was expected", date)};
}

/// The part of the file name that comes before ".warc", and ".warc" with what follows.
Result<std::pair<std::string, std::string>> split_out(const std::string& out) {
  for (const std::string_view extension : {".warc.gz", ".warc.zst", ".warc"}) {
    if (out.ends_with(extension) && out.size() > extension.size()) {
      return std::pair(out.substr(0, out.size() - extension.size()), std::string(extension));
    }
  }
  return Error{Code::invalid_argument,
               fmt::format("[archive] --out '{}': a name that ends in .warc.gz, .warc.zst or .warc "
                           "was expected",
                           out)};
}

/// "; charset=gbk" for a page in an older encoding, as its server would say; empty for UTF-8, which
/// readers find by themselves.
std::string charset_field(std::string_view body) {
  if (is_valid_utf8(body)) return "";
  const std::string_view charset = text::decode_to_utf8(body).charset;
  return charset == "utf-8" ? "" : fmt::format("; charset={}", charset);
}

/// Writes pages to one archive, or to numbered ones of about max_bytes.
class ArchiveSet {
 public:
  ArchiveSet(io::FileSystem& files, std::pair<std::string, std::string> name, std::string date,
             std::uint64_t max_bytes)
      : files_(files), name_(std::move(name)), date_(std::move(date)), max_bytes_(max_bytes) {}

  Status add(const Page& page, std::string_view body) {
    if (writer_ && max_bytes_ > 0 && writer_->size_bytes() >= max_bytes_) ALUDEL_TRY(close());
    if (!writer_) ALUDEL_TRY(begin());
    const std::string head =
        fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}{}\r\nContent-Length: {}\r\n\r\n",
                    page.media_type, charset_field(body), body.size());
    return writer_->write_response(page.url, date_, head, body);
  }

  /// Finishes the last archive and removes numbered ones that an earlier, larger run left.
  Status finish() {
    ALUDEL_TRY(close());
    for (std::size_t number = paths_.size(); max_bytes_ > 0; ++number) {
      const std::string stale = path_of(number);
      if (!files_.info(stale)) break;
      log_info("{}: removed, an earlier run left it", stale);
      ALUDEL_TRY(files_.remove(stale));
    }
    return Ok{};
  }

  const std::vector<std::string>& paths() const { return paths_; }

  std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  std::string path_of(std::size_t number) const {
    if (max_bytes_ == 0) return name_.first + name_.second;
    return fmt::format("{}-{:05}{}", name_.first, number, name_.second);
  }

  Status begin() {
    const std::string path = path_of(paths_.size());
    ALUDEL_TRY(files_.make_folders(io::folder_of(path)));
    writer_ = ALUDEL_TRY(io::WarcWriter::create(files_, path));
    paths_.push_back(path);
    return writer_->write_info(
        date_,
        {{"software", "aludel archive"},
         {"format", "WARC File Format 1.1"},
         {"conformsTo",
          "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"}});
  }

  Status close() {
    ALUDEL_TRY(writer_->commit());
    size_bytes_ += writer_->size_bytes();
    writer_.reset();
    return Ok{};
  }

  io::FileSystem& files_;
  std::pair<std::string, std::string> name_;
  std::string date_;
  std::uint64_t max_bytes_;
  std::optional<io::WarcWriter> writer_;
  std::vector<std::string> paths_;
  std::uint64_t size_bytes_ = 0;
};

struct Packed {
  std::uint64_t pages = 0;
  std::uint64_t bytes = 0;
};

/// Packs the pages; one that cannot be read is counted. Errors: those of writing.
Result<Packed> pack_pages(io::FileSystem& files, Pages& pages, ArchiveSet& archives) {
  Packed packed;
  Progress progress("archive", pages.all.size(), "pages");
  for (const Page& page : pages.all) {
    if (stop_requested()) return Error{Code::cancelled, "[archive] stopped; run it again"};
    progress.advance(1);
    const auto body = read_page(files, page.path);
    if (!body) {
      if (body.error().code == Code::cancelled) return body.error();
      log_warning("[archive] {}", body.error().message);
      pages.left_out.failed.add("not read", page.path);
      continue;
    }
    ALUDEL_TRY(archives.add(page, body.value()));
    ++packed.pages;
    packed.bytes += body.value().size();
  }
  if (packed.pages > 0) return packed;
  return Error{Code::corrupt_data,
               fmt::format("[archive] nothing was packed{}", pages.left_out.line())};
}

void print_result(const ArchiveSet& archives, const LeftOut& left_out, const Packed& packed,
                  bool json) {
  if (!json) {
    log_info("packed {} pages, {} bytes, into {} bytes{}", packed.pages, packed.bytes,
             archives.size_bytes(), left_out.line());
    print(fmt::format("{}", fmt::join(archives.paths(), "\n")));
    return;
  }
  Json result;
  result["pages"] = packed.pages;
  result["bytes"] = packed.bytes;
  result["archive_bytes"] = archives.size_bytes();
  result["left_out"] = left_out.others.to_json();
  result["failed"] = left_out.failed.to_json();
  for (const std::string& path : archives.paths()) {
    result["archives"].push_back(path);
  }
  print(result.dump());
}

Result<int> run(const CommandLine& line) {
  ArchiveOptions options;
  if (ALUDEL_TRY(line.read(options, {"inputs"})) == Parsed::help_shown) return kExitDone;
  if (options.inputs.empty()) {
    return Error{Code::invalid_argument,
                 "[archive] nothing to pack: name files or folders\nSee: aludel help archive"};
  }
  auto name = ALUDEL_TRY(split_out(options.out));
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  const auto claim = ALUDEL_TRY(io::OutputClaim::take(files, options.out));
  ArchiveSet archives(files, std::move(name), ALUDEL_TRY(full_date(options.date)),
                      static_cast<std::uint64_t>(options.max_bytes));
  Pages pages = ALUDEL_TRY(find_pages(files, options));
  const Packed packed = ALUDEL_TRY(pack_pages(files, pages, archives));
  ALUDEL_TRY(archives.finish());
  print_result(archives, pages.left_out, packed, options.json);
  return pages.left_out.failed.empty() ? kExitDone : kExitFailed;
}

}  // namespace

extern constinit const CommandSpec command_archive = {
    .name = "archive",
    .summary = "Packs HTML and text files into web archives (WARC), the form a crawl has.",
    .details =
        "Every file becomes a response record with an HTTP head (its media type is told by its\n"
        "extension, an older encoding by its bytes), a URL made of --url-prefix and its path below "
        "the folder given, and digests.\n"
        "Compressed files (.html.gz) are unpacked; files that are no page are left out. Prints "
        "the\n"
        "paths of the archives. The last line of stderr says what was left out; the exit code is "
        "1,\n"
        "beside an archive of the others, where a page is damaged or larger than 32 MiB.\n\n"
        "Example: aludel archive site/ --url-prefix https://example.org/ --out site.warc.gz\n"
        "         aludel curate --preset web --in site.warc.gz --out curated\n"
        "The same files and --date give the same bytes. An archive appears when it is complete.",
    .run = run,
};

}  // namespace aludel::app
