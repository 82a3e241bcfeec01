#include <cstdint>

#include <brotli/decode.h>
#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/io/codecs/codecs.h"

namespace aludel::io {
namespace {

class BrotliDecoder final : public Decoder {
 public:
  BrotliDecoder() { reset(); }

  ~BrotliDecoder() override { BrotliDecoderDestroyInstance(stream_); }

  void reset() override {
    BrotliDecoderDestroyInstance(stream_);
    stream_ = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
    ALUDEL_CHECK(stream_ != nullptr, "memory for a brotli stream");
  }

  Result<DecodeStep> decode(std::string_view in, std::span<char> out) override {
    std::size_t in_left = in.size();
    std::size_t out_left = out.size();
    const auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    auto* next_out = reinterpret_cast<std::uint8_t*>(out.data());
    const BrotliDecoderResult result =
        BrotliDecoderDecompressStream(stream_, &in_left, &next_in, &out_left, &next_out, nullptr);
    if (result == BROTLI_DECODER_RESULT_ERROR) {
      return Error{
          Code::corrupt_data,
          fmt::format("[br] {}", BrotliDecoderErrorString(BrotliDecoderGetErrorCode(stream_)))};
    }
    return DecodeStep{.read = in.size() - in_left,
                      .written = out.size() - out_left,
                      .member_ended = result == BROTLI_DECODER_RESULT_SUCCESS};
  }

 private:
  BrotliDecoderState* stream_ = nullptr;
};

}  // namespace

std::unique_ptr<Decoder> make_brotli_decoder() {
  return std::make_unique<BrotliDecoder>();
}

}  // namespace aludel::io
