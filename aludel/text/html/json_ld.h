#pragma once

#include <string>
#include <vector>

#include "aludel/text/html/metadata.h"

/// What JSON-LD of schema.org states about a page.
namespace aludel::text::html {

/// Returns headline, authors, date, publisher and language of the article that the scripts
/// describe; a field that they do not state is empty. Skips a script that is not JSON, and reads at
/// most 10,000 values. Concurrent calls: yes. Source: https://schema.org/Article.
PageMetadata read_json_ld(const std::vector<std::string>& scripts);

}  // namespace aludel::text::html
