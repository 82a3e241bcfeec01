#pragma once

// The plan that finds repeated paragraphs of a corpus.

#include <set>
#include <string>

#include "aludel/curate/layers/shared/scope.h"
#include "aludel/curate/learn/corpus.h"

namespace aludel::curate::paragraph_dedup {

/// Adds a repeated paragraph, by its number in the document, to the document's finding {"id",
/// "repeated": [number, …]}. Makes a finding of a null row.
void add_repeated(Json& row, const std::string& id, std::size_t paragraph);

/// Returns the numbers of the repeated paragraphs in a finding.
std::set<std::int64_t> repeated_of(const Json& finding);

/// Finds every paragraph with words that repeats an earlier one. Sorts 28 bytes a paragraph by
/// hash.
Status fit_paragraphs(const CorpusFit& fit, Scope scope);

}  // namespace aludel::curate::paragraph_dedup
