#include "aludel/text/tokenizer/bpe_encoder.h"

#include <algorithm>
#include <functional>
#include <queue>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

constexpr std::size_t kChunksAhead = 16;
constexpr std::size_t kShortChunk = 48;  // characters up to which looking at all pairs is fastest

}  // namespace

/// One node of a chunk that is being merged.
struct BpeEncoder::Symbol {
  std::int32_t id = -1;  // -1: a character that no piece has
  std::uint32_t begin = 0;
  std::uint32_t rank = kNoMerge;  // of the merge with the next symbol
  std::int32_t result = -1;       // what that merge makes
};

void BpeEncoder::encode(std::string_view text, std::vector<std::int32_t>& ids,
                        EncodeMemo* memo) const {
  ALUDEL_CHECK(text.size() < kNoMerge, "a text of 4 GiB or more");
  // Without byte pieces, an unknown piece merges with one before it: a chunk is not on its own.
  if (memo != nullptr && byte_fallback_) {
    encode_with(*memo, text, ids);
    return;
  }
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t characters = 0;
    const std::size_t end = find_chunk(text, begin, characters);
    encode_chunk(text.substr(begin, end - begin), characters, ids);
    begin = end;
  }
}

// Some chunks ahead, so that their places in the memo are on the way when they are asked for.
void BpeEncoder::encode_with(EncodeMemo& memo, std::string_view text,
                             std::vector<std::int32_t>& ids) const {
  struct Chunk {
    std::size_t begin;
    std::size_t size;
    std::size_t characters;
    EncodeMemo::Key key;
  };

  std::array<Chunk, kChunksAhead> chunks;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t count = 0;
    for (; count < kChunksAhead && begin < text.size(); ++count) {
      Chunk& chunk = chunks[count];
      chunk.begin = begin;
      begin = find_chunk(text, begin, chunk.characters);
      chunk.size = begin - chunk.begin;
      if (chunk.size > EncodeMemo::kMostBytes) continue;
      chunk.key = EncodeMemo::key_of(text, chunk.begin, chunk.size);
      memo.prefetch(chunk.key);
    }
    for (const Chunk& chunk : std::span(chunks).first(count)) {
      const bool has_key = chunk.size <= EncodeMemo::kMostBytes;
      const std::span<const std::int32_t> known =
          has_key ? memo.find(chunk.key) : std::span<const std::int32_t>();
      for (const std::int32_t id : known) {
        ids.push_back(id);
      }
      if (!known.empty()) continue;
      const std::size_t before = ids.size();
      encode_chunk(text.substr(chunk.begin, chunk.size), chunk.characters, ids);
      if (has_key) memo.keep(chunk.key, std::span(ids).subspan(before));
    }
  }
}

// OPTIMIZATION: two characters that stand beside each other in no piece can never be merged across,
// so a text falls into chunks that are encoded on their own. Nothing is assumed of the vocabulary.
std::size_t BpeEncoder::find_chunk(std::string_view text, std::size_t begin,
                                   std::size_t& characters) const {
  CodePoint last = decode_utf8(text, begin);
  std::size_t end = begin + last.size_bytes;
  for (characters = 1; end < text.size(); ++characters) {
    const auto byte = static_cast<std::uint8_t>(text[end]);
    const CodePoint next = byte < 0x80 ? CodePoint{byte, 1} : decode_utf8(text, end);
    if (!may_neighbour(last.value, next.value)) break;
    end += next.size_bytes;
    last = next;
  }
  return end;
}

bool BpeEncoder::may_neighbour(char32_t left, char32_t right) const {
  if (left < 128 && right < 128) {
    return ((ascii_neighbours_[left * 2 + (right >> 6)] >> (right & 63)) & 1) != 0;
  }
  const std::size_t bit = neighbour_bit(left, right);
  return ((neighbours_[bit / 64] >> (bit % 64)) & 1) != 0;
}

void BpeEncoder::encode_chunk(std::string_view chunk, std::size_t characters,
                              std::vector<std::int32_t>& ids) const {
  const std::int32_t whole = whole_.find(chunk);
  if (whole >= 0) {
    ids.push_back(whole);
  } else if (characters <= kShortChunk) {
    std::array<Symbol, kShortChunk> symbols;
    const std::span<Symbol> used(symbols.data(), characters);
    split_characters(chunk, used);
    emit(chunk, used.first(merge_short(used)), ids);
  } else {
    std::vector<Symbol> symbols(characters);
    split_characters(chunk, symbols);
    emit(chunk, std::span(symbols).first(merge_long(symbols)), ids);
  }
}

void BpeEncoder::split_characters(std::string_view chunk, std::span<Symbol> symbols) const {
  std::size_t at = 0;
  char32_t last = 0;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(chunk[at]);
    const CodePoint next = byte < 0x80 ? CodePoint{byte, 1} : decode_utf8(chunk, at);
    const bool invalid = next.value == kReplacementCharacter && next.size_bytes == 1;
    symbols[i].id = invalid ? -1 : symbol_of(next.value);
    symbols[i].begin = static_cast<std::uint32_t>(at);
    at += next.size_bytes;
    if (i > 0 && last < 128 && next.value < 128) {
      const AsciiPair& pair = ascii_pairs_[last * 128 + next.value];
      symbols[i - 1].rank = pair.rank;
      symbols[i - 1].result = pair.result;
    } else if (i > 0) {
      set_rank(symbols[i - 1], symbols[i]);
    }
    last = next.value;
  }
}

