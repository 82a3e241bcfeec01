#include "aludel/text/html/page_facts.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "aludel/base/ascii.h"
#include "aludel/text/html/entity.h"
#include "aludel/text/html/text_run.h"

namespace aludel::text::html {
namespace {

constexpr std::size_t kMostStatements = 64;
constexpr std::size_t kMostJsonBytes = 256U << 10;
constexpr std::size_t kMostValueBytes = 1024;

struct MetaName {
  std::string_view name;
  Stated::Kind kind;
  std::uint8_t rank;
};

using enum Stated::Kind;

// Names of <meta> that many publishers and tools use; the statement with the lowest rank wins.
constexpr MetaName kMetaNames[] = {
    {"og:title", title, 1},
    {"twitter:title", title, 3},
    {"dc.title", title, 3},
    {"headline", title, 3},
    {"author", author, 2},
    {"article:author", author, 3},
    {"og:article:author", author, 3},
    {"dc.creator", author, 3},
    {"dcterms.creator", author, 3},
    {"citation_author", author, 3},
    {"byl", author, 3},
    {"parsely-author", author, 3},
    {"sailthru.author", author, 3},
    {"article:published_time", date, 1},
    {"og:published_time", date, 1},
    {"og:article:published_time", date, 1},
    {"datepublished", date, 1},
    {"article.published", date, 1},
    {"publication_date", date, 2},
    {"pubdate", date, 2},
    {"publishdate", date, 2},
    {"publish-date", date, 2},
    {"parsely-pub-date", date, 2},
    {"sailthru.date", date, 2},
    {"citation_publication_date", date, 2},
    {"dc.date.issued", date, 2},
    {"dc.date.created", date, 3},
    {"dcterms.created", date, 3},
    {"dcterms.date", date, 3},
    {"dc.date", date, 3},
    {"date", date, 3},
    {"og:site_name", site_name, 0},
    {"article:publisher", site_name, 3},
    {"dc.publisher", site_name, 3},
    {"publisher", site_name, 3},
    {"application-name", site_name, 2},
    {"og:locale", language, 2},
    {"content-language", language, 1},
    {"dc.language", language, 2},
};

void state(Stated::Kind kind, std::uint8_t rank, std::string value, std::uint32_t node,
           PageFacts& facts) {
  if (facts.stated.size() >= kMostStatements || (value.empty() && node == 0)) return;
  facts.stated.push_back({kind, rank, node, std::move(value)});
}

std::string value_of(std::string_view written) {
  return collapse_space(decode_character_references(written.substr(0, kMostValueBytes)));
}

// Roles of lines whose author or date is not that of the page.
constexpr RoleSet kNotCredits =
    kRoleMenu | kRolePrompt | kRoleForm | kRoleComment | kRoleRelated | kRoleFooter | kRoleHidden;

bool is_named(const Token& token, std::initializer_list<std::string_view> words) {
  const std::string classes = lower_ascii(token.attributes.classes.substr(0, 256));
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return classes.find(word) != std::string::npos;
  });
}

}  // namespace

void note_meta(const Attributes& attributes, PageFacts& facts) {
  std::string_view written = attributes.name.empty() ? attributes.property : attributes.name;
  if (written.empty()) written = attributes.itemprop;
  const std::string name = lower_ascii(written.substr(0, 64));
  const auto row = std::ranges::find(kMetaNames, std::string_view(name), &MetaName::name);
  if (row == std::end(kMetaNames)) return;
  const std::string value = value_of(attributes.content);
  if (name == "og:title" && facts.og_title.empty()) facts.og_title = value;
  state(row->kind, row->rank, value, 0, facts);
}

void note_script(const Token& script, std::string_view content, PageFacts& facts) {
  if (lower_ascii(attribute_of(script, "type").substr(0, 32)) != "application/ld+json") return;
  std::size_t bytes = content.size();
  for (const std::string& before : facts.json_ld) {
    bytes += before.size();
  }
  if (bytes <= kMostJsonBytes && facts.json_ld.size() < kMostStatements) {
    facts.json_ld.emplace_back(content);
  }
}

void note_element(const Token& token, Tag tag, std::uint32_t node, RoleSet roles,
                  PageFacts& facts) {
  if (facts.stated.size() >= kMostStatements) return;
  const std::string_view property = token.attributes.itemprop;
  if (property == "datePublished" || tag == Tag::time) {
    std::string_view value = attribute_of(token, "datetime");
    if (value.empty()) value = token.attributes.content;
    const std::uint8_t rank = property.empty() ? 6 : 4;
    state(date, rank, value_of(value), value.empty() ? node : 0, facts);
  } else if (property == "author") {
    state(author, 4, "", node, facts);
  } else if (tag == Tag::a && token.attributes.rel == "author") {
    state(author, 5, "", node, facts);
  } else if ((roles & kNotCredits) != 0) {
    return;
  } else if ((roles & kRoleAuthor) != 0 && is_named(token, {"author", "byline", "autor"})) {
    state(author, 6, "", node, facts);
  } else if ((roles & kRoleMeta) != 0 && is_named(token, {"date", "publish", "datum", "time"})) {
    state(date, 7, "", node, facts);
  }
}

}  // namespace aludel::text::html
