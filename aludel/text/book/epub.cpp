#include <map>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/base/byte_order_mark.h"
#include "aludel/io/formats/epub/zip.h"
#include "aludel/io/percent.h"
#include "aludel/io/xml.h"
#include "aludel/text/book/book.h"
#include "aludel/text/charset.h"
#include "aludel/text/html/block.h"
#include "aludel/text/html/render.h"
#include "aludel/text/html/tree.h"

namespace aludel::text {
namespace {

constexpr std::string_view kContainer = "META-INF/container.xml";
constexpr std::string_view kEncryption = "META-INF/encryption.xml";

/// What the package document lists.
struct ManifestItem {
  std::string href;
  std::string media_type;
  std::string properties;
};

struct Package {
  Book book;  // without its text
  std::map<std::string, ManifestItem> items;
  std::vector<std::string> spine;  // ids of items, in reading order; each once, as EPUB wants it
};

Error no_epub(std::string_view what) {
  return {Code::corrupt_data, fmt::format("[epub] {}", what)};
}

/// The file that a reference in the file `from` names: relative, percent-encoded, with a fragment.
std::string resolve(std::string_view from, std::string_view reference) {
  std::string decoded = io::percent_decode(reference.substr(0, reference.find('#')));
  std::vector<std::string_view> parts;
  const std::string whole = decoded.starts_with('/')
                                ? decoded.substr(1)
                                : fmt::format("{}{}", from.substr(0, from.rfind('/') + 1), decoded);
  for (std::string_view rest = whole; !rest.empty();) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  return fmt::format("{}", fmt::join(parts, "/"));
}

Result<std::string> find_package(std::string_view container) {
  io::XmlReader reader(container);
  for (io::XmlToken token; ALUDEL_TRY(reader.next(token));) {
    if (token.kind == io::XmlToken::Kind::start && token.name == "rootfile") {
      return std::string(token.attribute("full-path"));
    }
  }
  return no_epub("its container names no package");
}

Result<Package> read_package(std::string_view bytes) {
  const std::string opf = decode_to_utf8(bytes, "application/xml").text;
  Package package;
  const std::map<std::string_view, std::string*> facts = {{"title", &package.book.title},
                                                          {"creator", &package.book.author},
                                                          {"language", &package.book.language},
                                                          {"rights", &package.book.rights}};
  std::unordered_set<std::string> listed;  // ids in the spine
  std::string* fact = nullptr;             // the one whose text is being read
  io::XmlReader reader(opf);
  for (io::XmlToken token; ALUDEL_TRY(reader.next(token));) {
    if (token.kind == io::XmlToken::Kind::text) {
      if (fact != nullptr) *fact += token.text;
      continue;
    }
    fact = nullptr;
    if (token.kind == io::XmlToken::Kind::end) continue;
    if (token.name == "item") {
      package.items[std::string(token.attribute("id"))] = {
          std::string(token.attribute("href")), std::string(token.attribute("media-type")),
          std::string(token.attribute("properties"))};
    } else if (token.name == "itemref") {
      std::string id(token.attribute("idref"));
      if (listed.insert(id).second) package.spine.push_back(std::move(id));
    } else if (const auto found = facts.find(token.name);
               found != facts.end() && found->second->empty()) {
      fact = found->second;
    }
  }
  return package;
}

/// The files that are encrypted, by their names; fonts often are, which does not matter here.
Result<std::set<std::string>> encrypted_files(std::string_view encryption) {
  std::set<std::string> names;
  io::XmlReader reader(encryption);
  for (io::XmlToken token; ALUDEL_TRY(reader.next(token));) {
    if (token.name == "CipherReference") names.insert(resolve("", token.attribute("URI")));
  }
  return names;
}

bool declares_xml(std::string_view page) {
  page = without_byte_order_mark(page);
  return page.starts_with("<?xml") ||
         page.substr(0, 1024).find("http://www.w3.org/1999/xhtml") != std::string_view::npos;
}

/// All blocks of a chapter: a book has no navigation around its text.
std::string chapter_text(std::string_view bytes, std::string_view media_type) {
  const std::string page = decode_to_utf8(bytes, media_type).text;
  // A chapter listed as HTML that says it is XML is XHTML, as all of EPUB's chapters ought to be.
  const bool is_html = media_type == "text/html" && !declares_xml(page);
  const html::Tree tree =
      html::parse_html(page, is_html ? html::Markup::html : html::Markup::xhtml);
  const std::vector<html::Block> blocks = html::blocks_of(tree);
  std::vector<std::uint32_t> all(blocks.size());
  std::iota(all.begin(), all.end(), 0U);
  return html::render_blocks(tree, blocks, all, TextForm::plain);
}

/// The files of a book by their names. Some books are packed where case does not matter.
class BookFiles {
 public:
  explicit BookFiles(const io::ZipArchive& archive) : archive_(archive) {
    for (const io::ZipEntry& entry : archive.entries()) {
      const auto [found, is_new] = by_lower_name_.emplace(lower_ascii(entry.name), &entry);
      if (!is_new) found->second = nullptr;
    }
  }

  /// The file of that name, or the only one whose name differs in nothing but its case; nullptr
  /// without.
  const io::ZipEntry* find(std::string_view name) const {
    if (const io::ZipEntry* exact = archive_.find(name)) return exact;
    const auto found = by_lower_name_.find(lower_ascii(name));
    return found == by_lower_name_.end() ? nullptr : found->second;
  }

 private:
  const io::ZipArchive& archive_;
  std::unordered_map<std::string, const io::ZipEntry*> by_lower_name_;
};

bool is_chapter(const ManifestItem& item) {
  const bool is_page = item.media_type == "application/xhtml+xml" || item.media_type == "text/html";
  return is_page && item.properties.find("nav") == std::string::npos;
}

}  // namespace

Result<Book> read_epub(std::string_view bytes, std::uint64_t limit_bytes) {
  const io::ZipArchive archive = ALUDEL_TRY(io::ZipArchive::open(bytes));
  const BookFiles files(archive);
  std::uint64_t left = limit_bytes;
  const auto read = [&](std::string_view name) -> Result<std::string> {
    const io::ZipEntry* entry = files.find(name);
    if (entry == nullptr) return no_epub(fmt::format("it has no {}", name));
    std::string content = ALUDEL_TRY(archive.read(*entry, left));
    left -= content.size();
    return content;
  };
  const std::string opf_path = ALUDEL_TRY(find_package(ALUDEL_TRY(read(kContainer))));
  Package package = ALUDEL_TRY(read_package(ALUDEL_TRY(read(opf_path))));
  std::set<std::string> encrypted;
  if (archive.find(kEncryption) != nullptr) {
    encrypted = ALUDEL_TRY(encrypted_files(ALUDEL_TRY(read(kEncryption))));
  }
  Book book = std::move(package.book);
  for (const std::string& id : package.spine) {
    const auto item = package.items.find(id);
    if (item == package.items.end()) {
      ++book.missing_chapters;
      continue;
    }
    if (!is_chapter(item->second)) continue;
    const std::string name = resolve(opf_path, item->second.href);
    if (encrypted.contains(name)) {
      return Error{Code::unsupported, "[epub] its chapters are encrypted"};
    }
    if (files.find(name) == nullptr) {  // some books list what they left out
      ++book.missing_chapters;
      continue;
    }
    const std::string text = chapter_text(ALUDEL_TRY(read(name)), item->second.media_type);
    if (text.empty()) continue;
    if (!book.text.empty()) book.text += "\n\n";
    book.text += text;
  }
  return book;
}

}  // namespace aludel::text
