#include "aludel/text/html/feature.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "aludel/base/huge_pages.h"
#include "aludel/text/html/block_text.h"

namespace aludel::text::html {
namespace {

constexpr std::string_view kFeatureNames[] = {
    "log_weight",
    "link_share",
    "marks_per_hundred",
    "weight_per_word",
    "log_words",
    "ends_sentence",
    "capital_share",
    "digit_share",
    "is_heading",
    "heading_level",
    "is_paragraph",
    "is_item",
    "is_cell",
    "is_division",
    "is_preformatted",
    "is_broken",
    "is_repeated",
    "has_inline_boilerplate",
    "ends_colon",
    "emphasis_share",
    "linked_words",
    "previous_log_weight",
    "previous_link_share",
    "next_log_weight",
    "next_link_share",
    "second_previous_log_weight",
    "second_next_log_weight",
    "blocks_since_prose",
    "blocks_to_prose",
    "parent_log_weight",
    "parent_link_share",
    "parent_log_links",
    "grandparent_log_weight",
    "grandparent_link_share",
    "great_grandparent_link_share",
    "parent_prose_share",
    "depth",
    "body_share",
    "article_share",
    "content_share",
    "boilerplate_share",
    "near_boilerplate",
    "near_content",
    "inside_nav",
    "inside_aside",
    "inside_footer",
    "inside_header",
    "inside_form",
    "inside_article",
    "inside_main",
    "inside_list",
    "inside_table",
    "inside_figure",
    "inside_quote",
    "inside_paragraph",
    "text_before",
    "prose_before",
    "after_heading",
    "page_has_heading",
    "levels_to_hub",
    "inside_hub",
    "after_hub",
    "page_log_prose",
    "page_link_share",
    "is_title",
    "by_picture",
    "alike_share",
    "levels_below_hub",
    "under_notice",
    "weight_unlike",
    "role_body",
    "role_content",
    "role_comment",
    "role_menu",
    "role_sidebar",
    "role_footer",
    "role_header",
    "role_related",
    "role_share",
    "role_ad",
    "role_author",
    "role_meta",
    "role_tags",
    "role_prompt",
    "role_widget",
    "role_hidden",
    "role_form",
    "role_caption",
    "role_contents",
    "role_gallery",
    "role_title",
    "role_teaser",
    "phrase_see_also",
    "phrase_subscribe",
    "phrase_credit",
    "phrase_byline",
    "phrase_rights",
    "phrase_share",
    "phrase_notice",
};
static_assert(std::size(kFeatureNames) == kFeatureCount);

constexpr std::uint32_t kProseBlock = 100;  // prose of a block from which distances are measured
constexpr float kFarFromProse = 50;
constexpr std::uint32_t kMostLevels = 30;  // more levels are a mistake of the page, not evidence

float logarithm(std::uint32_t value) {
  constexpr std::size_t kSmall = 1024;  // larger than most values of most pages
  static const auto of_small = [] {
    std::array<float, kSmall> table{};
    for (std::size_t i = 0; i < kSmall; ++i) {
      table[i] = std::log2(static_cast<float>(i) + 1.0F);
    }
    return table;
  }();
  return value < kSmall ? of_small[value] : std::log2(static_cast<float>(value) + 1.0F);
}

float flag(bool value) {
  return value ? 1.0F : 0.0F;
}

// Sets the feature `first` + i to 1 for each bit i that is set. The others are 0 already.
void set_flags(std::uint32_t bits, std::size_t first, FeatureVector& f) {
  for (; bits != 0; bits &= bits - 1) {
    f[first + static_cast<std::size_t>(std::countr_zero(bits))] = 1;
  }
}

float share_of(std::uint64_t part, std::uint32_t whole) {
  return whole == 0 ? 0.0F : static_cast<float>(part) / static_cast<float>(whole);
}

}  // namespace

PageFeatures::PageFeatures(const Tree& tree, const std::vector<Block>& blocks)
    : tree_(tree),
      blocks_(blocks),
      page_(tree, blocks),
      layout_(tree, blocks),
      walk_(tree, page_),
      positions_(large_array<Position>(blocks.size())) {
  reserve_large(hashes_, blocks.size());
  for (const Block& block : blocks) {
    hashes_.push_back(text_hash(tree, block));
  }
  reserve_large(sorted_hashes_, blocks.size());
  sorted_hashes_.assign(hashes_.begin(), hashes_.end());
  std::sort(sorted_hashes_.begin(), sorted_hashes_.end());
  note_positions();
}

FeatureVector PageFeatures::next() {
  const std::size_t block = next_++;
  walk_.go_to(blocks_[block].begin);
  FeatureVector f{};
  describe_block(block, f);
  describe_neighbours(block, f);
  describe_elements(block, f);
  describe_place(block, f);
  describe_layout(block, f);
  return f;
}

void PageFeatures::note_positions() {
  std::uint64_t text = 0;
  std::uint64_t prose = 0;
  float distance = kFarFromProse;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    positions_[i].text_before = share_of(text, page_.total(0).weight);
    positions_[i].prose_before = share_of(prose, page_.prose(0));
    positions_[i].since_prose = distance;
    const std::uint32_t own = PageMeasures::prose_of(blocks_[i].amount);
    distance = own >= kProseBlock ? 1.0F : std::min(kFarFromProse, distance + 1);
    text += blocks_[i].amount.weight;
    prose += own;
  }
  distance = kFarFromProse;
  for (std::size_t i = blocks_.size(); i-- > 0;) {
    positions_[i].to_prose = distance;
    const bool near = PageMeasures::prose_of(blocks_[i].amount) >= kProseBlock;
    distance = near ? 1.0F : std::min(kFarFromProse, distance + 1);
  }
}

