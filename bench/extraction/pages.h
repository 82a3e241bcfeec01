#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "aludel/base/json.h"

/// Annotated pages: each with segments that its main text must have and must not have.
namespace aludel::bench {

struct Page {
  std::string file;
  std::string site;  // the last two labels of its host
  std::string html;
  std::vector<std::string> with;
  std::vector<std::string> without;
};

struct Counts {
  int true_positive = 0;
  int false_negative = 0;
  int false_positive = 0;
  int true_negative = 0;

  static double share(int part, int rest) {
    return part + rest == 0 ? 0.0 : static_cast<double>(part) / (part + rest);
  }

  double precision() const { return share(true_positive, false_positive); }

  double recall() const { return share(true_positive, false_negative); }

  double f() const {
    const double sum = precision() + recall();
    return sum == 0 ? 0.0 : 2 * precision() * recall() / sum;
  }
};

inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

inline std::vector<std::string> strings_of(const Json* list) {
  std::vector<std::string> strings;
  if (list == nullptr || !list->is_array()) return strings;
  for (const Json& item : list->as_array()) {
    strings.push_back(item.as_string());
  }
  return strings;
}

/// The site of a page: two labels join hosts of one owner, and some of several, which is the safe
/// side where a site must not be split. An archived page is of the site it was archived from.
inline std::string site_of(std::string url) {
  const std::size_t archived = url.find("/http", 8);
  if (url.find("web.archive.org") != std::string::npos && archived != std::string::npos) {
    url.erase(0, archived + 1);
  }
  const std::size_t begin = url.find("://");
  if (begin == std::string::npos) return url;
  const std::string host = url.substr(begin + 3, url.find('/', begin + 3) - begin - 3);
  const std::size_t last = host.rfind('.');
  if (last == std::string::npos || last == 0) return host;
  const std::size_t before = host.rfind('.', last - 1);
  return before == std::string::npos ? host : host.substr(before + 1);
}

/// Pages of a folder with evaldata.json and html/; empty if it is none.
inline std::vector<Page> load_pages(const std::filesystem::path& folder) {
  std::vector<Page> pages;
  const auto data = parse_json(file_bytes(folder / "evaldata.json"));
  if (!data || !data.value().is_object()) return pages;
  for (const auto& [url, item] : data.value().as_object()) {
    Page page;
    page.file = item.string_or("file", "");
    page.site = site_of(url);
    page.html = file_bytes(folder / "html" / page.file);
    page.with = strings_of(item.find("with"));
    page.without = strings_of(item.find("without"));
    if (!page.html.empty()) pages.push_back(std::move(page));
  }
  return pages;
}

/// One line {"path", "text"}.
inline void write_text(std::ostream& out, const Page& page, const std::string& text) {
  Json line = Json::object();
  line["path"] = "html/" + page.file;
  line["text"] = text;
  out << line.dump() << "\n";
}

inline void score(const Page& page, const std::string& text, Counts& counts) {
  for (const std::string& segment : page.with) {
    ++(text.find(segment) != std::string::npos ? counts.true_positive : counts.false_negative);
  }
  for (const std::string& segment : page.without) {
    ++(text.find(segment) != std::string::npos ? counts.false_positive : counts.true_negative);
  }
}

}  // namespace aludel::bench
