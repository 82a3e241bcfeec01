#include "aludel/text/html/layout.h"

#include <algorithm>
#include <array>

#include "aludel/base/ascii.h"
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

constexpr std::array<char, 256> make_title_letters() {
  std::array<char, 256> letters{};
  for (std::size_t byte = 0; byte < letters.size(); ++byte) {
    const char c = lower_ascii(static_cast<char>(byte));
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || byte >= 0x80;
    letters[byte] = plain ? c : '\0';
  }
  return letters;
}

constexpr std::array<char, 256> kTitleLetters = make_title_letters();

// Returns the character that stands for this byte in a title; '\0' if none does.
char title_letter(char c) {
  return kTitleLetters[static_cast<unsigned char>(c)];
}

// Returns the number of letters in [begin, end) if the title, read from `title` on, begins with all
// of them; else 0.
template <class TextIterator, class TitleIterator>
std::size_t letters_of_title(TextIterator begin, TextIterator end, TitleIterator title,
                             TitleIterator title_end) {
  std::size_t letters = 0;
  for (; begin != end; ++begin) {
    const char letter = title_letter(*begin);
    if (letter == '\0') continue;
    if (title == title_end || *title != letter) return 0;
    ++title;
    ++letters;
  }
  return letters;
}

// True if the letters of the text are the title or a large part of it at either end.
bool is_part_of_title(std::string_view text, std::string_view title) {
  // "Headline | Site" and "Site: Headline" also hold the headline.
  const std::size_t letters =
      std::max(letters_of_title(text.begin(), text.end(), title.begin(), title.end()),
               letters_of_title(text.rbegin(), text.rend(), title.rbegin(), title.rend()));
  return letters >= kFewestLetters && letters * 3 >= title.size();
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
  return is_part_of_title(text, title_) || is_part_of_title(text, og_title_);
}

}  // namespace aludel::text::html
