#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/tree.h"

/// The layout of a page: which blocks look alike, which stand beside a picture, which is the title.
namespace aludel::text::html {

/// Facts about a page that its blocks share. The arguments must outlive it. One caller at a time.
class PageLayout {
 public:
  PageLayout(const Tree& tree, const std::vector<Block>& blocks);

  /// Returns the share of the page's prose that is in blocks with the same path: the names and
  /// roles of the elements from the root down. An article's paragraphs share one path; captions and
  /// teasers have others.
  float alike_share(const Block& block) const;

  /// True if the block's element, or the one around it, has a picture and little text.
  bool is_by_picture(const Block& block, std::uint32_t weight, std::uint32_t weight_around) const;

  /// True if a short block is the title of the page, with or without the name of the site.
  bool is_title(const Block& block) const;

 private:
  bool has_picture(std::uint32_t element) const;
  bool may_be_title(const Block& block) const;

  const Tree& tree_;
  std::vector<std::uint32_t> paths_;            // by node: hash of its path
  std::vector<std::uint32_t> pictures_before_;  // by node
  std::vector<std::uint32_t> prose_;            // by path, in kPathSlots slots
  std::uint32_t whole_prose_ = 0;
  std::string title_;  // letters and digits only, as of og_title_
  std::string og_title_;
};

/// Returns the lower-case letters, digits and bytes above 127 of a title, which are the same in two
/// spellings of it.
std::string title_letters(std::string_view text);

}  // namespace aludel::text::html
