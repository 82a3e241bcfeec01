#include "aludel/text/html/extract.h"

#include "aludel/text/html/block.h"
#include "aludel/text/html/main_text.h"
#include "aludel/text/html/render.h"

namespace aludel::text {

ExtractedPage extract_page(std::string_view html, TextForm form, html::Markup markup,
                           html::Comments comments) {
  const html::Tree tree = html::parse_html(html, markup);
  const std::vector<html::Block> blocks = html::blocks_of(tree);
  ExtractedPage page;
  const std::vector<float> scores = html::main_text_scores(tree, blocks, html::fitted_weights());
  page.text = html::render_blocks(tree, blocks,
                                  html::choose_main_blocks(tree, blocks, scores, comments), form);
  page.title = tree.facts.title.empty() ? tree.facts.og_title : tree.facts.title;
  page.language = tree.facts.language;
  page.metadata = html::metadata_of(tree);
  page.truncated = tree.truncated;
  return page;
}

}  // namespace aludel::text
