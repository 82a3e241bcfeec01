#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "aludel/base/check.h"
#include "aludel/io/codecs/codecs.h"

namespace aludel::io {
namespace {

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDCtx()) {
    ALUDEL_CHECK(stream_ != nullptr, "memory for a zstd stream");
  }

  Status load_dictionary(std::string_view dictionary) {
    const std::size_t code =
        ZSTD_DCtx_loadDictionary(stream_, dictionary.data(), dictionary.size());
    if (ZSTD_isError(code) == 0) return Ok{};
    return Error{Code::corrupt_data,
                 fmt::format("[zstd] the dictionary: {}", ZSTD_getErrorName(code))};
  }

  ~ZstdDecoder() override { ZSTD_freeDCtx(stream_); }

  void reset() override { ZSTD_DCtx_reset(stream_, ZSTD_reset_session_only); }

  Result<DecodeStep> decode(std::string_view in, std::span<char> out) override {
    ZSTD_inBuffer input = {in.data(), in.size(), 0};
    ZSTD_outBuffer output = {out.data(), out.size(), 0};
    const std::size_t code = ZSTD_decompressStream(stream_, &output, &input);
    if (ZSTD_isError(code) != 0) {
      const bool too_wide = ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge;
      return Error{too_wide ? Code::unsupported : Code::corrupt_data,
                   fmt::format("[zstd] {}{}", ZSTD_getErrorName(code),
                               too_wide ? "; compress it again without --long/--ultra" : "")};
    }
    return DecodeStep{.read = input.pos, .written = output.pos, .member_ended = code == 0};
  }

 private:
  ZSTD_DCtx* stream_;
};

class ZstdEncoder final : public Encoder {
 public:
  explicit ZstdEncoder(int level) : stream_(ZSTD_createCCtx()) {
    ALUDEL_CHECK(stream_ != nullptr, "memory for a zstd stream");
    ZSTD_CCtx_setParameter(stream_, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(stream_, ZSTD_c_checksumFlag, 1);
  }

  ~ZstdEncoder() override { ZSTD_freeCCtx(stream_); }

  void encode(std::string_view in, std::string& out) override { run(in, ZSTD_e_continue, out); }

  void finish(std::string& out) override { run({}, ZSTD_e_end, out); }

 private:
  void run(std::string_view in, ZSTD_EndDirective directive, std::string& out) {
    ZSTD_inBuffer input = {in.data(), in.size(), 0};
    std::size_t left = 1;
    while (directive == ZSTD_e_end ? left != 0 : input.pos < input.size) {
      const std::size_t before = out.size();
      out.resize(before + ZSTD_CStreamOutSize());
      ZSTD_outBuffer output = {out.data() + before, out.size() - before, 0};
      left = ZSTD_compressStream2(stream_, &output, &input, directive);
      ALUDEL_CHECK(ZSTD_isError(left) == 0, "zstd levels are 1 to 22");
      out.resize(before + output.pos);
    }
  }

  ZSTD_CCtx* stream_;
};

}  // namespace

bool is_zstd(std::string_view head) {
  if (head.starts_with("\x28\xb5\x2f\xfd")) return true;
  // A skippable frame, 0x184D2A50 to 0x184D2A5F: a .warc.zst file begins with one.
  return head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0) == 0x50 &&
         head.substr(1, 3) == "\x2a\x4d\x18";
}

std::unique_ptr<Decoder> make_zstd_decoder() {
  return std::make_unique<ZstdDecoder>();
}

Result<std::unique_ptr<Decoder>> make_zstd_decoder_with(std::string_view dictionary) {
  auto decoder = std::make_unique<ZstdDecoder>();
  ALUDEL_TRY(decoder->load_dictionary(dictionary));
  return std::unique_ptr<Decoder>(std::move(decoder));
}

std::uint64_t zstd_dictionary_frame_bytes(std::string_view head) {
  if (head.size() < kZstdFrameHeadBytes || !head.starts_with("\x5d\x2a\x4d\x18")) return 0;
  std::uint64_t size = 0;
  for (std::size_t i = 4; i < kZstdFrameHeadBytes; ++i) {
    size |= std::uint64_t{static_cast<unsigned char>(head[i])} << (8 * (i - 4));
  }
  return kZstdFrameHeadBytes + size;
}

std::string compress_zstd(std::string_view bytes, int level) {
  ZstdEncoder encoder(level);
  std::string out;
  encoder.encode(bytes, out);
  encoder.finish(out);
  return out;
}

std::unique_ptr<Encoder> make_zstd_encoder(int level) {
  return std::make_unique<ZstdEncoder>(level);
}

}  // namespace aludel::io
