#include "aludel/io/binary.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "aludel/io/file_system.h"

namespace aludel::io {
namespace {

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): it is used

constexpr std::size_t kSampleBytes = 4096;

struct Compression {
  std::string_view name;
  std::string_view magic;
  std::string_view extension;
  std::size_t magic_offset = 0;
  std::string_view before = "";  // what the file begins with, where the magic stands further on
};

constexpr Compression kUnread[] = {
    {"lz4", "\x04\x22\x4D\x18"sv, ".lz4"},
    {"lz4", "\x02\x21\x4C\x18"sv, ""},  // the form of before 2014
    {"xz",
     "\xFD"
     "7zXZ\0"sv,
     ".xz"},
    {"bzip2", "1AY&SY"sv, ".bz2", 4, "BZh"},  // and a digit between them
    {"7z", "7z\xBC\xAF\x27\x1C"sv, ".7z"},
    {"rar", "Rar!\x1A\x07"sv, ".rar"},
    {"compress", "\x1F\x9D"sv, ".Z"},
    {"lzip", "LZIP\x01"sv, ".lz"},
    {"lzma", "\x5D\0\0\x80\0"sv, ".lzma"},
    {"lzop", "\x89LZO\0"sv, ".lzo"},
    {"snappy", "\xFF\x06\0\0sNaP"sv, ".sz"},
    {"brotli", ""sv, ".br"},  // which has no magic bytes
};

struct Magic {
  std::string_view name;
  std::string_view bytes;
};

constexpr Magic kBinary[] = {
    {"gzip", "\x1F\x8B\x08"sv}, {"zstd", "\x28\xB5\x2F\xFD"sv},
    {"pdf", "%PDF-"sv},         {"png", "\x89PNG\r\n\x1A\n"sv},
    {"jpeg", "\xFF\xD8\xFF"sv}, {"gif", "GIF87a"sv},
    {"gif", "GIF89a"sv},        {"wasm", "\0asm"sv},
    {"zip", "PK\x03\x04"sv},    {"zip", "PK\x05\x06"sv},
};

/// Whether a byte is one that no text holds. Source: MIME Sniffing, "binary data byte".
bool is_binary_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x08 || byte == 0x0B || (byte >= 0x0E && byte <= 0x1A) ||
         (byte >= 0x1C && byte <= 0x1F);
}

bool is_utf16(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") ||
         !utf16_by_zeros(bytes).empty();
}

}  // namespace

std::string_view unread_compression(std::string_view head) {
  const auto* found = std::ranges::find_if(kUnread, [head](const Compression& one) {
    return !one.magic.empty() && head.starts_with(one.before) && head.size() > one.magic_offset &&
           head.substr(one.magic_offset).starts_with(one.magic);
  });
  return found == std::end(kUnread) ? "" : found->name;
}

std::string_view unread_compression_of_path(std::string_view path) {
  const auto* found = std::ranges::find_if(kUnread, [path](const Compression& one) {
    return !one.extension.empty() && path.ends_with(one.extension);
  });
  return found == std::end(kUnread) ? "" : found->name;
}

Error unread_compression_error(std::string_view path, std::string_view compression) {
  return {Code::unsupported, fmt::format("{}: {} is not read; unpack it, or pack it as .gz or .zst",
                                         file_name_of(path), compression)};
}

std::string_view utf16_by_zeros(std::string_view bytes) {
  const std::string_view sample = bytes.substr(0, kSampleBytes);
  std::size_t zeros[2] = {0, 0};  // at even and at odd places
  for (std::size_t i = 0; i < sample.size(); ++i) {
    zeros[i % 2] += sample[i] == '\0' ? 1U : 0U;
  }
  // A letter up to U+00FF in eight is what any page's markup makes; U+0000 itself is none.
  const auto is_order = [&](std::size_t high, std::size_t low) {
    return zeros[high] >= 2 && zeros[high] * 16 >= sample.size() && zeros[low] * 32 <= zeros[high];
  };
  if (is_order(1, 0)) return "utf-16le";
  return is_order(0, 1) ? "utf-16be" : "";
}

std::string_view binary_kind(std::string_view bytes) {
  if (const std::string_view compression = unread_compression(bytes); !compression.empty()) {
    return compression;
  }
  for (const Magic& magic : kBinary) {
    if (bytes.starts_with(magic.bytes)) return magic.name;
  }
  const std::string_view sample = bytes.substr(0, kSampleBytes);
  const auto count = static_cast<std::size_t>(std::ranges::count_if(sample, is_binary_byte));
  const bool is_binary = count >= 2 && count * 50 > sample.size();
  return is_binary && !is_utf16(bytes) ? "binary" : "";
}

}  // namespace aludel::io
