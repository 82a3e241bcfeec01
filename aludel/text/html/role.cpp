#include "aludel/text/html/role.h"

#include <vector>

#include "aludel/base/hash.h"

namespace aludel::text::html {
namespace {

struct RolePattern {
  std::string_view words;  // "-" is the edge of a word
  RoleSet roles;
};

// Matched anywhere in "-id-words-|-class-words-"; common words of page builders, no site's own.
constexpr RolePattern kRolePatterns[] = {
    {"-article-body", kRoleBody},
    {"-articlebody", kRoleBody},
    {"-article-content", kRoleBody},
    {"-articlecontent", kRoleBody},
    {"-article-text", kRoleBody},
    {"-articletext", kRoleBody},
    {"-article-detail", kRoleBody},
    {"-art-content", kRoleBody},
    {"-entry-content", kRoleBody},
    {"-entrycontent", kRoleBody},
    {"-entry-body", kRoleBody},
    {"-entry-text", kRoleBody},
    {"-post-content", kRoleBody},
    {"-postcontent", kRoleBody},
    {"-post-body", kRoleBody},
    {"-postbody", kRoleBody},
    {"-post-text", kRoleBody},
    {"-post-entry", kRoleBody},
    {"-post-bodycopy", kRoleBody},
    {"-story-body", kRoleBody},
    {"-storybody", kRoleBody},
    {"-story-content", kRoleBody},
    {"-story-text", kRoleBody},
    {"-blog-content", kRoleBody},
    {"-page-content", kRoleBody},
    {"-main-text", kRoleBody},
    {"-maintext", kRoleBody},
    {"-body-text", kRoleBody},
    {"-bodytext", kRoleBody},
    {"-body-copy", kRoleBody},
    {"-bodycopy", kRoleBody},
    {"-text-body", kRoleBody},
    {"-news-content", kRoleBody},
    {"-news-text", kRoleBody},
    {"-news-body", kRoleBody},
    {"-news-detail", kRoleBody},
    {"-single-content", kRoleBody},
    {"-content-body", kRoleBody},
    {"-contentbody", kRoleBody},
    {"-content-text", kRoleBody},
    {"-contenttext", kRoleBody},
    {"-fulltext", kRoleBody},
    {"-full-text", kRoleBody},
    {"-field-body", kRoleBody},
    {"-field-name-body", kRoleBody},
    {"-richtext", kRoleBody},
    {"-rich-text", kRoleBody},
    {"-markdown-body", kRoleBody},
    {"-zhengwen", kRoleBody},
    {"-neirong", kRoleBody},
    {"-section-content", kRoleBody},
    {"-theme-content", kRoleBody},
    {"-text-content", kRoleBody},
    {"-description-content", kRoleBody},
    {"-product-description", kRoleBody},
    {"-content", kRoleContent},
    {"-main-", kRoleContent},
    {"-maincontent", kRoleContent},
    {"-article", kRoleContent},
    {"-post-", kRoleContent},
    {"-entry", kRoleContent},
    {"-story", kRoleContent},
    {"-text-", kRoleContent},
    {"-detail", kRoleContent},
    {"-primary", kRoleContent},
    {"-inhalt", kRoleContent},
    {"-contenu", kRoleContent},
    {"comment", kRoleComment},
    {"-respond-", kRoleComment},
    {"-reply", kRoleComment},
    {"-replies", kRoleComment},
    {"-kommentar", kRoleComment},
    {"-disqus", kRoleComment},
    {"-nav", kRoleMenu},
    {"navigation", kRoleMenu},
    {"navbar", kRoleMenu},
    {"menu", kRoleMenu},
    {"breadcrumb", kRoleMenu},
    {"bread-crumb", kRoleMenu},
    {"-crumb", kRoleMenu},
    {"-pagination", kRoleMenu},
    {"-pager", kRoleMenu},
    {"-paging", kRoleMenu},
    {"-toolbar", kRoleMenu},
    {"-topbar", kRoleMenu},
    {"-skip", kRoleMenu},
    {"-tabs-", kRoleMenu},
    {"sidebar", kRoleSidebar},
    {"-side-bar", kRoleSidebar},
    {"-aside", kRoleSidebar},
    {"-secondary", kRoleSidebar},
    {"-rail-", kRoleSidebar},
    {"-marginal", kRoleSidebar},
    {"footer", kRoleFooter},
    {"-foot-", kRoleFooter},
    {"-bottom-", kRoleFooter},
    {"-legal", kRoleFooter},
    {"-imprint", kRoleFooter},
    {"-impressum", kRoleFooter},
    {"-copyright", kRoleFooter},
    {"-disclaimer", kRoleFooter},
    {"-colophon", kRoleFooter},
    {"header", kRoleHeader},
    {"-head-", kRoleHeader},
    {"-masthead", kRoleHeader},
    {"-logo", kRoleHeader},
    {"-branding", kRoleHeader},
    {"-topline", kRoleHeader},
    {"related", kRoleRelated},
    {"-recommend", kRoleRelated},
    {"-more-", kRoleRelated},
    {"-readmore", kRoleRelated},
    {"-also", kRoleRelated},
    {"-popular", kRoleRelated},
    {"-trending", kRoleRelated},
    {"-latest", kRoleRelated},
    {"-recent", kRoleRelated},
    {"-similar", kRoleRelated},
    {"-next-", kRoleRelated},
    {"-prev", kRoleRelated},
    {"-suggest", kRoleRelated},
    {"-mehr-", kRoleRelated},
    {"-weitere", kRoleRelated},
    {"-aktuell", kRoleRelated},
    {"-topnews", kRoleRelated},
    {"-headlines", kRoleRelated},
    {"-share", kRoleShare},
    {"-sharing", kRoleShare},
    {"-shariff", kRoleShare},
    {"social", kRoleShare},
    {"-follow", kRoleShare},
    {"-bookmark", kRoleShare},
    {"-like-", kRoleShare},
    {"-likes-", kRoleShare},
    {"sharebar", kRoleShare},
    {"-ad-", kRoleAd},
    {"-ads-", kRoleAd},
    {"advert", kRoleAd},
    {"-adv-", kRoleAd},
    {"sponsor", kRoleAd},
    {"-promo", kRoleAd},
    {"-banner", kRoleAd},
    {"werbung", kRoleAd},
    {"-anzeige", kRoleAd},
    {"-publicit", kRoleAd},
    {"-commercial", kRoleAd},
    {"-affiliate", kRoleAd},
    {"-dfp", kRoleAd},
    {"-adslot", kRoleAd},
    {"-shop-", kRoleAd},
    {"-offer", kRoleAd},
    {"author", kRoleAuthor},
    {"-autor", kRoleAuthor},
    {"byline", kRoleAuthor},
    {"-bio-", kRoleAuthor},
    {"-profile", kRoleAuthor},
    {"-vcard", kRoleAuthor},
    {"-user-", kRoleAuthor},
    {"-avatar", kRoleAuthor},
    {"-writer", kRoleAuthor},
    {"-meta", kRoleMeta},
    {"-date", kRoleMeta},
    {"-datum", kRoleMeta},
    {"-timestamp", kRoleMeta},
    {"-time-", kRoleMeta},
    {"-published", kRoleMeta},
    {"-info-", kRoleMeta},
    {"-infos", kRoleMeta},
    {"postmeta", kRoleMeta},
    {"-views-", kRoleMeta},
    {"-counter", kRoleMeta},
    {"-source-", kRoleMeta},
    {"-tags-", kRoleTags},
    {"-tag-", kRoleTags},
    {"-taglist", kRoleTags},
    {"-categor", kRoleTags},
    {"-cat-", kRoleTags},
    {"-keyword", kRoleTags},
    {"-topics", kRoleTags},
    {"-label", kRoleTags},
    {"-schlagw", kRoleTags},
    {"-kategorie", kRoleTags},
    {"-rubri", kRoleTags},
    {"cookie", kRolePrompt},
    {"consent", kRolePrompt},
    {"-gdpr", kRolePrompt},
    {"-modal", kRolePrompt},
    {"popup", kRolePrompt},
    {"-pop-up", kRolePrompt},
    {"-overlay", kRolePrompt},
    {"-lightbox", kRolePrompt},
    {"-paywall", kRolePrompt},
    {"subscri", kRolePrompt},
    {"newsletter", kRolePrompt},
    {"-signup", kRolePrompt},
    {"-sign-up", kRolePrompt},
    {"-login", kRolePrompt},
    {"-signin", kRolePrompt},
    {"-register", kRolePrompt},
    {"-notification", kRolePrompt},
    {"-abo-", kRolePrompt},
    {"-alert", kRolePrompt},
    {"-toast", kRolePrompt},
    {"-mailing", kRolePrompt},
    {"-widget", kRoleWidget},
    {"-module", kRoleWidget},
    {"-box-", kRoleWidget},
    {"-hidden-", kRoleHidden},
    {"-hide-", kRoleHidden},
    {"-invisible", kRoleHidden},
    {"-sr-only", kRoleHidden},
    {"-visually-hidden", kRoleHidden},
    {"-visuallyhidden", kRoleHidden},
    {"-screen-reader", kRoleHidden},
    {"-noprint", kRoleHidden},
    {"-no-print", kRoleHidden},
    {"-print-", kRoleHidden},
    {"-d-none", kRoleHidden},
    {"-hide-print", kRoleHidden},
    {"-search", kRoleForm},
    {"-suche", kRoleForm},
    {"-form-", kRoleForm},
    {"button", kRoleForm},
    {"-btn", kRoleForm},
    {"-tools", kRoleForm},
    {"-contact", kRoleForm},
    {"-rating", kRoleForm},
    {"-vote", kRoleForm},
    {"-captcha", kRoleForm},
    {"-feedback", kRoleForm},
    {"-cart", kRoleForm},
    {"-control", kRoleForm},
    {"-option", kRoleForm},
    {"-filter", kRoleForm},
    {"-poll-", kRoleForm},
    {"caption", kRoleCaption},
    {"-credit", kRoleCaption},
    {"-bildunterschrift", kRoleCaption},
    {"-legend", kRoleCaption},
    {"-photo-", kRoleCaption},
    {"-image-", kRoleCaption},
    {"-toc-", kRoleContents},
    {"-table-of-contents", kRoleContents},
    {"-tableofcontents", kRoleContents},
    {"-inhaltsverzeichnis", kRoleContents},
    {"-slide", kRoleGallery},
    {"slider", kRoleGallery},
    {"carousel", kRoleGallery},
    {"gallery", kRoleGallery},
    {"-galerie", kRoleGallery},
    {"-swiper", kRoleGallery},
    {"-player", kRoleGallery},
    {"-video", kRoleGallery},
    {"-embed", kRoleGallery},
    {"-title", kRoleTitle},
    {"-headline", kRoleTitle},
    {"-titel", kRoleTitle},
    {"-heading", kRoleTitle},
    {"teaser", kRoleTeaser},
    {"-excerpt", kRoleTeaser},
    {"-preview", kRoleTeaser},
    {"-card", kRoleTeaser},
    {"-thumb", kRoleTeaser},
    {"-listing", kRoleTeaser},
    {"-gutter", kRoleGutter},
    {"-line-num", kRoleGutter},
    {"-linenum", kRoleGutter},
    {"-lineno", kRoleGutter},
    {"-blob-num", kRoleGutter},
    {"-ln-", kRoleGutter},
    {"-lnt-", kRoleGutter},
};

struct ValueRole {
  std::string_view value;
  RoleSet roles;
};

constexpr ValueRole kAriaRoles[] = {
    {"main", kRoleContent},       {"article", kRoleContent},    {"navigation", kRoleMenu},
    {"menu", kRoleMenu},          {"menubar", kRoleMenu},       {"menuitem", kRoleMenu},
    {"toolbar", kRoleMenu},       {"tablist", kRoleMenu},       {"complementary", kRoleSidebar},
    {"contentinfo", kRoleFooter}, {"banner", kRoleHeader},      {"search", kRoleForm},
    {"button", kRoleForm},        {"dialog", kRolePrompt},      {"alertdialog", kRolePrompt},
    {"alert", kRolePrompt},       {"directory", kRoleContents}, {"doc-toc", kRoleContents},
};
constexpr ValueRole kItemProperties[] = {
    {"articleBody", kRoleBody},    {"reviewBody", kRoleBody},    {"text", kRoleBody},
    {"author", kRoleAuthor},       {"datePublished", kRoleMeta}, {"headline", kRoleTitle},
    {"description", kRoleContent}, {"breadcrumb", kRoleMenu},    {"comment", kRoleComment},
};

// First characters to the patterns that start so; an edge is keyed by the letter after it.
class RolePatternIndex {
 public:
  RolePatternIndex() {
    for (const RolePattern& pattern : kRolePatterns) {
      const bool edge = pattern.words[0] == '-';
      const char letter = pattern.words[edge ? 1 : 0];
      buckets_[bucket(letter, edge)].push_back(&pattern);
    }
  }