void BpeEncoder::set_rank(Symbol& left, const Symbol& right) const {
  const PairEntry* pair = find_pair(left.id, right.id);
  left.rank = pair == nullptr ? kNoMerge : pair->rank;
  left.result = pair == nullptr ? -1 : pair->result;
}

/// Merges in place and returns how many symbols are left.
std::size_t BpeEncoder::merge_short(std::span<Symbol> symbols) const {
  std::size_t count = symbols.size();
  while (count > 1) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < count; ++i) {
      if (symbols[i].rank < symbols[best].rank) best = i;
    }
    if (symbols[best].rank == kNoMerge) break;
    symbols[best].id = symbols[best].result;
    std::copy(symbols.data() + best + 2, symbols.data() + count, symbols.data() + best + 1);
    --count;
    symbols[best].rank = kNoMerge;
    if (best + 1 < count) set_rank(symbols[best], symbols[best + 1]);
    if (best > 0) set_rank(symbols[best - 1], symbols[best]);
  }
  return count;
}

/// The same with a heap over a linked list, for chunks where looking at all pairs would be slow.
std::size_t BpeEncoder::merge_long(std::span<Symbol> symbols) const {
  struct Candidate {
    std::uint32_t rank;
    std::uint32_t at;
    std::int32_t result;

    bool operator>(const Candidate& other) const {
      return rank != other.rank ? rank > other.rank : at > other.at;
    }
  };

  const auto count = static_cast<std::uint32_t>(symbols.size());
  std::vector<std::uint32_t> next(count);
  std::vector<std::uint32_t> previous(count);
  std::vector<bool> gone(count, false);
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
  for (std::uint32_t i = 0; i < count; ++i) {
    next[i] = i + 1;
    previous[i] = i - 1;  // of the first: never read
    if (symbols[i].rank != kNoMerge) candidates.push({symbols[i].rank, i, symbols[i].result});
  }
  const auto renew = [&](std::uint32_t at) {
    symbols[at].rank = kNoMerge;
    if (next[at] == count) return;
    set_rank(symbols[at], symbols[next[at]]);
    if (symbols[at].rank != kNoMerge) candidates.push({symbols[at].rank, at, symbols[at].result});
  };
  while (!candidates.empty()) {
    const Candidate best = candidates.top();
    candidates.pop();
    Symbol& left = symbols[best.at];
    if (gone[best.at] || left.rank != best.rank || left.result != best.result) continue;
    const std::uint32_t right = next[best.at];
    gone[right] = true;
    next[best.at] = next[right];
    if (next[right] != count) previous[next[right]] = best.at;
    left.id = best.result;
    renew(best.at);
    if (best.at != 0) renew(previous[best.at]);
  }
  std::size_t kept = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!gone[i]) symbols[kept++] = symbols[i];
  }
  return kept;
}

void BpeEncoder::emit(std::string_view chunk, std::span<const Symbol> symbols,
                      std::vector<std::int32_t>& ids) const {
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].id >= 0 && symbols[i].id < piece_count_) {
      ids.push_back(symbols[i].id);
      continue;
    }
    const std::size_t end = i + 1 < symbols.size() ? symbols[i + 1].begin : chunk.size();
    emit_unknown(chunk.substr(symbols[i].begin, end - symbols[i].begin), ids);
  }
}

void BpeEncoder::emit_unknown(std::string_view bytes, std::vector<std::int32_t>& ids) const {
  if (!byte_fallback_) {  // neighbours without a piece are one unknown piece
    if (ids.empty() || ids.back() != unknown_id_) ids.push_back(unknown_id_);
    return;
  }
  for (const char byte : bytes) {
    ids.push_back(byte_ids_[static_cast<std::uint8_t>(byte)]);
  }
}

std::int32_t BpeEncoder::symbol_of(char32_t character) const {
  const auto& block = characters_[character / kBlockSize];
  return block == nullptr ? -1 : (*block)[character % kBlockSize];
}

std::uint64_t BpeEncoder::pair_key(std::int32_t left, std::int32_t right) {
  return (std::uint64_t{static_cast<std::uint32_t>(left)} << 32) |
         static_cast<std::uint32_t>(right);
}

/// Where the key is, or the empty place where it belongs.
std::size_t BpeEncoder::place_of_pair(std::uint64_t key) const {
  const std::size_t mask = pairs_.size() - 1;
  std::size_t place = mix64(key) & mask;
  while (pairs_[place].key != key && pairs_[place].key != kNoKey) {
    place = (place + 1) & mask;
  }
  return place;
}

const BpeEncoder::PairEntry* BpeEncoder::find_pair(std::int32_t left, std::int32_t right) const {
  if (left < 0 || right < 0) return nullptr;
  const PairEntry& entry = pairs_[place_of_pair(pair_key(left, right))];
  return entry.key == kNoKey ? nullptr : &entry;
}

std::size_t BpeEncoder::neighbour_bit(char32_t left, char32_t right) {
  return mix64((std::uint64_t{left} << 32) | right) % kNeighbourBits;
}

}  // namespace aludel::text
