#pragma once

// Repeated paragraphs of a corpus that no process sees as a whole.

#include <set>
#include <string>

#include "aludel/curate/layers/shared/scope.h"
#include "aludel/curate/learn/corpus.h"

namespace aludel::curate::paragraph_dedup {

/// Adds a paragraph, by its number in the document, to {"id", "repeated": [number, …]}: what is
/// found of a document whose paragraphs stood before. A null row becomes one.
void add_repeated(Json& row, const std::string& id, std::size_t paragraph);

std::set<std::int64_t> repeated_of(const Json& finding);

/// Every paragraph with words but the first of equal ones. 28 bytes a paragraph are sorted by hash.
Status fit_paragraphs(const CorpusFit& fit, Scope scope);

}  // namespace aludel::curate::paragraph_dedup
