#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/text/tokenizer/bpe_encoder.h"
#include "aludel/text/tokenizer/tokenizer_model.h"

namespace aludel::io {
class FileSystem;
}

namespace aludel::text {

/// A file of a tokenizer, and the name that a copy of it must have.
struct TokenizerFile {
  std::string path;
  std::string name;
};

/// Text to ids and back: byte-pair encoding with byte fallback in SentencePiece's semantics.
/// Concurrent calls: yes, of every const function.
class Tokenizer {
 public:
  /// Where a text stands: a dummy prefix belongs to the start only.
  enum class Place : std::uint8_t { start, middle };

  Tokenizer(Tokenizer&&) = default;
  Tokenizer& operator=(Tokenizer&&) = default;
  Tokenizer(const Tokenizer&) = delete;  // ids_ points into model_
  Tokenizer& operator=(const Tokenizer&) = delete;
  ~Tokenizer() = default;

  /// Reads a folder with a tokenizer.model or a tokenizer.json (the first is read where both are
  /// there), and what the files beside it say: which tokens are added, which id begins a text. A
  /// path to one of these two files means its folder with that one as the vocabulary; a file of
  /// another name stands alone. Docs: docs/formats/tokenizer.md. Errors: those of the file system;
  /// as parse_sentencepiece and read_tokenizer_json; corrupt_data for files that contradict each
  /// other.
  static Result<Tokenizer> load(io::FileSystem& files, const std::string& path);

  /// The files that load() reads: copies of them in another folder are the same tokenizer.
  /// Errors: not_found when there is no vocabulary.
  static Result<std::vector<TokenizerFile>> files_of(io::FileSystem& files,
                                                     const std::string& path);

  /// Writes tokenizer.model (not where the merges are listed) and tokenizer.json into a folder.
  Status save(io::FileSystem& files, const std::string& folder) const;

  /// Errors: corrupt_data, unsupported as validate_model.
  static Result<Tokenizer> make(TokenizerModel model);

  /// The ids of a text. Specials in it are plain text: what a user writes never becomes a control
  /// id. Bytes that are not UTF-8 become byte pieces.
  /// `memo`, of one caller and this tokenizer alone, makes it faster over many texts.
  std::vector<std::int32_t> encode(std::string_view text, Place place = Place::start,
                                   EncodeMemo* memo = nullptr) const;

  /// The ids of a text as a model reads it, in training and in use: text_begin(), if there is one,
  /// and those of encode().
  std::vector<std::int32_t> encode_for_model(std::string_view text,
                                             EncodeMemo* memo = nullptr) const;

  /// As encode(), with the text of every special ("<|im_end|>") as its id.
  std::vector<std::int32_t> encode_with_specials(std::string_view text) const;

  /// The text of the ids; specials and ids outside of the vocabulary have none. The space that
  /// encode() put in front, if this model has one, is dropped. decode(encode(x)) == x for any bytes
  /// where model().keep_space_mark is true and no dummy prefix is in use.
  std::string decode(std::span<const std::int32_t> ids) const;

  /// The text of one id in the middle of a text: " the", or one byte of a character.
  std::string_view surface(std::int32_t id) const;

  std::int32_t vocab_size() const { return static_cast<std::int32_t>(model_.pieces.size()); }

  std::optional<std::int32_t> id_of(std::string_view piece) const;

  /// The piece as the file has it ("▁the"). REQUIRES: 0 <= id < vocab_size().
  std::string_view piece(std::int32_t id) const {
    return model_.pieces[static_cast<std::size_t>(id)].text;
  }

  /// Whether the id steers the model and stands for no text: control and unknown pieces, and
  /// user-defined ones of the form <|name|>, as published Yi tokenizers write <|im_start|>.
  bool is_special(std::int32_t id) const;

  std::optional<std::int32_t> begin_id() const;
  std::optional<std::int32_t> end_id() const;

  /// The id that stands in front of every text that a model reads, and of every conversation.
  std::optional<std::int32_t> text_begin() const;
  std::optional<std::int32_t> chat_begin() const;

  const TokenizerModel& model() const { return model_; }

 private:
  friend class StreamDecoder;

  /// A piece that is cut out of the text before merging, by its first byte.
  struct Cut {
    std::string text;
    std::int32_t id = 0;
  };

  using Cuts = std::unordered_map<char, std::vector<Cut>>;

  explicit Tokenizer(TokenizerModel model);
  static void add_cut(Cuts& cuts, std::string text, std::int32_t id);
  static const Cut* find_cut(const Cuts& cuts, std::string_view text, std::size_t at);
  template <class Between, class Found>
  static void split_at_cuts(const Cuts& cuts, std::string_view text, const Between& between,
                            const Found& found);
  void encode_segment(std::string_view text, Place place, std::vector<std::int32_t>& ids,
                      EncodeMemo* memo = nullptr) const;
  void append_surface(std::int32_t id, Place& place, std::string& out) const;

  TokenizerModel model_;
  BpeEncoder encoder_;
  std::unordered_map<std::string_view, std::int32_t> ids_;  // views into model_
  std::vector<std::string> surfaces_;
  Cuts user_defined_;
  Cuts specials_;
};

}  // namespace aludel::text
