#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/base/log.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/sources/read_part.h"
#include "aludel/io/formats/warc.h"
#include "aludel/text/charset.h"

namespace aludel::curate {
namespace {

/// The crawl that an archive is a part of: `isPartOf` of its first record, a warcinfo
/// (WARC 1.1, 6.2; Common Crawl writes "CC-MAIN-2024-22"). Empty where it has none.
Result<std::string> dump_of_archive(io::FileSystem& files, const std::string& path) {
  auto reader = io::WarcReader::open(files, path);
  if (!reader) return std::string();  // no archive: who reads its pages says so
  const auto record = ALUDEL_TRY(reader.value().next());
  if (!record || record->type != "warcinfo") return std::string();
  constexpr std::string_view kField = "ispartof:";
  std::string_view left = record->block;
  while (!left.empty()) {
    std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(line.size() + 1, left.size()));
    if (lower_ascii(line.substr(0, kField.size())) != kField) continue;
    line.remove_prefix(kField.size());
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return std::string();
    return std::string(line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1));
  }
  return std::string();
}

/// The pages of a web archive.
class WarcDocuments final : public DocumentReader {
 public:
  WarcDocuments(io::WebPageReader pages, const SourceConfig& source, const FilePart& part,
                std::string dump)
      : pages_(std::move(pages)), source_(source), part_(part), dump_(std::move(dump)) {}

  Result<bool> next(ReadDocument& out) override {
    auto page = ALUDEL_TRY(pages_.next());
    if (!page) return false;
    has_pages_ = true;
    out = {};
    out.size_bytes = page->body.size();
    Document& document = out.document;
    document.id = id_of_place(source_, part_, page->offset);
    document.url = std::move(page->uri);
    document.date = std::move(page->date);
    document.dump = dump_;
    document.robots_tag = page->headers.joined("x-robots-tag");
    document.tdm_reservation = page->headers.get("tdm-reservation");
    out.is_truncated = !page->truncated.empty();
    if (out.is_truncated) document.annotations[kReadLayer]["truncated"] = page->truncated;
    if (page->content_type.starts_with("text/plain")) {
      document.text = text::decode_to_utf8(page->body, page->content_type).text;
    } else {
      document.raw = std::move(page->body);
      document.content_type = std::move(page->content_type);
    }
    describe(source_, document);
    return true;
  }

  /// Records that are no capture ("type request") are no loss, and what was mended neither. A
  /// revisit is a capture whose page lies elsewhere.
  void end() override {
    problems_.clear();
    for (const auto& [reason, count] : pages_.skipped()) {
      if (reason.starts_with("type ") && reason != "type revisit") continue;
      const std::string_view kind = reason == "type revisit"            ? "revisit"
                                    : reason.starts_with("status ")     ? "http_status"
                                    : reason.starts_with("media type ") ? "media_type"
                                                                        : std::string_view(reason);
      std::string name(kind);
      std::ranges::replace(name, ' ', '_');
      problems_[name] += count;
    }
    const auto defects = pages_.defects();
    for (const char* lost : {"truncated", "damaged_member", "bad_header", "record_too_large"}) {
      if (const auto found = defects.find(lost); found != defects.end()) {
        problems_[lost] += found->second;
      }
    }
    if (!has_pages_ && problems_.empty() && !pages_.skipped().empty()) count_no_page();
  }

 private:
  /// An archive of other records, as a WAT file is.
  void count_no_page() {
    std::string types;
    for (const auto& [reason, count] : pages_.skipped()) {
      types += fmt::format("{}{} {}", types.empty() ? "" : ", ", reason, count);
    }
    log_warning("{}: no page; its records: {}", io::file_name_of(part_.path), types);
    problems_["no_page"] = 1;
    examples_["no_page"] = types;
  }

  io::WebPageReader pages_;
  const SourceConfig& source_;
  FilePart part_;
  std::string dump_;
  bool has_pages_ = false;
};

}  // namespace

Result<std::unique_ptr<DocumentReader>> open_warc_documents(io::FileSystem& files,
                                                            const SourceConfig& source,
                                                            const FilePart& part) {
  io::WebPageOptions options;
  options.max_body_bytes = kMaxDocumentBytes;
  options.warc.range = {part.begin, part.end};
  std::string dump = source.dump.empty() ? ALUDEL_TRY(dump_of_archive(files, part.path)) : "";
  auto pages = io::WebPageReader::open(files, part.path, options);
  if (pages) {
    return std::unique_ptr<DocumentReader>(
        std::make_unique<WarcDocuments>(std::move(pages).value(), source, part, std::move(dump)));
  }
  if (pages.error().code != Code::unsupported && pages.error().code != Code::corrupt_data) {
    return std::move(pages).error();
  }
  log_warning("{}", pages.error().message);
  return std::unique_ptr<DocumentReader>(
      std::make_unique<UnreadableFile>("no_archive", pages.error().message));
}

}  // namespace aludel::curate
