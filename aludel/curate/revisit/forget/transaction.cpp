#include "aludel/curate/revisit/forget/transaction.h"

#include "aludel/base/json.h"
#include "aludel/io/json_file.h"

namespace aludel::curate {

Status Transaction::commit() {
  Json journal = Json::object();
  journal["moves"] = Json::array();
  for (const auto& [staged, target] : moves_) {
    journal["moves"].push_back(Json::Array{staged, target});
  }
  journal["removals"] = Json(Json::Array(removals_.begin(), removals_.end()));
  ALUDEL_TRY(io::write_file(files_, journal_, journal.dump() + "\n"));
  ALUDEL_TRY(finish_interrupted(files_, journal_));
  return Ok{};
}

Result<bool> Transaction::finish_interrupted(io::FileSystem& files, const std::string& journal) {
  if (!files.info(journal)) return false;
  const Json json = ALUDEL_TRY(io::read_json_object(files, journal));
  const Json* moves = json.find("moves");
  const Json* removals = json.find("removals");
  if (moves == nullptr || !moves->is_array() || removals == nullptr || !removals->is_array()) {
    return Error{Code::corrupt_data, journal + ": not a journal of file moves"};
  }
  for (const Json& move : moves->as_array()) {
    const std::string& staged = move.as_array()[0].as_string();
    const auto found = files.info(staged);
    if (!found && found.error().code == Code::not_found) continue;  // it was moved before the kill
    ALUDEL_TRY(files.rename(staged, move.as_array()[1].as_string()));
  }
  for (const Json& path : removals->as_array()) {
    ALUDEL_TRY(files.remove(path.as_string()));
  }
  ALUDEL_TRY(files.remove(journal));
  return true;
}

}  // namespace aludel::curate
