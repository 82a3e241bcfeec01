#pragma once

#include <string_view>

namespace aludel::curate {

/// True if spaCy's English tokenizer does not split a run without white space because it is an
/// address: a host, either a name with a top-level domain in lower case or a public numeric
/// address, with or without a scheme, a user, a port and a path. Source: spaCy 3.8,
/// lang/tokenizer_exceptions.py, URL_PATTERN.
bool is_spacy_address(std::u32string_view run);

}  // namespace aludel::curate
