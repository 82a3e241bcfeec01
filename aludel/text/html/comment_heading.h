#pragma once

#include <string_view>

/// Headings under which readers comment.
namespace aludel::text::html {

/// True if a short line says that comments follow: "12 Comments", "Leave a reply", "Kommentare
/// (3)", "Commentaires", "网友评论". Reads at most 64 bytes. Concurrent calls: yes.
bool is_comment_heading(std::string_view line);

}  // namespace aludel::text::html
