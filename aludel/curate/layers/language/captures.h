#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aludel/base/hash.h"
#include "aludel/curate/layer.h"

// Several captures of one address: the newest stays.
namespace aludel::curate {

/// "2024-05-18T01:58:10.25Z" as 20240518015810'25000: its digits, up to 19, filled with zeros, so
/// that later times are larger numbers. 0 for what has none.
std::uint64_t capture_time(std::string_view date);

/// Takes note of every web page by its normalised address; about 100 bytes of memory a page.
class CaptureFit final : public Fit {
 public:
  void observe(const Document& document) override;
  void merge(Fit& later) override;
  Status finish(io::FileSystem& files, const std::string& state_folder) override;

 private:
  struct Capture {
    Hash128 url;
    std::uint64_t time = 0;
    std::string id;
  };

  std::vector<Capture> captures_;
};

/// The captures that another one replaces.
class OlderCaptures {
 public:
  /// Errors: not_found when the state is missing, corrupt_data.
  Status load(io::FileSystem& files, const std::string& state_folder);

  /// The id of the newest capture of the same address; nullptr for that itself.
  const std::string* newest(const std::string& id) const;

 private:
  std::unordered_map<std::string, std::string> newest_;  // by id
};

}  // namespace aludel::curate
