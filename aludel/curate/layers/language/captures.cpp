#include "aludel/curate/layers/language/captures.h"

#include "aludel/curate/url.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

struct HashOfHash {
  std::size_t operator()(const Hash128& hash) const { return hash.low; }
};

std::string path_in(const std::string& folder) {
  return io::join_path(folder, "older_captures.jsonl");
}

}  // namespace

std::uint64_t capture_time(std::string_view date) {
  constexpr int kDigits = 19;  // as many as 64 bits hold
  std::uint64_t time = 0;
  int digits = 0;
  for (const char c : date) {
    if (c < '0' || c > '9' || digits == kDigits) continue;
    time = time * 10 + static_cast<std::uint64_t>(c - '0');
    ++digits;
  }
  for (; digits > 0 && digits < kDigits; ++digits) {
    time *= 10;
  }
  return time;
}

void CaptureFit::observe(const Document& document) {
  if (document.kind != "web") return;
  const std::string url = normalise_url(document.url);
  if (!url.empty()) captures_.push_back({hash128(url), capture_time(document.date), document.id});
}

void CaptureFit::merge(Fit& later) {
  auto& other = static_cast<CaptureFit&>(later);
  captures_.insert(captures_.end(), std::make_move_iterator(other.captures_.begin()),
                   std::make_move_iterator(other.captures_.end()));
}

Status CaptureFit::finish(io::FileSystem& files, const std::string& state_folder) {
  std::unordered_map<Hash128, std::size_t, HashOfHash> newest;
  for (std::size_t i = 0; i < captures_.size(); ++i) {
    const auto [found, is_new] = newest.try_emplace(captures_[i].url, i);
    if (!is_new && captures_[i].time > captures_[found->second].time) found->second = i;
  }
  auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, path_in(state_folder)));
  for (std::size_t i = 0; i < captures_.size(); ++i) {
    const std::size_t stays = newest.at(captures_[i].url);
    if (stays == i) continue;
    Json row = Json::object();
    row["id"] = captures_[i].id;
    row["newest"] = captures_[stays].id;
    ALUDEL_TRY(writer.write(row));
  }
  return writer.commit();
}

Status OlderCaptures::load(io::FileSystem& files, const std::string& state_folder) {
  auto reader = ALUDEL_TRY(io::JsonlReader::open(files, path_in(state_folder)));
  Json row;
  while (ALUDEL_TRY(reader.next(row))) {
    newest_[row.string_or("id", "")] = row.string_or("newest", "");
  }
  return Ok{};
}

const std::string* OlderCaptures::newest(const std::string& id) const {
  const auto found = newest_.find(id);
  return found == newest_.end() ? nullptr : &found->second;
}

}  // namespace aludel::curate
