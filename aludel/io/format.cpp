#include "aludel/io/format.h"

#include <algorithm>
#include <string>

#include "aludel/base/ascii.h"
#include "aludel/io/codec.h"

namespace aludel::io {
namespace {

constexpr NameEnding kPageEndings[] = {
    {".html", "html", "text/html"},
    {".htm", "html", "text/html"},
    {".xhtml", "html", "application/xhtml+xml"},
    {".xht", "html", "application/xhtml+xml"},
    {".txt", "text", "text/plain"},
    {".text", "text", "text/plain"},
    {".md", "text", "text/plain"},
};

/// The one of the extensions, separated by spaces, that a name ends in; empty without.
std::string_view extension_of(std::string_view name, std::string_view extensions) {
  while (!extensions.empty()) {
    const std::size_t end = std::min(extensions.find(' '), extensions.size());
    if (name.ends_with(extensions.substr(0, end))) return extensions.substr(0, end);
    extensions.remove_prefix(std::min(end + 1, extensions.size()));
  }
  return "";
}

}  // namespace

std::span<const NameEnding> page_endings() {
  return kPageEndings;
}

NameEnding ending_of(std::string_view path) {
  const std::string lower = lower_ascii(file_name_of(path));
  std::string_view name = lower;
  if (const CodecSpec* codec = codec_of_path(name)) name.remove_suffix(codec->extension.size());
  for (const NameEnding& page : kPageEndings) {
    if (name.ends_with(page.ending)) return page;
  }
  for (const FormatSpec* format : all_formats()) {
    const std::string_view extension = extension_of(name, format->extensions);
    if (!extension.empty()) return {extension, format->name, ""};
  }
  return {};
}

const FormatSpec* find_format(std::string_view path, std::string_view head) {
  for (const FormatSpec* format : all_formats()) {
    if (format->sniff != nullptr && format->sniff(head)) return format;
  }
  const std::string_view named = ending_of(path).format;
  const auto found = std::ranges::find(all_formats(), named, &FormatSpec::name);
  return found == all_formats().end() ? nullptr : *found;
}

}  // namespace aludel::io
