#pragma once
// Small EPUB and PDF files, made for tests.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <libdeflate.h>

namespace aludel {

struct ZippedFile {
  std::string name;
  std::string content;
  std::uint64_t claimed_bytes = 0;  // another size than the true one, for bombs and damage
};

/// A ZIP archive of these files; those of more than 64 bytes are deflated.
inline std::string make_zip(const std::vector<ZippedFile>& files) {
  std::string bytes;
  std::string directory;
  const auto add = [](std::string& out, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i, value >>= 8) {
      out += static_cast<char>(value);
    }
  };
  for (const ZippedFile& file : files) {
    std::string stored = file.content;
    const bool is_deflated = file.content.size() > 64;
    if (is_deflated) {
      libdeflate_compressor* compressor = libdeflate_alloc_compressor(9);
      stored.resize(libdeflate_deflate_compress_bound(compressor, file.content.size()));
      stored.resize(libdeflate_deflate_compress(compressor, file.content.data(),
                                                file.content.size(), stored.data(), stored.size()));
      libdeflate_free_compressor(compressor);
    }
    std::string fields;  // shared by both headers
    add(fields, 20, 2);
    add(fields, 0, 2);
    add(fields, is_deflated ? 8 : 0, 2);
    add(fields, 0, 4);
    add(fields, libdeflate_crc32(0, file.content.data(), file.content.size()), 4);
    add(fields, stored.size(), 4);
    add(fields, file.claimed_bytes > 0 ? file.claimed_bytes : file.content.size(), 4);
    add(fields, file.name.size(), 2);
    add(fields, 0, 2);
    directory += "PK\x01\x02";
    add(directory, 20, 2);
    directory += fields;
    add(directory, 0, 10);
    add(directory, bytes.size(), 4);
    directory += file.name;
    bytes += "PK\x03\x04" + fields + file.name + stored;
  }
  const std::size_t begin = bytes.size();
  bytes += directory + "PK\x05\x06";
  add(bytes, 0, 4);
  add(bytes, files.size(), 2);
  add(bytes, files.size(), 2);
  add(bytes, directory.size(), 4);
  add(bytes, begin, 4);
  add(bytes, 0, 2);
  return bytes;
}

/// The files of an EPUB of two chapters, with navigation; the package lies in a folder.
inline std::vector<ZippedFile> epub_files(const std::string& first, const std::string& second) {
  return {
      {"mimetype", "application/epub+zip"},
      {"META-INF/container.xml",
       "<?xml version=\"1.0\"?><container xmlns=\"urn:x\"><rootfiles>"
       "<rootfile full-path=\"OEBPS/a.opf\" media-type=\"application/oebps-package+xml\"/>"
       "</rootfiles></container>"},
      {"OEBPS/a.opf",
       "<package xmlns:dc=\"urn:dc\"><metadata><dc:title>A &amp; B</dc:title>"
       "<dc:creator>Ann Author</dc:creator><dc:language>en</dc:language>"
       "<dc:rights>CC-BY-4.0</dc:rights></metadata><manifest>"
       "<item id=\"n\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>"
       "<item id=\"two\" href=\"text/two%20.xhtml\" media-type=\"application/xhtml+xml\"/>"
       "<item id=\"one\" href=\"../one.xhtml\" media-type=\"application/xhtml+xml\"/>"
       "<item id=\"css\" href=\"a.css\" media-type=\"text/css\"/></manifest>"
       "<spine><itemref idref=\"n\"/><itemref idref=\"one\"/><itemref idref=\"two\"/>"
       "</spine></package>"},
      {"OEBPS/nav.xhtml", "<html><body><nav>Contents</nav></body></html>"},
      {"one.xhtml", "<?xml version='1.0' encoding='utf-8'?><html><body><h1>One</h1><p>" + first +
                        "</p></body></html>"},
      {"OEBPS/text/two .xhtml", "<html><body><h1>Two</h1><p>" + second + "</p></body></html>"},
      {"OEBPS/a.css", "p { color: red }"}};
}

/// A PDF with these lines on each page, one under the other.
inline std::string make_pdf(const std::vector<std::vector<std::string>>& pages) {
  std::vector<std::string> objects = {"<</Type/Catalog/Pages 2 0 R>>", "",
                                      "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"};
  std::string kids;
  for (const auto& lines : pages) {
    std::string content = "BT /F1 12 Tf 14 TL 72 720 Td\n";
    for (const std::string& line : lines) {
      content += "(" + line + ") Tj T*\n";
    }
    content += "ET";
    objects.push_back(
        fmt::format("<</Length {}>>\nstream\n{}\nendstream", content.size(), content));
    objects.push_back(
        fmt::format("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {} 0 R"
                    "/Resources<</Font<</F1 3 0 R>>>>>>",
                    objects.size()));
    kids += fmt::format("{} 0 R ", objects.size());
  }
  objects[1] = fmt::format("<</Type/Pages/Count {}/Kids[{}]>>", pages.size(), kids);
  std::string bytes = "%PDF-1.4\n";
  std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects.size() + 1);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    table += fmt::format("{:010} 00000 n \n", bytes.size());
    bytes += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
  }
  const std::size_t begin = bytes.size();
  return bytes + table +
         fmt::format("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n", objects.size() + 1,
                     begin);
}

}  // namespace aludel
