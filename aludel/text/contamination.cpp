#include "aludel/text/contamination.h"

#include <algorithm>
#include <array>
#include <bit>

#include "aludel/io/formats/jsonl.h"
#include "aludel/text/fold.h"
#include "aludel/text/words.h"

namespace aludel::text {
namespace {

/// Calls take(text) for every string in a value.
template <class Take>
void for_each_string(const Json& value, const Take& take) {
  if (value.is_string()) {
    take(value.as_string());
  } else if (value.is_array()) {
    for (const Json& item : value.as_array()) {
      for_each_string(item, take);
    }
  } else if (value.is_object()) {
    for (const Json::Member& member : value.as_object()) {
      for_each_string(member.second, take);
    }
  }
}

/// Two bits of one word of the filter.
std::uint64_t filter_bits(std::uint64_t hash) {
  return std::uint64_t{1} << (hash >> 58) | std::uint64_t{1} << (hash >> 52 & 63U);
}

/// The words of an item or a text, in the form in which both are compared.
std::vector<std::uint64_t> compared_words(std::string_view text) {
  return word_hashes(fold(text, FoldFor::words).text());
}

/// Of this version or an earlier one.
Result<bool> is_index_file(io::FileSystem& files, const std::string& path) {
  std::array<char, ContaminationIndex::kFileMagic.size()> head{};
  const auto reader = ALUDEL_TRY(files.open(path));
  const std::size_t count = ALUDEL_TRY(io::read_full(*reader, head));
  const std::string_view name =
      ContaminationIndex::kFileMagic.substr(0, ContaminationIndex::kFileMagic.size() - 1);
  return std::string_view(head.data(), count).starts_with(name);
}

}  // namespace

Result<ContaminationIndex> ContaminationIndex::build(io::FileSystem& files,
                                                     const std::vector<std::string>& paths) {
  ContaminationIndex index;
  for (const std::string& path : paths) {
    if (ALUDEL_TRY(is_index_file(files, path))) {
      const auto other = from_bytes(ALUDEL_TRY(io::read_file(files, path)));
      if (!other) return Error(other.error()).with_context(io::file_name_of(path));
      index.add_all(other.value());
      continue;
    }
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, path));
    const std::size_t set = index.sets_.size();
    index.sets_.emplace_back(io::file_name_of(path));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      for_each_string(row, [&](const std::string& text) { index.add(text, set); });
    }
  }
  index.freeze();
  return index;
}

void ContaminationIndex::add_all(const ContaminationIndex& other) {
  const auto first_set = static_cast<std::uint32_t>(sets_.size());
  sets_.insert(sets_.end(), other.sets_.begin(), other.sets_.end());
  for (const Entry& entry : other.entries_) {
    entries_.push_back({entry.hash, entry.length, first_set + entry.set});
  }
}

void ContaminationIndex::add(std::string_view item, std::size_t set) {
  const std::vector<std::uint64_t> words = compared_words(item);
  if (words.size() < kShortestItem) return;
  const WindowHashes windows(words);
  const auto add_runs = [&](std::size_t length) {
    for (std::size_t i = 0; i + length <= words.size(); ++i) {
      entries_.push_back({windows.window(i, length), static_cast<std::uint32_t>(length),
                          static_cast<std::uint32_t>(set)});
    }
  };
  add_runs(std::min(kShortRun, words.size()));
  add_runs(kLongRun);
}

void ContaminationIndex::freeze() {
  std::ranges::sort(entries_);
  const auto same = [](const Entry& a, const Entry& b) {
    return a.hash == b.hash && a.length == b.length;
  };
  entries_.erase(std::unique(entries_.begin(), entries_.end(), same), entries_.end());
  filter_.assign(std::bit_ceil(entries_.size() / 2 + 1), 0);  // 32 bits or more an entry
  lengths_.clear();
  for (const Entry& entry : entries_) {
    filter_[entry.hash & (filter_.size() - 1)] |= filter_bits(entry.hash);
    if (std::ranges::find(lengths_, entry.length) == lengths_.end()) {
      lengths_.push_back(entry.length);
    }
  }
  std::ranges::sort(lengths_);
}

const ContaminationIndex::Entry* ContaminationIndex::lookup(std::uint64_t hash,
                                                            std::size_t length) const {
  const std::uint64_t bits = filter_bits(hash);
  if ((filter_[hash & (filter_.size() - 1)] & bits) != bits) return nullptr;
  const Entry wanted{hash, static_cast<std::uint32_t>(length), 0};
  const auto place = std::ranges::lower_bound(entries_, wanted);
  if (place == entries_.end() || place->hash != hash || place->length != length) return nullptr;
  return &*place;
}

Contamination ContaminationIndex::find(std::string_view text) const {
  Contamination found;
  if (entries_.empty()) return found;
  const std::vector<std::uint64_t> words = compared_words(text);
  const WindowHashes windows(words);
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (const std::size_t length : lengths_) {
      if (i + length > words.size()) break;
      const Entry* entry = lookup(windows.window(i, length), length);
      if (entry == nullptr) continue;
      if (found.short_runs + found.long_runs == 0) found.set = entry->set;
      ++(length >= kLongRun ? found.long_runs : found.short_runs);
    }
  }
  return found;
}

}  // namespace aludel::text
