#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/hash.h"
#include "aludel/curate/layer.h"

// Several captures of one address: the newest stays.
namespace aludel::curate {

/// "2024-05-18T01:58:10.25Z" as 20240518015810'25000: its digits, up to 19, filled with zeros, so
/// that later times are larger numbers. 0 for what has none.
std::uint64_t capture_time(std::string_view date);

/// A document's id in 128 bits: the 32 hexadecimal digits that it has in a run, or the hash of any
/// other.
Hash128 packed_id(std::string_view id);

/// Takes note of every web page by its normalised address; 40 bytes of memory a page, and as many
/// again in finish().
class CaptureFit final : public Fit {
 public:
  void observe(const Document& document) override;
  void merge(Fit& later) override;
  Status finish(io::FileSystem& files, const std::string& state_folder) override;

 private:
  struct Capture {
    Hash128 url;
    std::uint64_t time = 0;
    Hash128 id;
  };

  std::vector<Capture> captures_;
};

/// The captures that another one replaces.
class OlderCaptures {
 public:
  /// Errors: not_found when the state is missing, corrupt_data.
  Status load(io::FileSystem& files, const std::string& state_folder);

  /// The id of the newest capture of the same address; nullopt for that itself.
  std::optional<std::string> newest(std::string_view id) const;

 private:
  struct Replaced {
    Hash128 id;
    Hash128 newest;
  };

  std::vector<Replaced> replaced_;  // sorted by id
};

}  // namespace aludel::curate
