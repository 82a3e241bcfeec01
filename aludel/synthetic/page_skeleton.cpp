#include "aludel/synthetic/page_skeleton.h"

#include <algorithm>
#include <array>

#include "aludel/text/html/lexer.h"
#include "aludel/text/html/tag.h"

namespace aludel::synthetic {
namespace {

using text::html::Tag;
using text::html::TokenKind;

constexpr std::size_t kMinPageTextBytes = 40;
constexpr std::array kSiteTags = {Tag::nav,    Tag::header, Tag::footer, Tag::aside,    Tag::form,
                                  Tag::button, Tag::select, Tag::svg,    Tag::template_};
constexpr std::string_view kSpace = " \t\r\n\f";

class SlotFinder {
 public:
  explicit SlotFinder(std::string_view html) : html_(html), lexer_(html) {}

  std::vector<TextSlot> find() {
    text::html::Token token;
    while (true) {
      lexer_.next(token);
      if (token.kind == TokenKind::end) break;
      if (token.kind == TokenKind::text) {
        add(token.text);
      } else {
        pass(token);
      }
    }
    end_block();
    return std::move(slots_);
  }

 private:
  void pass(const text::html::Token& token) {
    const Tag tag = text::html::tag_of(token.text);
    if (!text::html::has_trait(tag, text::html::kInline)) end_block();
    const bool is_open = token.kind == TokenKind::open;
    if (std::ranges::find(kSiteTags, tag) != kSiteTags.end()) {
      depth_ = is_open ? depth_ + 1 : std::max(depth_ - 1, 0);
    }
    if (!is_open || !text::html::has_trait(tag, text::html::kRawText)) return;
    const std::string_view content = lexer_.take_raw_text(token.text);
    if (tag == Tag::title) {
      add(content);
      end_block();
    }
  }

  void add(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return;
    text = text.substr(first, text.find_last_not_of(kSpace) + 1 - first);
    TextSlot slot;
    slot.begin = static_cast<std::uint32_t>(text.data() - html_.data());
    slot.size_bytes = static_cast<std::uint32_t>(text.size());
    slot.owner = depth_ > 0 || text.size() < kMinPageTextBytes ? SlotOwner::site : SlotOwner::page;
    slots_.push_back(slot);
  }

  void end_block() {
    if (!slots_.empty()) slots_.back().ends_block = true;
  }

  std::string_view html_;
  text::html::Lexer lexer_;
  int depth_ = 0;  // in elements of kSiteTags
  std::vector<TextSlot> slots_;
};

}  // namespace

PageSkeleton find_slots(std::string html) {
  PageSkeleton skeleton;
  skeleton.html = std::move(html);
  skeleton.slots = SlotFinder(skeleton.html).find();
  return skeleton;
}

}  // namespace aludel::synthetic
