#include "aludel/text/tokenizer/bpe_trainer.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/utf8.h"
#include "aludel/text/tokenizer/merge_corpus.h"

namespace aludel::text {
namespace {

constexpr std::int32_t kBeginId = 1;
constexpr std::int32_t kEndId = 2;

/// Tokens that a character's piece saves: its bytes' pieces become one.
std::uint64_t tokens_saved(const MergeCorpus::Character& character) {
  std::string text;
  append_utf8(text, character.value);
  return character.count * (text.size() - 1);
}

std::vector<MergeCorpus::Character> by_tokens_saved(
    const std::vector<MergeCorpus::Character>& characters, std::uint64_t min_count) {
  std::vector<MergeCorpus::Character> wide;
  for (const MergeCorpus::Character& character : characters) {
    if (character.value >= 0x80 && character.count >= min_count) wide.push_back(character);
  }
  std::ranges::stable_sort(wide, std::ranges::greater(), tokens_saved);
  return wide;
}

struct LearntPieces {
  std::vector<std::string> merges;
  std::vector<MergeCorpus::Character> characters;

  std::size_t size() const { return merges.size() + characters.size(); }
};

/// Fills `room` places with what saves most tokens next. A merge never comes before one of its
/// characters: it cannot occur more often than they do.
LearntPieces learn(MergeCorpus& corpus, std::size_t room, std::uint64_t min_count) {
  LearntPieces learnt;
  for (const MergeCorpus::Character& character : corpus.characters()) {
    if (character.value < 0x80 && learnt.size() < room) learnt.characters.push_back(character);
  }
  const auto wide = by_tokens_saved(corpus.characters(), min_count);
  std::size_t taken = 0;
  while (learnt.size() < room) {
    const std::uint64_t merge_saves = corpus.best_count();
    if (taken < wide.size() && tokens_saved(wide[taken]) >= merge_saves) {
      learnt.characters.push_back(wide[taken++]);
    } else if (merge_saves == 0) {
      break;
    } else {
      auto text = corpus.merge_best();
      if (text.has_value()) learnt.merges.push_back(std::move(*text));
    }
  }
  std::ranges::stable_sort(learnt.characters, std::ranges::greater(),
                           &MergeCorpus::Character::count);
  return learnt;
}

}  // namespace

const std::vector<std::string>& yi_specials() {
  static const std::vector<std::string> specials = {
      "<unk>",          "<|startoftext|>", "<|endoftext|>", "<|reserved_3|>", "<|reserved_4|>",
      "<|reserved_5|>", "<|im_start|>",    "<|im_end|>",    "<|im_sep|>"};
  return specials;
}

namespace {

/// The specials and the bytes.
std::int64_t fixed_pieces() {
  return static_cast<std::int64_t>(yi_specials().size()) + 256;
}

}  // namespace

std::int64_t fewest_pieces() {
  return fixed_pieces() + 128;
}

Result<TokenizerModel> train_bpe(const WordCounts& words, const BpeTrainerConfig& config) {
  ALUDEL_TRY(check_config(config, "tokenizer train"));
  const auto min_count = static_cast<std::uint64_t>(config.min_count);
  MergeCorpus corpus(words, config.max_piece_characters, min_count);
  const LearntPieces learnt =
      learn(corpus, static_cast<std::size_t>(config.vocab_size - fixed_pieces()), min_count);

  TokenizerModel model;
  for (const std::string& name : yi_specials()) {
    model.pieces.push_back({name, 0, PieceKind::control});
  }
  model.pieces[0].kind = PieceKind::unknown;
  for (int byte = 0; byte < 256; ++byte) {
    model.pieces.push_back({piece_of_byte(byte), 0, PieceKind::byte});
  }
  float score = 0;
  for (const std::string& text : learnt.merges) {
    model.pieces.push_back({spaces_to_marks(text), score--, PieceKind::normal});
  }
  for (const MergeCorpus::Character& character : learnt.characters) {
    std::string text;
    append_utf8(text, character.value);
    model.pieces.push_back({spaces_to_marks(text), score--, PieceKind::normal});
  }
  model.begin_id = kBeginId;
  model.end_id = kEndId;
  model.keep_space_mark = true;
  ALUDEL_TRY(validate_model(model, "tokenizer train"));
  return model;
}

}  // namespace aludel::text
