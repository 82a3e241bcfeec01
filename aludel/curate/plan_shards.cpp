#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/curate/runs_inside.h"
#include "aludel/curate/sources.h"
#include "aludel/io/glob.h"
#include "aludel/io/input_recorder.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::curate {
namespace {

/// The name of a file below the folder, or the beginning of a pattern, that the source names.
std::string name_below(std::string_view path, std::string_view root) {
  const std::string_view plain = io::file_name_of(path);
  if (path == root) return std::string(plain.substr(plain.rfind('/') + 1));
  const std::string folder =
      io::has_wildcard(root) ? io::folder_before_wildcard(root) : std::string(root);
  std::string_view name = plain;
  if (name.starts_with(folder)) name.remove_prefix(folder.size());
  while (name.starts_with('/')) {
    name.remove_prefix(1);
  }
  return std::string(name);
}

/// Gathers the files of one source into shards.
class ShardPlanner {
 public:
  ShardPlanner(io::FileSystem& files, const CurateConfig& config, Contents contents,
               std::vector<Shard>& shards)
      : files_(files),
        target_bytes_(static_cast<std::uint64_t>(config.task_megabytes) << 20),
        config_(config),
        contents_(contents),
        shards_(shards) {}

  Status add_source(std::size_t index) {
    source_ = index;
    const SourceConfig& source = config_.sources[index];
    for (std::size_t i = 0; i < source.path.size(); ++i) {
      auto found = io::find_files(files_, source.path[i]);
      if (!found) {
        return std::move(found).error().with_context(
            fmt::format("[curate] source '{}'", source.name));
      }
      leave_out_runs(files_, config_.out, found.value());
      if (found.value().empty()) {
        return Error{Code::not_found, fmt::format("[curate] source '{}': no file in {}",
                                                  source.name, source.path[i])};
      }
      for (const io::FileInfo& info : found.value()) {
        ALUDEL_TRY(add_file(info, source, i));
      }
    }
    close();
    return Ok{};
  }

 private:
  Result<std::string> version_of(const io::FileInfo& info) const {
    if (contents_ == Contents::names) return std::string();
    // A remote file is not fetched only to know its hash: its store's mark of the version serves.
    if (!info.version.empty()) return fmt::format("{} {}", info.version, info.size_bytes);
    return ALUDEL_TRY(io::hash_file(files_, info.path)).hex();
  }

  Status add_file(const io::FileInfo& info, const SourceConfig& source, std::size_t path_index) {
    FilePart part;
    part.path = info.path;
    part.name = name_below(info.path, source.path[path_index]);
    if (path_index > 0) part.name = fmt::format("{}:{}", path_index, part.name);
    FileShape shape = ALUDEL_TRY(shape_of(files_, info, source));
    part.format = std::move(shape.format);
    part.is_stream = shape.is_stream;
    if (!shape.is_remote) part.file_bytes = info.size_bytes;
    const std::string content = fmt::format("{} {}\n", part.name, ALUDEL_TRY(version_of(info)));
    const bool can_be_cut = part.format == "warc" || part.format == "parquet" ||
                            (part.format == "jsonl" && !part.is_stream);
    for (part.begin = 0; part.begin < info.size_bytes || part.begin == 0; part.begin = part.end) {
      const bool cut = can_be_cut && info.size_bytes - part.begin > target_bytes_ * 3 / 2;
      part.end = cut ? part.begin + target_bytes_ : info.size_bytes;
      add_part(part, content);
      if (part.end == info.size_bytes) break;
    }
    return Ok{};
  }

  void add_part(const FilePart& part, const std::string& content) {
    const std::uint64_t size = part.end - part.begin;
    if (!open_.parts.empty() && open_.size_bytes + size > target_bytes_) close();
    open_.parts.push_back(part);
    open_.size_bytes += size;
    content_ += content;
  }

  void close() {
    if (open_.parts.empty()) return;
    open_.source = source_;
    open_.content = hash128(content_).hex();
    shards_.push_back(std::move(open_));
    open_ = {};
    content_.clear();
  }

  io::FileSystem& files_;
  std::uint64_t target_bytes_;
  const CurateConfig& config_;
  Contents contents_;
  std::vector<Shard>& shards_;
  std::size_t source_ = 0;
  Shard open_;
  std::string content_;
};

}  // namespace

Result<std::vector<Shard>> plan_shards(io::FileSystem& files, const CurateConfig& config,
                                       Contents contents) {
  std::vector<Shard> shards;
  ShardPlanner planner(files, config, contents, shards);
  for (std::size_t i = 0; i < config.sources.size(); ++i) {
    ALUDEL_TRY(planner.add_source(i));
  }
  return shards;
}

std::uint64_t stored_bytes(std::span<const Shard> shards) {
  std::uint64_t bytes = 0;
  for (const Shard& shard : shards) {
    bytes += shard.size_bytes;
  }
  return bytes;
}

}  // namespace aludel::curate
