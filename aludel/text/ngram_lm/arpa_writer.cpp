#include "aludel/text/ngram_lm/arpa_writer.h"

#include <iterator>

#include <fmt/format.h>

namespace aludel::text {
namespace {

constexpr std::size_t kTextBlockBytes = std::size_t{1} << 20;

}  // namespace

ArpaWriter::ArpaWriter(io::FileSystem& files, std::string folder, int order,
                       std::span<const std::string> spellings)
    : files_(files), folder_(std::move(folder)), spellings_(spellings) {
  for (int n = 1; n <= order; ++n) {
    sections_.push_back({io::join_path(folder_, fmt::format("arpa-{}", n)), nullptr, "", 0});
  }
}

ArpaWriter::~ArpaWriter() {
  for (Section& section : sections_) {
    section.writer.reset();
    // What stays behind is removed with its folder.
    static_cast<void>(files_.remove(section.path).has_value());
  }
}

Status ArpaWriter::flush(Section& section) {
  if (section.writer == nullptr) {
    ALUDEL_TRY(files_.make_folders(folder_));
    section.writer = ALUDEL_TRY(files_.create_scratch(section.path));
  }
  ALUDEL_TRY(section.writer->write(section.block));
  section.block.clear();
  return Ok{};
}

Status ArpaWriter::add(std::span<const std::uint32_t> ids, float probability, float backoff) {
  Section& section = sections_[ids.size() - 1];
  ++section.ngrams;
  // The shortest form that reads back as the same float.
  fmt::format_to(std::back_inserter(section.block), "{}\t", probability);
  for (std::size_t i = ids.size(); i > 0; --i) {
    section.block += spellings_[ids[i - 1]];
    section.block += i > 1 ? " " : "";
  }
  if (ids.size() < sections_.size()) {
    fmt::format_to(std::back_inserter(section.block), "\t{}", backoff);
  }
  section.block += '\n';
  return section.block.size() < kTextBlockBytes ? Status(Ok{}) : flush(section);
}

Status ArpaWriter::finish(io::ByteWriter& out) {
  std::string head = "\\data\\\n";
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    head += fmt::format("ngram {}={}\n", i + 1, sections_[i].ngrams);
  }
  ALUDEL_TRY(out.write(head));
  std::string block(kTextBlockBytes, '\0');
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    ALUDEL_TRY(out.write(fmt::format("\n\\{}-grams:\n", i + 1)));
    ALUDEL_TRY(flush(sections_[i]));
    ALUDEL_TRY(sections_[i].writer->commit());
    const auto reader = ALUDEL_TRY(files_.open(sections_[i].path));
    while (const std::size_t count = ALUDEL_TRY(reader->read(block))) {
      ALUDEL_TRY(out.write(std::string_view(block).substr(0, count)));
    }
  }
  return out.write("\n\\end\\\n");
}

}  // namespace aludel::text
