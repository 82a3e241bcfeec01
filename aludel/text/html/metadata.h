#pragma once

#include <string>
#include <string_view>

#include "aludel/text/html/tree.h"

/// Who wrote a page, when, where and in which language, as the page itself states it.
namespace aludel::text::html {

/// Fields that a page does not state are empty.
struct PageMetadata {
  std::string title;      // without the name of the site, where the page says which part it is
  std::string author;     // several are parted by "; "
  std::string date;       // of publication, as YYYY-MM-DD
  std::string site_name;  // e.g. "The Daily Example"
  std::string language;   // a tag of BCP 47, e.g. "en-GB"
};

/// Weighs JSON-LD, <meta> (OpenGraph, Dublin Core), microdata and bylines against each other: what
/// is meant for machines goes before what is meant for readers. Concurrent calls: yes. Errors:
/// none.
PageMetadata metadata_of(const Tree& tree);

/// A date as YYYY-MM-DD, read from how pages write dates: "2019-11-18T20:14:59Z", "2019/11/18",
/// "18.11.2019", "November 18, 2019", "18 Nov 2019", "2019年11月18日"; "" if it is none of these.
std::string iso_date(std::string_view written);

}  // namespace aludel::text::html
