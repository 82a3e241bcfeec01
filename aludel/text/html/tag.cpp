#include "aludel/text/html/tag.h"

#include <array>
#include <cstddef>

#include "aludel/base/ascii.h"

namespace aludel::text::html {
namespace {

struct TagRow {
  std::string_view name;
  std::uint8_t traits = 0;
};

// In the order of Tag.
constexpr TagRow kRows[] = {
    {"", 0},
    {"", kInline},
    {"unknown", kInline},
    {"a", kInline},
    {"abbr", kInline},
    {"address", 0},
    {"article", 0},
    {"aside", 0},
    {"audio", kInline | kHidden},
    {"b", kInline},
    {"base", kVoid},
    {"bdi", kInline},
    {"bdo", kInline},
    {"big", kInline},
    {"blockquote", 0},
    {"body", 0},
    {"br", kVoid},
    {"button", kInline | kHidden},
    {"canvas", kInline | kHidden},
    {"caption", kScope},
    {"center", 0},
    {"cite", kInline},
    {"code", kInline},
    {"col", kVoid},
    {"colgroup", 0},
    {"data", kInline},
    {"datalist", kInline | kHidden},
    {"dd", 0},
    {"del", kInline},
    {"details", 0},
    {"dfn", kInline},
    {"dialog", 0},
    {"dir", 0},
    {"div", 0},
    {"dl", 0},
    {"dt", 0},
    {"em", kInline},
    {"embed", kInline | kVoid},
    {"fieldset", 0},
    {"figcaption", 0},
    {"figure", 0},
    {"font", kInline},
    {"footer", 0},
    {"form", 0},
    {"frame", kVoid},
    {"frameset", 0},
    {"h1", kHeading},
    {"h2", kHeading},
    {"h3", kHeading},
    {"h4", kHeading},
    {"h5", kHeading},
    {"h6", kHeading},
    {"head", 0},
    {"header", 0},
    {"hgroup", 0},
    {"hr", kVoid},
    {"html", kScope},
    {"i", kInline},
    {"iframe", kInline | kHidden | kRawText},
    {"img", kInline | kVoid},
    {"input", kInline | kVoid},
    {"ins", kInline},
    {"kbd", kInline},
    {"label", kInline},
    {"legend", 0},
    {"li", 0},
    {"link", kVoid},
    {"listing", 0},
    {"main", 0},
    {"map", kInline | kHidden},
    {"mark", kInline},
    {"math", kInline},
    {"menu", 0},
    {"meta", kVoid},
    {"nav", 0},
    {"nobr", kInline},
    {"noembed", kHidden | kRawText},
    {"noframes", kHidden | kRawText},
    {"noscript", 0},
    {"object", kInline | kHidden | kScope},
    {"ol", 0},
    {"optgroup", kHidden},
    {"option", kHidden},
    {"p", 0},
    {"picture", kInline},
    {"plaintext", kRawText},
    {"pre", 0},
    {"q", kInline},
    {"rb", kInline},
    {"rp", kInline | kHidden},
    {"rt", kInline | kHidden},
    {"ruby", kInline},
    {"s", kInline},
    {"samp", kInline},
    {"script", kInline | kHidden | kRawText},
    {"section", 0},
    {"select", kInline | kHidden},
    {"small", kInline},
    {"source", kInline | kVoid},
    {"span", kInline},
    {"strike", kInline},
    {"strong", kInline},
    {"style", kInline | kHidden | kRawText},
    {"sub", kInline},
    {"summary", 0},
    {"sup", kInline},
    {"svg", kInline | kHidden | kScope},
    {"table", kScope},
    {"tbody", 0},
    {"td", kScope},
    {"template", kHidden | kScope},
    {"textarea", kInline | kHidden | kRawText},
    {"tfoot", 0},
    {"th", kScope},
    {"thead", 0},
    {"time", kInline},
    {"title", kHidden | kRawText},
    {"tr", 0},
    {"track", kInline | kVoid},
    {"tt", kInline},
    {"u", kInline},
    {"ul", 0},
    {"var", kInline},
    {"video", kInline | kHidden},
    {"wbr", kInline | kVoid},
    {"xmp", kRawText},
};
static_assert(std::size(kRows) == kTagCount);

constexpr std::array<std::uint8_t, kTagCount> make_traits() {
  std::array<std::uint8_t, kTagCount> traits{};
  for (std::size_t tag = 0; tag < kTagCount; ++tag) {
    traits[tag] = kRows[tag].traits;
  }
  return traits;
}

constexpr std::size_t kSlots = 512;

constexpr std::size_t slot_of(std::string_view name) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : name) {
    hash = (hash ^ static_cast<std::uint8_t>(lower_ascii(c))) * 16777619U;
  }
  return (hash ^ (hash >> 15)) % kSlots;
}

// Builds a hash table with open addressing: a tag is in the slot of its name's hash or a later one.
constexpr std::array<std::uint8_t, kSlots> make_slots() {
  std::array<std::uint8_t, kSlots> slots{};
  for (std::size_t tag = static_cast<std::size_t>(Tag::unknown) + 1; tag < kTagCount; ++tag) {
    std::size_t slot = slot_of(kRows[tag].name);
    while (slots[slot] != 0) {
      slot = (slot + 1) % kSlots;
    }
    slots[slot] = static_cast<std::uint8_t>(tag);
  }
  return slots;
}

constexpr std::array<std::uint8_t, kSlots> kSlotTable = make_slots();

constexpr bool equals_lowered(std::string_view name, std::string_view lower) {
  if (name.size() != lower.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (lower_ascii(name[i]) != lower[i]) return false;
  }
  return true;
}

}  // namespace

Tag tag_of(std::string_view name) {
  if (name.empty() || name.size() > 10) return Tag::unknown;
  for (std::size_t slot = slot_of(name); kSlotTable[slot] != 0; slot = (slot + 1) % kSlots) {
    if (equals_lowered(name, kRows[kSlotTable[slot]].name))
      return static_cast<Tag>(kSlotTable[slot]);
  }
  return Tag::unknown;
}

constinit const std::array<std::uint8_t, kTagCount> kTagTraits = make_traits();

std::string_view name_of(Tag tag) {
  return kRows[static_cast<std::size_t>(tag)].name;
}

}  // namespace aludel::text::html
