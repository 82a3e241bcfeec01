#include "aludel/text/html/layout.h"

#include <algorithm>

#include "aludel/base/huge_pages.h"
#include "aludel/text/html/surroundings.h"

namespace aludel::text::html {
namespace {

constexpr std::size_t kPathSlots = 4096;  // a page has far fewer paths with prose
constexpr std::uint32_t kPictureWeight = 400;
constexpr std::uint32_t kTitleWeight = 250;
constexpr std::size_t kFewestLetters = 6;
constexpr std::size_t kTitleBytes = 512;

std::uint32_t mix(std::uint32_t hash, std::uint32_t value) {
  hash = (hash ^ value) * 0x9E3779B1U;
  return hash ^ (hash >> 15U);
}

// Returns the character that stands for this byte in a title; '\0' if none does.
char title_letter(char c) {
  const bool capital = c >= 'A' && c <= 'Z';
  const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
  return capital ? static_cast<char>(c | 0x20) : plain ? c : '\0';
}

// True if the first letter of the text is that of the title, or the last one is.
// OPTIMIZATION: most blocks are not the title, and nearly all of these fail here.
bool shares_an_end(std::string_view text, std::string_view title) {
  if (title.empty()) return false;
  const auto is_letter = [](char c) { return title_letter(c) != '\0'; };
  const auto first = std::find_if(text.begin(), text.end(), is_letter);
  if (first == text.end()) return false;
  const auto last = std::find_if(text.rbegin(), text.rend(), is_letter);
  return title_letter(*first) == title.front() || title_letter(*last) == title.back();
}

bool same_title(std::string_view letters, std::string_view title) {
  // "Headline | Site" and "Site: Headline" also hold the headline.
  const bool part = title.starts_with(letters) || title.ends_with(letters);
  return letters.size() >= kFewestLetters && part && letters.size() * 3 >= title.size();
}

}  // namespace

std::string title_letters(std::string_view text) {
  std::string letters;
  letters.reserve(text.size());
  for (const char c : text) {
    const char letter = title_letter(c);
    if (letter != '\0') letters += letter;
  }
  return letters;
}

PageLayout::PageLayout(const Tree& tree, const std::vector<Block>& blocks)
    : tree_(tree),
      paths_(large_array<std::uint32_t>(tree.nodes.size())),
      pictures_before_(large_array<std::uint32_t>(tree.nodes.size() + 1)),
      prose_(kPathSlots, 0),
      title_(title_letters(tree.facts.title.substr(0, kTitleBytes))),
      og_title_(title_letters(tree.facts.og_title.substr(0, kTitleBytes))) {
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    const Node& current = tree.nodes[node];
    pictures_before_[node + 1] = pictures_before_[node] + (current.tag == Tag::img ? 1U : 0U);
    if (node == 0 || current.tag == Tag::text) continue;
    const std::uint32_t name = mix(current.roles, static_cast<std::uint32_t>(current.tag));
    paths_[node] = mix(paths_[current.parent], name);
  }
  for (const Block& block : blocks) {
    const std::uint32_t prose = PageMeasures::prose_of(block.amount);
    prose_[paths_[block.parent] % kPathSlots] += prose;
    whole_prose_ += prose;
  }
}

float PageLayout::alike_share(const Block& block) const {
  if (whole_prose_ == 0) return 0;
  return static_cast<float>(prose_[paths_[block.parent] % kPathSlots]) /
         static_cast<float>(whole_prose_);
}

bool PageLayout::has_picture(std::uint32_t element) const {
  return pictures_before_[tree_.nodes[element].end] > pictures_before_[element];
}

bool PageLayout::is_by_picture(const Block& block, std::uint32_t weight,
                               std::uint32_t weight_around) const {
  if (weight <= kPictureWeight && has_picture(block.parent)) return true;
  return weight_around <= kPictureWeight && has_picture(tree_.nodes[block.parent].parent);
}

// OPTIMIZATION: most blocks are shorter than a third of the title, or longer than it.
bool PageLayout::may_be_title(const Block& block) const {
  const std::size_t shorter = std::min(title_.size(), og_title_.size());
  const std::size_t longer = std::max(title_.size(), og_title_.size());
  const std::size_t bytes = 2 * std::size_t{block.amount.weight};  // most bytes of its letters
  return bytes * 3 >= (shorter == 0 ? longer : shorter) && block.amount.weight <= 2 * longer;
}

bool PageLayout::is_title(const Block& block) const {
  if (block.amount.weight > kTitleWeight || !may_be_title(block)) return false;
  const std::string_view text = tree_.text_between(block.begin, block.end);
  if (!shares_an_end(text, title_) && !shares_an_end(text, og_title_)) return false;
  const std::string letters = title_letters(text);
  return same_title(letters, title_) || same_title(letters, og_title_);
}

}  // namespace aludel::text::html
