#include "aludel/text/html/json_ld.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>

#include "aludel/base/json.h"
#include "aludel/text/html/entity.h"
#include "aludel/text/html/text_run.h"

namespace aludel::text::html {
namespace {

constexpr std::size_t kMostValues = 10'000;
constexpr std::size_t kMostAuthors = 20;

// Types of schema.org for the text of a page.
constexpr std::string_view kArticleTypes[] = {
    "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting",
    "Report",      "Recipe",
};

bool is_article(std::string_view type) {
  return type.ends_with("Article") ||
         std::ranges::find(kArticleTypes, type) != std::end(kArticleTypes);
}

// Returns the first type of a thing.
std::string type_of(const Json& thing) {
  const Json* type = thing.find("@type");
  if (type != nullptr && type->is_array() && !type->as_array().empty()) {
    type = &type->as_array().front();
  }
  return type != nullptr && type->is_string() ? type->as_string() : "";
}

std::string plain_text_of(std::string_view written) {
  return collapse_space(decode_character_references(written.substr(0, 1024)));
}

class JsonLdReader {
 public:
  PageMetadata read(const std::vector<std::string>& scripts) {
    std::vector<Json> documents;
    for (const std::string& script : scripts) {
      const std::size_t begin = script.find_first_of("{[");
      const std::size_t end = script.find_last_of("}]");
      if (begin == std::string::npos || end == std::string::npos || end < begin) continue;
      auto parsed = parse_json(std::string_view(script).substr(begin, end - begin + 1));
      if (parsed) documents.push_back(std::move(parsed).value());
    }
    collect(documents);
    for (const Json* thing : things_) {
      if (is_article(type_of(*thing))) note_article(*thing);
    }
    for (const Json* thing : things_) {
      note_rest(*thing);
    }
    return std::move(found_);
  }

 private:
  // Collects all things of all documents, outermost first.
  void collect(const std::vector<Json>& documents) {
    std::vector<const Json*> open;
    open.reserve(documents.size());
    for (const Json& document : documents) {
      open.push_back(&document);
    }
    for (std::size_t i = 0; i < open.size() && i < kMostValues; ++i) {
      const auto add = [&](const Json& value) {
        if (value.is_object() || value.is_array()) open.push_back(&value);
      };
      if (open[i]->is_array()) {
        for (const Json& value : open[i]->as_array()) {
          add(value);
        }
        continue;
      }
      if (!open[i]->is_object()) continue;
      things_.push_back(open[i]);
      const std::string name = open[i]->string_or("name", "");
      if (!name.empty()) names_.try_emplace(open[i]->string_or("@id", ""), name);
      for (const auto& [key, value] : open[i]->as_object()) {
        add(value);
      }
    }
  }

  void note_article(const Json& article) {
    keep(article.string_or("headline", article.string_or("name", "")), found_.title);
    keep(article.string_or("datePublished", ""), found_.date);
    keep(article.string_or("inLanguage", ""), found_.language);
    if (const Json* author = article.find("author"); found_.author.empty() && author != nullptr) {
      found_.author = names_of(*author);
    }
    if (const Json* publisher = article.find("publisher"); publisher != nullptr) {
      keep(names_of(*publisher), found_.site_name);
    }
  }

  // Fills the fields that no article states with what the page or its site says.
  void note_rest(const Json& thing) {
    const std::string type = type_of(thing);
    if (type.ends_with("WebPage")) {
      keep(thing.string_or("datePublished", ""), found_.date);
      keep(thing.string_or("inLanguage", ""), found_.language);
    }
    if (type == "WebSite") keep(thing.string_or("name", ""), found_.site_name);
  }

  static void keep(const std::string& value, std::string& field) {
    if (field.empty()) field = plain_text_of(value);
  }

  // Returns the names in a value: a name, a thing with a name or @id, or a list of those.
  std::string names_of(const Json& value) const {
    std::string names;
    const Json::Array one{value};
    const Json::Array& all = value.is_array() ? value.as_array() : one;
    for (std::size_t i = 0; i < std::min(all.size(), kMostAuthors); ++i) {
      std::string name = all[i].is_string() ? all[i].as_string() : all[i].string_or("name", "");
      if (name.empty() && all[i].find("@id") != nullptr) {
        const auto known = names_.find(all[i].string_or("@id", ""));
        if (known != names_.end()) name = known->second;
      }
      name = plain_text_of(name);
      if (name.empty() || name.starts_with("http")) continue;
      names += (names.empty() ? "" : "; ") + name;
    }
    return names;
  }

  std::vector<const Json*> things_;
  std::map<std::string, std::string> names_;  // by @id
  PageMetadata found_;
};

}  // namespace

PageMetadata read_json_ld(const std::vector<std::string>& scripts) {
  return scripts.empty() ? PageMetadata{} : JsonLdReader().read(scripts);
}

}  // namespace aludel::text::html
