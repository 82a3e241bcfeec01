#include "aludel/curate/read_part.h"

#include <fmt/format.h>

#include "aludel/base/hash.h"

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

void adopt_row(const SourceConfig& source, const FilePart& part, std::uint64_t position,
               Document& document) {
  if (!document.id.empty()) document.annotations["read"]["id"] = document.id;
  document.id = id_of_place(source, part, position);
  if (document.url.empty()) document.url = fmt::format("{}#{}", part.name, position);
  document.rejected_by.clear();
  document.reason.clear();
  document.score = 0;
  describe(source, document);
}

}  // namespace aludel::curate
