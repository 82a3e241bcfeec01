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

/// What tells a block of main text from one of boilerplate, as numbers: about the block, its
/// neighbours, the elements around it and the page.
namespace aludel::text::html {

/// Logarithms are of base 2 and of one more than the value, flags are 0 or 1.
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
  kEmphasisShare,  // of its characters, inside <b>, <strong>, <i>, <em> or <u>
  kLinkedWords,    // link share over the logarithm of the weight: high for a short block of links
  // the blocks before and after; -1 where there is none
  kPreviousLogWeight,
  kPreviousLinkShare,
  kNextLogWeight,
  kNextLinkShare,
  kSecondPreviousLogWeight,
  kSecondNextLogWeight,
  kBlocksSinceProse,
  kBlocksToProse,
  // its element, the one around that and the next
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
  kIsTitle,         // of the page, as its head says
  kByPicture,       // beside a picture, with little text around
  kAlikeShare,      // of the page's prose in blocks of the same names and roles
  kLevelsBelowHub,  // elements between the hub and the block; 0 outside
  kUnderNotice,     // the heading above begins with a phrase of boilerplate
  kWeightUnlike,  // log weight times the share of prose that is not alike: length alone is no text
  // roles around it, in the order of Role
  kFirstRole,
  // phrases of boilerplate in it, in the order of Phrase; of short blocks only
  kFirstPhrase = kFirstRole + kRoleCount,
  kFeatureCount = kFirstPhrase + kPhraseCount
};

using FeatureVector = std::array<float, kFeatureCount>;

/// The features of a page's blocks, made one after the other because a page can have a million.
/// Time is linear in nodes and blocks. What it is given must outlive it. For one thread.
class PageFeatures {
 public:
  PageFeatures(const Tree& tree, const std::vector<Block>& blocks);

  /// Of the next block, from the first on; not after the last.
  FeatureVector next();

 private:
  // Where a block stands: what comes before it, and how far away prose is.
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
  PhraseSet heading_phrases_ = 0;  // of the last heading
  std::uint32_t heading_end_ = 0;  // where the element around that heading's element ends
  std::vector<Position> positions_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint64_t> sorted_hashes_;
};

/// All of them.
std::vector<FeatureVector> features_of(const Tree& tree, const std::vector<Block>& blocks);

/// Its name in the table of weights, e.g. "log_weight".
std::string_view feature_name(std::size_t feature);

}  // namespace aludel::text::html
