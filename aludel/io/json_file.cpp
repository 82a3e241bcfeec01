#include "aludel/io/json_file.h"

namespace aludel::io {

Result<Json> read_json_object(FileSystem& files, const std::string& path) {
  auto json = parse_json(ALUDEL_TRY(read_file(files, path)));
  if (!json) return std::move(json).error().with_context(path);
  if (!json.value().is_object()) {
    return Error{Code::corrupt_data, path + ": expected a JSON object"};
  }
  return json;
}

Result<Json> read_optional_json_object(FileSystem& files, const std::string& path) {
  auto json = read_json_object(files, path);
  if (!json && json.error().code == Code::not_found) return Json::object();
  return json;
}

}  // namespace aludel::io
