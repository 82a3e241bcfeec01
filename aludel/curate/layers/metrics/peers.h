#pragma once

#include "aludel/curate/cascade/rules.h"
#include "aludel/curate/document/document.h"
#include "aludel/curate/layers/metrics/settings.h"

// Measures the values of other pipelines' quality rules in their own ways, so that decisions agree
// with theirs. Values have the same names as those of our own rules, which are in metric_rules.h.
namespace aludel::curate {

/// Measures as datatrove 0.10: GopherQualityFilter, then C4QualityFilter (if c4_line_rules is on),
/// then FineWebQualityFilter on the lines that C4 keeps. Words and sentences are those of spaCy for
/// every language (datatrove's own default).
void measure_as_datatrove(Document& document, const MetricsSettings& settings, Measured& measured);

/// Measures as C4's clean_page: the lines that its rules keep must have enough sentences, and
/// neither "lorem ipsum" nor '{'. Sentences are those of line_rules/punkt.h.
void measure_as_c4(Document& document, const MetricsSettings& settings, Measured& measured);

/// Measures as Dolma's gopher_v1 tagger, cut as in configs/dolma-v1_5. Splits words at white space.
void measure_as_dolma(Document& document, const MetricsSettings& settings, Measured& measured);

/// Measures as DCLM's content_filters.py, as dclm_baseline_refinedweb.yaml runs them before
/// repetition. Layer correction has DCLM's line edits and their cap.
void measure_as_dclm(Document& document, const MetricsSettings& settings, Measured& measured);

/// Measures as NeMo Curator's string.py, as heuristic_filter_english_pipeline.yaml runs it.
void measure_as_nemo(Document& document, const MetricsSettings& settings, Measured& measured);

}  // namespace aludel::curate
