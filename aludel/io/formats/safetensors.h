#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/io/file_system.h"

// Named tensors in one file; see docs/formats/safetensors.md.
namespace aludel::io {

/// A tensor's place in memory. `bytes` are row-major, little-endian; a file may place them at any
/// address, so an element is read with memcpy unless the address is known to be aligned.
struct TensorView {
  std::string name;
  std::string dtype;  // "F32" "BF16" "F16" "I64" "I32" "U8" "I8" ...
  std::vector<std::int64_t> shape;
  std::string_view bytes;
};

/// Bytes of one element, 0 for an unknown dtype.
std::size_t safetensors_dtype_size(std::string_view dtype);

/// A mapped safetensors file, every size and offset of which was checked. Concurrent reads: yes.
class SafetensorsFile {
 public:
  /// Errors: those of FileSystem::map; corrupt_data for a header that is no JSON, is longer than
  /// the file, repeats a name, or whose offsets lie outside, overlap, leave holes or do not fit
  /// shape and dtype; unsupported for a dtype that the format does not have.
  static Result<SafetensorsFile> open(FileSystem& files, const std::string& path);

  /// Sorted by name; the bytes live as long as this object.
  std::span<const TensorView> tensors() const { return tensors_; }

  const TensorView* find(std::string_view name) const;

  const std::map<std::string, std::string>& metadata() const { return metadata_; }

 private:
  explicit SafetensorsFile(MappedFile file) : file_(std::move(file)) {}

  Status parse();

  MappedFile file_;
  std::vector<TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
};

/// Writes tensors so that each is aligned to its element size (data begins at a multiple of 64;
/// wide dtypes first, then by name): the same tensors in any order give the same bytes.
/// REQUIRES: dtype, shape and bytes agree. Errors: invalid_argument for a name given twice; those
/// of FileSystem::create.
Status write_safetensors(FileSystem& files, const std::string& path,
                         std::span<const TensorView> tensors,
                         const std::map<std::string, std::string>& metadata = {});

/// Begins a file of one tensor that is too large to hold: its bytes, which `tensor` need not have,
/// are written behind by the caller, who commits. REQUIRES: shape and dtype give a size, and so
/// many bytes are written. Errors: those of FileSystem::create.
Result<std::unique_ptr<ByteWriter>> begin_safetensors(FileSystem& files, const std::string& path,
                                                      const TensorView& tensor);

}  // namespace aludel::io
