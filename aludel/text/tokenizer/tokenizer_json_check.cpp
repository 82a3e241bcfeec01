#include <unordered_map>

#include <fmt/format.h>

#include "aludel/text/tokenizer/added_tokens.h"
#include "aludel/text/tokenizer/tokenizer_json.h"

namespace aludel::text {
namespace {

Error corrupt_rule(std::string_view what) {
  return {Code::corrupt_data, fmt::format("[tokenizer.json] {}", what)};
}

Error unsupported_step(std::string_view what) {
  return {Code::unsupported, fmt::format("[tokenizer.json] a post_processor {}", what)};
}

/// The ids of a template's special token.
Result<std::int32_t> id_of_special(const Json& rule, std::string_view name) {
  const Json* specials = rule.find("special_tokens");
  const Json* special = specials == nullptr ? nullptr : specials->find(name);
  const Json* ids = special == nullptr ? nullptr : special->find("ids");
  if (ids == nullptr || !ids->is_array() || ids->as_array().size() != 1 ||
      !ids->as_array()[0].is_integer()) {
    return unsupported_step(fmt::format("whose '{}' is not one id", name));
  }
  const std::int64_t id = ids->as_array()[0].as_integer();
  if (id < 0 || static_cast<std::size_t>(id) >= kMaxPieces) {
    return corrupt_rule(fmt::format("post_processor: '{}' has the id {}", name, id));
  }
  return static_cast<std::int32_t>(id);
}

/// Reads the parts of a template for one text: specials, and the text itself as "Sequence".
Result<PostProcessor> read_template(const Json& rule) {
  const Json* parts = rule.find("single");
  if (parts == nullptr || !parts->is_array()) {
    return corrupt_rule("a TemplateProcessing without single");
  }
  PostProcessor read;
  bool behind_text = false;
  for (const Json& part : parts->as_array()) {
    const Json* special = part.find("SpecialToken");
    if (special == nullptr) {
      if (part.find("Sequence") == nullptr || behind_text) {
        return unsupported_step("that repeats a text");
      }
      behind_text = true;
    } else if (behind_text) {
      read.adds_end = true;
    } else {
      if (read.begin_id) return unsupported_step("that puts several ids in front of a text");
      read.begin_id = ALUDEL_TRY(id_of_special(rule, special->string_or("id", "")));
    }
  }
  if (!behind_text) return corrupt_rule("a TemplateProcessing without the text");
  return read;
}

}  // namespace

Result<PostProcessor> read_post_processor(const Json* rule) {
  if (rule == nullptr || rule->is_null()) return PostProcessor{};
  const std::string type = rule->string_or("type", "");
  if (type == "ByteLevel") return PostProcessor{};  // it moves offsets, and adds no id
  if (type == "TemplateProcessing") return read_template(*rule);
  const Json* steps = rule->find("processors");
  if (type != "Sequence" || steps == nullptr || !steps->is_array()) {
    return unsupported_step(fmt::format("of type '{}', expected TemplateProcessing", type));
  }
  PostProcessor all;
  for (const Json& step : steps->as_array()) {
    if (step.string_or("type", "") == "Sequence") return unsupported_step("with nested steps");
    const PostProcessor one = ALUDEL_TRY(read_post_processor(&step));
    if (all.begin_id && one.begin_id) return unsupported_step("with two templates");
    if (one.begin_id) all.begin_id = one.begin_id;
    all.adds_end = all.adds_end || one.adds_end;
  }
  return all;
}

Status check_vocabulary(const Json& file, const TokenizerModel& model) {
  const Json* bpe = file.find("model");
  const Json* vocabulary = bpe == nullptr ? nullptr : bpe->find("vocab");
  if (vocabulary == nullptr || !vocabulary->is_object()) {
    return corrupt_rule("no model.vocab that a tokenizer.model could be compared with");
  }
  std::unordered_map<std::string, std::int64_t> added;
  for (AddedToken& token : ALUDEL_TRY(read_added_tokens(file.find("added_tokens")))) {
    added.emplace(std::move(token.text), token.id);
  }
  for (const auto& [text, id] : vocabulary->as_object()) {
    if (!id.is_integer()) return corrupt_rule("an id that is no integer");
    const std::int64_t place = id.as_integer();
    if (const auto found = added.find(text); found != added.end() && found->second == place) {
      continue;  // compared where it is added
    }
    if (place < 0 || static_cast<std::size_t>(place) >= model.pieces.size()) {
      return corrupt_rule(
          fmt::format("piece '{}' has the id {}, but tokenizer.model beside it has "
                      "{} pieces",
                      text, place, model.pieces.size()));
    }
    const std::string& other = model.pieces[static_cast<std::size_t>(place)].text;
    if (other != text && other != spaces_to_marks(text)) {
      return corrupt_rule(fmt::format("the id {} is '{}', but '{}' in tokenizer.model beside it",
                                      place, text, other));
    }
  }
  return Ok{};
}

}  // namespace aludel::text
