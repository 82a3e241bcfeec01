#include "aludel/curate/revisit/forget/rewrite.h"

#include "aludel/io/json_file.h"
#include "aludel/io/rows.h"

namespace aludel::curate {
namespace {

using Ids = std::set<std::string, std::less<>>;

/// Puts a pseudonym in place of each string that is one of the ids, except in members named `text`.
/// Returns true if there was one.
bool replace_names(Json& json, const Ids& ids) {
  bool replaced = false;
  if (json.is_string()) {
    if (!ids.contains(json.as_string())) return false;
    json = Json(forgotten_name(json.as_string()));
    return true;
  }
  if (json.is_array()) {
    for (Json& item : json.as_array()) {
      replaced = replace_names(item, ids) || replaced;
    }
  }
  if (json.is_object()) {
    for (auto& [key, value] : json.as_object()) {
      if (key != "text") replaced = replace_names(value, ids) || replaced;
    }
  }
  return replaced;
}

}  // namespace

Result<std::vector<FoundDocument>> find_forgotten(io::FileSystem& files, const std::string& path,
                                                  const Forgotten& forgotten) {
  std::vector<FoundDocument> found;
  const auto reader = ALUDEL_TRY(io::open_rows(files, path, document_columns()));
  Json json;
  while (ALUDEL_TRY(reader->next(json))) {
    Document document = ALUDEL_TRY(document_from_json(json));
    if (!forgotten.contains(document)) continue;
    const std::uint64_t bytes = document.text.size();
    const bool is_kept = document.rejected_by.empty();
    std::vector<std::string> hashes = forgotten_hashes(document);
    found.push_back({std::move(document.id), std::move(document.url), std::move(document.source),
                     std::move(document.rejected_by), std::move(document.reason),
                     is_kept ? std::move(document.text) : std::string(), bytes, std::move(hashes)});
  }
  return found;
}

Result<RewrittenFile> rewrite_rows(io::FileSystem& files, const std::string& from,
                                   const std::string& to, const Ids& ids) {
  RewrittenFile result;
  const auto reader = ALUDEL_TRY(io::open_rows(files, from, document_columns()));
  const auto writer = ALUDEL_TRY(io::create_rows(files, to, document_columns()));
  Json json;
  while (ALUDEL_TRY(reader->next(json))) {
    if (ids.contains(json.string_or("id", ""))) {
      ++result.removed;
      continue;
    }
    result.changed = replace_names(json, ids) || result.changed;
    ++result.left;
    ALUDEL_TRY(writer->write(json));
  }
  result.changed = result.changed || result.removed > 0;
  if (result.changed) ALUDEL_TRY(writer->commit());
  return result;
}

namespace {

/// Erases the rows of these documents from a list. Returns how many there were.
std::size_t erase_named(Json* list, const Ids& ids) {
  if (list == nullptr || !list->is_array()) return 0;
  return std::erase_if(list->as_array(),
                       [&](const Json& row) { return ids.contains(row.string_or("id", "")); });
}

}  // namespace

Result<RewrittenFile> rewrite_samples(io::FileSystem& files, const std::string& from,
                                      const std::string& to, const Ids& ids) {
  Json report = ALUDEL_TRY(io::read_json_object(files, from));
  Json* layers = report.find("layers");
  if (layers == nullptr || !layers->is_array()) {
    return Error{Code::corrupt_data, from + ": expected a list of layers"};
  }
  RewrittenFile result;
  for (Json& layer : layers->as_array()) {
    result.removed += erase_named(layer.find("samples"), ids);
    Json* copies = layer.find("copies");
    result.removed += erase_named(copies, ids);
    if (copies == nullptr || !copies->is_array()) continue;
    for (Json& group : copies->as_array()) {
      result.removed += erase_named(group.find("samples"), ids);
    }
  }
  result.changed = result.removed > 0;
  if (result.changed) ALUDEL_TRY(io::write_file(files, to, report.dump_pretty() + "\n"));
  return result;
}

}  // namespace aludel::curate
