#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"

// What a command over folders of pages leaves out, for its last line.
namespace aludel::app {

/// Counts by reason, with the first names of each.
class Tally {
 public:
  void add(const std::string& reason, std::string_view name);

  void add(const std::string& reason, std::uint64_t count) { entries_[reason].count += count; }

  bool empty() const { return entries_.empty(); }

  std::uint64_t total() const;

  /// "png, no text 2 (a.html, b.html); status 404 31".
  std::string line() const;

  /// {REASON: n}
  Json to_json() const;

 private:
  struct Entry {
    std::uint64_t count = 0;
    std::vector<std::string> names;
  };

  std::map<std::string, Entry> entries_;
};

/// What of the inputs is not in the output.
struct LeftOut {
  Tally others;  // what is no page
  Tally failed;  // what was named as a page and could not be read

  /// Counts a file by the end of its name: ".css", "no ending".
  void add_other(std::string_view path);

  /// Counts what lies below an input and is no file (io/no_files.h). One named as a page failed.
  /// Errors: those of listing it.
  Status add_no_files(const std::string& input, bool (*is_page)(std::string_view path));

  std::uint64_t total() const { return others.total() + failed.total(); }

  /// "; left out as no pages: .css 1; FAILED: not read 1 (a.html)", or nothing.
  std::string line() const;
};

}  // namespace aludel::app
