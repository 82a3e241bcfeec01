#include "aludel/curate/report/copy_notes.h"

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kCopyExcerptBytes = 300;

std::uint64_t key_of(std::string_view id) {
  return hash64(id) >> 1;  // fits the signed integers of JSON
}

Json describe(const Document& document) {
  Json json = Json::object();
  json["id"] = document.id;
  json["url"] = document.url;
  json["text"] = document.text.substr(
      0, utf8_boundary(document.text, std::min(kCopyExcerptBytes, document.text.size())));
  return json;
}

Json rows_of(const SmallestKeys<Json>& sample) {
  Json rows = Json::array();
  for (const auto& [key, row] : sample.values()) {
    rows.push_back(Json::Array{key, row});
  }
  return rows;
}

Status read_rows(const Json* rows, SmallestKeys<Json>& sample) {
  const Error wrong{Code::corrupt_data,
                    "[report] noted copies of a layer are not what they should be"};
  if (rows == nullptr || !rows->is_array()) return wrong;
  for (const Json& row : rows->as_array()) {
    if (!row.is_array() || row.as_array().size() != 2 || !row.as_array()[0].is_integer())
      return wrong;
    if (!row.as_array()[1].is_object()) return wrong;
    sample.add(static_cast<std::uint64_t>(row.as_array()[0].as_integer()), row.as_array()[1]);
  }
  return Ok{};
}

}  // namespace

void CopyNotes::note(const Document& document, const Verdict& verdict, const Json& noted) {
  const std::uint64_t own_key = key_of(document.id);
  const std::string kept = noted.string_or("kept", "");
  if (verdict.keep && kept == document.id && stays_.wants(own_key)) {
    stays_.add(own_key, describe(document));
  }
  if (verdict.keep || kept.empty() || kept == document.id) return;
  Group* group = groups_.at(key_of(kept));
  if (group == nullptr) return;
  group->id = kept;
  ++group->copies;
  if (!group->samples.wants(own_key)) return;
  Json sample = describe(document);
  sample["similarity"] = verdict.score;
  group->samples.add(own_key, std::move(sample));
}

void CopyNotes::add_group(std::uint64_t key, const Group& group) {
  Group* mine = groups_.at(key);
  if (mine == nullptr) return;
  mine->id = group.id;
  mine->copies += group.copies;
  for (const auto& [sample_key, sample] : group.samples.values()) {
    mine->samples.add(sample_key, sample);
  }
}

void CopyNotes::add(const CopyNotes& other) {
  for (const auto& [key, group] : other.groups_.values()) {
    add_group(key, group);
  }
  for (const auto& [key, document] : other.stays_.values()) {
    stays_.add(key, document);
  }
}

Json CopyNotes::to_json() const {
  Json groups = Json::array();
  for (const auto& [key, group] : groups_.values()) {
    Json one = Json::object();
    one["id"] = group.id;
    one["copies"] = group.copies;
    one["samples"] = rows_of(group.samples);
    groups.push_back(std::move(one));
  }
  Json json = Json::object();
  json["groups"] = std::move(groups);
  json["stays"] = rows_of(stays_);
  return json;
}

Result<CopyNotes> CopyNotes::from_json(const Json& json) {
  CopyNotes notes;
  const Json* groups = json.find("groups");
  if (groups == nullptr || !groups->is_array()) {
    return Error{Code::corrupt_data,
                 "[report] noted copies of a layer are not what they should be"};
  }
  for (const Json& one : groups->as_array()) {
    Group group;
    group.id = one.string_or("id", "");
    group.copies = static_cast<std::uint64_t>(one.integer_or("copies", 0));
    ALUDEL_TRY(read_rows(one.find("samples"), group.samples));
    notes.add_group(key_of(group.id), group);
  }
  ALUDEL_TRY(read_rows(json.find("stays"), notes.stays_));
  return notes;
}

Json CopyNotes::summary() const {
  Json all = Json::array();
  for (const auto& [key, group] : groups_.values()) {
    Json one = Json::object();
    one["id"] = group.id;
    if (const auto stays = stays_.values().find(key); stays != stays_.values().end()) {
      one = stays->second;
    }
    one["copies"] = group.copies;
    Json& samples = one["samples"];
    samples = Json::array();
    for (const auto& [sample_key, sample] : group.samples.values()) {
      samples.push_back(sample);
    }
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace aludel::curate
