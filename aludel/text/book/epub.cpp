#include <map>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/base/byte_order_mark.h"
#include "aludel/io/binary.h"
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

/// More steps from an item to its fallback than this are not followed: they may go in a circle.
constexpr int kMaxFallbacks = 16;

/// What the package document lists.
struct ManifestItem {
  std::string href;
  std::string media_type;  // in small letters, without parameters
  std::string properties;
  std::string fallback;  // id of the item to read by whom does not know the media type
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

ManifestItem item_of(const io::XmlToken& token) {
  const std::string_view type = token.attribute("media-type");
  return {std::string(token.attribute("href")),
          lower_ascii(type.substr(0, type.find_first_of("; "))),
          std::string(token.attribute("properties")), std::string(token.attribute("fallback"))};
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
      package.items[std::string(token.attribute("id"))] = item_of(token);
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

/// XHTML, HTML, and the XHTML of books before EPUB.
bool is_page(const ManifestItem& item) {
  return item.media_type == "application/xhtml+xml" || item.media_type == "text/html" ||
         item.media_type == "text/x-oeb1-document";
}

/// The item itself or the first of its fallbacks that is a page; the item where none of them is.
const ManifestItem& page_of(const Package& package, const ManifestItem& item) {
  const ManifestItem* current = &item;
  for (int steps = 0; steps <= kMaxFallbacks; ++steps) {
    if (is_page(*current)) return *current;
    const auto next = package.items.find(current->fallback);
    if (current->fallback.empty() || next == package.items.end()) break;
    current = &next->second;
  }
  return item;
}

bool shows_text(std::string_view svg) {
  io::XmlReader reader(svg);
  for (io::XmlToken token;;) {
    const auto more = reader.next(token);
    if (!more || !more.value()) return false;
    if (token.name == "text" || token.name == "foreignObject") return true;
  }
}

// Unpacks the files of a book, in all at most so many bytes, and makes its text of them.
class EpubReader {
 public:
  EpubReader(const io::ZipArchive& archive, std::uint64_t limit_bytes)
      : archive_(archive), files_(archive), left_(limit_bytes) {}

  void set_encrypted(std::set<std::string> names) { encrypted_ = std::move(names); }

  Result<std::string> read(std::string_view name) {
    const io::ZipEntry* entry = files_.find(name);
    if (entry == nullptr) return no_epub(fmt::format("it has no {}", name));
    std::string content = ALUDEL_TRY(archive_.read(*entry, left_));
    left_ -= content.size();
    return content;
  }

  /// Adds the text of an item of the spine, or counts it as missing where it holds text that is not
  /// read. A file is read once, whatever ids and names lead to it.
  Status add_chapter(const ManifestItem& item, const std::string& name, Book& book) {
    const io::ZipEntry* entry = files_.find(name);
    if (!seen_.insert(entry == nullptr ? name : std::string(entry->name)).second) return Ok{};
    if (!is_page(item)) {
      if (holds_text(item, name)) ++book.missing_chapters;
      return Ok{};
    }
    if (encrypted_.contains(name)) {
      return Error{Code::unsupported, "[epub] its chapters are encrypted"};
    }
    if (entry == nullptr) {  // some books list what they left out
      ++book.missing_chapters;
      return Ok{};
    }
    const std::string bytes = ALUDEL_TRY(read(name));
    if (!io::binary_kind(bytes).empty()) {
      ++book.missing_chapters;
      return Ok{};
    }
    const std::string text = chapter_text(bytes, item.media_type);
    if (text.empty()) return Ok{};
    if (!book.text.empty()) book.text += "\n\n";
    book.text += text;
    return Ok{};
  }

 private:
  /// Whether an item that is no page may hold text: a picture holds none, a drawing where it says
  /// so or cannot be read.
  bool holds_text(const ManifestItem& item, const std::string& name) {
    if (item.media_type != "image/svg+xml") return !item.media_type.starts_with("image/");
    const auto svg = read(name);
    return !svg || shows_text(svg.value());
  }

  const io::ZipArchive& archive_;
  const BookFiles files_;
  std::uint64_t left_;
  std::set<std::string> encrypted_;
  std::unordered_set<std::string> seen_;  // names of files that the spine has led to
};

}  // namespace

Result<Book> read_epub(std::string_view bytes, std::uint64_t limit_bytes) {
  const io::ZipArchive archive = ALUDEL_TRY(io::ZipArchive::open(bytes));
  EpubReader reader(archive, limit_bytes);
  const std::string opf_path = ALUDEL_TRY(find_package(ALUDEL_TRY(reader.read(kContainer))));
  const Package package = ALUDEL_TRY(read_package(ALUDEL_TRY(reader.read(opf_path))));
  if (archive.find(kEncryption) != nullptr) {
    reader.set_encrypted(ALUDEL_TRY(encrypted_files(ALUDEL_TRY(reader.read(kEncryption)))));
  }
  Book book = package.book;
  for (const std::string& id : package.spine) {
    const auto item = package.items.find(id);
    if (item == package.items.end()) {
      ++book.missing_chapters;
    } else if (item->second.properties.find("nav") == std::string::npos) {
      const ManifestItem& page = page_of(package, item->second);
      ALUDEL_TRY(reader.add_chapter(page, resolve(opf_path, page.href), book));
    }
  }
  return book;
}

}  // namespace aludel::text
