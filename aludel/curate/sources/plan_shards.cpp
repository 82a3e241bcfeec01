#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/log.h"
#include "aludel/curate/sources/read_part.h"
#include "aludel/curate/sources/runs_inside.h"
#include "aludel/curate/sources/source_formats.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/io/glob.h"
#include "aludel/io/no_files.h"
#include "aludel/io/place.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::curate {
namespace {

/// Returns the name of a file below `root`, which is the folder, the pattern or the file that the
/// source names.
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

/// True if the file may be cut: its format allows it, and a file that is cut at lines has lines.
bool may_be_cut(const FilePart& part) {
  const SourceFormatSpec* format = find_source_format(part.format);
  if (format == nullptr || format->cuts == Cuts::never) return false;
  return format->cuts == Cuts::anywhere || !part.is_stream;
}

/// A remote file with a larger stated size must prove it: its last byte is read.
constexpr std::uint64_t kLargeClaimBytes = std::uint64_t{64} << 30;

/// A planner of shards. It gathers the files of one source after another.
class ShardPlanner {
 public:
  ShardPlanner(io::FileSystem& files, const SourcesToCut& cut, std::vector<Shard>& shards)
      : files_(files),
        target_bytes_(static_cast<std::uint64_t>(cut.task_megabytes) << 20),
        cut_(cut),
        shards_(shards) {}

  Status add_source(std::size_t index) {
    source_ = index;
    const SourceConfig& source = cut_.sources[index];
    for (std::size_t i = 0; i < source.path.size(); ++i) {
      auto found = io::find_files(files_, source.path[i]);
      if (!found && io::is_web_address(source.path[i]) && found.error().code == Code::io_error) {
        log_warning("{}", found.error().message);
        add_unread(part_of(source.path[i], source, i), "unreachable", found.error().message);
        continue;
      }
      if (!found) {
        return std::move(found).error().with_context(
            fmt::format("[curate] source '{}'", source.name));
      }
      const auto runs = leave_out_runs(files_, cut_.own_run, found.value());
      std::vector<io::NoFile> no_files = ALUDEL_TRY(io::find_no_files(source.path[i]));
      std::erase_if(no_files, [&](const io::NoFile& item) {
        return std::ranges::any_of(
            runs, [&](const std::string& run) { return item.path.starts_with(run); });
      });
      if (found.value().empty() && no_files.empty()) {
        return Error{Code::not_found, fmt::format("[curate] source '{}': no file in {}",
                                                  source.name, source.path[i])};
      }
      for (const io::FileInfo& info : found.value()) {
        ALUDEL_TRY(add_file(info, source, i));
      }
      for (const io::NoFile& item : no_files) {
        FilePart part = part_of(item.path, source, i);
        const bool is_first = !was_planned(item.path);
        add_unread(std::move(part), is_first ? std::string(item.what) : "read_already", "");
      }
    }
    close();
    return Ok{};
  }

 private:
  static FilePart part_of(const std::string& path, const SourceConfig& source,
                          std::size_t path_index) {
    FilePart part;
    part.path = path;
    part.name = name_below(path, source.path[path_index]);
    if (path_index > 0) part.name = fmt::format("{}:{}", path_index, part.name);
    return part;
  }

