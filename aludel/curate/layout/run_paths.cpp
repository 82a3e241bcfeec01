#include "aludel/curate/layout/run_paths.h"

#include <charconv>

#include <fmt/format.h>

#include "aludel/io/file_system.h"

namespace aludel::curate {

bool is_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && path.substr(folder.size()).starts_with('/');
}

std::string kept_path(std::size_t shard) {
  return fmt::format("{}/{:05}.jsonl.zst", kKeptFolder, shard);
}

std::string rejects_path(std::size_t segment, std::size_t shard) {
  return fmt::format("{}/{:05}-{}.jsonl.zst", kRejectsFolder, shard, segment);
}

std::string packed_path(std::string_view folder, std::size_t number, std::string_view extension) {
  return fmt::format("{}/{:05}.{}", folder, number, extension);
}

std::size_t number_of_file(std::string_view path) {
  std::size_t number = 0;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

std::string state_path(std::string_view layer) {
  return fmt::format("{}/{}", kStateFolder, layer);
}

std::string findings_path(std::string_view state_folder, std::size_t shard) {
  return io::join_path(state_folder, fmt::format("{:05}{}", shard, kFindingsEnding));
}

std::string seen_path(std::string_view state_folder, std::size_t shard) {
  return io::join_path(state_folder, fmt::format("{:05}{}", shard, kSeenEnding));
}

std::string work_folder(std::size_t segment) {
  return fmt::format("{}/{}", kWorkFolder, segment);
}

std::string work_path(std::size_t segment, std::size_t shard) {
  return fmt::format("{}/{:05}.documents", work_folder(segment), shard);
}

std::string notes_path(std::size_t segment, std::size_t shard) {
  return fmt::format("{}/{:05}-{}.json", kNotesFolder, shard, segment);
}

std::string unpacked_kept_path(std::size_t shard) {
  return fmt::format("{}/{:05}.jsonl", kUnpackedKeptFolder, shard);
}

std::string unpacked_rejects_path(std::size_t segment, std::size_t shard) {
  return fmt::format("{}/{:05}-{:02}.jsonl", kUnpackedRejectsFolder, shard, segment);
}

std::string shuffle_folder(std::string_view layer) {
  return fmt::format("{}/{}", kWorkFolder, layer);
}

}  // namespace aludel::curate
