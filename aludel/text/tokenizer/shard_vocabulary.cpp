#include "aludel/text/tokenizer/shard_vocabulary.h"

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/log.h"

namespace aludel::text {
namespace {

/// What tokens.json beside a shard says of how it was made; null where it does not tell.
Result<Json> made_with(io::FileSystem& files, const std::string& prefix) {
  const std::string folder = io::folder_of(prefix);
  auto bytes = io::read_file(files, io::join_path(folder, "tokens.json"));
  if (!bytes && bytes.error().code == Code::not_found) return Json();
  auto json = parse_json(ALUDEL_TRY(std::move(bytes)));
  if (!json) return Error(std::move(json).error()).with_context(folder + "/tokens.json");
  const Json& totals = json.value();
  const std::string split = prefix.substr(prefix.rfind('/') + 1);
  const Json* splits = totals.find("splits");
  const Json* made = totals.find("made_with");
  const bool is_of_it = splits != nullptr && splits->find(split) != nullptr && made != nullptr;
  return is_of_it ? *made : Json();
}

}  // namespace

std::string vocabulary_hash(const Tokenizer& tokenizer) {
  Hasher128 hasher;
  for (std::int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
    const std::string_view piece = tokenizer.piece(id);
    hasher.update(fmt::format("{}{}:", tokenizer.is_special(id) ? 's' : 'p', piece.size()));
    hasher.update(piece);
  }
  return hasher.digest().hex();
}

std::string tokenizer_name(std::string_view path) {
  std::string place = io::without_end_slashes(path);
  std::string name = place.substr(place.rfind('/') + 1);
  if (!name.starts_with("tokenizer.")) return name;
  place = io::folder_of(place);
  name = place.substr(place.rfind('/') + 1);
  return name == "." ? "tokenizer" : name;
}

Result<std::string> shard_vocabulary(io::FileSystem& files, const std::string& prefix) {
  const Json made = ALUDEL_TRY(made_with(files, prefix));
  return made.is_null() ? std::string() : made.string_or("vocabulary", "");
}

Status check_shard_vocabulary(io::FileSystem& files, const std::string& prefix,
                              const Tokenizer& tokenizer, std::string_view path) {
  const Json made = ALUDEL_TRY(made_with(files, prefix));
  const std::string theirs = made.is_null() ? "" : made.string_or("vocabulary", "");
  if (theirs.empty()) {
    log_warning(
        "{}: no tokens.json beside it says which tokenizer made it, so it is not compared "
        "with {}",
        prefix, path);
    return Ok{};
  }
  const std::string ours = vocabulary_hash(tokenizer);
  if (ours == theirs) return Ok{};
  return Error{Code::invalid_argument,
               fmt::format("[tokens] {} was made with tokenizer '{}' (vocabulary {}), not with {} "
                           "(vocabulary {}): its ids mean other pieces; tokenize the text again",
                           prefix, made.string_or("tokenizer", "?"), theirs.substr(0, 8), path,
                           ours.substr(0, 8))};
}

}  // namespace aludel::text
