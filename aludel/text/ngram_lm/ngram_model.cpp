#include "aludel/text/ngram_lm/ngram_model.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/text/ngram_lm/ngram_file.h"

static_assert(std::endian::native == std::endian::little, "model files are little-endian");

namespace aludel::text {
namespace {

Error corrupt_ngrams(const std::string& what) {
  return Error{Code::corrupt_data, "[ngram_lm] " + what};
}

/// Takes tables of fixed-size records from the front of a file.
class TableReader {
 public:
  explicit TableReader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  T field() {
    T value;
    std::memcpy(&value, rest_.data(), sizeof(T));
    rest_.remove_prefix(sizeof(T));
    return value;
  }

  template <class Record>
  Result<std::span<const Record>> table(std::uint64_t count) {
    if (count > rest_.size() / sizeof(Record)) {
      return corrupt_ngrams(fmt::format("a table of {} records in {} bytes", count, rest_.size()));
    }
    const auto* records = reinterpret_cast<const Record*>(rest_.data());
    rest_.remove_prefix(count * sizeof(Record));
    return std::span(records, count);
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// Whether entries point at rising ranges of the `count` entries of the next order.
template <class Records>
bool has_valid_children(const Records& records, std::uint64_t count) {
  std::uint32_t begin = 0;
  for (const auto& record : records) {
    if (record.first_child < begin || record.first_child > count) return false;
    begin = record.first_child;
  }
  return true;
}

template <class Record>
const Record* find_child(std::span<const Record> children, std::uint32_t word) {
  const auto found = std::ranges::lower_bound(children, word, {}, &Record::word);
  return found == children.end() || found->word != word ? nullptr : &*found;
}

}  // namespace

void NgramScore::add(const NgramScore& other) {
  log10 += other.log10;
  units += other.units;
  unknown += other.unknown;
}

double NgramScore::perplexity() const {
  return units == 0 ? 1.0 : std::pow(10.0, -log10 / static_cast<double>(units));
}

Result<NgramModel> NgramModel::load(io::FileSystem& files, const std::string& path) {
  auto model = from_bytes(ALUDEL_TRY(files.map(path)));
  if (!model) return std::move(model).error().with_context(path);
  return model;
}

Result<NgramModel> NgramModel::from_bytes(io::MappedFile bytes) {
  NgramModel model(std::move(bytes));
  ALUDEL_TRY(model.read_header());
  ALUDEL_TRY(model.place_tables());
  ALUDEL_TRY(model.check_tables());
  return model;
}

Status NgramModel::read_header() {
  TableReader reader(file_.bytes());
  if (file_.bytes().size() < kNgramHeaderBytes || !file_.bytes().starts_with(kNgramFileMagic)) {
    return corrupt_ngrams("no model file (magic ALUDELLM)");
  }
  reader.field<std::uint64_t>();
  const auto version = reader.field<std::uint32_t>();
  if (version != kNgramFileVersion) {
    return Error{Code::unsupported, fmt::format("[ngram_lm] version {}, expected 1", version)};
  }
  const auto order = reader.field<std::uint32_t>();
  const auto units = reader.field<std::uint32_t>();
  if (order < 1 || order > kMaxNgramOrder || units > 2) {
    return corrupt_ngrams(fmt::format("order {}, units {}", order, units));
  }
  order_ = static_cast<int>(order);
  units_ = static_cast<NgramUnits>(units);
  begin_id_ = reader.field<std::uint32_t>();
  end_id_ = reader.field<std::uint32_t>();
  unknown_id_ = reader.field<std::uint32_t>();
  unit_count_ = reader.field<std::uint64_t>();
  for (std::uint64_t& count : counts_) {
    count = reader.field<std::uint64_t>();
    if (count >= kNoNgramId) return corrupt_ngrams(fmt::format("{} n-grams of one order", count));
  }
  vocab_size_ = static_cast<std::uint32_t>(counts_[0]);
  for (const std::uint32_t id : {begin_id_, end_id_, unknown_id_}) {
    if (id != kNoNgramId && id >= vocab_size_) {
      return corrupt_ngrams(fmt::format("mark {} of {} ids", id, vocab_size_));
    }
  }
  if (vocab_size_ == 0 || begin_id_ == kNoNgramId) return corrupt_ngrams("no begin mark");
  return Ok{};
}

Status NgramModel::place_tables() {
  TableReader reader(file_.bytes().substr(kNgramHeaderBytes));
  unit_hashes_ = ALUDEL_TRY(reader.table<std::uint64_t>(unit_count_));
  unit_ids_ = ALUDEL_TRY(reader.table<std::uint32_t>(unit_count_));
  unigrams_ = ALUDEL_TRY(reader.table<Unigram>(counts_[0] + 1));
  for (int n = 2; n < order_; ++n) {
    middles_[static_cast<std::size_t>(n)] = ALUDEL_TRY(reader.table<Middle>(ngram_count(n) + 1));
  }
  if (order_ > 1) last_ = ALUDEL_TRY(reader.table<Last>(ngram_count(order_)));
  if (!reader.at_end()) return corrupt_ngrams("bytes behind the last table");
  return Ok{};
}

Status NgramModel::check_tables() const {
  for (const std::uint32_t id : unit_ids_) {
    if (id >= vocab_size_) return corrupt_ngrams("a unit's id outside of the vocabulary");
  }
  bool valid = has_valid_children(unigrams_, order_ > 1 ? ngram_count(2) : 0);
  for (int n = 2; n < order_; ++n) {
    valid = valid && has_valid_children(middles_[static_cast<std::size_t>(n)], ngram_count(n + 1));
  }
  if (!valid) return corrupt_ngrams("an n-gram's longer ones are not in the file");
  return Ok{};
}

std::uint32_t NgramModel::id_of_hash(std::uint64_t hash) const {
  const auto found = std::ranges::lower_bound(unit_hashes_, hash);
  if (found == unit_hashes_.end() || *found != hash) return unknown_id_;
  return unit_ids_[static_cast<std::size_t>(found - unit_hashes_.begin())];
}

NgramState NgramModel::begin_state() const {
  NgramState state;
  if (order_ == 1) return state;
  state.length = 1;
  state.words[0] = begin_id_;
  state.backoffs[0] = unigrams_[begin_id_].backoff;
  return state;
}

double NgramModel::log10_probability(NgramState& state, std::uint32_t word) const {
  if (word >= vocab_size_) word = unknown_id_;
  ALUDEL_CHECK(word < vocab_size_, "an id outside of a vocabulary without unknown id");
  NgramState next;
  next.words[0] = word;
  next.backoffs[0] = unigrams_[word].backoff;
  double log10 = unigrams_[word].probability;
  std::uint32_t begin = unigrams_[word].first_child;
  std::uint32_t end = unigrams_[word + 1].first_child;
  int matched = 1;  // words of the longest n-gram found, which ends in `word`
  for (; matched + 1 < order_ && matched <= state.length; ++matched) {
    const auto at = static_cast<std::size_t>(matched);
    const Middle* found =
        find_child(middles_[at + 1].subspan(begin, end - begin), state.words[at - 1]);
    if (found == nullptr) break;
    log10 = found->probability;
    next.words[at] = found->word;
    next.backoffs[at] = found->backoff;
    begin = found->first_child;
    end = (found + 1)->first_child;  // there is one more record than n-grams
  }
  if (matched + 1 == order_ && matched <= state.length) {
    const auto at = static_cast<std::size_t>(matched);
    const Last* found = find_child(last_.subspan(begin, end - begin), state.words[at - 1]);
    if (found != nullptr) {
      log10 = found->probability;
      ++matched;
    }
  }
  for (int length = matched; length <= state.length; ++length) {  // contexts that do not know word
    log10 += state.backoffs[static_cast<std::size_t>(length - 1)];
  }
  next.length = std::min(matched, order_ - 1);
  state = next;
  return log10;
}

NgramScore NgramModel::score(std::span<const std::uint32_t> sequence) const {
  NgramScore score;
  NgramState state = begin_state();
  for (const std::uint32_t word : sequence) {
    score.log10 += log10_probability(state, word);
    score.unknown += word >= vocab_size_ || word == unknown_id_ ? 1 : 0;
  }
  score.units = sequence.size();
  return score;
}

}  // namespace aludel::text
