#include "aludel/train/checkpoint.h"

#include <cstring>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/base/json.h"
#include "aludel/base/log.h"
#include "aludel/io/formats/safetensors.h"
#include "aludel/io/input_recorder.h"

namespace aludel::train {
namespace {

constexpr std::size_t kKeptCheckpoints = 2;
constexpr std::string_view kStateFile = "state.json";
constexpr std::string_view kModelFile = "model.safetensors";
constexpr std::string_view kOptimizerFile = "optimizer.safetensors";

constexpr std::string_view kFolderPrefix = "step-";

std::string folder_name(std::int64_t step) {
  return fmt::format("{}{:08}", kFolderPrefix, step);
}

io::TensorView view_of(const std::string& name, const tensor::Tensor& tensor) {
  io::TensorView view{.name = name, .dtype = "F32", .shape = {}, .bytes = {}};
  for (std::size_t axis = 0; axis < tensor.shape().rank(); ++axis) {
    view.shape.push_back(static_cast<std::int64_t>(tensor.shape()[axis]));
  }
  view.bytes = {static_cast<const char*>(tensor.raw()), tensor.bytes()};
  return view;
}

/// The moments under "mean.NAME" and "square.NAME".
std::vector<io::TensorView> moment_views(std::span<const Parameter> parameters,
                                         const AdamW& optimizer) {
  std::vector<io::TensorView> views;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    views.push_back(view_of("mean." + parameters[i].name, optimizer.means()[i]));
    views.push_back(view_of("square." + parameters[i].name, optimizer.squares()[i]));
  }
  return views;
}

/// Copies the file's tensors over those that `views` describe.
Status read_tensors(io::FileSystem& files, const std::string& path,
                    std::span<const io::TensorView> views) {
  const auto file = ALUDEL_TRY(io::SafetensorsFile::open(files, path));
  for (const io::TensorView& view : views) {
    const io::TensorView* found = file.find(view.name);
    if (found == nullptr || found->dtype != view.dtype || found->shape != view.shape) {
      return Error{Code::corrupt_data,
                   fmt::format("[checkpoint] {}: tensor '{}' is missing or has another shape; "
                               "remove the folder to train from the start",
                               path, view.name)};
    }
    std::memcpy(const_cast<char*>(view.bytes.data()), found->bytes.data(), view.bytes.size());
  }
  return Ok{};
}

/// Folders of checkpoints, oldest first, and whether each is whole: has a state file.
Result<std::map<std::string, bool>> find_checkpoints(io::FileSystem& files,
                                                     const std::string& folder) {
  std::map<std::string, bool> found;
  auto listed = files.list(folder);
  if (!listed && listed.error().code == Code::not_found) return found;
  for (const io::FileInfo& file : ALUDEL_TRY(std::move(listed))) {
    const std::string place = io::folder_of(file.path);
    if (!place.starts_with(io::join_path(folder, kFolderPrefix))) continue;
    bool& is_whole = found[place];
    is_whole = is_whole || file.path == io::join_path(place, kStateFile);
  }
  return found;
}

/// Folders of whole checkpoints, oldest first.
Result<std::vector<std::string>> whole_checkpoints(io::FileSystem& files,
                                                   const std::string& folder) {
  std::vector<std::string> whole;
  for (const auto& [place, is_whole] : ALUDEL_TRY(find_checkpoints(files, folder))) {
    if (is_whole) whole.push_back(place);
  }
  return whole;
}

Result<Json> read_state(io::FileSystem& files, const std::string& folder) {
  const std::string path = io::join_path(folder, kStateFile);
  auto state = parse_json(ALUDEL_TRY(io::read_file(files, path)));
  const std::int64_t step = state ? state.value().integer_or("step", -1) : -1;
  if (step >= 0 && folder.ends_with("/" + folder_name(step))) return state;
  return Error{Code::corrupt_data,
               fmt::format("[checkpoint] {} is damaged{}{}; remove {} to go on from the checkpoint "
                           "before it",
                           path, state ? "" : ": ", state ? "" : state.error().message, folder)};
}

/// Opens one file of tensors and compares its hash, where the state has one.
Status check_file(io::FileSystem& files, const std::string& path, const std::string& hash) {
  Status opened = [&]() -> Status {
    ALUDEL_TRY(io::SafetensorsFile::open(files, path));
    return Ok{};
  }();
  if (!opened) return opened;
  if (hash.empty() || ALUDEL_TRY(io::hash_file(files, path)).hex() == hash) return Ok{};
  return Error{Code::corrupt_data,
               fmt::format("{}: its bytes are not those that were written: state.json has another "
                           "hash",
                           path)};
}

/// Reads the tensors of a checkpoint: damage is told before anything is trained.
Status check_tensors(io::FileSystem& files, const std::string& folder, const Json& state) {
  const Json* hashes = state.find("xxh128");
  if (hashes == nullptr) {
    log_warning(
        "[checkpoint] {} was written without hashes, by an older build: damage in its tensors "
        "cannot be told",
        folder);
  }
  for (const std::string_view name : {kModelFile, kOptimizerFile}) {
    const std::string hash = hashes == nullptr ? "" : hashes->string_or(name, "none");
    const Status status = check_file(files, io::join_path(folder, name), hash);
    if (status) continue;
    const Error& error = status.error();
    if (error.code != Code::corrupt_data && error.code != Code::not_found) return error;
    return Error{Code::corrupt_data,
                 fmt::format("[checkpoint] {}; remove {} to go on from the checkpoint before it",
                             error.message, folder)};
  }
  return Ok{};
}

/// Removes the state file first: what is left of a checkpoint half removed is not whole.
Status remove_checkpoint(io::FileSystem& files, const std::string& folder) {
  ALUDEL_TRY(files.remove(io::join_path(folder, kStateFile)));
  return files.remove(folder);
}

}  // namespace

