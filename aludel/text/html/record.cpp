#include "aludel/text/html/record.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <unordered_set>

namespace aludel::text::html {
namespace {

constexpr std::size_t kFewestRecords = 3;
constexpr std::size_t kMostBlocks = 100'000;  // no thread is longer
/// Roles of records that are not text of the page, even if some of them look like it.
constexpr RoleSet kOtherRecords = kRoleComment | kRoleRelated | kRoleTeaser | kRoleSidebar |
                                  kRoleFooter | kRoleMenu | kRoleAd | kRoleShare | kRoleGallery;

constexpr std::size_t kNoEntry = ~std::size_t{0};

/// The blocks of one slot in one record.
struct Entry {
  std::size_t slot = 0;
  std::uint32_t record = 0;
  bool chosen = false;
};

struct Slot {
  std::uint64_t path = 0;       // hash of names and roles from the root to a record
  std::uint32_t container = 0;  // element that holds all records
  std::size_t last_entry = kNoEntry;
  std::size_t records = 0;
  std::size_t chosen = 0;           // number of records in which the slot is chosen
  std::uint64_t chosen_weight = 0;  // weight of its chosen text

  bool is_stray() const { return records >= kFewestRecords && chosen * 3 <= records; }
};

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 29);
}

class RecordSettler {
 public:
  RecordSettler(const Tree& tree, const std::vector<Block>& blocks, std::vector<bool>& chosen)
      : tree_(tree), blocks_(blocks), chosen_(chosen) {}

  void settle() {
    find_paths();
    find_slots();
    find_entries();
    for (const Slot& slot : slots_) {
      if (!slot.is_stray()) continue;
      std::size_t& most = strays_[kind_of(slot)];
      most = std::max(most, slot.records);
    }
    for (const Slot& slot : slots_) {
      if (is_text(slot)) texts_.insert(kind_of(slot));
    }
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (entry_of_[i] == kNoEntry) continue;
      const Entry& entry = entries_[entry_of_[i]];
      const Slot& slot = slots_[entry.slot];
      if (is_text(slot)) {
        const bool other = (roles_[blocks_[i].parent] & kOtherRecords) != 0;
        if (!entry.chosen && !other) chosen_[i] = true;
      } else if (chosen_[i] && slot.is_stray() && texts_.contains(kind_of(slot))) {
        chosen_[i] = false;
      }
    }
  }

 private:
  static std::uint64_t kind_of(const Slot& slot) { return mix(slot.path, slot.container); }

  // True if the slot is the text of the page's records: it has most of the chosen text, and a slot
  // beside it is text in hardly any record, so the records are not sections of one article.
  bool is_text(const Slot& slot) const {
    const auto stray = strays_.find(kind_of(slot));
    return slot.records >= kFewestRecords && slot.chosen >= 2 && slot.chosen * 2 >= slot.records &&
           slot.chosen_weight * 2 >= chosen_weight_ && stray != strays_.end() &&
           stray->second * 2 >= slot.records;
  }

  void find_paths() {
    paths_.resize(tree_.nodes.size());
    roles_.resize(tree_.nodes.size());
    for (std::size_t node = 1; node < tree_.nodes.size(); ++node) {
      const Node& element = tree_.nodes[node];
      if (element.tag == Tag::text) continue;
      const std::uint64_t name = static_cast<std::uint64_t>(element.tag) << 32U | element.roles;
      paths_[node] = mix(paths_[element.parent], name);
      const bool whole = element.tag == Tag::body || element.tag == Tag::html;
      roles_[node] = roles_[element.parent] | (whole ? 0U : element.roles);
    }
  }

  // Finds the slot of each block, and the element that holds all blocks of a slot.
  void find_slots() {
    std::unordered_map<std::uint64_t, std::size_t> by_path;
    slot_of_.reserve(blocks_.size());
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const std::uint32_t parent = blocks_[i].parent;
      const std::size_t index = by_path.try_emplace(paths_[parent], slots_.size()).first->second;
      if (index == slots_.size()) {
        slots_.emplace_back();
        slots_.back().container = parent;
      }
      Slot& slot = slots_[index];
      slot_of_.push_back(index);
      while (tree_.nodes[slot.container].end <= parent) {
        slot.container = tree_.nodes[slot.container].parent;
      }
    }
  }

  void find_entries() {
    entry_of_.assign(blocks_.size(), kNoEntry);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      Slot& slot = slots_[slot_of_[i]];
      if (chosen_[i]) chosen_weight_ += blocks_[i].amount.weight;
      const std::uint32_t record = record_of(blocks_[i].parent, slot.container);
      // A block right below the container is a paragraph, not a record.
      if (record == blocks_[i].parent) continue;
      if (slot.last_entry == kNoEntry || entries_[slot.last_entry].record != record) {
        slot.last_entry = entries_.size();
        slot.path = paths_[record];
        entries_.push_back({slot_of_[i], record, false});
        ++slot.records;
      }
      Entry& entry = entries_[slot.last_entry];
      entry_of_[i] = slot.last_entry;
      if (!chosen_[i]) continue;
      slot.chosen_weight += blocks_[i].amount.weight;
      slot.chosen += entry.chosen ? 0U : 1U;
      entry.chosen = true;
    }
  }

  std::uint32_t record_of(std::uint32_t element, std::uint32_t container) const {
    while (element != container && tree_.nodes[element].parent != container) {
      element = tree_.nodes[element].parent;
    }
    return element;
  }

  const Tree& tree_;
  const std::vector<Block>& blocks_;
  std::vector<bool>& chosen_;
  std::vector<std::uint64_t> paths_;  // by node: hash of names and roles from the root down
  std::vector<RoleSet> roles_;        // by node: all roles from the root down
  std::vector<Slot> slots_;
  std::vector<std::size_t> slot_of_;  // by block
  std::uint64_t chosen_weight_ = 0;   // weight of the page's chosen text
  std::vector<Entry> entries_;
  std::vector<std::size_t> entry_of_;                      // by block; kNoEntry outside of records
  std::unordered_map<std::uint64_t, std::size_t> strays_;  // records of a kind's largest stray
  std::unordered_set<std::uint64_t> texts_;  // kinds of records that have a slot of text
};

}  // namespace

void settle_records(const Tree& tree, const std::vector<Block>& blocks, std::vector<bool>& chosen) {
  if (blocks.size() < kFewestRecords || blocks.size() > kMostBlocks) return;
  RecordSettler(tree, blocks, chosen).settle();
}

}  // namespace aludel::text::html
