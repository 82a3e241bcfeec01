#include "aludel/io/formats/parquet.h"

#include <fmt/format.h>

#include "aludel/io/format.h"

namespace aludel::io {
namespace {

bool looks_like_parquet(std::string_view head) {
  return head.starts_with("PAR1");
}

}  // namespace

bool has_parquet() {
#ifdef ALUDEL_PARQUET
  return true;
#else
  return false;
#endif
}

#ifndef ALUDEL_PARQUET
namespace {

Error built_without_arrow(const std::string& path) {
  return {Code::unsupported, fmt::format("{}: {}", file_name_of(path), kNoParquet)};
}

}  // namespace

Result<std::unique_ptr<RowReader>> open_parquet(FileSystem& /*files*/, const std::string& path,
                                                std::span<const Column> /*columns*/,
                                                std::uint64_t /*begin*/, std::uint64_t /*end*/,
                                                OtherColumns /*others*/) {
  return built_without_arrow(path);
}

Result<std::unique_ptr<RowWriter>> create_parquet(FileSystem& /*files*/, const std::string& path,
                                                  std::span<const Column> /*columns*/) {
  return built_without_arrow(path);
}
#endif

extern constinit const FormatSpec format_parquet = {
    .name = "parquet",
    .summary = "Tables of columns; read and written through Apache Arrow, where it is built in.",
    .source = "https://parquet.apache.org/docs/file-format/",
    .extensions = ".parquet",
    .sniff = looks_like_parquet,
    .has_rows = true,
};

}  // namespace aludel::io
