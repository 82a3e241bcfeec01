#include "aludel/io/json_file.h"

#include <fmt/format.h>

#include "aludel/base/json_doubled.h"
#include "aludel/io/stand_in.h"

namespace aludel::io {

Result<Json> parse_json_object(std::string_view bytes, const std::string& path) {
  ALUDEL_TRY(expect_no_stand_in(bytes, path));
  auto json = parse_json(bytes);
  if (!json) return std::move(json).error().with_context(path);
  if (!json.value().is_object()) {
    return Error{Code::corrupt_data, path + ": expected a JSON object"};
  }
  if (const auto name = doubled_member(json.value())) {
    return Error{Code::corrupt_data,
                 fmt::format("{}: [json] '{}' stands twice, and programs differ in which of the "
                             "two counts: take one out",
                             path, *name)};
  }
  return json;
}

Result<Json> read_json_object(FileSystem& files, const std::string& path) {
  return parse_json_object(ALUDEL_TRY(read_file(files, path)), path);
}

Result<Json> read_optional_json_object(FileSystem& files, const std::string& path) {
  auto json = read_json_object(files, path);
  if (!json && json.error().code == Code::not_found) return Json::object();
  return json;
}

}  // namespace aludel::io
