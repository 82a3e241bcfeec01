#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/learn/findings.h"

namespace aludel::curate {

/// Writes the findings of a whole corpus as one shard, and the ids of all its documents beside it;
/// rows that are null are left out.
inline Status write_all_findings(io::FileSystem& files, const std::string& state_folder,
                                 std::string_view layer, const std::vector<std::string>& ids,
                                 const std::vector<Json>& rows) {
  auto seen = ALUDEL_TRY(SeenWriter::create(files, seen_path(state_folder, 0), layer));
  for (const std::string& id : ids) {
    ALUDEL_TRY(seen.add(id));
  }
  ALUDEL_TRY(seen.commit());
  auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, findings_path(state_folder, 0)));
  for (const Json& row : rows) {
    if (!row.is_null()) ALUDEL_TRY(writer.write(row));
  }
  return writer.commit();
}

}  // namespace aludel::curate
