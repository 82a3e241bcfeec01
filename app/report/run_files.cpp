#include "app/report/sections.h"

#include "aludel/curate/layout/run_paths.h"

namespace aludel::app {

std::optional<std::string> RunFiles::text(const std::string& relative) const {
  auto bytes = io::read_file(files_, io::join_path(folder_, relative));
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

std::string RunFiles::of_curation(std::string_view path) const {
  const bool is_one = files_.info(io::join_path(folder_, curate::kLedgerFile)).has_value();
  return is_one ? std::string(path) : io::join_path("curated", path);
}

}  // namespace aludel::app
