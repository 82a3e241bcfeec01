#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/text/html/block.h"
#include "aludel/text/html/layout.h"
#include "aludel/text/html/phrase.h"
#include "aludel/text/html/surroundings.h"
#include "aludel/text/html/tree.h"

/// Numbers that tell main text from boilerplate. They describe a block, its neighbours, the
/// elements around it and the page.
namespace aludel::text::html {

/// Features of a block. A logarithm is log2(1 + value); a flag is 0 or 1.
enum Feature : std::uint8_t {
  // the block
  kLogWeight,
  kLinkShare,
  kMarksPerHundred,
  kWeightPerWord,
  kLogWords,
  kEndsSentence,
  kCapitalShare,
  kDigitShare,
  kIsHeading,
  kHeadingLevel,
  kIsParagraph,
  kIsItem,
  kIsCell,
  kIsDivision,
  kIsPreformatted,
  kIsBroken,
  kIsRepeated,
  kHasInlineBoilerplate,
  kEndsColon,
  kEmphasisShare,  // share of its characters inside <b>, <strong>, <i>, <em> or <u>
  kLinkedWords,    // link share / log weight: high for a short block of links
  // the blocks before and after; -1 if there is none
  kPreviousLogWeight,
  kPreviousLinkShare,
  kNextLogWeight,
  kNextLinkShare,
  kSecondPreviousLogWeight,
  kSecondNextLogWeight,
  kBlocksSinceProse,
  kBlocksToProse,
  // its element, and the elements one and two levels up
  kParentLogWeight,
  kParentLinkShare,
  kParentLogLinks,
  kGrandparentLogWeight,
  kGrandparentLinkShare,
  kGreatGrandparentLinkShare,
  kParentProseShare,
  kDepth,
  // all elements around it
  kBodyShare,
  kArticleShare,
  kContentShare,
  kBoilerplateShare,
  kNearBoilerplate,
  kNearContent,
  kInsideNav,
  kInsideAside,
  kInsideFooter,
  kInsideHeader,
  kInsideForm,
  kInsideArticle,
  kInsideMain,
  kInsideList,
  kInsideTable,
  kInsideFigure,
  kInsideQuote,
  kInsideParagraph,
  // where it stands in the page
  kTextBefore,
  kProseBefore,
  kAfterHeading,
  kPageHasHeading,
  kLevelsToHub,
  kInsideHub,
  kAfterHub,
  kPageLogProse,
  kPageLinkShare,
  // how the page is laid out
  kIsTitle,         // its text is the page's title as the head says
  kByPicture,       // beside a picture, with little text around
  kAlikeShare,      // share of the page's prose in blocks with the same names and roles
  kLevelsBelowHub,  // elements between the hub and the block; 0 outside the hub
  kUnderNotice,     // the heading above begins with a phrase of boilerplate
  kWeightUnlike,    // log weight * (1 - alike share): length alone does not make main text
  // roles around it, in the order of Role
  kFirstRole,
  // phrases of boilerplate in it, in the order of Phrase; only in short blocks
  kFirstPhrase = kFirstRole + kRoleCount,
  kFeatureCount = kFirstPhrase + kPhraseCount
};

using FeatureVector = std::array<float, kFeatureCount>;

/// Computes the features of a page's blocks one at a time, because a page can have a million. Time
/// is linear in nodes and blocks. The arguments must outlive it. One caller at a time.
class PageFeatures {
 public:
  PageFeatures(const Tree& tree, const std::vector<Block>& blocks);

  /// Returns the features of the next block, beginning with the first. REQUIRES: a block is left.
  FeatureVector next();

 private:
  // The position of a block: how much text comes before it, and how far away prose is.
  struct Position {
    float text_before;
    float prose_before;
    float since_prose;
    float to_prose;
  };

  void note_positions();
  void describe_block(std::size_t block, FeatureVector& f) const;
  void describe_neighbours(std::size_t block, FeatureVector& f) const;
  void describe_elements(std::size_t block, FeatureVector& f) const;
  void describe_place(std::size_t block, FeatureVector& f) const;
  void describe_layout(std::size_t block, FeatureVector& f);

  const Tree& tree_;
  const std::vector<Block>& blocks_;
  PageMeasures page_;
  PageLayout layout_;
  SurroundingsWalk walk_;
  std::size_t next_ = 0;           // block
  PhraseSet heading_phrases_ = 0;  // phrases of the last heading
  std::uint32_t heading_end_ = 0;  // end of the element around that heading
  std::vector<Position> positions_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint64_t> sorted_hashes_;
};

/// Returns the features of all blocks.
std::vector<FeatureVector> features_of(const Tree& tree, const std::vector<Block>& blocks);

/// Returns the feature's name in the table of weights, e.g. "log_weight".
std::string_view feature_name(std::size_t feature);

}  // namespace aludel::text::html
