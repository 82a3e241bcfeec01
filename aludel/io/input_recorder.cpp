#include "aludel/io/input_recorder.h"

namespace aludel::io {

FileSystem& InputRecorder::behind(const std::string&) {
  return files_;
}

void InputRecorder::note(const std::string& path) {
  const std::lock_guard lock(mutex_);
  read_.insert(path);
}

std::vector<std::string> InputRecorder::paths() const {
  const std::lock_guard lock(mutex_);
  return {read_.begin(), read_.end()};
}

Result<std::string> InputRecorder::fingerprint() const {
  const std::lock_guard lock(mutex_);
  Hasher128 all;
  for (const std::string& path : read_) {
    all.update(ALUDEL_TRY(hash_file(files_, path)).hex());
  }
  return all.digest().hex();
}

Result<std::unique_ptr<ByteReader>> InputRecorder::open(const std::string& path,
                                                        std::uint64_t offset) {
  auto reader = files_.open(path, offset);
  if (reader) note(path);
  return reader;
}

Result<MappedFile> InputRecorder::map(const std::string& path) {
  auto file = files_.map(path);
  if (file) note(path);
  return file;
}

Result<Hash128> hash_file(FileSystem& files, const std::string& path) {
  const auto reader = ALUDEL_TRY(files.open(path));
  Hasher128 hasher;
  std::vector<char> buffer(std::size_t{1} << 18);
  for (;;) {
    const std::size_t size = ALUDEL_TRY(reader->read(buffer));
    if (size == 0) return hasher.digest();
    hasher.update({buffer.data(), size});
  }
}

}  // namespace aludel::io
