#include "aludel/exec/shuffle.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/exec/record_sorter.h"

namespace aludel::exec {
namespace {

constexpr std::uint64_t kPartitionBytes = std::uint64_t{32} << 20;  // enough for one read
constexpr std::uint64_t kMostPartitions = 1024;
constexpr std::uint64_t kMostBufferBytes = std::uint64_t{32} << 20;
constexpr std::uint64_t kLeastBufferBytes = std::uint64_t{1} << 14;

}  // namespace

Shuffle::Shuffle(const Workplace& workplace, std::string folder, std::string config,
                 std::uint64_t memory_bytes)
    : workplace_(workplace),
      folder_(std::move(folder)),
      config_(std::move(config)),
      memory_bytes_(memory_bytes) {}

std::string Shuffle::in_run(const std::string& path) const {
  return io::join_path(workplace_.run_folder, path);
}

Result<StageResult> Shuffle::run(const Stage& stage) const {
  ALUDEL_TRY(workplace_.files.make_folders(in_run(fmt::format("{}/{}", folder_, stage.name))));
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < stage.tasks; ++i) {
    tasks.push_back(task_of(stage, i));
  }
  const auto rows = ALUDEL_TRY(run_tasks(workplace_, tasks, nullptr));
  StageResult result;
  for (const RecordLayout& layout : stage.outputs) {
    result.outputs.push_back({layout, {}, 0});
  }
  Hasher128 hasher;
  for (const ManifestRow& row : rows) {
    for (std::size_t i = 0; i < stage.outputs.size(); ++i) {
      result.outputs[i].paths.push_back(in_run(row.outputs[i].path));
      result.outputs[i].size_bytes += row.outputs[i].size_bytes;
    }
    for (const OutputFile& output : row.outputs) {
      hasher.update(output.xxh128);
    }
    result.counts.push_back(row.counts);
  }
  result.fingerprint = hasher.digest().hex();
  return result;
}

Task Shuffle::task_of(const Stage& stage, std::size_t number) const {
  Task task;
  task.stage = stage.name;
  task.input = folder_;
  task.begin = number;
  task.end = stage.tasks;
  task.config = config_ + " " + stage.inputs;
  for (const RecordLayout& layout : stage.outputs) {
    task.config += fmt::format(" {}x{}", layout.size_bytes, layout.partitions);
  }
  task.config = hash128(task.config).hex();
  task.work = [this, &stage, number] { return work(stage, number); };
  return task;
}

Result<TaskResult> Shuffle::work(const Stage& stage, std::size_t number) const {
  const auto threads = static_cast<std::uint64_t>(workplace_.threads.count());
  const std::uint64_t outputs = std::max<std::uint64_t>(stage.outputs.size(), 1);
  const std::uint64_t buffer_bytes =
      std::clamp(memory_bytes_ / (8 * threads * outputs), kLeastBufferBytes, kMostBufferBytes);
  StageTask task{.number = number, .out = {}};
  TaskResult result;
  for (std::size_t i = 0; i < stage.outputs.size(); ++i) {
    result.outputs.push_back(fmt::format("{}/{}/{:05}-{}", folder_, stage.name, number, i));
    task.out.push_back(
        ALUDEL_TRY(RecordWriter::create(workplace_.files, in_run(result.outputs.back()),
                                        stage.outputs[i], static_cast<std::size_t>(buffer_bytes))));
  }
  ALUDEL_TRY(stage.work(task));
  for (const auto& out : task.out) {
    ALUDEL_TRY(out->commit());
  }
  result.outputs.insert(result.outputs.end(), task.files.begin(), task.files.end());
  result.counts = std::move(task.counts);
  return result;
}

std::size_t Shuffle::partitions_for(std::uint64_t bytes) const {
  const std::uint64_t partition_bytes =
      std::max<std::uint64_t>(std::min(kPartitionBytes, memory_bytes_ / 16), 1);
  return static_cast<std::size_t>(
      std::clamp<std::uint64_t>(bytes / partition_bytes + 1, 1, kMostPartitions));
}

RecordReader Shuffle::read(const StageOutput& output, std::size_t partition) const {
  return {workplace_.files, output.paths, output.layout, partition};
}

RecordReader Shuffle::read_task(const StageOutput& output, std::size_t task) const {
  return {workplace_.files, std::span(output.paths).subspan(task, 1), output.layout, 0};
}

Result<std::unique_ptr<SortedRecords>> Shuffle::sorted(const StageOutput& output,
                                                       std::size_t partition,
                                                       std::string_view name) const {
  const auto threads = static_cast<std::uint64_t>(workplace_.threads.count());
  const SortPlace place{.files = &workplace_.files,
                        .folder = in_run(folder_),
                        .memory_bytes = static_cast<std::size_t>(memory_bytes_ / (2 * threads))};
  const std::size_t size_bytes = output.layout.size_bytes;
  RecordSorter sorter(place, fmt::format("{}.{:05}", name, partition), {size_bytes, size_bytes});
  RecordReader records = read(output, partition);
  std::string_view record;
  while (ALUDEL_TRY(records.next(record))) {
    ALUDEL_TRY(sorter.add(record));
  }
  return sorter.finish();
}

Result<std::uint64_t> Shuffle::scratch_bytes() const {
  std::uint64_t bytes = 0;
  for (const io::FileInfo& file : ALUDEL_TRY(workplace_.files.list(in_run(folder_)))) {
    bytes += file.size_bytes;
  }
  return bytes;
}

Status Shuffle::remove_scratch() const {
  return workplace_.files.remove(in_run(folder_));
}

}  // namespace aludel::exec
