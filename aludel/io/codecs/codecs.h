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
/// A decoder for frames that need a dictionary, as .warc.zst files have.
std::unique_ptr<Decoder> make_zstd_decoder_with(std::string_view dictionary);
std::unique_ptr<Encoder> make_zstd_encoder(int level);

/// HTTP's "deflate" is zlib by its standard and bare deflate by practice; both are read.
std::unique_ptr<Decoder> make_deflate_decoder();

std::unique_ptr<Decoder> make_brotli_decoder();

}  // namespace aludel::io