Status write_checkpoint(io::FileSystem& files, const std::string& folder,
                        const Progression& progression, std::span<const Parameter> parameters,
                        const AdamW& optimizer) {
  const std::string place = io::join_path(folder, folder_name(progression.step));
  ALUDEL_TRY(files.make_folders(place));
  std::vector<io::TensorView> values;
  for (const Parameter& parameter : parameters) {
    values.push_back(view_of(parameter.name, parameter.value));
  }
  ALUDEL_TRY(io::write_safetensors(files, io::join_path(place, kModelFile), values));
  ALUDEL_TRY(io::write_safetensors(files, io::join_path(place, kOptimizerFile),
                                   moment_views(parameters, optimizer)));
  Json state = Json::object();
  state["step"] = progression.step;
  state["tokens"] = progression.tokens;
  state["seconds"] = progression.seconds;
  state["identity"] = progression.identity;
  state["fingerprint"] = fingerprint(progression.identity);  // to tell runs apart by one word
  for (const std::string_view name : {kModelFile, kOptimizerFile}) {
    state["xxh128"][name] = ALUDEL_TRY(io::hash_file(files, io::join_path(place, name))).hex();
  }
  ALUDEL_TRY(io::write_file(files, io::join_path(place, kStateFile), state.dump_pretty()));
  return remove_older_checkpoints(files, folder);
}

Result<std::optional<Checkpoint>> newest_checkpoint(io::FileSystem& files,
                                                    const std::string& folder) {
  const auto whole = ALUDEL_TRY(whole_checkpoints(files, folder));
  if (whole.empty()) return std::optional<Checkpoint>();
  const Json state = ALUDEL_TRY(read_state(files, whole.back()));
  ALUDEL_TRY(check_tensors(files, whole.back(), state));
  Checkpoint newest{whole.back(), {}};
  newest.at.step = state.integer_or("step", 0);
  newest.at.tokens = state.integer_or("tokens", 0);
  newest.at.seconds = state.number_or("seconds", 0);
  const Json* identity = state.find("identity");
  newest.at.identity = identity == nullptr ? Json::object() : *identity;
  return std::optional(std::move(newest));
}

Status remove_older_checkpoints(io::FileSystem& files, const std::string& folder) {
  const auto found = ALUDEL_TRY(find_checkpoints(files, folder));
  std::size_t kept = 0;
  for (auto checkpoint = found.rbegin(); checkpoint != found.rend(); ++checkpoint) {
    const auto& [place, is_whole] = *checkpoint;
    if (kept == kKeptCheckpoints) {
      ALUDEL_TRY(remove_checkpoint(files, place));
    } else if (is_whole) {
      ++kept;
    }
  }
  return Ok{};
}

Status remove_checkpoints(io::FileSystem& files, const std::string& folder) {
  for (const std::string& found : ALUDEL_TRY(whole_checkpoints(files, folder))) {
    ALUDEL_TRY(remove_checkpoint(files, found));
  }
  return files.remove(folder);
}

Status restore_checkpoint(io::FileSystem& files, const Checkpoint& checkpoint,
                          std::span<const Parameter> parameters, AdamW& optimizer) {
  std::vector<io::TensorView> values;
  for (const Parameter& parameter : parameters) {
    values.push_back(view_of(parameter.name, parameter.value));
  }
  ALUDEL_TRY(read_tensors(files, io::join_path(checkpoint.folder, kModelFile), values));
  ALUDEL_TRY(read_tensors(files, io::join_path(checkpoint.folder, kOptimizerFile),
                          moment_views(parameters, optimizer)));
  optimizer.set_steps(checkpoint.at.step);
  return Ok{};
}

}  // namespace aludel::train
