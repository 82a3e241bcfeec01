#pragma once

#include <memory>
#include <string_view>

#include "aludel/io/codec.h"

// The functions behind the rows of the codec table in codec.cpp.
namespace aludel::io {

bool is_gzip(std::string_view head);
std::unique_ptr<Decoder> make_gzip_decoder();
/// Writes a member for every 4 MiB of input.
std::unique_ptr<Encoder> make_gzip_encoder(int level);

bool is_zstd(std::string_view head);
/// Windows up to 128 MiB (zstd's own default); wider ones are unsupported.
std::unique_ptr<Decoder> make_zstd_decoder();

/// The same for frames that need a dictionary. Errors: corrupt_data when it is none.
Result<std::unique_ptr<Decoder>> make_zstd_decoder_with(std::string_view dictionary);

/// Bytes of the skippable frame that a file begins with when its frames share a dictionary (the
/// dictionary follows the frame's 8 bytes); 0 for any other head.
/// Source: https://iipc.github.io/warc-specifications/specifications/warc-zstd/
std::uint64_t zstd_dictionary_frame_bytes(std::string_view head);
inline constexpr std::size_t kZstdFrameHeadBytes = 8;

std::unique_ptr<Encoder> make_zstd_encoder(int level);

/// HTTP's "deflate" is zlib by its standard and bare deflate by practice; both are read.
std::unique_ptr<Decoder> make_deflate_decoder();

std::unique_ptr<Decoder> make_brotli_decoder();

}  // namespace aludel::io
