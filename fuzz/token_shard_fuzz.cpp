// Reads any bytes as a token shard: the first two say how many of the rest are the index.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/memory_file_system.h"

#include "aludel/base/check.h"
#include "aludel/io/formats/token_shard.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t index_bytes = std::min<std::size_t>(data[0] + 256U * data[1], rest.size());
  aludel::MemoryFileSystem files;
  files.files()["a.idx"] = std::string(rest.substr(0, index_bytes));
  files.files()["a.bin"] = std::string(rest.substr(index_bytes));
  const auto shard = aludel::io::TokenShard::open(files, "a");
  if (!shard) return 0;
  std::uint64_t tokens = 0;
  for (std::uint64_t i = 0; i < shard.value().document_count(); ++i) {
    tokens += shard.value().document(i).size();
  }
  ALUDEL_CHECK(tokens == shard.value().total_tokens(), "documents hold all tokens");
  return 0;
}
