#pragma once

// Reference text, read and cut into passages.

#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/hash.h"
#include "aludel/base/result.h"
#include "aludel/curate/model_building/config.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// One [[reference]] of the config with its text.
struct Reference {
  ReferenceConfig config;
  std::vector<std::string> passages;
  std::vector<bool> held_out;       // of each passage
  std::vector<std::string> labels;  // of each passage's document; empty where it states none
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;
  Hash128 hash;  // of the texts

  bool has_role(std::string_view role) const;
};

/// Cuts a text at line ends into passages of `words` words or more; the last may be shorter, but a
/// short rest joins the passage before it.
std::vector<std::string> cut_passages(std::string_view text, std::size_t words);

/// Reads all reference text. Held out are blocks of up to eight neighbouring passages of a
/// document, chosen by seed and content. Errors: those of reading; invalid_argument for references
/// without any text.
Result<std::vector<Reference>> read_references(io::FileSystem& files, const ModelsConfig& config);

}  // namespace aludel::curate
