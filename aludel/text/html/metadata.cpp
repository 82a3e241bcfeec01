#include "aludel/text/html/metadata.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/text/html/json_ld.h"
#include "aludel/text/html/neighbours.h"
#include "aludel/text/html/text_run.h"

namespace aludel::text::html {
namespace {

constexpr std::size_t kLongestAuthor = 120;  // bytes
constexpr std::size_t kLongestAuthorInLine = 50;
constexpr std::size_t kLongestDate = 80;  // bytes of a statement that are searched for a date
constexpr std::uint8_t kJsonLdRank = 1;

constexpr std::string_view kBylineWords[] = {
    "veröffentlicht von",
    "beitrag von",
    "published by",
    "publié par",
    "publicado por",
    "written by",
    "posted by",
    "by:",
    "by ",
    "von:",
    "von ",
    "par ",
    "por ",
    "author:",
    "autor:",
    "作者：",
    "作者:",
};

// The first three letters of English months; German and French ones that differ.
struct MonthName {
  std::string_view letters;
  int month;
};

constexpr MonthName kMonths[] = {
    {"jan", 1},  {"feb", 2}, {"mar", 3},  {"apr", 4},  {"may", 5},  {"jun", 6},
    {"jul", 7},  {"aug", 8}, {"sep", 9},  {"oct", 10}, {"nov", 11}, {"dec", 12},
    {"mär", 3},  {"mai", 5}, {"okt", 10}, {"dez", 12}, {"avr", 4},  {"juin", 6},
    {"juil", 7}, {"fév", 2}, {"aoû", 8},  {"déc", 12},
};

/// A run of digits or of letters in a date.
struct DatePart {
  int number = -1;  // for digits
  std::size_t digits = 0;
  int month = 0;  // for letters that begin the name of a month
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c & 0x80) != 0;
}

int month_of(std::string_view word) {
  int month = 0;
  std::size_t longest = 0;
  for (const MonthName& name : kMonths) {
    if (!word.starts_with(name.letters) || name.letters.size() < longest) continue;
    month = name.month;
    longest = name.letters.size();
  }
  return month;
}

std::vector<DatePart> date_parts(std::string_view lower) {
  std::vector<DatePart> parts;
  for (std::size_t at = 0; at < lower.size();) {
    const std::size_t begin = at;
    DatePart part;
    if (is_digit(lower[at])) {
      part.number = 0;
      for (; at < lower.size() && is_digit(lower[at]); ++at) {
        if (at - begin < 8) part.number = part.number * 10 + (lower[at] - '0');
      }
      part.digits = at - begin;
      parts.push_back(part);
    } else if (is_letter(lower[at])) {
      while (at < lower.size() && is_letter(lower[at])) {
        ++at;
      }
      part.month = month_of(lower.substr(begin, at - begin));
      if (part.month > 0) parts.push_back(part);
    } else {
      ++at;
    }
  }
  return parts;
}

std::string made_date(int year, int month, int day) {
  const bool good =
      year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return good ? fmt::format("{:04}-{:02}-{:02}", year, month, day) : "";
}

// Makes a date of three parts, by the position of the year and by which part is a name.
std::string date_of(const DatePart& a, const DatePart& b, const DatePart& c) {
  if (a.digits == 4 && b.digits > 0 && c.digits > 0 && c.digits <= 2) {
    return made_date(a.number, b.number, c.number);
  }
  if (c.digits != 4) return "";
  if (a.month > 0) return made_date(c.number, a.month, b.number);
  if (b.month > 0) return made_date(c.number, b.month, a.number);
  // Tries 18.11.2019 first, then 11/18/2019.
  const std::string day_first = made_date(c.number, b.number, a.number);
  return day_first.empty() ? made_date(c.number, a.number, b.number) : day_first;
}

std::string clean_author(std::string_view written) {
  std::string author = collapse_space(written);
  for (const std::string_view word : kBylineWords) {
    if (!lower_ascii(author.substr(0, word.size())).starts_with(word)) continue;
    author = collapse_space(author.substr(word.size()));
    break;
  }
  const bool address = author.starts_with("http") || author.find('@') == 0;
  return author.size() > kLongestAuthor || address ? "" : author;
}

// Returns the author in a line for readers, which may also hold the date or the items of a menu.
std::string author_in_line(std::string_view line) {
  std::string author = clean_author(collapse_space(line).substr(0, kLongestAuthor));
  author.resize(std::min(author.find_first_of("0123456789|•·,("), author.size()));
  author = collapse_space(author);
  return author.size() > kLongestAuthorInLine ? "" : author;
}

std::string clean(Stated::Kind kind, std::string_view value) {
  switch (kind) {
    case Stated::Kind::author:
      return clean_author(value);
    case Stated::Kind::date:
      return iso_date(value);
    case Stated::Kind::site_name:
      return value.starts_with("http") ? "" : collapse_space(value);
    default:
      return collapse_space(value);
  }
}

class MetadataWeigher {
 public:
  explicit MetadataWeigher(const Tree& tree) : tree_(tree) {}

