#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aludel::synthetic {

/// Whose a text is: menus and footers are one for all pages of a site.
enum class SlotOwner : std::uint8_t { site, page };

/// Text that a page shows: from `begin` on in the page's markup.
struct TextSlot {
  std::uint32_t begin = 0;
  std::uint32_t size_bytes = 0;
  SlotOwner owner = SlotOwner::page;
  bool ends_block = false;  // a line ends behind it
};

/// A page's markup, scripts and styles, and the places of its text.
struct PageSkeleton {
  std::string html;  // UTF-8, with the text in it
  std::vector<TextSlot> slots;
};

/// Finds the text of a page given as UTF-8. Text in navigation, headers, footers, asides, forms and
/// hidden elements, and runs of less than 40 bytes, count as the site's.
PageSkeleton find_slots(std::string html);

}  // namespace aludel::synthetic
