#include "aludel/text/tokenizer/sentencepiece_file.h"

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/text/tokenizer/protobuf.h"

// Field numbers of sentencepiece_model.proto, by message.
namespace aludel::text {
namespace {

constexpr std::uint32_t kModelPieces = 1;
constexpr std::uint32_t kModelTrainer = 2;
constexpr std::uint32_t kModelNormalizer = 3;
constexpr std::uint32_t kPieceText = 1;
constexpr std::uint32_t kPieceScore = 2;
constexpr std::uint32_t kPieceType = 3;
constexpr std::uint32_t kTrainerModelType = 3;
constexpr std::uint32_t kTrainerVocabSize = 4;
constexpr std::uint32_t kTrainerSuffix = 24;
constexpr std::uint32_t kTrainerSplitDigits = 25;
constexpr std::uint32_t kTrainerSpacePieces = 26;
constexpr std::uint32_t kTrainerByteFallback = 35;
constexpr std::uint32_t kTrainerUnknownId = 40;
constexpr std::uint32_t kTrainerBeginId = 41;
constexpr std::uint32_t kTrainerEndId = 42;
constexpr std::uint32_t kTrainerPadId = 43;
constexpr std::uint32_t kTrainerUnknownSurface = 44;
constexpr std::uint32_t kTrainerUnknownPiece = 45;
constexpr std::uint32_t kTrainerBeginPiece = 46;
constexpr std::uint32_t kTrainerEndPiece = 47;
constexpr std::uint32_t kNormalizerName = 1;
constexpr std::uint32_t kNormalizerMap = 2;
constexpr std::uint32_t kNormalizerDummyPrefix = 3;
constexpr std::uint32_t kNormalizerExtraSpaces = 4;
constexpr std::uint32_t kNormalizerEscape = 5;
// Ours, in the range that the format leaves to extensions; SentencePiece skips it.
constexpr std::uint32_t kNormalizerKeepSpaceMark = 1000;

constexpr std::uint64_t kModelTypeBpe = 2;

/// What the file says beyond TokenizerModel, with the format's defaults.
struct SpecFields {
  std::uint64_t model_type = 1;  // unigram
  bool byte_fallback = false;
  bool suffix = false;
  bool escape = true;
  bool dummy_prefix = true;
  bool character_map = false;
};

/// Calls visit(field) for every field of the message; visit returns a Status.
template <class Visit>
Status for_each_field(std::string_view message, const Visit& visit) {
  ProtobufReader reader(message);
  for (;;) {
    const auto field = ALUDEL_TRY(reader.next());
    if (!field.has_value()) return Ok{};
    ALUDEL_TRY(visit(*field));
  }
}

std::int32_t as_id(std::uint64_t value) {
  return static_cast<std::int32_t>(static_cast<std::int64_t>(value));
}

Result<Piece> parse_piece(std::string_view message) {
  Piece piece;
  ALUDEL_TRY(for_each_field(message, [&piece](const ProtobufField& field) -> Status {
    if (field.number == kPieceText) piece.text = field.bytes;
    if (field.number == kPieceScore) piece.score = field.as_float();
    if (field.number != kPieceType) return Ok{};
    if (field.value < 1 || field.value > 6) {
      return Error{Code::corrupt_data,
                   fmt::format("[tokenizer.model] a piece of type {}", field.value)};
    }
    piece.kind = static_cast<PieceKind>(field.value);
    return Ok{};
  }));
  return piece;
}

Status parse_trainer(std::string_view message, TokenizerModel& model, SpecFields& spec) {
  return for_each_field(message, [&](const ProtobufField& field) -> Status {
    if (field.number == kTrainerModelType) spec.model_type = field.value;
    if (field.number == kTrainerSuffix) spec.suffix = field.value != 0;
    if (field.number == kTrainerByteFallback) spec.byte_fallback = field.value != 0;
    if (field.number == kTrainerUnknownId) model.unknown_id = as_id(field.value);
    if (field.number == kTrainerBeginId) model.begin_id = as_id(field.value);
    if (field.number == kTrainerEndId) model.end_id = as_id(field.value);
    if (field.number == kTrainerUnknownSurface) model.unknown_surface = field.bytes;
    return Ok{};
  });
}

Status parse_normalizer(std::string_view message, TokenizerModel& model, SpecFields& spec) {
  return for_each_field(message, [&](const ProtobufField& field) -> Status {
    if (field.number == kNormalizerMap) spec.character_map = !field.bytes.empty();
    if (field.number == kNormalizerDummyPrefix) spec.dummy_prefix = field.value != 0;
    if (field.number == kNormalizerExtraSpaces) model.remove_extra_spaces = field.value != 0;
    if (field.number == kNormalizerEscape) spec.escape = field.value != 0;
    if (field.number == kNormalizerKeepSpaceMark) model.keep_space_mark = field.value != 0;
    return Ok{};
  });
}

Status check_supported(const SpecFields& spec) {
  const auto unsupported = [](std::string_view what) {
    return Error{Code::unsupported, "[tokenizer.model] " + std::string(what)};
  };
  if (spec.model_type != kModelTypeBpe) {
    return unsupported(fmt::format("model type {}, expected 2 (BPE)", spec.model_type));
  }
  if (spec.character_map) return unsupported("a character map, expected the identity normaliser");
  if (spec.suffix) return unsupported("whitespace as a suffix of words");
  if (!spec.escape) return unsupported("spaces that are not written U+2581");
  return Ok{};
}

std::int32_t id_of_unknown(const TokenizerModel& model) {
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    if (model.pieces[id].kind == PieceKind::unknown) return static_cast<std::int32_t>(id);
  }
  return -1;
}

/// An id that the file names but has no control piece for counts as none.
std::int32_t control_id(const TokenizerModel& model, std::int32_t id) {
  const bool inside = id >= 0 && static_cast<std::size_t>(id) < model.pieces.size();
  return inside && model.pieces[static_cast<std::size_t>(id)].kind == PieceKind::control ? id : -1;
}

}  // namespace

