#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

/// How a page is laid out: which blocks look alike, which stand by a picture, and its title.
namespace aludel::text::html {

/// Facts about a page that its blocks share. What it is given must outlive it. For one thread.
class PageLayout {
 public:
  PageLayout(const Tree& tree, const std::vector<Block>& blocks);

  /// Share of the page's prose in blocks whose elements have the same names and roles, from the
  /// root down. The paragraphs of an article are one kind; captions and teasers are others.
  float alike_share(const Block& block) const;

  /// True if the block's element, or the one around it, has a picture and little text.
  bool is_by_picture(const Block& block, std::uint32_t weight, std::uint32_t weight_around) const;

  /// True if a short block is the title of the page, with or without the name of the site.
  bool is_title(const Block& block) const;

 private:
  bool has_picture(std::uint32_t element) const;
  bool may_be_title(const Block& block) const;

  const Tree& tree_;
  std::vector<std::uint32_t> paths_;            // by node: names and roles from the root down
  std::vector<std::uint32_t> pictures_before_;  // by node
  std::vector<std::uint32_t> prose_;            // by path, in kPathSlots slots
  std::uint32_t whole_prose_ = 0;
  std::string title_;  // letters and digits only, as of og_title_
  std::string og_title_;
};

/// Letters of A to Z in lower case, digits and all bytes above 127: what two spellings of one title
/// have in common.
std::string title_letters(std::string_view text);

}  // namespace aludel::text::html
