#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/left_out.h"
#include "app/standard_input.h"
#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/log.h"
#include "aludel/base/progress.h"
#include "aludel/base/stop.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/document/document.h"
#include "aludel/io/codec.h"
#include "aludel/io/format.h"
#include "aludel/io/formats/warc.h"
#include "aludel/io/glob.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/book/book.h"
#include "aludel/text/language.h"
#include "aludel/text/page/page_text.h"

namespace aludel::app {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{256} << 20;
constexpr int kExitFailed = 1;

struct ExtractOptions {
  std::vector<std::string> inputs;
  bool markdown = false;
  bool jsonl = false;
  bool comments = false;

  template <class V>
  void visit(V& v) {
    v("inputs", inputs,
      "HTML, text or WARC files (.gz, .zst or plain), EPUB or PDF; folders, patterns, addresses; "
      "- is standard input");
    v("markdown", markdown, "keep headings, lists, tables, code and emphasis as Markdown");
    v("jsonl", jsonl, "one document object a page, with title, charset, language and metadata");
    v("comments", comments,
      "keep the comments below an article, too; posts of a thread are always kept");
  }
};

/// Whether a file of this name may have pages: rows of records have none.
bool may_have_pages(std::string_view path) {
  const io::FormatSpec* format = io::find_format(path, "");
  return !io::ending_of(path).format.empty() && (format == nullptr || !format->has_rows);
}

/// What became of all that was read.
struct Outcome {
  std::uint64_t pages = 0;
  Tally notes;  // pages that gave no text, or not all of it
  LeftOut left_out;
};

class Extractor {
 public:
  Extractor(io::FileSystem& files, const ExtractOptions& options)
      : files_(files), options_(options) {}

  /// `name` is how a user knows the file, `path` where it lies. Errors: what ends the run.
  Status extract(const std::string& path, const std::string& name) {
    name_ = name;
    copy_.reset();
    if (auto done = read(path); !done) {
      if (done.error().code == Code::cancelled) return done;
      log_warning("[extract] {}", done.error().message);
      outcome_.left_out.failed.add("not read", name);
    }
    return Ok{};
  }

  Outcome& outcome() { return outcome_; }

 private:
  Status read(const std::string& path) {
    const auto head_reader = ALUDEL_TRY(io::open_decompressed(files_, path));
    std::string head(512, '\0');
    head.resize(ALUDEL_TRY(head_reader->read(head)));
    const io::FormatSpec* format = io::find_format(name_, head);
    if (format != nullptr && format->name == "warc") return extract_archive(path);
    if (format != nullptr && format->name == "epub") return extract_book(path, text::read_epub);
    if (format != nullptr && format->name == "pdf") return extract_book(path, text::read_pdf);
    const auto reader = ALUDEL_TRY(io::open_decompressed(files_, path));
    const std::string bytes = ALUDEL_TRY(io::read_all(*reader, kMaxFileBytes));
    curate::Document document;
    document.url = name_;
    auto page = page_of(bytes, io::ending_of(name_).media_type);
    if (!page.not_text.empty()) {
      outcome_.left_out.failed.add(page.not_text + ", no text", name_);
      return Ok{};
    }
    return write(std::move(document), std::move(page));
  }

  Status extract_archive(const std::string& path) {
    auto pages = ALUDEL_TRY(io::WebPageReader::open(files_, path));
    const std::uint64_t pages_before = outcome_.pages;
    while (auto page = ALUDEL_TRY(pages.next())) {
      if (stop_requested()) return Error{Code::cancelled, "[extract] stopped"};
      curate::Document document;
      document.url = page->uri;
      document.date = page->date;
      text::PageText text = page_of(page->body, page->content_type);
      if (!text.not_text.empty()) {
        outcome_.notes.add(text.not_text + ", no text", page->uri);
        continue;
      }
      ALUDEL_TRY(write(std::move(document), std::move(text), page->offset));
    }
    // What describes a crawl or a request was to be no page; an archive of nothing else is told.
    const bool has_pages = outcome_.pages > pages_before;
    for (const auto& [reason, count] : pages.skipped()) {
      const bool describes =
          reason == "type warcinfo" || reason == "type request" || reason == "type metadata";
      if (!has_pages || !describes) outcome_.left_out.others.add(reason, count);
    }
    for (const auto& [defect, count] : pages.defects()) {
      log_warning("[extract] {}: {} ({})", name_, defect, count);
    }
    return Ok{};
  }

