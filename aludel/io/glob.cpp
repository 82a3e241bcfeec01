#include "aludel/io/glob.h"

#include <algorithm>
#include <utility>

namespace aludel::io {
namespace {

constexpr std::string_view kWildcards = "*?[";

/// Takes a set in brackets off the pattern and says whether it has the letter. A bracket without
/// an end stands for itself.
bool take_set(std::string_view& pattern, char letter) {
  const std::size_t begin = pattern.size() > 1 && pattern[1] == '!' ? 2 : 1;
  const std::size_t end = pattern.find(']', begin + 1);
  if (end == std::string_view::npos) {
    pattern.remove_prefix(1);
    return letter == '[';
  }
  bool is_in = false;
  for (std::size_t i = begin; i < end; ++i) {
    const bool is_range = i + 2 < end && pattern[i + 1] == '-';
    is_in = is_in ||
            (is_range ? pattern[i] <= letter && letter <= pattern[i + 2] : pattern[i] == letter);
    if (is_range) i += 2;
  }
  pattern.remove_prefix(end + 1);
  return is_in == (begin == 1) && letter != '/';
}

/// Matches what one letter can match; false where it does not, or the pattern is at a * or its end.
bool take_letter(std::string_view& pattern, char letter) {
  if (pattern.empty() || pattern[0] == '*') return false;
  if (pattern[0] == '[') return take_set(pattern, letter);
  const bool fits = pattern[0] == '?' ? letter != '/' : pattern[0] == letter;
  pattern.remove_prefix(1);
  return fits;
}

/// What stands behind a star that matched, and the path from which it may take more.
struct Retry {
  std::string_view pattern;
  std::string_view path;
  bool is_set = false;
  bool takes_folders = false;  // behind **/ only whole folders, or none, are passed over

  /// Passes over one letter more, or one folder; false where there is none.
  bool take_more() {
    if (!is_set || path.empty()) return false;
    const std::size_t passed = takes_folders ? path.find('/') : 0;
    if (passed == std::string_view::npos) return false;
    path.remove_prefix(passed + 1);
    return true;
  }
};

/// Takes the one or two stars that a pattern begins with.
Retry take_stars(std::string_view& pattern, std::string_view path, bool at_folder) {
  const bool takes_folders = at_folder && pattern.starts_with("**/");
  pattern.remove_prefix(takes_folders ? 3 : pattern.starts_with("**") ? 2 : 1);
  return {pattern, path, true, takes_folders};
}

}  // namespace

// One place to go back to is enough for each kind of star: what lies before a star that matched
// needs no second thought. Source: Krauss 2008, "Matching wildcards: an algorithm".
bool matches_glob(std::string_view pattern, std::string_view path) {
  const char* const begin = path.data();
  Retry in_folder;  // behind a *
  Retry anywhere;   // behind a **
  while (!path.empty() || !pattern.empty()) {
    if (pattern.starts_with('*')) {
      const bool is_double = pattern.starts_with("**");
      const bool at_folder = path.data() == begin || path.data()[-1] == '/';
      (is_double ? anywhere : in_folder) = take_stars(pattern, path, at_folder);
      if (is_double) in_folder = {};
      continue;
    }
    if (!path.empty() && take_letter(pattern, path[0])) {
      path.remove_prefix(1);
      continue;
    }
    const bool can_grow = in_folder.is_set && !in_folder.path.empty() && in_folder.path[0] != '/';
    if (!can_grow) in_folder = {};
    Retry& retry = can_grow ? in_folder : anywhere;
    if (!retry.take_more()) return false;
    pattern = retry.pattern;
    path = retry.path;
  }
  return true;
}

bool has_wildcard(std::string_view path) {
  return path.find_first_of(kWildcards) != std::string_view::npos;
}

std::string folder_before_wildcard(std::string_view pattern) {
  const std::string_view before = pattern.substr(0, pattern.find_first_of(kWildcards));
  const std::size_t slash = before.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(before.substr(0, std::max<std::size_t>(slash, 1)));
}

Result<std::vector<FileInfo>> find_files(FileSystem& files, const std::string& path) {
  auto named = files.list(path);  // a file or folder may be named so
  const bool is_pattern = has_wildcard(path) && !is_web_address(path);
  if (!is_pattern || (named && !named.value().empty())) return named;
  const std::string folder = folder_before_wildcard(path);
  std::vector<FileInfo> found = ALUDEL_TRY(files.list(folder));
  const bool is_here = folder == "." && !path.starts_with("./");
  std::erase_if(found, [&](const FileInfo& file) {
    std::string_view name = file.path;
    if (is_here && name.starts_with("./")) name.remove_prefix(2);
    return !matches_glob(path, name);
  });
  return found;
}

}  // namespace aludel::io
