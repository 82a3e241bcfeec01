#include "aludel/io/format.h"

#include <algorithm>

#include "aludel/io/codec.h"

namespace aludel::io {
namespace {

bool has_extension(std::string_view path, std::string_view extensions) {
  while (!extensions.empty()) {
    const std::size_t end = std::min(extensions.find(' '), extensions.size());
    if (path.ends_with(extensions.substr(0, end))) return true;
    extensions.remove_prefix(std::min(end + 1, extensions.size()));
  }
  return false;
}

}  // namespace

const FormatSpec* find_format(std::string_view path, std::string_view head) {
  for (const FormatSpec* format : all_formats()) {
    if (format->sniff != nullptr && format->sniff(head)) return format;
  }
  if (const CodecSpec* codec = codec_of_path(path)) path.remove_suffix(codec->extension.size());
  for (const FormatSpec* format : all_formats()) {
    if (has_extension(path, format->extensions)) return format;
  }
  return nullptr;
}

}  // namespace aludel::io
