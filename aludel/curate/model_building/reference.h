#pragma once

// Reads reference text and cuts it into passages.

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
  std::vector<bool> held_out;       // by passage
  std::vector<std::string> labels;  // by passage: the label of its document; empty if it has none
  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;
  Hash128 hash;  // of the texts

  bool has_role(std::string_view role) const;
};

/// Cuts a text at line ends into passages of `words` words or more. The last passage may be
/// shorter; a very short rest joins the passage before it.
std::vector<std::string> cut_passages(std::string_view text, std::size_t words);

/// Reads all reference text. Holds out blocks of up to eight neighbouring passages of a document,
/// chosen by seed and content. Errors: those of reading; invalid_argument for references without
/// any text.
Result<std::vector<Reference>> read_references(io::FileSystem& files, const ModelsConfig& config);

}  // namespace aludel::curate
