#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aludel/io/file_system.h"
#include "aludel/text/ngram_lm/ngram_table_writer.h"

namespace aludel::text {

/// Writes a model in ARPA form, as SRILM and KenLM read it. Each order waits in a file of its own
/// until the counts, which come first, are known. One caller at a time.
class ArpaWriter final : public NgramSink {
 public:
  /// `spellings` by id; they must live as long as this. `folder` is made.
  ArpaWriter(io::FileSystem& files, std::string folder, int order,
             std::span<const std::string> spellings);
  ~ArpaWriter() override;
  ArpaWriter(const ArpaWriter&) = delete;
  ArpaWriter& operator=(const ArpaWriter&) = delete;

  Status add(std::span<const std::uint32_t> ids, float probability, float backoff) override;

  /// Errors: those of the files. Nothing may be added after it.
  Status finish(io::ByteWriter& out);

 private:
  struct Section {
    std::string path;
    std::unique_ptr<io::ByteWriter> writer;  // null until the first line
    std::string block;
    std::uint64_t ngrams = 0;
  };

  Status flush(Section& section);

  io::FileSystem& files_;
  std::string folder_;
  std::span<const std::string> spellings_;
  std::vector<Section> sections_;  // by order - 1
};

}  // namespace aludel::text
