#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "aludel/base/result.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/io/file_system.h"

// The formats of files that documents are read from, one row for each.
namespace aludel::curate {

/// Where a file of a format may be cut into parts that several tasks read.
enum class Cuts : std::uint8_t {
  never,
  at_lines,  // only plain files with one value a line (io/json_stream.h); others are streams
  anywhere   // the reader finds the next record by itself, in a compressed file, too
};

/// A format that documents are read from. Its name is one of io::all_formats() or of
/// io::page_endings(), which say by which bytes and names a file of this format is known.
struct SourceFormatSpec {
  std::string_view name;
  Cuts cuts = Cuts::never;
  /// Opens a part of a file for reading. Errors: those of reading; unsupported for a format that
  /// this program was built without.
  Result<std::unique_ptr<DocumentReader>> (*open)(io::FileSystem& files, const SourceConfig& source,
                                                  const FilePart& part);
  /// Returns the message of a program that was built without the format, or nothing if this one was
  /// built with it. Null for a format that every program reads.
  std::string_view (*lack)() = nullptr;
};

std::span<const SourceFormatSpec> source_formats();

/// Returns the format of that name; nullptr if no documents are read from such files.
const SourceFormatSpec* find_source_format(std::string_view name);

}  // namespace aludel::curate
