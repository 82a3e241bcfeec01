#pragma once

#include <cstdint>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/feature.h"
#include "aludel/text/html/tree.h"

/// Which blocks of a page are its main text.
namespace aludel::text::html {

/// Log-odds that a block with these features is main text: a logistic regression, whose weights
/// `weights_bench` fits to annotated pages.
float main_text_score(const FeatureVector& features);

/// Indices into `blocks` of the main text, ascending. Headings without text under them are left
/// out.
std::vector<std::uint32_t> choose_main_blocks(const Tree& tree, const std::vector<Block>& blocks);

}  // namespace aludel::text::html