void PageFeatures::describe_block(std::size_t i, FeatureVector& f) const {
  const Block& block = blocks_[i];
  const TextAmount& amount = block.amount;
  const Tag tag = tree_.nodes[block.parent].tag;
  f[kLogWeight] = logarithm(amount.weight);
  f[kLinkShare] = static_cast<float>(amount.link_share());
  f[kMarksPerHundred] = 100 * share_of(amount.marks, amount.weight);
  f[kWeightPerWord] = share_of(amount.weight, amount.words);
  f[kLogWords] = logarithm(amount.words);
  const LastMark mark = last_mark(tree_, block);
  f[kEndsSentence] = flag(mark != LastMark::none);
  f[kEndsColon] = flag(mark == LastMark::colon);
  f[kEmphasisShare] = emphasis_share(tree_, block);
  f[kLinkedWords] = f[kLinkShare] / (1 + f[kLogWeight]);
  set_flags(phrases_of(tree_, block), kFirstPhrase, f);
  f[kCapitalShare] = share_of(amount.capitals, amount.weight);
  f[kDigitShare] = share_of(amount.digits, amount.weight);
  const bool heading = has_trait(tag, kHeading);
  f[kIsHeading] = flag(heading);
  f[kHeadingLevel] = heading ? static_cast<float>(tag) - static_cast<float>(Tag::h1) + 1 : 0;
  f[kIsParagraph] = flag(tag == Tag::p);
  f[kIsItem] = flag(tag == Tag::li);
  f[kIsCell] = flag(tag == Tag::td || tag == Tag::th);
  f[kIsDivision] = flag(tag == Tag::div || tag == Tag::section);
  f[kIsPreformatted] = flag(tag == Tag::pre);
  f[kIsBroken] = flag((i > 0 && blocks_[i - 1].parent == block.parent) ||
                      (i + 1 < blocks_.size() && blocks_[i + 1].parent == block.parent));
  const auto found = std::ranges::lower_bound(sorted_hashes_, hashes_[i]);
  f[kIsRepeated] = flag(found + 1 != sorted_hashes_.end() && found[1] == hashes_[i]);
  RoleSet inline_roles = 0;
  for (std::uint32_t node = block.begin; node < block.end; ++node) {
    inline_roles |= tree_.nodes[node].roles;
  }
  f[kHasInlineBoilerplate] = flag((inline_roles & kBoilerplateRoles) != 0);
}

void PageFeatures::describe_neighbours(std::size_t i, FeatureVector& f) const {
  const auto log_weight = [&](std::size_t at) {
    return at < blocks_.size() ? logarithm(blocks_[at].amount.weight) : -1.0F;
  };
  const auto link_share = [&](std::size_t at) {
    return at < blocks_.size() ? static_cast<float>(blocks_[at].amount.link_share()) : -1.0F;
  };
  f[kPreviousLogWeight] = log_weight(i - 1);  // i - 1 wraps to the largest number at 0
  f[kPreviousLinkShare] = link_share(i - 1);
  f[kNextLogWeight] = log_weight(i + 1);
  f[kNextLinkShare] = link_share(i + 1);
  f[kSecondPreviousLogWeight] = log_weight(i - 2);
  f[kSecondNextLogWeight] = log_weight(i + 2);
}

