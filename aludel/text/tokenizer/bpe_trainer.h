#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/result.h"
#include "aludel/text/tokenizer/tokenizer_model.h"
#include "aludel/text/tokenizer/training_words.h"

namespace aludel::text {

/// Below these a vocabulary has no room for merges.
std::int64_t fewest_pieces();

struct BpeTrainerConfig {
  std::int64_t vocab_size = 8192;
  std::int64_t max_piece_characters = 16;
  std::int64_t min_count = 2;

  template <class V>
  void visit(V& v) {
    v("vocab_size", vocab_size, "pieces in all: specials, 256 bytes, characters and merges",
      at_least(static_cast<double>(fewest_pieces())));
    v("max_piece_characters", max_piece_characters, "longest piece", at_least(2));
    v("min_count", min_count, "a character or pair seen less often gets no piece", at_least(1));
  }
};

/// The specials of the Yi tokenizers, in the order of their ids: <unk>, <|startoftext|>,
/// <|endoftext|>, three reserved, <|im_start|>, <|im_end|>, <|im_sep|>.
const std::vector<std::string>& yi_specials();

/// Learns a byte-pair vocabulary: specials, 256 byte pieces, then merges in the order learnt, then
/// characters by falling count. The same counts give the same pieces, whatever their order. The
/// vocabulary is smaller than asked for when the text has too few pairs.
/// Errors: invalid_argument as check_config.
/// Source: Sennrich et al. 2016, arXiv:1508.07909; SentencePiece, bpe_model_trainer.cc.
/// DEVIATION: characters and merges compete for places by the tokens that each saves, instead of a
/// fixed character coverage, which would fill a small vocabulary with rare Han characters.
Result<TokenizerModel> train_bpe(const WordCounts& words, const BpeTrainerConfig& config);

}  // namespace aludel::text
