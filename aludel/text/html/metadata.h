#pragma once

#include <string>
#include <string_view>

#include "aludel/text/html/tree.h"

/// What a page itself states about its title, author, date, site and language.
namespace aludel::text::html {

/// Metadata of a page. A field that the page does not state is empty.
struct PageMetadata {
  std::string title;      // without the name of the site, if the page says which part that is
  std::string author;     // several are separated by "; "
  std::string date;       // of publication, as YYYY-MM-DD
  std::string site_name;  // e.g. "The Daily Example"
  std::string language;   // a tag of BCP 47, e.g. "en-GB"
};

/// Chooses among JSON-LD, <meta> (OpenGraph, Dublin Core), microdata and bylines: believes
/// statements for machines before those for readers. Concurrent calls: yes. Errors: none.
PageMetadata metadata_of(const Tree& tree);

/// Returns a date as YYYY-MM-DD. Reads what pages write: "2019-11-18T20:14:59Z", "2019/11/18",
/// "18.11.2019", "November 18, 2019", "18 Nov 2019", "2019年11月18日"; "" for anything else.
std::string iso_date(std::string_view written);

}  // namespace aludel::text::html
