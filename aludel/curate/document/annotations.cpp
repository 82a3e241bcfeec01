#include "aludel/curate/document/annotations.h"

namespace aludel::curate {
namespace {

const Json* find_note(const Document& document, SharedNote note) {
  const Json* notes = document.annotations.find(note.layer);
  return notes == nullptr ? nullptr : notes->find(note.key);
}

std::optional<double> number_at(const Document& document, SharedNote note) {
  const Json* value = find_note(document, note);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->as_number();
}

std::optional<std::string> text_at(const Document& document, SharedNote note) {
  const Json* value = find_note(document, note);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->as_string();
}

}  // namespace

std::optional<std::string> record_id(const Document& document) {
  return text_at(document, kRecordId);
}

std::string page_title(const Document& document) {
  return text_at(document, kPageTitle).value_or("");
}

std::map<std::string, std::int64_t> replaced_personal_data(const Document& document) {
  std::map<std::string, std::int64_t> counts;
  const Json* replaced = find_note(document, kReplacedPersonalData);
  if (replaced == nullptr || !replaced->is_object()) return counts;
  for (const auto& [kind, count] : replaced->as_object()) {
    if (count.is_integer()) counts[kind] += count.as_integer();
  }
  return counts;
}

std::optional<double> log_perplexity(const Document& document) {
  return number_at(document, kLogPerplexity);
}

std::optional<double> quality_score(const Document& document) {
  return number_at(document, kQualityScore);
}

std::string topic_of(const Document& document) {
  return text_at(document, kTopic).value_or("");
}

}  // namespace aludel::curate
