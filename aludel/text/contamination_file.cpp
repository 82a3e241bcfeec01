#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/json.h"
#include "aludel/base/little_endian.h"
#include "aludel/text/contamination.h"

namespace aludel::text {
namespace {

constexpr std::size_t kSizeBytes = sizeof(std::uint32_t);
constexpr std::size_t kChecksumBytes = sizeof(std::uint64_t);

Error corrupt_index(std::string_view what) {
  return {Code::corrupt_data, fmt::format("[evaluation index] {}", what)};
}

}  // namespace

std::string ContaminationIndex::to_bytes() const {
  static_assert(sizeof(Entry) == 16, "entries are written as they lie in memory");
  Json header = Json::object();
  header["sets"] = Json::array();
  for (const std::string& set : sets_) {
    header["sets"].push_back(set);
  }
  const std::string text = header.dump();
  std::string out(kFileMagic);
  append_number(out, static_cast<std::uint32_t>(text.size()));
  out += text;
  out.append(reinterpret_cast<const char*>(entries_.data()), entries_.size() * sizeof(Entry));
  append_number(out, hash64(out));
  return out;
}

Result<ContaminationIndex> ContaminationIndex::from_bytes(std::string_view bytes) {
  if (bytes.starts_with("ALUDELE1")) {
    return Error{Code::unsupported,
                 "[evaluation index] made by an earlier version, which did not fold its words: "
                 "build it from the sets again"};
  }
  if (!bytes.starts_with(kFileMagic)) return corrupt_index("it must begin with ALUDELE2");
  const std::size_t header_at = kFileMagic.size() + kSizeBytes;
  if (bytes.size() < header_at + kChecksumBytes) return corrupt_index("cut short");
  const std::string_view summed = bytes.substr(0, bytes.size() - kChecksumBytes);
  if (number_at<std::uint64_t>(bytes, summed.size()) != hash64(summed)) {
    return corrupt_index("checksum differs: damaged file");
  }
  const auto header_bytes = number_at<std::uint32_t>(bytes, kFileMagic.size());
  if (header_bytes > summed.size() - header_at) return corrupt_index("header longer than the file");
  const Json header = ALUDEL_TRY(parse_json(summed.substr(header_at, header_bytes)));
  const Json* sets = header.find("sets");
  if (sets == nullptr || !sets->is_array()) return corrupt_index("header without sets");
  ContaminationIndex index;
  for (const Json& set : sets->as_array()) {
    if (!set.is_string()) return corrupt_index("the name of a set is no string");
    index.sets_.push_back(set.as_string());
  }
  const std::string_view rest = summed.substr(header_at + header_bytes);
  if (rest.size() % sizeof(Entry) != 0) return corrupt_index("ends inside of an entry");
  index.entries_.resize(rest.size() / sizeof(Entry));
  if (!rest.empty()) std::memcpy(index.entries_.data(), rest.data(), rest.size());
  for (const Entry& entry : index.entries_) {
    const bool is_length =
        entry.length == kLongRun || (entry.length >= kShortestItem && entry.length <= kShortRun);
    if (!is_length || entry.set >= index.sets_.size()) {
      return corrupt_index(fmt::format("a run of {} words of set {}", entry.length, entry.set));
    }
  }
  if (!std::ranges::is_sorted(index.entries_)) return corrupt_index("runs out of order");
  index.freeze();
  return index;
}

}  // namespace aludel::text
