#pragma once

// The plan of layer semantic.

#include "aludel/base/threads.h"
#include "aludel/curate/layers/semantic/described.h"
#include "aludel/curate/learn/corpus.h"

namespace aludel::curate::semantic {

/// Finds what the reference in tests/reference_fits.h finds, as stages:
///   described  terms of each document, and in how many documents each occurs
///   points     projections, which need the rarity of each term
///   centres    k-means of a sample of bounded size, in one task
///   members    documents by cluster; sums of qualities
///   copies     near-copies within each cluster
///   mixture    bytes of each group, if a mixture is set
///   findings
/// Scratch: about 3.5 KB a document, and 8 bytes for each of its different terms. Memory besides
/// the shuffle's share: the frequencies of terms (1 MiB), the sample (32 MiB at most), the centres
/// (1 MiB), and the members of two groups (5 MiB) with terms (16 MiB and two documents). `threads`
/// are those of the shuffle.
Status fit_meanings(const CorpusFit& fit, const MeaningSettings& settings,
                    const DescribeDocument& describe, Threads& threads);

}  // namespace aludel::curate::semantic
