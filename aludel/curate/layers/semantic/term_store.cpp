#include "aludel/curate/layers/semantic/term_store.h"

#include <bit>

#include "aludel/io/file_system.h"

namespace aludel::curate::semantic {

std::string_view term_record(exec::RecordBuilder& record, const TermWeight& term) {
  return record.clear().small(term.bucket).small(std::bit_cast<std::uint32_t>(term.weight)).bytes();
}

TermWeight term_of(exec::RecordParser& record) {
  const std::uint32_t bucket = record.small();
  return {bucket, std::bit_cast<float>(record.small())};
}

void GroupTerms::clear() {
  kept_.clear();
  kept_bytes_ = 0;
}

Status GroupTerms::load(const Member& member, std::size_t number) {
  if (kept_.contains(number)) return Ok{};
  // With one partition the records follow each other from the beginning of the file.
  const std::string& path = terms_.paths[member.place.shard];
  const auto reader = ALUDEL_TRY(files_.open(path, member.first_term * kTermBytes));
  std::string bytes(member.terms * kTermBytes, '\0');
  if (ALUDEL_TRY(io::read_full(*reader, bytes)) < bytes.size()) {
    return Error{Code::corrupt_data, path + ": [semantic] the file of terms ends early"};
  }
  exec::RecordParser record(bytes);
  std::vector<TermWeight> terms;
  terms.reserve(member.terms);
  for (std::uint32_t i = 0; i < member.terms; ++i) {
    terms.push_back(term_of(record));
  }
  scale_by_rarity(terms, statistics_);
  kept_bytes_ += bytes.size();
  kept_[number] = std::move(terms);
  return Ok{};
}

Result<double> GroupTerms::cosine_of(const std::vector<Member>& group, std::size_t a,
                                     std::size_t b) {
  if (kept_bytes_ > kKeptBytes) clear();
  ALUDEL_TRY(load(group[a], a));
  ALUDEL_TRY(load(group[b], b));
  return cosine(kept_.at(a), kept_.at(b));
}

}  // namespace aludel::curate::semantic
