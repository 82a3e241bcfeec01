#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"

namespace aludel::text {

/// What a piece of the vocabulary is for. Values as in SentencePiece's protobuf.
enum class PieceKind : std::uint8_t {
  normal = 1,
  unknown = 2,
  control = 3,       // never made from text
  user_defined = 4,  // always cut out of text as a whole
  unused = 5,
  byte = 6  // "<0x41>": one byte of a character that has no piece
};

/// One entry of the vocabulary; its id is its place in TokenizerModel::pieces. A space in the text
/// is written U+2581 here, as in both file formats.
struct Piece {
  std::string text;
  float score = 0;
  PieceKind kind = PieceKind::normal;
};

/// One allowed merge of two neighbours; the place in the list is its rank.
struct Merge {
  std::int32_t left = 0;
  std::int32_t right = 0;
  std::int32_t result = 0;
};

/// Where encoding puts a space that the text does not have.
enum class DummyPrefix : std::uint8_t { none, text, every_segment };

/// What the files of a tokenizer say about how a conversation is laid out.
enum class ChatTemplate : std::uint8_t { unstated, chatml, other };

/// A byte-pair tokenizer as data: what its files say together.
/// Docs: docs/formats/tokenizer.md.
struct TokenizerModel {
  std::vector<Piece> pieces;
  /// In order of rank. Empty: two neighbours merge whenever their text is a piece, the piece of the
  /// highest score first (SentencePiece).
  std::vector<Merge> merges;
  DummyPrefix dummy_prefix = DummyPrefix::none;
  bool prefix_before_space = true;  // false: a text that starts with a space gets no dummy prefix
  bool remove_extra_spaces = false;
  bool byte_fallback = true;
  /// Whether U+2581 in a text stays itself (as bytes) instead of becoming a space.
  bool keep_space_mark = false;
  std::string unknown_surface = " \xE2\x81\x87 ";  // what an unknown piece decodes to
  std::int32_t unknown_id = 0;
  std::int32_t begin_id = -1;  // -1: none
  std::int32_t end_id = -1;
  bool begins_texts = false;  // begin_id stands in front of every text that a model reads
  bool begins_chats = false;  // and in front of a conversation, since the chat template writes it
  ChatTemplate chat_template = ChatTemplate::unstated;
};

inline constexpr std::string_view kSpaceMark = "\xE2\x96\x81";

/// Most pieces a file may have.
inline constexpr std::size_t kMaxPieces = 1 << 24;

/// Longest piece: reading one takes time that grows with the square of its size.
inline constexpr std::size_t kMaxPieceBytes = 1024;

/// The byte of a byte piece "<0x0A>", or -1 if the text has another form.
int byte_of_piece(std::string_view text);

/// "<0x0A>" for 10.
std::string piece_of_byte(int byte);

/// The text with every U+2581 as a space, and the other way round.
std::string marks_to_spaces(std::string_view text);
std::string spaces_to_marks(std::string_view text);

/// Checks what encoding relies on. Errors: corrupt_data for an empty, overlong or doubled piece, an
/// id out of range, a begin id that is asked for and not there, byte fallback without all 256 byte
/// pieces; unsupported for unused pieces.
Status validate_model(const TokenizerModel& model, std::string_view format);

}  // namespace aludel::text
