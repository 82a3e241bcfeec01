#include "aludel/io/stand_in.h"

#include <fmt/format.h>

#include "aludel/io/html_sniff.h"

namespace aludel::io {
namespace {

constexpr std::string_view kPointers[] = {"version https://git-lfs.github.com/spec/",
                                          "version https://hawser.github.com/spec/"};

}  // namespace

Status expect_no_stand_in(std::string_view bytes, std::string_view path) {
  for (const std::string_view pointer : kPointers) {
    if (!bytes.starts_with(pointer)) continue;
    return Error{Code::corrupt_data,
                 fmt::format("{}: this is a Git LFS pointer, not the file itself: run `git lfs "
                             "pull` in the clone, or download the file",
                             path)};
  }
  if (!begins_as_html_page(bytes) && !begins_as_xml(bytes)) return Ok{};
  return Error{Code::corrupt_data,
               fmt::format("{}: this is a web page, as a failed download leaves it, not the file "
                           "itself: download it again",
                           path)};
}

}  // namespace aludel::io
