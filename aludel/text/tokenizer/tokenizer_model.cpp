#include "aludel/text/tokenizer/tokenizer_model.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

namespace aludel::text {
namespace {

std::string replace_each(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t found = std::min(text.find(from, at), text.size());
    out += text.substr(at, found - at);
    if (found < text.size()) out += to;
    at = found + from.size();
  }
  return out;
}

Status validate_pieces(const TokenizerModel& model, std::string_view format) {
  std::unordered_set<std::string_view> seen;
  std::array<bool, 256> has_byte = {};
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    const Piece& piece = model.pieces[id];
    if (piece.text.empty()) {
      return Error{Code::corrupt_data, fmt::format("[{}] no piece has the id {}", format, id)};
    }
    if (piece.text.size() > kMaxPieceBytes) {
      return Error{Code::corrupt_data, fmt::format("[{}] piece {} has {} bytes, expected 1 to {}",
                                                   format, id, piece.text.size(), kMaxPieceBytes)};
    }
    if (!seen.insert(piece.text).second) {
      return Error{Code::corrupt_data,
                   fmt::format("[{}] piece '{}' occurs twice", format, piece.text)};
    }
    if (!std::isfinite(piece.score)) {
      return Error{Code::corrupt_data,
                   fmt::format("[{}] piece '{}' has no finite score", format, piece.text)};
    }
    if (piece.kind == PieceKind::unused) {
      return Error{Code::unsupported,
                   fmt::format("[{}] piece '{}' is of the kind 'unused'", format, piece.text)};
    }
    if (piece.kind != PieceKind::byte) continue;
    const int byte = byte_of_piece(piece.text);
    if (byte < 0) {
      return Error{Code::corrupt_data,
                   fmt::format("[{}] byte piece '{}', expected <0x00>…<0xFF>", format, piece.text)};
    }
    has_byte[static_cast<std::size_t>(byte)] = true;
  }
  for (std::size_t byte = 0; model.byte_fallback && byte < has_byte.size(); ++byte) {
    if (has_byte[byte]) continue;
    return Error{Code::corrupt_data, fmt::format("[{}] byte fallback without a piece '{}'", format,
                                                 piece_of_byte(static_cast<int>(byte)))};
  }
  return Ok{};
}

}  // namespace

int byte_of_piece(std::string_view text) {
  if (text.size() != 6 || !text.starts_with("<0x") || text[5] != '>') return -1;
  int byte = 0;
  const auto [end, error] = std::from_chars(text.data() + 3, text.data() + 5, byte, 16);
  return error == std::errc() && end == text.data() + 5 && byte >= 0 ? byte : -1;
}

std::string piece_of_byte(int byte) {
  return fmt::format("<0x{:02X}>", byte);
}

std::string marks_to_spaces(std::string_view text) {
  return replace_each(text, kSpaceMark, " ");
}

std::string spaces_to_marks(std::string_view text) {
  return replace_each(text, " ", kSpaceMark);
}

Status validate_model(const TokenizerModel& model, std::string_view format) {
  if (model.pieces.empty() || model.pieces.size() > kMaxPieces) {
    return Error{Code::corrupt_data, fmt::format("[{}] {} pieces, expected 1 to {}", format,
                                                 model.pieces.size(), kMaxPieces)};
  }
  ALUDEL_TRY(validate_pieces(model, format));
  const auto count = static_cast<std::int32_t>(model.pieces.size());
  if (model.unknown_id < 0 || model.unknown_id >= count || model.begin_id >= count ||
      model.end_id >= count) {
    return Error{Code::corrupt_data,
                 fmt::format("[{}] special ids {}, {}, {} with {} pieces", format, model.unknown_id,
                             model.begin_id, model.end_id, count)};
  }
  if ((model.begins_texts || model.begins_chats) && model.begin_id < 0) {
    return Error{Code::corrupt_data,
                 fmt::format("[{}] a begin id is asked for, but no file names one", format)};
  }
  for (const Merge& merge : model.merges) {
    const auto inside = [count](std::int32_t id) { return id >= 0 && id < count; };
    if (inside(merge.left) && inside(merge.right) && inside(merge.result)) continue;
    return Error{Code::corrupt_data, fmt::format("[{}] a merge names a missing piece", format)};
  }
  return Ok{};
}

}  // namespace aludel::text
