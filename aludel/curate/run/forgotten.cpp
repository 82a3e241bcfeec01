#include "aludel/curate/run/forgotten.h"

#include <algorithm>

#include "aludel/base/hash.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/document/url.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

std::string page_hash(std::string_view url) {
  const std::string page = normalise_url(url);
  return page.empty() ? "" : forgotten_hash("page " + page);
}

}  // namespace

std::string forgotten_hash(std::string_view id_or_url) {
  return hash128(id_or_url).hex();
}

std::string forgotten_name(std::string_view id) {
  return "forgotten-" + hash128(std::string("forgotten\n") + std::string(id)).hex();
}

Result<Forgotten> Forgotten::load(io::FileSystem& files, const std::string& run_folder) {
  Forgotten forgotten;
  const std::string path = io::join_path(run_folder, kForgottenFile);
  if (!files.info(path)) return forgotten;
  auto reader = ALUDEL_TRY(io::JsonlReader::open(files, path));
  Json row;
  while (ALUDEL_TRY(reader.next(row))) {
    forgotten.hashes_.insert(row.string_or("xxh128", ""));
  }
  return forgotten;
}

std::vector<std::string> forgotten_hashes(std::string_view id_or_url) {
  std::vector<std::string> hashes = {forgotten_hash(id_or_url)};
  std::string page = page_hash(id_or_url);
  if (!page.empty()) hashes.push_back(std::move(page));
  return hashes;
}

std::vector<std::string> forgotten_hashes(const Document& document) {
  std::string_view id = document.id;
  if (document.reason == kCutAtSeam) id = id.substr(0, id.rfind('#'));  // a part of that document
  std::vector<std::string> hashes = forgotten_hashes(std::string_view(document.url));
  hashes.push_back(forgotten_hash(id));
  if (const auto of_record = record_id(document)) hashes.push_back(forgotten_hash(*of_record));
  return hashes;
}

void Forgotten::add(std::string_view id_or_url) {
  for (std::string& hash : forgotten_hashes(id_or_url)) {
    hashes_.insert(std::move(hash));
  }
}

bool Forgotten::contains(const Document& document) const {
  if (hashes_.empty()) return false;
  return std::ranges::any_of(forgotten_hashes(document),
                             [this](const std::string& hash) { return hashes_.contains(hash); });
}

std::string Forgotten::to_jsonl() const {
  std::string lines;
  for (const std::string& hash : hashes_) {
    Json row = Json::object();
    row["xxh128"] = hash;
    lines += row.dump() + "\n";
  }
  return lines;
}

}  // namespace aludel::curate
