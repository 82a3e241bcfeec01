#pragma once

// A file with the signatures of an earlier corpus: docs/formats/signature_index.md.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/hash.h"
#include "aludel/io/file_system.h"

namespace aludel::curate::minhash_dedup {

inline constexpr std::int64_t kMostHashes = 65'536;  // of a signature

/// What the words of a shingle, bands, and rows may be.
inline constexpr auto kSignatureSizes = between(1, kMostHashes);

/// Refuses a signature of more than kMostHashes; `where` says whose settings they are.
/// REQUIRES: both are in kSignatureSizes. Errors: invalid_argument.
Status check_hashes(std::int64_t bands, std::int64_t rows, std::string_view where);

/// The settings that must be equal to compare two signatures.
struct SignatureSettings {
  std::int64_t words;   // of a shingle
  std::int64_t hashes;  // values of a signature
  std::int64_t seed;    // of the hash functions

  bool operator==(const SignatureSettings&) const = default;
};

/// Writer of an index, document after document. One caller at a time.
class SignatureIndexWriter {
 public:
  static Result<SignatureIndexWriter> create(io::FileSystem& files, const std::string& path,
                                             const SignatureSettings& settings);

  /// Appends a document. REQUIRES: the signature has as many values as the settings say.
  Status add(const Hash128& id, std::span<const std::uint32_t> signature);

  /// Makes the file appear. REQUIRES: no add() follows.
  Status commit();

  std::uint64_t documents() const { return documents_; }

 private:
  explicit SignatureIndexWriter(std::unique_ptr<io::ByteWriter> file) : file_(std::move(file)) {}

  std::unique_ptr<io::ByteWriter> file_;
  std::string head_;
  std::string buffer_;
  std::uint64_t documents_ = 0;
};

using VisitSignature =
    std::function<Status(const Hash128& id, std::span<const std::uint32_t> signature)>;

/// An index on disk that is read in pieces. Concurrent read(): yes.
class SignatureIndex {
 public:
  /// Reads head and tail of the file. `files` must outlive it. Errors: not_found; corrupt_data for
  /// a file that is not an index, or ends early.
  static Result<SignatureIndex> open(io::FileSystem& files, const std::string& path);

  const SignatureSettings& settings() const { return settings_; }

  std::uint64_t documents() const { return documents_; }

  /// Returns the file's name without its folder.
  std::string_view name() const { return io::file_name_of(path_); }

  /// Passes documents [begin, end) to `visit`, in order. REQUIRES: end <= documents(). Errors:
  /// corrupt_data for a document whose checksum differs, and those of `visit`.
  Status read(std::uint64_t begin, std::uint64_t end, const VisitSignature& visit) const;

 private:
  SignatureIndex(io::FileSystem& files, std::string path)
      : files_(&files), path_(std::move(path)) {}

  Error damaged(std::string_view what) const;

  io::FileSystem* files_;
  std::string path_;
  SignatureSettings settings_{};
  std::uint64_t documents_ = 0;
  std::uint64_t first_at_ = 0;  // where the first document begins
};

}  // namespace aludel::curate::minhash_dedup
