#pragma once

#include "aludel/base/json.h"

// Loops over what a record may hold: `for (const Json& item : items_of(row.find("spans")))`.
namespace aludel {

/// The items of a list; none where there is no list. The value must outlive the loop.
inline const Json::Array& items_of(const Json* list) {
  static const Json::Array none;
  return list != nullptr && list->is_array() ? list->as_array() : none;
}

/// The members of a table; none where there is no table.
inline const Json::Object& members_of(const Json* table) {
  static const Json::Object none;
  return table != nullptr && table->is_object() ? table->as_object() : none;
}

}  // namespace aludel
