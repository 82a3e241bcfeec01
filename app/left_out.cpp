#include "app/left_out.h"

#include <fmt/format.h>

#include "aludel/io/no_files.h"

namespace aludel::app {
namespace {

constexpr std::size_t kShownNames = 3;

}  // namespace

void Tally::add(const std::string& reason, std::string_view name) {
  Entry& entry = entries_[reason];
  if (entry.count++ < kShownNames) entry.names.emplace_back(name);
}

std::uint64_t Tally::total() const {
  std::uint64_t total = 0;
  for (const auto& [reason, entry] : entries_) {
    total += entry.count;
  }
  return total;
}

std::string Tally::line() const {
  std::vector<std::string> parts;
  for (const auto& [reason, entry] : entries_) {
    std::string names = fmt::format("{}", fmt::join(entry.names, ", "));
    if (entry.names.size() < entry.count && !names.empty()) names += ", …";
    parts.push_back(names.empty() ? fmt::format("{} {}", reason, entry.count)
                                  : fmt::format("{} {} ({})", reason, entry.count, names));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

Json Tally::to_json() const {
  Json json = Json::object();
  for (const auto& [reason, entry] : entries_) {
    json[reason] = entry.count;
  }
  return json;
}

void LeftOut::add_other(std::string_view path) {
  const std::string_view base = path.substr(path.rfind('/') + 1);
  const std::size_t dot = base.rfind('.');
  const bool has_ending = dot != std::string_view::npos;
  others.add(has_ending ? std::string(base.substr(dot)) : "no ending", std::uint64_t{1});
}

Status LeftOut::add_no_files(const std::string& input, bool (*is_page)(std::string_view path)) {
  for (const io::NoFile& item : ALUDEL_TRY(io::find_no_files(input))) {
    (is_page(item.path) ? failed : others).add(std::string(item.what), item.path);
  }
  return Ok{};
}

std::string LeftOut::line() const {
  std::string line;
  if (!others.empty()) line += "; left out as no pages: " + others.line();
  if (!failed.empty()) line += "; FAILED: " + failed.line();
  return line;
}

}  // namespace aludel::app
