#include "aludel/text/text_file.h"

#include <fmt/format.h>

#include "aludel/io/at_path.h"
#include "aludel/io/binary.h"
#include "aludel/io/codec.h"

namespace aludel::text {

Result<DecodedText> read_text_file(io::FileSystem& files, const std::string& path,
                                   std::uint64_t limit_bytes) {
  const auto reader = ALUDEL_TRY(io::open_decompressed(files, path));
  auto bytes = io::read_all(*reader, limit_bytes);
  if (!bytes) return io::at_path(std::move(bytes).error(), path);
  if (const std::string_view kind = io::binary_kind(bytes.value()); !kind.empty()) {
    return Error{Code::unsupported,
                 fmt::format("{}: {} data, text was expected", io::file_name_of(path), kind)};
  }
  return decode_to_utf8(bytes.value());
}

}  // namespace aludel::text