  Status add_file(const io::FileInfo& info, const SourceConfig& source, std::size_t path_index) {
    FilePart part = part_of(info.path, source, path_index);
    if (was_planned(info.path)) {
      add_unread(std::move(part), "read_already", "");
      return Ok{};
    }
    if (const Status looked = look_at(info, source, part); !looked) {
      const std::string reason = reason_unread(part, looked.error());
      if (reason.empty()) return looked;
      log_warning("{}", looked.error().message);
      add_unread(std::move(part), reason, looked.error().message);
      return Ok{};
    }
    if (!part.unread.empty()) {
      add_unread(part, part.unread, part.unread_because);
      return Ok{};
    }
    if (info.version.empty()) {
      log_warning(
          "{}: the server states no version; if it changes and keeps its size, a run that "
          "is continued does not notice it",
          io::file_name_of(info.path));
    }
    const std::string content = fmt::format("{} {} {}\n", part.name, info.version, info.size_bytes);
    const bool can_be_cut = may_be_cut(part);
    parts_ += can_be_cut ? info.size_bytes / target_bytes_ + 1 : 1;
    if (parts_ > kMaxParts) {
      return Error{Code::resource_exhausted,
                   fmt::format("[curate] source '{}': with {}, which states {} bytes, more than {} "
                               "parts of task_megabytes = {}; raise it, or leave files out",
                               source.name, io::file_name_of(info.path), info.size_bytes, kMaxParts,
                               cut_.task_megabytes)};
    }
    for (part.begin = 0; part.begin < info.size_bytes || part.begin == 0; part.begin = part.end) {
      const bool cut = can_be_cut && info.size_bytes - part.begin > target_bytes_ * 3 / 2;
      part.end = cut ? part.begin + target_bytes_ : info.size_bytes;
      add_part(part, content);
      if (part.end == info.size_bytes) break;
    }
    return Ok{};
  }

  /// True if this source has the file already, by another path or pattern. If another source has
  /// it, logs a warning only: two sources may read two columns of one file.
  bool was_planned(const std::string& path) {
    const auto [place, is_first] = planned_.try_emplace(hash128(io::place_of(path)), source_);
    if (is_first) return false;
    if (place->second == source_) return true;
    if (doubled_.insert({place->second, source_}).second) {
      log_warning("sources '{}' and '{}' both read {} (and what else they share): it comes twice",
                  cut_.sources[place->second].name, cut_.sources[source_].name,
                  io::file_name_of(path));
    }
    place->second = source_;
    return false;
  }

  /// Sets what the file's first bytes tell of the part.
  Status look_at(const io::FileInfo& info, const SourceConfig& source, FilePart& part) {
    FileShape shape = ALUDEL_TRY(shape_of(files_, info, source));
    part.format = std::move(shape.format);
    part.is_stream = shape.is_stream;
    part.unread = std::move(shape.unread);
    part.unread_because = std::move(shape.unread_because);
    if (!part.unread.empty()) return Ok{};
    if (!shape.is_remote) {
      part.file_bytes = info.size_bytes;
      part.file_version = info.version;
    }
    if (shape.is_remote && info.size_bytes > kLargeClaimBytes) return check_size(info);
    return Ok{};
  }

  /// Reads the last byte of a file whose stated size is very large. Errors: io_error if there is
  /// none.
  Status check_size(const io::FileInfo& info) {
    const auto reader = ALUDEL_TRY(files_.open(info.path, info.size_bytes - 1));
    char last = 0;
    if (ALUDEL_TRY(reader->read({&last, 1})) == 1) return Ok{};
    return Error{Code::io_error, fmt::format("{}: {} bytes were stated, and there are fewer",
                                             io::file_name_of(info.path), info.size_bytes)};
  }

  /// Adds a file that is not read, with the reason and what was found.
  void add_unread(FilePart part, const std::string& reason, const std::string& message) {
    part.unread = reason;
    part.unread_because = message;
    add_part(part, fmt::format("{} {}\n", part.name, reason));
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
  const SourcesToCut& cut_;
  std::vector<Shard>& shards_;
  std::size_t source_ = 0;
  std::map<Hash128, std::size_t> planned_;                 // by place: the source that had it last
  std::set<std::pair<std::size_t, std::size_t>> doubled_;  // pairs of sources that share a file
  std::uint64_t parts_ = 0;                                // so far, of all sources
  Shard open_;
  std::string content_;
};

}  // namespace

Result<std::vector<Shard>> plan_shards(io::FileSystem& files, const SourcesToCut& cut) {
  std::vector<Shard> shards;
  ShardPlanner planner(files, cut, shards);
  for (std::size_t i = 0; i < cut.sources.size(); ++i) {
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