  template <class Read>
  Status extract_book(const std::string& path, const Read& read) {
    const std::string bytes = ALUDEL_TRY(io::read_file(files_, path, kMaxFileBytes));
    auto book = read(bytes, kMaxFileBytes);
    if (!book) return std::move(book).error().with_context(name_);
    curate::Document document;
    document.url = name_;
    text::PageText page;
    page.text = std::move(book.value().text);
    page.notes["title"] = book.value().title;
    if (book.value().missing_chapters > 0) {
      page.notes["missing_chapters"] = book.value().missing_chapters;
      outcome_.notes.add("without all of its chapters", name_);
    }
    return write(std::move(document), std::move(page));
  }

  text::PageText page_of(std::string_view bytes, std::string_view content_type) const {
    const auto form = options_.markdown ? text::TextForm::markdown : text::TextForm::plain;
    const auto comments =
        options_.comments ? text::html::Comments::keep : text::html::Comments::drop;
    return text::page_text(bytes, content_type, form, comments);
  }

  /// The id of a page by what it is: the same pages have the same ids wherever their archive lies
  /// and whatever its name is. Files that begin with the same page are counted: one may come twice.
  std::string id_of(const std::string& page) {
    if (!copy_) copy_ = copies_[page]++;
    return hash128(fmt::format("{}\n{}", page, *copy_)).hex();
  }

  /// `offset` is where the page begins in its file.
  Status write(curate::Document document, text::PageText page, std::uint64_t offset = 0) {
    if (page.text.empty()) outcome_.notes.add("without main text", document.url);
    if (page.notes.find("truncated") != nullptr) {
      outcome_.notes.add("cut at the largest size of a page", document.url);
    }
    ++outcome_.pages;
    if (!options_.jsonl) {
      if (outcome_.pages > 1) print("");
      print(page.text);
      return Ok{};
    }
    const text::LanguageGuess guess = text::guess_language(page.text);
    document.id = id_of(fmt::format("{}\n{}\n{}", document.url, document.date, offset));
    document.language = guess.language;
    document.text = std::move(page.text);
    if (!guess.script.empty()) page.notes["script"] = guess.script;
    page.notes["confidence"] = guess.confidence;
    document.annotations[curate::kPageTitle.layer] = std::move(page.notes);
    document.metadata = std::move(page.metadata);
    print(curate::to_json(std::move(document)).dump());
    return Ok{};
  }

