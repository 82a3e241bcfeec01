#include "aludel/io/file_system.h"
#include "aludel/text/tokenizer/sentencepiece_file.h"
#include "aludel/text/tokenizer/tokenizer.h"
#include "aludel/text/tokenizer/tokenizer_json.h"

namespace aludel::text {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 30;

/// A JSON file starts with an object, a SentencePiece file with the tag of its first piece.
Result<TokenizerModel> parse_tokenizer(std::string_view bytes) {
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && bytes[first] == '{';
  return is_json ? parse_tokenizer_json(bytes) : parse_sentencepiece(bytes);
}

/// `path` itself if it is a file, else the tokenizer file in that folder.
Result<std::string> find_tokenizer_file(io::FileSystem& files, const std::string& path) {
  if (files.info(path)) return path;
  // tokenizer.model first: a tokenizer.json is often converted from it, with losses.
  for (const char* name : {"tokenizer.model", "tokenizer.json"}) {
    std::string inside = io::join_path(path, name);
    if (files.info(inside)) return inside;
  }
  return Error{Code::not_found, path + ": no tokenizer.model or tokenizer.json here"};
}

}  // namespace

Result<Tokenizer> Tokenizer::load(io::FileSystem& files, const std::string& path) {
  const std::string file = ALUDEL_TRY(find_tokenizer_file(files, path));
  const std::string bytes = ALUDEL_TRY(io::read_file(files, file, kMaxFileBytes));
  if (bytes.empty()) return Error{Code::corrupt_data, file + ": the file is empty"};
  auto model = parse_tokenizer(bytes);
  if (!model) return std::move(model).error().with_context(file);
  return Tokenizer(std::move(model).value());
}

Status Tokenizer::save(io::FileSystem& files, const std::string& folder) const {
  if (model_.merges.empty()) {
    ALUDEL_TRY(io::write_file(files, io::join_path(folder, "tokenizer.model"),
                              write_sentencepiece(model_)));
  }
  return io::write_file(files, io::join_path(folder, "tokenizer.json"),
                        write_tokenizer_json(model_));
}

}  // namespace aludel::text
