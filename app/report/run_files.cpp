#include "app/report/sections.h"

#include "aludel/io/scheme_file_system.h"

namespace aludel::app {

std::optional<std::string> RunFiles::text(const std::string& relative) const {
  io::SchemeFileSystem files;
  auto bytes = io::read_file(files, io::join_path(folder_, relative));
  if (!bytes) return std::nullopt;
  return std::move(bytes).value();
}

std::optional<Json> RunFiles::json(const std::string& relative) const {
  const auto bytes = text(relative);
  if (!bytes) return std::nullopt;
  auto parsed = parse_json(*bytes);
  if (!parsed) return std::nullopt;
  return std::move(parsed).value();
}

std::vector<Json> RunFiles::jsonl(const std::string& relative) const {
  std::vector<Json> rows;
  const std::string bytes = text(relative).value_or("");
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
    auto parsed = parse_json(std::string_view(bytes).substr(begin, end - begin));
    if (!parsed) break;
    rows.push_back(std::move(parsed).value());
    begin = end + 1;
  }
  return rows;
}

std::string RunFiles::of_curation(const std::string& name) const {
  io::SchemeFileSystem files;
  return files.info(io::join_path(folder_, "ledger.json")) ? name : "curated/" + name;
}

}  // namespace aludel::app
