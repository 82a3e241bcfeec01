// The tables that BpeEncoder looks up, made once from a model.
#include <algorithm>
#include <functional>
#include <map>

#include "aludel/base/utf8.h"
#include "aludel/text/tokenizer/bpe_encoder.h"

namespace aludel::text {
namespace {

/// The text of every piece that merging can make, with spaces as spaces; "" for the others.
std::vector<std::string> mergeable_texts(const TokenizerModel& model) {
  std::vector<std::string> texts(model.pieces.size());
  for (std::size_t id = 0; id < texts.size(); ++id) {
    const Piece& piece = model.pieces[id];
    const bool reachable = piece.text.find(' ') == std::string::npos && is_valid_utf8(piece.text);
    if (piece.kind == PieceKind::normal && reachable) texts[id] = marks_to_spaces(piece.text);
  }
  return texts;
}

/// Highest score first; equal scores have an equal rank.
std::vector<std::uint32_t> ranks_of_scores(const TokenizerModel& model) {
  std::map<float, std::uint32_t, std::greater<>> rank_of;
  for (const Piece& piece : model.pieces) {
    rank_of[piece.score] = 0;
  }
  std::uint32_t rank = 0;
  for (auto& entry : rank_of) {
    entry.second = rank++;
  }
  std::vector<std::uint32_t> ranks;
  ranks.reserve(model.pieces.size());
  for (const Piece& piece : model.pieces) {
    ranks.push_back(rank_of[piece.score]);
  }
  return ranks;
}

/// Calls visit(character, end of the character in bytes) for each character.
template <class Visit>
void for_each_character(std::string_view text, const Visit& visit) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = decode_utf8(text, at);
    at += next.size_bytes;
    visit(next.value, at);
  }
}

}  // namespace

BpeEncoder::BpeEncoder(const TokenizerModel& model)
    : piece_count_(static_cast<std::int32_t>(model.pieces.size())),
      symbol_count_(piece_count_),
      characters_(kBlocks),
      pairs_(64),
      neighbours_(kNeighbourBits / 64),
      unknown_id_(model.unknown_id),
      byte_fallback_(model.byte_fallback) {
  const std::vector<std::string> texts = mergeable_texts(model);
  for (std::size_t id = 0; id < texts.size(); ++id) {
    if (!texts[id].empty()) pieces_.add(texts[id], static_cast<std::int32_t>(id));
    if (model.pieces[id].kind != PieceKind::byte) continue;
    const int byte = byte_of_piece(model.pieces[id].text);
    byte_ids_[static_cast<std::size_t>(byte)] = static_cast<std::int32_t>(id);
  }
  index_characters(texts);
  if (model.merges.empty()) {
    add_merges_by_score(model, texts);
  } else {
    add_listed_merges(model);
  }
  index_neighbours(texts);
  index_ascii_pairs();
  index_whole_pieces(texts);
}

// A character that only occurs inside longer pieces is a symbol too: SentencePiece compares texts,
// so "a" and "b" merge to a piece "ab" even where "b" is no piece.
void BpeEncoder::index_characters(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    for_each_character(text, [this](char32_t character, std::size_t) {
      auto& block = characters_[character / kBlockSize];
      if (block == nullptr) {
        block = std::make_unique<std::array<std::int32_t, kBlockSize>>();
        block->fill(-1);
      }
      std::int32_t& symbol = (*block)[character % kBlockSize];
      if (symbol >= 0) return;
      std::string own_text;
      append_utf8(own_text, character);
      symbol = pieces_.find(own_text);
      if (symbol < 0) symbol = symbol_count_++;
    });
  }
}

void BpeEncoder::add_merges_by_score(const TokenizerModel& model,
                                     const std::vector<std::string>& texts) {
  const std::vector<std::uint32_t> ranks = ranks_of_scores(model);
  const auto symbol_of_text = [this](std::string_view text) {
    const CodePoint first = decode_utf8(text, 0);
    return first.size_bytes == text.size() ? symbol_of(first.value) : pieces_.find(text);
  };
  for (std::size_t id = 0; id < texts.size(); ++id) {
    const std::string_view text = texts[id];
    for_each_character(text, [&](char32_t, std::size_t split) {
      if (split == text.size()) return;
      const std::int32_t left = symbol_of_text(text.substr(0, split));
      const std::int32_t right = left < 0 ? -1 : symbol_of_text(text.substr(split));
      if (right >= 0) add_merge(left, right, ranks[id], static_cast<std::int32_t>(id));
    });
  }
}

void BpeEncoder::add_listed_merges(const TokenizerModel& model) {
  std::uint32_t rank = 0;
  for (const Merge& merge : model.merges) {
    add_merge(merge.left, merge.right, rank++, merge.result);
  }
}

void BpeEncoder::add_merge(std::int32_t left, std::int32_t right, std::uint32_t rank,
                           std::int32_t result) {
  if (pairs_.size() < 2 * (pair_count_ + 1)) {
    std::vector<PairEntry> old(pairs_.size() * 2);
    old.swap(pairs_);
    for (const PairEntry& entry : old) {
      if (entry.key != kNoKey) pairs_[place_of_pair(entry.key)] = entry;
    }
  }
  PairEntry& entry = pairs_[place_of_pair(pair_key(left, right))];
  if (entry.key == kNoKey) ++pair_count_;
  entry = {pair_key(left, right), rank, result};
}

void BpeEncoder::index_neighbours(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    char32_t left = 0;
    for_each_character(text, [&](char32_t right, std::size_t end) {
      const bool is_first = decode_utf8(text, 0).size_bytes == end;
      if (!is_first && left < 128 && right < 128) {
        ascii_neighbours_[left * 2 + (right >> 6)] |= std::uint64_t{1} << (right & 63);
      } else if (!is_first) {
        const std::size_t bit = neighbour_bit(left, right);
        neighbours_[bit / 64] |= std::uint64_t{1} << (bit % 64);
      }
      left = right;
    });
  }
}

void BpeEncoder::index_ascii_pairs() {
  ascii_pairs_.resize(std::size_t{128} * 128);
  for (char32_t left = 0; left < 128; ++left) {
    for (char32_t right = 0; right < 128; ++right) {
      const PairEntry* pair = find_pair(symbol_of(left), symbol_of(right));
      if (pair != nullptr) ascii_pairs_[left * 128 + right] = {pair->rank, pair->result};
    }
  }
}

// OPTIMIZATION: most chunks are one piece. Which pieces their own text encodes to is found here, by
// encoding them, so that encode() needs one look-up for such a chunk.
void BpeEncoder::index_whole_pieces(const std::vector<std::string>& texts) {
  PieceIndex whole;
  std::vector<std::int32_t> ids;
  for (std::size_t id = 0; id < texts.size(); ++id) {
    if (texts[id].empty()) continue;
    ids.clear();
    encode(texts[id], ids);
    if (ids.size() == 1) whole.add(texts[id], ids[0]);
  }
  whole_ = std::move(whole);
}

}  // namespace aludel::text
