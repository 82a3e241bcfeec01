#include "aludel/models/config_numbers.h"

#include <algorithm>

#include <fmt/format.h>

namespace aludel::models {
namespace {

bool is_absent(const Json* value) {
  return value == nullptr || value->is_null();
}

Error wrong(std::string_view key, const Json* value, std::string_view expected) {
  return {Code::corrupt_data,
          fmt::format("[config] {} is {}, expected {}", key,
                      value == nullptr ? "missing" : value->dump().substr(0, 80), expected)};
}

}  // namespace

Result<std::size_t> read_size(const Json& config, std::string_view key, std::int64_t limit,
                              std::size_t otherwise) {
  const Json* value = config.find(key);
  if (is_absent(value) && otherwise != 0) return otherwise;
  if (value == nullptr || !value->is_integer() || value->as_integer() < 1 ||
      value->as_integer() > limit) {
    return wrong(key, value, fmt::format("a number from 1 to {}", limit));
  }
  return static_cast<std::size_t>(value->as_integer());
}

Result<double> read_real(const Json& config, std::string_view key, Range range,
                         std::optional<double> otherwise) {
  const Json* value = config.find(key);
  if (is_absent(value) && otherwise) return *otherwise;
  if (value == nullptr || !value->is_number() || !range.holds(value->as_number())) {
    return wrong(key, value, fmt::format("a number from {:g} to {:g}", range.least, range.most));
  }
  return value->as_number();
}

Result<bool> read_flag(const Json& config, std::string_view key, bool otherwise) {
  const Json* value = config.find(key);
  if (is_absent(value)) return otherwise;
  if (!value->is_bool()) return wrong(key, value, "true or false");
  return value->as_bool();
}

Result<std::vector<std::int32_t>> read_token_ids(const Json& config, std::string_view key,
                                                 std::size_t vocabulary) {
  const Json* value = config.find(key);
  std::vector<std::int32_t> ids;
  if (is_absent(value)) return ids;
  if (*value == Json(-1)) return ids;
  const Json::Array one = {*value};
  for (const Json& id : value->is_array() ? value->as_array() : one) {
    if (!id.is_integer() || id.as_integer() < 0 ||
        id.as_integer() >= static_cast<std::int64_t>(vocabulary)) {
      return wrong(key, value, fmt::format("ids of the vocabulary of {}", vocabulary));
    }
    const auto number = static_cast<std::int32_t>(id.as_integer());
    if (std::ranges::find(ids, number) == ids.end()) ids.push_back(number);
  }
  return ids;
}

}  // namespace aludel::models