  io::FileSystem& files_;
  const ExtractOptions& options_;
  Outcome outcome_;
  std::string name_;                             // of the file that is read
  std::optional<std::uint64_t> copy_;            // its number; none before its first page
  std::map<std::string, std::uint64_t> copies_;  // files by their first page
};

struct Input {
  std::string path;
  std::string name;
};

/// The files that the inputs name. A file named by itself is read whatever its name says; of
/// folders and patterns those that may be pages.
Result<std::vector<Input>> find_inputs(io::FileSystem& files,
                                       const std::vector<std::string>& inputs, Outcome& outcome) {
  std::vector<Input> found;
  for (const std::string& input : inputs) {
    if (input == "-") {
      found.push_back({ALUDEL_TRY(spool_standard_input()), "stdin"});
      continue;
    }
    auto below = io::find_files(files, input);
    if (!below) {
      log_warning("[extract] {}", below.error().message);
      outcome.left_out.failed.add("not read", input);
      continue;
    }
    const std::uint64_t total_before = outcome.left_out.total();
    ALUDEL_TRY(outcome.left_out.add_no_files(input, may_have_pages));
    if (below.value().empty() && outcome.left_out.total() == total_before) {
      log_warning("[extract] {}: no file is there", input);
      outcome.left_out.failed.add("without a file", input);
    }
    for (const io::FileInfo& file : below.value()) {
      if (file.path == input || may_have_pages(file.path)) {
        found.push_back({file.path, file.path});
      } else {
        outcome.left_out.add_other(file.path);
      }
    }
  }
  return found;
}

/// The last line: what was read, and all that was not, with its reason.
void log_outcome(const Outcome& outcome, std::size_t files) {
  std::string line = fmt::format("{} {}, {} {}", files, files == 1 ? "file" : "files",
                                 outcome.pages, outcome.pages == 1 ? "page" : "pages");
  if (!outcome.notes.empty()) line += "; of these " + outcome.notes.line();
  log_info("[extract] {}{}", line, outcome.left_out.line());
}

Result<int> run(const CommandLine& line) {
  ExtractOptions options;
  if (ALUDEL_TRY(line.read(options, {"inputs"})) == Parsed::help_shown) return kExitDone;
  if (options.inputs.empty() && has_standard_input()) options.inputs.emplace_back("-");
  if (std::ranges::count(options.inputs, "-") > 1) {
    return Error{Code::invalid_argument,
                 "[extract] - twice: standard input comes once; name it once"};
  }
  if (options.inputs.empty()) {
    return Error{Code::invalid_argument,
                 "[extract] which files? Name files, folders or patterns, or pipe a page in. See: "
                 "aludel help extract"};
  }
  io::SchemeFileSystem files;
  Extractor extractor(files, options);
  Outcome& outcome = extractor.outcome();
  const std::vector<Input> inputs = ALUDEL_TRY(find_inputs(files, options.inputs, outcome));
  std::optional<Progress> progress;
  if (inputs.size() > 1) progress.emplace("extract", inputs.size(), "files");
  for (const Input& input : inputs) {
    if (stop_requested()) return Error{Code::cancelled, "[extract] stopped"};
    ALUDEL_TRY(extractor.extract(input.path, input.name));
    if (progress) progress->advance(1);
  }
  progress.reset();
  const bool plain = inputs.size() == 1 && outcome.notes.empty() && outcome.left_out.total() == 0;
  if (!plain) log_outcome(outcome, inputs.size());
  return outcome.left_out.failed.empty() ? kExitDone : kExitFailed;
}

}  // namespace

extern constinit const CommandSpec command_extract = {
    .name = "extract",
    .summary = "Main text of HTML pages, without navigation, comments and advertisement.",
    .details =
        "Reads files, folders with all below them, patterns, addresses, and standard input (- or\n"
        "what is piped in). Names tell what is a page (.html, .htm, .xhtml, .xht, .txt, .md,\n"
        ".warc, .wet, .epub, .pdf, each .gz or .zst, too); a file named by itself is read whatever "
        "its\n"
        "name is, by its bytes.\n"
        "Charsets are told by byte order mark, header, markup or the bytes. A web archive gives\n"
        "one document for each page in it. Plain text goes to stdout, pages parted by an empty\n"
        "line; with --jsonl each page is one object {id, url, language, text, annotations …}.\n"
        "The last line of stderr says what was left out and why; the exit code is 1 where a file\n"
        "that was to be a page was none or could not be read. Links to folders are not followed; "
        "they,\n"
        "pipes and links that lead nowhere are named there.\n\n"
        "Example: aludel extract page.html --markdown\n"
        "         aludel extract site/ 'crawl/*.warc.gz' --jsonl > pages.jsonl\n"
        "         curl -s https://example.org/ | aludel extract",
    .run = run,
};

}  // namespace aludel::app