void PageFeatures::describe_elements(std::size_t i, FeatureVector& f) const {
  const std::uint32_t parent = blocks_[i].parent;
  const std::uint32_t second = tree_.nodes[parent].parent;
  const std::uint32_t third = tree_.nodes[second].parent;
  f[kParentLogWeight] = logarithm(page_.total(parent).weight);
  f[kParentLinkShare] = static_cast<float>(page_.total(parent).link_share());
  f[kParentLogLinks] = logarithm(page_.total(parent).links);
  f[kGrandparentLogWeight] = logarithm(page_.total(second).weight);
  f[kGrandparentLinkShare] = static_cast<float>(page_.total(second).link_share());
  f[kGreatGrandparentLinkShare] = static_cast<float>(page_.total(third).link_share());
  f[kParentProseShare] = page_.prose_share(parent);
  const Surrounding& around = walk_.around(parent);
  f[kDepth] = static_cast<float>(std::min(around.depth, kMostLevels));
  f[kBodyShare] = around.body_share;
  f[kArticleShare] = around.article_share;
  f[kContentShare] = around.content_share;
  f[kBoilerplateShare] = around.boilerplate_share;
  f[kNearBoilerplate] = flag((around.near & kBoilerplateRoles) != 0);
  f[kNearContent] = flag((around.near & (kRoleBody | kRoleContent)) != 0);
  set_flags(around.enclosures, kInsideNav, f);
  set_flags(around.any & ((1U << kRoleCount) - 1), kFirstRole, f);
}

void PageFeatures::describe_place(std::size_t i, FeatureVector& f) const {
  const Block& block = blocks_[i];
  const std::uint32_t heading = page_.first_heading();
  f[kAfterHeading] = flag(heading != 0 && block.begin > heading);
  f[kPageHasHeading] = flag(heading != 0);
  const std::uint32_t levels = walk_.levels_to_hub();
  f[kLevelsToHub] = static_cast<float>(std::min(levels, kMostLevels));
  f[kInsideHub] = flag(levels == 0);
  f[kAfterHub] = flag(page_.hub() != 0 && block.begin >= tree_.nodes[page_.hub()].end);
  f[kPageLogProse] = logarithm(page_.prose(0));
  f[kPageLinkShare] = static_cast<float>(page_.total(0).link_share());
  f[kTextBefore] = positions_[i].text_before;
  f[kProseBefore] = positions_[i].prose_before;
  f[kBlocksSinceProse] = positions_[i].since_prose;
  f[kBlocksToProse] = positions_[i].to_prose;
}

void PageFeatures::describe_layout(std::size_t i, FeatureVector& f) {
  const Block& block = blocks_[i];
  const std::uint32_t second = tree_.nodes[block.parent].parent;
  f[kIsTitle] = flag(layout_.is_title(block));
  f[kByPicture] = flag(
      layout_.is_by_picture(block, page_.total(block.parent).weight, page_.total(second).weight));
  f[kAlikeShare] = layout_.alike_share(block);
  if (walk_.levels_to_hub() == 0 && page_.hub() != 0) {
    const std::uint32_t depth = walk_.around(block.parent).depth;
    f[kLevelsBelowHub] =
        static_cast<float>(std::min(depth - walk_.around(page_.hub()).depth, kMostLevels));
  }
  f[kWeightUnlike] = f[kLogWeight] * (1 - f[kAlikeShare]);
  f[kUnderNotice] = flag(block.begin < heading_end_ && heading_phrases_ != 0);
  if (f[kIsHeading] == 0.0F) return;
  heading_phrases_ = phrases_of(tree_, block);
  heading_end_ = tree_.nodes[second].end;
}

std::vector<FeatureVector> features_of(const Tree& tree, const std::vector<Block>& blocks) {
  PageFeatures features(tree, blocks);
  std::vector<FeatureVector> vectors;
  vectors.reserve(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    vectors.push_back(features.next());
  }
  return vectors;
}

std::string_view feature_name(std::size_t feature) {
  return kFeatureNames[feature];
}

}  // namespace aludel::text::html
