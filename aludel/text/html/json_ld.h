#pragma once

#include <string>
#include <vector>

#include "aludel/text/html/metadata.h"

/// What JSON-LD of schema.org states about a page.
namespace aludel::text::html {

/// Headline, authors, date, publisher and language of the article that the scripts describe; what
/// they do not state is empty. A script that is no JSON states nothing. At most 10,000 values are
/// looked at. Concurrent calls: yes. Source: https://schema.org/Article.
PageMetadata read_json_ld(const std::vector<std::string>& scripts);

}  // namespace aludel::text::html
