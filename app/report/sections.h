#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/io/file_system.h"
#include "aludel/report/html.h"

namespace aludel::app {

/// The files of a run's or a curation's folder that the report reads; what is missing leaves its
/// section out.
class RunFiles {
 public:
  RunFiles(io::FileSystem& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

  /// A JSON file, or nothing when it is missing or broken.
  std::optional<Json> json(const std::string& relative) const;

  /// The objects of a JSONL file; a broken line ends them.
  std::vector<Json> jsonl(const std::string& relative) const;

  std::optional<std::string> text(const std::string& relative) const;

  /// Where a path of a curation is (run_paths.h): of the folder itself if that is one, else in its
  /// curated/.
  std::string of_curation(std::string_view path) const;

  const std::string& folder() const { return folder_; }

 private:
  io::FileSystem& files_;
  std::string folder_;
};

// Parts of one layer's chapter; empty where report/layers.json has nothing of them.
std::string layer_values(const Json& layer);
std::string layer_samples(const Json& layer);
std::string layer_copies(const Json& layer);

// One section each, in the order of the page.
void add_summary(const RunFiles& files, report::HtmlPage& page);
void add_provenance(const RunFiles& files, report::HtmlPage& page);
void add_funnel(const RunFiles& files, report::HtmlPage& page);
void add_targets(const RunFiles& files, report::HtmlPage& page);
void add_layers(const RunFiles& files, report::HtmlPage& page);
void add_planted(const RunFiles& files, report::HtmlPage& page);
void add_training(const RunFiles& files, report::HtmlPage& page);
void add_evaluation(const RunFiles& files, report::HtmlPage& page);
void add_comparison(const RunFiles& files, report::HtmlPage& page);
void add_samples(const RunFiles& files, report::HtmlPage& page);
void add_quantisation(const RunFiles& files, report::HtmlPage& page);
void add_steps(const RunFiles& files, report::HtmlPage& page);

}  // namespace aludel::app
