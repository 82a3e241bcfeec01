#include "aludel/text/book/book.h"

#ifdef ALUDEL_POPPLER
#include <memory>

#include <fmt/format.h>
#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-global.h>
#include <poppler/cpp/poppler-page.h>

#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

void ignore_message(const std::string& /*message*/, void* /*closure*/) {}

std::string utf8_of(const poppler::ustring& text) {
  const poppler::byte_array bytes = text.to_utf8();
  std::string utf8(bytes.begin(), bytes.end());
  return is_valid_utf8(utf8) ? utf8 : replace_invalid_utf8(utf8);
}

Result<Book> read_with_poppler(std::string_view bytes, std::uint64_t limit_bytes) {
  poppler::set_debug_error_function(ignore_message, nullptr);  // it would print
  const std::unique_ptr<poppler::document> document(
      poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
  if (document == nullptr) return Error{Code::corrupt_data, "[pdf] poppler finds no PDF in it"};
  if (document->is_locked()) return Error{Code::unsupported, "[pdf] it is locked by a password"};
  Book book;
  book.title = utf8_of(document->get_title());
  book.author = utf8_of(document->get_author());
  std::vector<std::string> pages;
  std::uint64_t text_bytes = 0;
  for (int i = 0; i < document->pages(); ++i) {
    const std::unique_ptr<poppler::page> page(document->create_page(i));
    if (page == nullptr) continue;
    pages.push_back(utf8_of(page->text({}, poppler::page::non_raw_non_physical_layout)));
    text_bytes += pages.back().size();
    if (text_bytes > limit_bytes) {
      return Error{Code::resource_exhausted,
                   fmt::format("[pdf] more than {} bytes of text", limit_bytes)};
    }
  }
  book.text = join_pages(pages);
  return book;
}

}  // namespace

bool has_pdf() {
  return true;
}

Result<Book> read_pdf(std::string_view bytes, std::uint64_t limit_bytes) {
  constexpr std::size_t kMaxPdfBytes = std::size_t{1} << 30;  // poppler takes an int
  if (bytes.size() > kMaxPdfBytes) {
    return Error{Code::resource_exhausted, "[pdf] larger than 1 GiB"};
  }
  try {
    return read_with_poppler(bytes, limit_bytes);
  } catch (const std::exception& thrown) {
    return Error{Code::corrupt_data, fmt::format("[pdf] {}", thrown.what())};
  }
}

}  // namespace aludel::text
#else
namespace aludel::text {

bool has_pdf() {
  return false;
}

Result<Book> read_pdf(std::string_view /*bytes*/, std::uint64_t /*limit_bytes*/) {
  return Error{Code::unsupported, std::string(kNoPdf)};
}

}  // namespace aludel::text
#endif
