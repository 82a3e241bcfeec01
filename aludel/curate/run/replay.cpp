#include "aludel/curate/run/replay.h"

#include <limits>
#include <utility>

#include "aludel/base/check.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {
namespace {

Status copy_file(io::FileSystem& files, const std::string& from, const std::string& to) {
  return io::write_file(files, to, ALUDEL_TRY(io::read_file(files, from)));
}

/// The state of another run, as it is.
class CopiedFit final : public Fit {
 public:
  explicit CopiedFit(std::string from) : from_(std::move(from)) {}

  void observe(const Document&) override {}

  void merge(Fit&) override {}

  Status finish(io::FileSystem& files, const std::string& state_folder) override {
    auto found = files.list(from_);
    if (!found) {
      return std::move(found).error().with_context("[recover] the run has lost a state");
    }
    for (const io::FileInfo& file : found.value()) {
      const std::string name = file.path.substr(file.path.rfind('/') + 1);
      ALUDEL_TRY(copy_file(files, file.path, io::join_path(state_folder, name)));
    }
    return Ok{};
  }

 private:
  std::string from_;
};

class ReplayedLayer final : public Layer {
 public:
  ReplayedLayer(const LayerSpec& spec, std::unique_ptr<Layer> measured, std::string state_folder)
      : spec_(spec), measured_(std::move(measured)), state_folder_(std::move(state_folder)) {}

  Verdict judge(Document& document) const override {
    if (!is_settled_at(document, spec_.name)) {
      ALUDEL_CHECK(measured_ != nullptr, "a document behind the layers that rules name");
      return measured_->judge(document);
    }
    if (stored_rejected_by(document) == spec_.name) return stored_verdict(document);
    return {true, "", std::numeric_limits<double>::quiet_NaN()};  // no score is known
  }

  std::unique_ptr<Fit> start_fit() const override {
    if (spec_.kind != LayerKind::fitted) return nullptr;
    if (measured_ != nullptr && !spec_.is_stored()) return measured_->start_fit();
    return std::make_unique<CopiedFit>(state_folder_);
  }

  CorpusPlan corpus_plan() const override {
    const bool is_fitted_again = spec_.kind == LayerKind::fitted && !spec_.is_stored();
    return is_fitted_again && measured_ != nullptr ? measured_->corpus_plan() : CorpusPlan();
  }

  Status load_state(io::FileSystem& files, const std::string& state_folder) override {
    return measured_ == nullptr ? Status(Ok{}) : measured_->load_state(files, state_folder);
  }

 private:
  const LayerSpec& spec_;
  std::unique_ptr<Layer> measured_;
  std::string state_folder_;
};

}  // namespace

bool is_settled_at(const Document& document, std::string_view layer) {
  if (!is_decided(document)) return false;
  const std::string by = stored_rejected_by(document);
  return by.empty() || layer_place(by) >= layer_place(layer);
}

std::unique_ptr<Layer> make_replayed_layer(const LayerSpec& spec, std::unique_ptr<Layer> measured,
                                           std::string state_folder) {
  return std::make_unique<ReplayedLayer>(spec, std::move(measured), std::move(state_folder));
}

}  // namespace aludel::curate