  PageMetadata weigh() {
    using enum Stated::Kind;
    const PageMetadata stated = read_json_ld(tree_.facts.json_ld);
    offer(title, kJsonLdRank + 1, stated.title);
    offer(author, kJsonLdRank, stated.author);
    offer(date, 0, stated.date);
    offer(site_name, kJsonLdRank, stated.site_name);
    offer(language, kJsonLdRank + 2, stated.language);
    offer(title, 9, tree_.facts.title);
    offer(language, 0, tree_.facts.language);
    for (const Stated& one : tree_.facts.stated) {
      if (one.node == 0) {
        offer(one.kind, one.rank, one.value);
      } else if (one.kind == author) {
        offer(author, one.rank, author_in_line(text_below(tree_, one.node)));
      } else {
        offer(one.kind, one.rank, text_below(tree_, one.node));
      }
    }
    offer(site_name, 8, site_in_title());
    for (std::size_t kind = 0; kind < best_.size(); ++kind) {
      *fields_[kind] = std::move(best_[kind].value);
    }
    return std::move(metadata_);
  }

 private:
  struct Best {
    std::uint8_t rank = 255;
    std::string value;
  };

  // Returns "Site" of "Headline | Site", if the page states the headline elsewhere.
  std::string_view site_in_title() const {
    const std::string_view whole = tree_.facts.title;
    const std::string& headline = best_[static_cast<std::size_t>(Stated::Kind::title)].value;
    if (headline.empty() || !whole.starts_with(headline)) return {};
    const std::string_view rest = whole.substr(headline.size());
    for (const std::string_view mark : {" | ", " - ", " – ", " — ", " • ", " :: ", " » "}) {
      if (!rest.starts_with(mark)) continue;
      const std::string_view site = rest.substr(mark.size());
      return site.find(mark) == std::string_view::npos && site.size() <= 60 ? site
                                                                            : std::string_view{};
    }
    return {};
  }

  void offer(Stated::Kind kind, std::uint8_t rank, std::string_view value) {
    Best& best = best_[static_cast<std::size_t>(kind)];
    if (value.empty() || value.size() > 1024 || rank >= best.rank) return;
    std::string cleaned = clean(kind, value);
    if (!cleaned.empty()) best = {rank, std::move(cleaned)};
  }

  const Tree& tree_;
  PageMetadata metadata_;
  std::array<Best, 5> best_;
  std::array<std::string*, 5> fields_ = {&metadata_.title, &metadata_.author, &metadata_.date,
                                         &metadata_.site_name, &metadata_.language};
};

}  // namespace

PageMetadata metadata_of(const Tree& tree) {
  return MetadataWeigher(tree).weigh();
}

std::string iso_date(std::string_view written) {
  const std::vector<DatePart> parts = date_parts(lower_ascii(written.substr(0, kLongestDate)));
  if (!parts.empty() && parts[0].digits == 8) {
    return made_date(parts[0].number / 10000, parts[0].number / 100 % 100, parts[0].number % 100);
  }
  for (std::size_t i = 0; i + 2 < parts.size(); ++i) {
    std::string date = date_of(parts[i], parts[i + 1], parts[i + 2]);
    if (!date.empty()) return date;
  }
  return "";
}

}  // namespace aludel::text::html
