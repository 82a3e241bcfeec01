#pragma once

#include "aludel/curate/cascade/rules.h"
#include "aludel/curate/document/document.h"
#include "aludel/curate/layers/metrics/settings.h"

// What the quality rules of other pipelines look at, counted in their own ways, for keep and drop
// decisions that agree with theirs. Values have the same names as those of our own rules;
// metric_rules.h has the rules.
namespace aludel::curate {

/// datatrove 0.10: GopherQualityFilter, then C4QualityFilter (where c4_line_rules is on), then
/// FineWebQualityFilter on what C4 left. Words and sentences are spaCy's, whatever the language
/// (datatrove's own default).
void measure_as_datatrove(Document& document, const MetricsSettings& settings, Measured& measured);

/// C4's clean_page: what the rules of lines leave must have sentences enough, and no "lorem ipsum"
/// or '{'. Sentences are those of line_rules/punkt.h.
void measure_as_c4(Document& document, const MetricsSettings& settings, Measured& measured);

/// Dolma's gopher_v1 tagger with the cuts of its configs/dolma-v1_5; words are parted by white
/// space.
void measure_as_dolma(Document& document, const MetricsSettings& settings, Measured& measured);

/// DCLM's content_filters.py as dclm_baseline_refinedweb.yaml runs them before repetition; its line
/// edits and their cap are layer correction's.
void measure_as_dclm(Document& document, const MetricsSettings& settings, Measured& measured);

/// NeMo Curator's string.py as heuristic_filter_english_pipeline.yaml runs it.
void measure_as_nemo(Document& document, const MetricsSettings& settings, Measured& measured);

}  // namespace aludel::curate
