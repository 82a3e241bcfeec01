#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/log.h"
#include "aludel/base/stop.h"
#include "aludel/curate/document.h"
#include "aludel/curate/layers/language/page_text.h"
#include "aludel/io/codec.h"
#include "aludel/io/format.h"
#include "aludel/io/formats/warc.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/book/book.h"
#include "aludel/text/language.h"

namespace aludel::app {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{256} << 20;

struct ExtractOptions {
  std::vector<std::string> files;
  bool markdown = false;
  bool jsonl = false;

  template <class V>
  void visit(V& v) {
    v("files", files, "HTML, text or WARC files (.gz, .zst or plain), EPUB or PDF");
    v("markdown", markdown, "keep headings, lists, tables, code and emphasis as Markdown");
    v("jsonl", jsonl, "one document object a page, with title, charset and language");
  }
};

class Extractor {
 public:
  Extractor(io::FileSystem& files, const ExtractOptions& options)
      : files_(files), options_(options) {}

  Status extract(const std::string& path) {
    const auto head_reader = ALUDEL_TRY(io::open_decompressed(files_, path));
    std::string head(512, '\0');
    head.resize(ALUDEL_TRY(head_reader->read(head)));
    const io::FormatSpec* format = io::find_format(path, head);
    if (format != nullptr && format->name == "warc") return extract_archive(path);
    if (format != nullptr && format->name == "epub") return extract_book(path, text::read_epub);
    if (format != nullptr && format->name == "pdf") return extract_book(path, text::read_pdf);
    const auto reader = ALUDEL_TRY(io::open_decompressed(files_, path));
    const std::string bytes = ALUDEL_TRY(io::read_all(*reader, kMaxFileBytes));
    curate::Document document;
    document.url = path;
    return write(std::move(document), bytes, "");
  }

 private:
  Status extract_archive(const std::string& path) {
    auto pages = ALUDEL_TRY(io::WebPageReader::open(files_, path));
    while (auto page = ALUDEL_TRY(pages.next())) {
      if (stop_requested()) return Error{Code::cancelled, "[extract] stopped"};
      curate::Document document;
      document.url = page->uri;
      document.date = page->date;
      ALUDEL_TRY(write(std::move(document), page->body, page->content_type));
    }
    for (const auto& [defect, count] : pages.defects()) {
      log_warning("[extract] {}: {} ({})", path, defect, count);
    }
    return Ok{};
  }

  template <class Read>
  Status extract_book(const std::string& path, const Read& read) {
    const std::string bytes = ALUDEL_TRY(io::read_file(files_, path, kMaxFileBytes));
    auto book = read(bytes, kMaxFileBytes);
    if (!book) return std::move(book).error().with_context(path);
    curate::Document document;
    document.url = path;
    curate::PageText page;
    page.text = std::move(book.value().text);
    page.notes["title"] = book.value().title;
    return write_page(std::move(document), std::move(page));
  }

  Status write(curate::Document document, std::string_view bytes, std::string_view content_type) {
    const auto form = options_.markdown ? text::TextForm::markdown : text::TextForm::plain;
    return write_page(std::move(document), curate::page_text(bytes, content_type, form));
  }

  Status write_page(curate::Document document, curate::PageText page) {
    if (!options_.jsonl) {
      if (number_++ > 0) print("");
      print(page.text);
      return Ok{};
    }
    const text::LanguageGuess guess = text::guess_language(page.text);
    document.id = hash128(fmt::format("{}\n{}", document.url, number_++)).hex();
    document.language = guess.language;
    document.text = std::move(page.text);
    if (!guess.script.empty()) page.notes["script"] = guess.script;
    page.notes["confidence"] = guess.confidence;
    document.annotations["language"] = std::move(page.notes);
    print(curate::to_json(std::move(document)).dump());
    return Ok{};
  }

  io::FileSystem& files_;
  const ExtractOptions& options_;
  std::uint64_t number_ = 0;
};

Result<int> run(const CommandLine& line) {
  ExtractOptions options;
  if (ALUDEL_TRY(line.read(options, {"files"})) == Parsed::help_shown) return kExitDone;
  if (options.files.empty()) {
    return Error{Code::invalid_argument, "[extract] which files? See: aludel help extract"};
  }
  io::SchemeFileSystem files;
  Extractor extractor(files, options);
  for (const std::string& path : options.files) {
    ALUDEL_TRY(extractor.extract(path));
  }
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_extract = {
    .name = "extract",
    .summary = "Main text of HTML pages, without navigation, comments and advertisement.",
    .details =
        "Charsets are told by byte order mark, header, markup or the bytes. A web archive gives "
        "one\n"
        "document for each page in it. Plain text goes to stdout, pages parted by an empty line;\n"
        "with --jsonl each page is one object {id, url, language, text, annotations …}.\n"
        "Example: aludel extract page.html --markdown",
    .run = run,
};

}  // namespace aludel::app
