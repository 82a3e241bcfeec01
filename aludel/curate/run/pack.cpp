#include "aludel/curate/run/pack.h"

#include <algorithm>
#include <utility>

#include "aludel/base/stop.h"
#include "aludel/curate/document/document.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/io/rows.h"

namespace aludel::curate {
namespace {

constexpr std::int64_t kDefaultMegabytes = 256;  // of text in a file, if no size is asked for

/// A file to pack. Its text is the range [begin, end) of the text of all such files.
struct Unpacked {
  std::string path;  // below the run folder
  std::string xxh128;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Returns the files that tasks left below `folder`, in the order of the numbers in their names.
std::vector<Unpacked> find_unpacked(std::span<const exec::ManifestRow> rows,
                                    std::string_view folder) {
  std::vector<Unpacked> found;
  for (const exec::ManifestRow& row : rows) {
    for (const exec::OutputFile& output : row.outputs) {
      if (!is_below(output.path, folder)) continue;
      const Json* bytes = row.counts.find("text_bytes");
      const std::int64_t size = bytes == nullptr ? 0 : bytes->integer_or(output.path, 0);
      found.push_back({output.path, output.xxh128, 0, static_cast<std::uint64_t>(size)});
    }
  }
  // Shorter names first: numbers may have more than five digits.
  std::ranges::sort(found, [](const Unpacked& a, const Unpacked& b) {
    return std::pair(a.path.size(), std::string_view(a.path)) <
           std::pair(b.path.size(), std::string_view(b.path));
  });
  std::uint64_t begin = 0;
  for (Unpacked& file : found) {
    file.begin = begin;
    file.end += begin;
    begin = file.end;
  }
  return found;
}

/// A file to write. It gets the documents whose text begins in its share of the whole.
struct PackedFile {
  std::string path;  // below the run folder
  std::size_t number = 0;
  std::vector<Unpacked> inputs;
};

/// The shares of equal size of the text of all files.
class Shares {
 public:
  Shares(std::uint64_t text_bytes, std::uint64_t share_bytes)
      : share_bytes_(share_bytes),
        count_(std::max<std::uint64_t>((text_bytes + share_bytes - 1) / share_bytes, 1)) {}

  std::size_t count() const { return count_; }

  std::size_t of(std::uint64_t place) const {
    return std::min<std::size_t>(place / share_bytes_, count_ - 1);
  }

 private:
  std::uint64_t share_bytes_;
  std::size_t count_;
};

Result<exec::TaskResult> write_packed(io::FileSystem& files, const std::string& run,
                                      const PackedFile& packed, Shares shares) {
  auto writer =
      ALUDEL_TRY(io::create_rows(files, io::join_path(run, packed.path), document_columns()));
  std::uint64_t documents = 0;
  for (const Unpacked& input : packed.inputs) {
    auto reader = ALUDEL_TRY(io::open_rows(files, io::join_path(run, input.path), {}));
    std::uint64_t place = input.begin;
    Json row;
    while (ALUDEL_TRY(reader->next(row))) {
      if (stop_requested()) return Error{Code::cancelled, "stopped"};
      const std::size_t share = shares.of(std::min(place, input.end));
      if (share > packed.number) break;
      if (share == packed.number) {
        ALUDEL_TRY(writer->write(row));
        ++documents;
      }
      const Json* text = row.find("text");
      if (text != nullptr && text->is_string()) place += text->as_string().size();
    }
  }
  ALUDEL_TRY(writer->commit());
  exec::TaskResult result;
  result.outputs.push_back(packed.path);
  result.counts["documents"] = documents;
  return result;
}

void add_tasks(io::FileSystem& files, const CurateConfig& config, std::string_view folder,
               std::span<const Unpacked> unpacked, std::vector<exec::Task>& tasks) {
  if (unpacked.empty()) return;
  const std::int64_t megabytes =
      config.shard_megabytes > 0 ? config.shard_megabytes : kDefaultMegabytes;
  const Shares shares(unpacked.back().end, static_cast<std::uint64_t>(megabytes) << 20);
  const std::string_view extension = config.output_format == "parquet" ? "parquet" : "jsonl.zst";
  for (std::size_t number = 0; number < shares.count(); ++number) {
    PackedFile packed{packed_path(folder, number, extension), number, {}};
    Json fingerprint_of = Json::Array{megabytes, packed.path, number, unpacked.back().end};
    // Both ends grow from one input to the next, so a binary search finds the first input.
    auto input = std::ranges::partition_point(
        unpacked, [&](const Unpacked& before) { return shares.of(before.end) < number; });
    for (; input != unpacked.end() && shares.of(input->begin) <= number; ++input) {
      fingerprint_of.push_back(Json::Array{input->xxh128, input->begin, input->end});
      packed.inputs.push_back(*input);
    }
    exec::Task task;
    task.stage = "pack";
    task.input = packed.path;
    task.config = fingerprint(fingerprint_of);
    task.work = [&files, run = config.out, packed = std::move(packed), shares] {
      return write_packed(files, run, packed, shares);
    };
    tasks.push_back(std::move(task));
  }
}

}  // namespace

bool packs_output(const CurateConfig& config) {
  return config.output_format == "parquet" || config.shard_megabytes > 0;
}

std::vector<exec::Task> pack_tasks(io::FileSystem& files, const CurateConfig& config,
                                   std::span<const exec::ManifestRow> rows) {
  std::vector<exec::Task> tasks;
  add_tasks(files, config, kKeptFolder, find_unpacked(rows, kUnpackedKeptFolder), tasks);
  add_tasks(files, config, kRejectsFolder, find_unpacked(rows, kUnpackedRejectsFolder), tasks);
  return tasks;
}

}  // namespace aludel::curate
