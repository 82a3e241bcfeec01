#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aludel/io/file_system.h"

namespace aludel::io {

/// Whether `path` is as `pattern` says: * stands for any letters but /, ** for any at all, ? for
/// one but /, [a-z] for one of a set, [!a-z] for one outside of it. Time is at most the pattern's
/// length times the path's, squared where there is a **. Concurrent calls: yes.
bool matches_glob(std::string_view pattern, std::string_view path);

/// Whether there is a letter in it that is special in a pattern.
bool has_wildcard(std::string_view path);

/// Where the files that a pattern can match begin: the folder before its first wildcard.
std::string folder_before_wildcard(std::string_view pattern);

/// The files that a path names, sorted: all at and below it, as FileSystem::list() says, or, where
/// there is nothing of that name and it has wildcards, those that match it. A web address is the
/// file that it names: a ? in it begins its query. Errors: those of FileSystem::list().
Result<std::vector<FileInfo>> find_files(FileSystem& files, const std::string& path);

}  // namespace aludel::io
