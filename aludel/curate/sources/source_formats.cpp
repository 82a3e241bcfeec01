#include "aludel/curate/sources/source_formats.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "aludel/curate/sources/read_part.h"
#include "aludel/io/formats/parquet.h"
#include "aludel/text/book/book.h"

namespace aludel::curate {
namespace {

std::string_view lack_of_parquet() {
  return io::has_parquet() ? "" : io::kNoParquet;
}

std::string_view lack_of_pdf() {
  return text::has_pdf() ? "" : text::kNoPdf;
}

constexpr SourceFormatSpec kFormats[] = {
    {"warc", Cuts::anywhere, open_warc_documents},
    {"jsonl", Cuts::at_lines, open_json_documents},
    {"parquet", Cuts::anywhere, open_parquet_documents, lack_of_parquet},
    {"html", Cuts::never, open_html_page},
    {"text", Cuts::never, open_text_file},
    {"epub", Cuts::never, open_epub},
    {"pdf", Cuts::never, open_pdf, lack_of_pdf},
};

constexpr auto kNames = [] {
  std::array<std::string_view, std::size(kFormats) + 1> names = {"auto"};
  std::ranges::transform(kFormats, names.begin() + 1, &SourceFormatSpec::name);
  return names;
}();

}  // namespace

std::span<const SourceFormatSpec> source_formats() {
  return kFormats;
}

const SourceFormatSpec* find_source_format(std::string_view name) {
  const auto* found = std::ranges::find(kFormats, name, &SourceFormatSpec::name);
  return found == std::end(kFormats) ? nullptr : found;
}

std::span<const std::string_view> source_format_names() {
  return kNames;
}

}  // namespace aludel::curate
