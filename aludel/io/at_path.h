#pragma once

#include <string_view>
#include <utility>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::io {

/// The error with the file's name before it, once: errors of reading a file have it already, those
/// of what is in it do not.
inline Error at_path(Error error, std::string_view path) {
  const std::string_view name = file_name_of(path);
  const bool is_named = error.message.starts_with(name) &&
                        std::string_view(error.message).substr(name.size(), 1) == ":";
  return is_named ? std::move(error) : std::move(error).with_context(name);
}

}  // namespace aludel::io
