#include "aludel/eval/xz.h"

#include <vector>

#include <lzma.h>

namespace aludel::eval {

Result<std::uint64_t> xz_size(std::string_view text) {
  constexpr std::uint32_t kPreset = 9;
  std::vector<std::uint8_t> out(lzma_stream_buffer_bound(text.size()));
  std::vector<std::uint8_t> in(text.begin(), text.end());
  std::size_t size = 0;
  const lzma_ret status = lzma_easy_buffer_encode(kPreset, LZMA_CHECK_CRC64, nullptr, in.data(),
                                                  in.size(), out.data(), &size, out.size());
  if (status != LZMA_OK) {
    return Error{Code::resource_exhausted, "[xz] not enough memory to compress the text"};
  }
  return std::uint64_t{size};
}

}  // namespace aludel::eval
