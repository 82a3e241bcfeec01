#pragma once

#include <string_view>

namespace aludel::curate {

/// Whether spaCy's English tokenizer leaves a run without white space whole for being an address: a
/// host, by name with a top-level domain in lower case or by public numbers, with or without a
/// scheme, a user, a port and a path. Source: spaCy 3.8, lang/tokenizer_exceptions.py, URL_PATTERN.
bool is_spacy_address(std::u32string_view run);

}  // namespace aludel::curate
