#include "aludel/text/html/comment_heading.h"

#include <algorithm>
#include <string>

#include "aludel/base/ascii.h"

namespace aludel::text::html {
namespace {

constexpr std::size_t kLongestHeading = 64;  // bytes

// Beginnings of such lines, behind numbers and marks: common words of blogs and newspapers.
constexpr std::string_view kBeginnings[] = {
    "comments",
    "comment on",
    "reader comments",
    "readers' comments",
    "user comments",
    "leave a comment",
    "leave a reply",
    "leave your comment",
    "post a comment",
    "add a comment",
    "write a comment",
    "join the conversation",
    "join the discussion",
    "responses to",
    "thoughts on",
    "replies to",
    "kommentare",
    "leserkommentare",
    "kommentar schreiben",
    "schreibe einen kommentar",
    "schreiben sie einen kommentar",
    "hinterlasse einen kommentar",
    "kommentar hinterlassen",
    "diskutieren sie mit",
    "commentaires",
    "laisser un commentaire",
    "laissez un commentaire",
    "vos commentaires",
    "vos réactions",
    "comentarios",
    "deja un comentario",
    "deja una respuesta",
    "comentários",
    "deixe um comentário",
    "deixe uma resposta",
    "commenti",
    "lascia un commento",
    "reacties",
    "geef een reactie",
    "komentarze",
    "dodaj komentarz",
    "tinggalkan komentar",
    "комментарии",
    "добавить комментарий",
    "评论",
    "評論",
    "网友评论",
    "網友評論",
    "发表评论",
    "發表評論",
    "最新评论",
    "热门评论",
    "全部评论",
    "コメント",
    "댓글",
};

// Words that must stand alone or behind a number, because "comment" may begin a sentence.
constexpr std::string_view kCounted[] = {
    "comment",  "response",  "responses",   "reply",      "replies",
    "thought",  "kommentar", "commentaire", "comentario", "comentário",
    "commento", "reactie",   "条评论",      "則評論",     "条回复",
};

bool is_heading_letter(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool is_comment_heading(std::string_view line) {
  if (line.size() > kLongestHeading) return false;
  const std::string lower = lower_ascii(line);
  std::string_view rest = lower;
  bool counted = false;
  while (!rest.empty() && !is_heading_letter(rest[0])) {
    counted = counted || (rest[0] >= '0' && rest[0] <= '9');
    rest.remove_prefix(1);
  }
  if (rest.empty()) return false;
  const auto begins = [&](std::string_view words) { return rest.starts_with(words); };
  if (std::any_of(std::begin(kBeginnings), std::end(kBeginnings), begins)) return true;
  while (!is_heading_letter(rest.back())) {
    counted = counted || (rest.back() >= '0' && rest.back() <= '9');
    rest.remove_suffix(1);
  }
  return counted && std::ranges::find(kCounted, rest) != std::end(kCounted);
}

}  // namespace aludel::text::html
