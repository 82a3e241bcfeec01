#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/text/tokenizer/encode_memo.h"
#include "aludel/text/tokenizer/piece_index.h"
#include "aludel/text/tokenizer/tokenizer_model.h"

namespace aludel::text {

/// Merges the characters of a text into pieces: while any two neighbours may merge, the pair of the
/// best rank does, the leftmost one among equals. Source: SentencePiece, bpe_model.cc.
/// Concurrent calls: yes.
class BpeEncoder {
 public:
  /// REQUIRES: validate_model(model).
  explicit BpeEncoder(const TokenizerModel& model);

  /// Appends the ids of the text, in which a space is a space and no special is looked for. A
  /// character without a piece becomes its bytes' pieces, as does a byte that is not UTF-8.
  /// OPTIMIZATION: with a memo of the caller's, what occurred before is not merged again.
  void encode(std::string_view text, std::vector<std::int32_t>& ids,
              EncodeMemo* memo = nullptr) const;

 private:
  struct Symbol;

  struct PairEntry {
    std::uint64_t key = kNoKey;  // left symbol << 32 | right symbol
    std::uint32_t rank = 0;
    std::int32_t result = 0;
  };

  static constexpr std::uint32_t kNoMerge = ~std::uint32_t{0};

  /// What two neighbours in ASCII merge to.
  struct AsciiPair {
    std::uint32_t rank = kNoMerge;
    std::int32_t result = -1;
  };

  static constexpr std::uint64_t kNoKey = ~std::uint64_t{0};
  static constexpr std::size_t kNeighbourBits = std::size_t{1} << 21;
  static constexpr std::size_t kBlockSize = 256;
  static constexpr std::size_t kBlocks = 0x110000 / kBlockSize;

  static std::size_t neighbour_bit(char32_t left, char32_t right);
  static std::uint64_t pair_key(std::int32_t left, std::int32_t right);

  void index_characters(const std::vector<std::string>& texts);
  void add_merges_by_score(const TokenizerModel& model, const std::vector<std::string>& texts);
  void add_listed_merges(const TokenizerModel& model);
  void add_merge(std::int32_t left, std::int32_t right, std::uint32_t rank, std::int32_t result);
  void index_neighbours(const std::vector<std::string>& texts);
  void index_ascii_pairs();
  void index_whole_pieces(const std::vector<std::string>& texts);

  std::int32_t symbol_of(char32_t character) const;
  std::int32_t symbol_of(std::string_view piece) const;
  std::size_t place_of_pair(std::uint64_t key) const;
  bool may_neighbour(char32_t left, char32_t right) const;
  const PairEntry* find_pair(std::int32_t left, std::int32_t right) const;
  void set_rank(Symbol& left, const Symbol& right) const;

  std::size_t find_chunk(std::string_view text, std::size_t begin, std::size_t& characters) const;
  void encode_with(EncodeMemo& memo, std::string_view text, std::vector<std::int32_t>& ids) const;
  void encode_chunk(std::string_view chunk, std::size_t characters,
                    std::vector<std::int32_t>& ids) const;
  void split_characters(std::string_view chunk, std::span<Symbol> symbols) const;
  std::size_t merge_short(std::span<Symbol> symbols) const;
  std::size_t merge_long(std::span<Symbol> symbols) const;
  void emit(std::string_view chunk, std::span<const Symbol> symbols,
            std::vector<std::int32_t>& ids) const;
  void emit_unknown(std::string_view bytes, std::vector<std::int32_t>& ids) const;

  PieceIndex pieces_;  // every piece that merging can make
  PieceIndex whole_;   // those that their own text encodes to
  std::int32_t piece_count_;
  std::int32_t symbol_count_;  // pieces, then characters that only occur inside pieces
  std::vector<std::unique_ptr<std::array<std::int32_t, kBlockSize>>> characters_;
  std::vector<PairEntry> pairs_;  // open addressing, a power of two
  std::size_t pair_count_ = 0;
  std::vector<AsciiPair> ascii_pairs_;  // left * 128 + right; they are most of what is asked for
  std::array<std::uint64_t, std::size_t{2}* 128> ascii_neighbours_ = {};
  std::vector<std::uint64_t> neighbours_;  // a bit per hash of two characters
  std::array<std::int32_t, 256> byte_ids_ = {};
  std::int32_t unknown_id_;
  bool byte_fallback_;
};

}  // namespace aludel::text
