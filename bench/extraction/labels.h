#pragma once

#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/extraction/pages.h"

#include "aludel/text/charset.h"
#include "aludel/text/html/block.h"
#include "aludel/text/html/feature.h"
#include "aludel/text/html/render.h"
#include "aludel/text/html/tree.h"

/// Pages as blocks, some of which the annotations tell to be main text or not.
namespace aludel::bench {

struct Label {
  std::uint32_t block;
  bool main_text;
  double weight;
};

struct LabelledPage {
  Page page;
  text::html::Tree tree;
  std::vector<text::html::Block> blocks;
  std::vector<text::html::FeatureVector> features;
  std::vector<Label> labels;
};

inline LabelledPage read_page(Page page) {
  LabelledPage read;
  read.tree = text::html::parse_html(text::decode_to_utf8(page.html).text);
  read.blocks = text::html::blocks_of(read.tree);
  read.features = text::html::features_of(read.tree, read.blocks);
  read.page = std::move(page);
  return read;
}

inline std::vector<std::string> block_texts(const LabelledPage& page) {
  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < page.blocks.size(); ++i) {
    texts.push_back(text::html::render_blocks(page.tree, page.blocks, {i}, text::TextForm::plain));
  }
  return texts;
}

/// A segment of the main text labels the longest block with it, one of the rest labels all.
inline void label_by_segments(LabelledPage& page) {
  const std::vector<std::string> texts = block_texts(page);
  std::vector<int> labels(texts.size(), -1);
  for (const std::string& segment : page.page.without) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i].find(segment) != std::string::npos) labels[i] = 0;
    }
  }
  for (const std::string& segment : page.page.with) {
    std::size_t longest = texts.size();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i].find(segment) == std::string::npos) continue;
      if (longest == texts.size() || texts[i].size() > texts[longest].size()) longest = i;
    }
    if (longest < texts.size()) labels[longest] = 1;
  }
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0) page.labels.push_back({i, labels[i] == 1, 1.0});
  }
}

// Letters and digits only, so that markup between words does not matter.
inline std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    const bool ascii_letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (ascii_letter || (c & 0x80) != 0) letters += c;
  }
  return letters;
}

/// Every block is labelled by whether the expected text has it; short ones only if it has not. The
/// page weighs as much as `page_weight` labels by segments.
inline void label_by_text(LabelledPage& page, std::string_view expected, double page_weight) {
  const std::string wanted = letters_of(expected);
  const std::vector<std::string> texts = block_texts(page);
  bool any = false;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    const std::string letters = letters_of(texts[i]);
    const bool found = wanted.find(letters) != std::string::npos;
    if (letters.size() < 2 || (found && letters.size() < 12)) continue;
    page.labels.push_back({i, found, 1.0});
    any = any || found;
  }
  if (!any) page.labels.clear();  // the expectation is of another text
  for (Label& label : page.labels) {
    label.weight = page_weight / static_cast<double>(page.labels.size());
  }
}

/// The same by the text of an expected page.
inline void label_by_expectation(LabelledPage& page, std::string_view expected_html,
                                 double page_weight) {
  label_by_text(page, text::html::parse_html(expected_html).text, page_weight);
}

}  // namespace aludel::bench