Result<TokenizerModel> parse_sentencepiece(std::string_view bytes) {
  TokenizerModel model;
  model.begin_id = 1;  // the format's defaults
  model.end_id = 2;
  SpecFields spec;
  ALUDEL_TRY(for_each_field(bytes, [&](const ProtobufField& field) -> Status {
    if (field.number == kModelPieces) {
      if (model.pieces.size() >= kMaxPieces) {
        return Error{Code::corrupt_data, "[tokenizer.model] too many pieces"};
      }
      model.pieces.push_back(ALUDEL_TRY(parse_piece(field.bytes)));
    }
    if (field.number == kModelTrainer) return parse_trainer(field.bytes, model, spec);
    if (field.number == kModelNormalizer) return parse_normalizer(field.bytes, model, spec);
    return Ok{};
  }));
  ALUDEL_TRY(check_supported(spec));
  model.byte_fallback = spec.byte_fallback;
  model.dummy_prefix = spec.dummy_prefix ? DummyPrefix::text : DummyPrefix::none;
  model.unknown_id = id_of_unknown(model);
  model.begin_id = control_id(model, model.begin_id);
  model.end_id = control_id(model, model.end_id);
  ALUDEL_TRY(validate_model(model, "tokenizer.model"));
  return model;
}

namespace {

std::string write_trainer(const TokenizerModel& model) {
  ProtobufWriter trainer;
  trainer.add_integer(kTrainerModelType, static_cast<std::int64_t>(kModelTypeBpe));
  trainer.add_integer(kTrainerVocabSize, static_cast<std::int64_t>(model.pieces.size()));
  trainer.add_integer(kTrainerSplitDigits, 1);
  trainer.add_integer(kTrainerSpacePieces, 1);
  trainer.add_integer(kTrainerByteFallback, model.byte_fallback ? 1 : 0);
  trainer.add_integer(kTrainerUnknownId, model.unknown_id);
  trainer.add_integer(kTrainerBeginId, model.begin_id);
  trainer.add_integer(kTrainerEndId, model.end_id);
  trainer.add_integer(kTrainerPadId, -1);
  trainer.add_bytes(kTrainerUnknownSurface, model.unknown_surface);
  const auto add_name = [&](std::uint32_t number, std::int32_t id) {
    if (id >= 0) trainer.add_bytes(number, model.pieces[static_cast<std::size_t>(id)].text);
  };
  add_name(kTrainerUnknownPiece, model.unknown_id);
  add_name(kTrainerBeginPiece, model.begin_id);
  add_name(kTrainerEndPiece, model.end_id);
  return trainer.message();
}

std::string write_normalizer(const TokenizerModel& model) {
  ProtobufWriter normalizer;
  normalizer.add_bytes(kNormalizerName, "identity");
  normalizer.add_bytes(kNormalizerMap, "");
  normalizer.add_integer(kNormalizerDummyPrefix, model.dummy_prefix == DummyPrefix::none ? 0 : 1);
  normalizer.add_integer(kNormalizerExtraSpaces, model.remove_extra_spaces ? 1 : 0);
  normalizer.add_integer(kNormalizerEscape, 1);
  if (model.keep_space_mark) normalizer.add_integer(kNormalizerKeepSpaceMark, 1);
  return normalizer.message();
}

}  // namespace

std::string write_sentencepiece(const TokenizerModel& model) {
  ALUDEL_CHECK(model.merges.empty(), "listed merges do not fit into tokenizer.model");
  ProtobufWriter out;
  for (const Piece& piece : model.pieces) {
    ProtobufWriter message;
    message.add_bytes(kPieceText, piece.text);
    message.add_float(kPieceScore, piece.score);
    if (piece.kind != PieceKind::normal) {
      message.add_integer(kPieceType, static_cast<std::int64_t>(piece.kind));
    }
    out.add_bytes(kModelPieces, message.message());
  }
  out.add_bytes(kModelTrainer, write_trainer(model));
  out.add_bytes(kModelNormalizer, write_normalizer(model));
  return out.message();
}

}  // namespace aludel::text