  RoleSet match(std::string_view words) const {
    RoleSet roles = 0;
    for (std::size_t at = 0; at + 1 < words.size(); ++at) {
      const bool edge = words[at] == '-';
      const char letter = words[at + (edge ? 1 : 0)];
      if (letter < 'a' || letter > 'z') continue;
      const std::string_view rest = words.substr(at);
      for (const RolePattern* pattern : buckets_[bucket(letter, edge)]) {
        if (rest.starts_with(pattern->words)) roles |= pattern->roles;
      }
    }
    return roles;
  }

 private:
  static std::size_t bucket(char letter, bool edge) {
    return static_cast<std::size_t>(letter - 'a') + (edge ? 26U : 0U);
  }

  std::array<std::vector<const RolePattern*>, 52> buckets_;
};

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// "mainNav top_bar2" becomes "main-nav-top-bar-"; the caller has put the first edge.
void append_words(std::string_view value, std::string& out) {
  char before = '-';
  for (const char c : value) {
    const bool letter = is_lower(c) || is_upper(c);
    if ((!letter && out.back() != '-') || (is_upper(c) && is_lower(before))) out += '-';
    if (letter) out += static_cast<char>(c | 0x20);
    before = c;
  }
  if (out.back() != '-') out += '-';
}

template <class Table>
RoleSet value_roles(const Table& table, std::string_view value) {
  for (const ValueRole& row : table) {
    if (row.value == value) return row.roles;
  }
  return 0;
}

}  // namespace

RoleSet roles_of(const Naming& naming) {
  static const RolePatternIndex index;
  std::string words = "-";
  append_words(naming.id.substr(0, 256), words);
  words += "|-";
  append_words(naming.classes.substr(0, 1024), words);
  RoleSet roles = index.match(words);
  if (!naming.role.empty()) roles |= value_roles(kAriaRoles, naming.role);
  if (!naming.itemprop.empty()) roles |= value_roles(kItemProperties, naming.itemprop);
  return roles;
}

RoleSet RoleCache::find(const Naming& naming) {
  const std::uint64_t hash = hash64(naming.classes, hash64(naming.id));
  Slot& slot = slots_[hash % slots_.size()];
  if (!slot.used || slot.naming != naming) slot = {naming, roles_of(naming), true};
  return slot.roles;
}

}  // namespace aludel::text::html
