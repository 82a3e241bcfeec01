#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/base/result.h"

namespace aludel::io {

/// A stored body while its codings are undone.
struct HttpBody {
  std::string bytes;
  /// The first thing that was wrong and was mended, empty when nothing was; HttpResponse::defect.
  std::string_view defect;
};

/// Undoes the codings of a "Transfer-Encoding" or "Content-Encoding" value in the reverse of the
/// order in which it names them. The bytes decide where they and the value differ: a body that
/// begins as gzip is gzip, whatever it is called, and one of an unknown coding stays as it is, as
/// browsers do. Errors: resource_exhausted when more than `limit` bytes would come.
/// Source: https://fetch.spec.whatwg.org/#handle-content-codings, RFC 9110 8.4, RFC 9112 7.
Status undo_codings(HttpBody& body, std::string_view value, std::uint64_t limit);

/// Undoes chunks, gzip, zlib and zstd that no field names, for a body that should be text.
/// Errors: resource_exhausted when more than `limit` bytes would come.
Status undo_unnamed_codings(HttpBody& body, std::uint64_t limit);

}  // namespace aludel::io
