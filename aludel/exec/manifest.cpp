#include "aludel/exec/manifest.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"

namespace aludel::exec {
namespace {

Error not_a_row(std::string_view what) {
  return {Code::corrupt_data, fmt::format("[manifest] expected a row, found {}", what)};
}

Result<ManifestRow> parse_row(std::string_view line) {
  return manifest_row_from_json(ALUDEL_TRY(parse_json(line)));
}

}  // namespace

Json to_json(const ManifestRow& row) {
  Json json = Json::object();
  json["key"] = row.key;
  json["stage"] = row.stage;
  json["input"] = row.input;
  json["begin"] = row.begin;
  json["end"] = row.end;
  json["config"] = row.config;
  json["outputs"] = Json::array();
  for (const OutputFile& output : row.outputs) {
    Json item = Json::object();
    item["path"] = output.path;
    item["size_bytes"] = output.size_bytes;
    item["xxh128"] = output.xxh128;
    json["outputs"].push_back(std::move(item));
  }
  json["counts"] = row.counts;
  return json;
}

Result<ManifestRow> manifest_row_from_json(const Json& json) {
  if (!json.is_object()) return not_a_row("something that is no object");
  ManifestRow row;
  row.key = json.string_or("key", "");
  row.stage = json.string_or("stage", "");
  row.input = json.string_or("input", "");
  row.begin = static_cast<std::uint64_t>(json.integer_or("begin", 0));
  row.end = static_cast<std::uint64_t>(json.integer_or("end", 0));
  row.config = json.string_or("config", "");
  if (row.key.empty()) return not_a_row("no key");
  const Json* outputs = json.find("outputs");
  if (outputs == nullptr || !outputs->is_array()) return not_a_row("no list of outputs");
  for (const Json& item : outputs->as_array()) {
    row.outputs.push_back({item.string_or("path", ""),
                           static_cast<std::uint64_t>(item.integer_or("size_bytes", 0)),
                           item.string_or("xxh128", "")});
  }
  if (const Json* counts = json.find("counts")) row.counts = *counts;
  return row;
}

Result<std::unique_ptr<Manifest>> Manifest::open(io::FileSystem& files, const std::string& path) {
  std::unique_ptr<Manifest> manifest(new Manifest(files, path));
  manifest->writer_ = ALUDEL_TRY(files.append(path));
  const std::string text = ALUDEL_TRY(io::read_file(files, path));
  const std::string_view all = text;
  std::size_t begin = 0;
  for (std::size_t number = 1; begin < all.size(); ++number) {
    const std::size_t end = all.find('\n', begin);
    if (end == std::string_view::npos) break;  // torn by a kill
    const std::string_view line = all.substr(begin, end - begin);
    auto row = parse_row(line);
    if (!row) {
      return Error{row.error().code,
                   fmt::format("{} line {}: {}; remove the line to run its task again", path,
                               number, row.error().message)};
    }
    manifest->lines_[row.value().key] = line;
    begin = end + 1;
  }
  if (begin < all.size()) {
    ALUDEL_TRY(io::write_file(files, path, all.substr(0, begin)));
    manifest->writer_ = ALUDEL_TRY(files.append(path));
  }
  return manifest;
}

Status Manifest::append(const ManifestRow& row) {
  std::string line = to_json(row).dump();
  const std::lock_guard lock(mutex_);
  ALUDEL_TRY(writer_->write(line + "\n"));
  ALUDEL_TRY(writer_->commit());
  lines_[row.key] = std::move(line);
  return Ok{};
}

std::optional<ManifestRow> Manifest::find(const std::string& key) const {
  std::string line;
  {
    const std::lock_guard lock(mutex_);
    const auto found = lines_.find(key);
    if (found == lines_.end()) return std::nullopt;
    line = found->second;
  }
  auto row = parse_row(line);
  ALUDEL_CHECK(row.has_value(), "a line was a row when it was read or written");
  return std::move(row).value();
}

std::optional<ManifestRow> Manifest::find_stage(std::string_view stage) const {
  const std::string mark = fmt::format("\"stage\":{}", Json(stage).dump());
  const std::lock_guard lock(mutex_);
  for (const auto& [key, line] : lines_) {
    if (line.find(mark) == std::string::npos) continue;  // spares parsing all of them
    auto row = parse_row(line);
    if (row && row.value().stage == stage) return std::move(row).value();
  }
  return std::nullopt;
}

Status Manifest::replace(std::span<const std::string> keys, const ManifestRow& end) {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const std::string& key : keys) {
    const auto found = lines_.find(key);
    ALUDEL_CHECK(found != lines_.end(), "only rows that are there stay");
    text += found->second + "\n";
  }
  text += to_json(end).dump() + "\n";
  ALUDEL_TRY(io::write_file(files_, path_, text));
  writer_ = ALUDEL_TRY(files_.append(path_));
  return Ok{};
}

Result<OutputFile> describe_output(io::FileSystem& files, const std::string& run_folder,
                                   const std::string& relative) {
  const auto reader = ALUDEL_TRY(files.open(io::join_path(run_folder, relative)));
  OutputFile output;
  output.path = relative;
  Hasher128 hasher;
  std::vector<char> buffer(std::size_t{1} << 18);
  for (;;) {
    const std::size_t size = ALUDEL_TRY(reader->read(buffer));
    if (size == 0) break;
    hasher.update({buffer.data(), size});
    output.size_bytes += size;
  }
  output.xxh128 = hasher.digest().hex();
  return output;
}

}  // namespace aludel::exec
