#include "aludel/curate/layers/language/captures.h"

#include <algorithm>
#include <charconv>

#include "aludel/curate/url.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::curate {
namespace {

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

Hash128 packed_id(std::string_view id) {
  constexpr std::size_t kHalf = 16;
  Hash128 packed;
  const auto read = [](std::string_view digits, std::uint64_t& value) {
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return end.ec == std::errc() && end.ptr == digits.data() + digits.size();
  };
  const bool is_hex = id.size() == 2 * kHalf && read(id.substr(0, kHalf), packed.high) &&
                      read(id.substr(kHalf), packed.low);
  return is_hex && packed.hex() == id ? packed : hash128(id);
}

void CaptureFit::observe(const Document& document) {
  if (document.kind != "web") return;
  const std::string url = normalise_url(document.url);
  if (url.empty()) return;
  captures_.push_back({hash128(url), capture_time(document.date), packed_id(document.id)});
}

void CaptureFit::merge(Fit& later) {
  const auto& other = static_cast<CaptureFit&>(later);
  captures_.insert(captures_.end(), other.captures_.begin(), other.captures_.end());
}

// Captures of one address lie together then, the newest first; among equally new ones the sort
// leaves them in the order of the sources.
Status CaptureFit::finish(io::FileSystem& files, const std::string& state_folder) {
  std::ranges::stable_sort(captures_, [](const Capture& a, const Capture& b) {
    return a.url != b.url ? a.url < b.url : a.time > b.time;
  });
  auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, path_in(state_folder)));
  std::size_t newest = 0;
  for (std::size_t i = 1; i < captures_.size(); ++i) {
    if (captures_[i].url != captures_[newest].url) {
      newest = i;
      continue;
    }
    Json row = Json::object();
    row["id"] = captures_[i].id.hex();
    row["newest"] = captures_[newest].id.hex();
    ALUDEL_TRY(writer.write(row));
  }
  return writer.commit();
}

Status OlderCaptures::load(io::FileSystem& files, const std::string& state_folder) {
  auto reader = ALUDEL_TRY(io::JsonlReader::open(files, path_in(state_folder)));
  Json row;
  replaced_.clear();
  while (ALUDEL_TRY(reader.next(row))) {
    replaced_.push_back(
        {packed_id(row.string_or("id", "")), packed_id(row.string_or("newest", ""))});
  }
  std::ranges::sort(replaced_, {}, &Replaced::id);
  return Ok{};
}

std::optional<std::string> OlderCaptures::newest(std::string_view id) const {
  if (replaced_.empty()) return std::nullopt;
  const Hash128 packed = packed_id(id);
  const auto found = std::ranges::lower_bound(replaced_, packed, {}, &Replaced::id);
  if (found == replaced_.end() || found->id != packed) return std::nullopt;
  return found->newest.hex();
}

}  // namespace aludel::curate
