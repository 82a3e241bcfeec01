#include "aludel/curate/sources/read_part.h"

#include <tuple>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/curate/document/annotations.h"

namespace aludel::curate {

std::string id_of_place(const SourceConfig& source, const FilePart& part, std::uint64_t position) {
  return hash128(fmt::format("{}\n{}\n{}", source.name, part.name, position)).hex();
}

void describe(const SourceConfig& source, Document& document) {
  document.source = source.name;
  document.kind = source.kind;
  document.profile = source.profile;
  if (document.licence.empty()) document.licence = source.licence;
  if (!source.dump.empty()) document.dump = source.dump;
}

namespace {

/// Copies to metadata what a record says of itself, if the source says otherwise or a layer may.
void keep_as_metadata(const SourceConfig& source, Document& document) {
  const Document plain;  // has the profile of a record that names none
  const std::tuple<std::string_view, const std::string&, std::string_view> given[] = {
      {"source", document.source, source.name},
      {"kind", document.kind, source.kind},
      {"profile", document.profile,
       document.profile == plain.profile ? plain.profile : source.profile},
      {"language", document.language, ""},
      {"cluster", document.cluster, ""},
      {"dump", document.dump, source.dump.empty() ? document.dump : source.dump}};
  for (const auto& [name, value, of_source] : given) {
    if (!value.empty() && value != of_source) add_metadata(document, name, value);
  }
}

}  // namespace

DocumentKeys keys_of(const SourceConfig& source) {
  return {source.text_key, source.id_key, false};
}

void adopt_row(const SourceConfig& source, const FilePart& part, std::uint64_t position,
               Document& document) {
  if (!document.id.empty()) document.annotations[kRecordId.layer][kRecordId.key] = document.id;
  document.id = id_of_place(source, part, position);
  if (document.url.empty()) document.url = fmt::format("{}#{}", part.name, position);
  keep_as_metadata(source, document);
  describe(source, document);
}

std::string reason_of(const Error& flaw) {
  return flaw.code == Code::not_found ? "no_text_key" : "bad_document";
}

}  // namespace aludel::curate
