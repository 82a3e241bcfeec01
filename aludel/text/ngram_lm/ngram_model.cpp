#include "aludel/text/ngram_lm/ngram_model.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "aludel/base/check.h"

static_assert(std::endian::native == std::endian::little, "model files are little-endian");

namespace aludel::text {
namespace {

Error corrupt_ngrams(const std::string& what) {
  return Error{Code::corrupt_data, "[ngram_lm] " + what};
}

bool is_grid(const ValueGrid& grid) {
  return std::isfinite(grid.low) && std::isfinite(grid.step) && grid.step >= 0;
}

bool is_empty(const ExactEntry& entry) {
  return entry.key == 0;
}

bool is_empty(const PackedEntry& entry) {
  return entry.bits == 0;
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
  if (!model) return std::move(model).error().with_context(io::file_name_of(path));
  return model;
}

Result<NgramModel> NgramModel::from_bytes(io::MappedFile bytes) {
  NgramModel model(std::move(bytes));
  ALUDEL_TRY(model.read_footer());
  ALUDEL_TRY(model.place_tables());
  return model;
}

Status NgramModel::read_footer() {
  const std::string_view bytes = file_.bytes();
  constexpr std::size_t kLeast = kNgramHeaderBytes + sizeof(NgramFooter) + kNgramDigestBytes;
  if (bytes.size() < kLeast || !bytes.starts_with(kNgramFileMagic)) {
    return corrupt_ngrams("no whole model file (magic ALUDELLM, then tables and a footer)");
  }
  const std::size_t end = bytes.size() - kNgramDigestBytes;
  std::memcpy(&footer_, bytes.data() + end - sizeof footer_, sizeof footer_);
  if (footer_.version != kNgramFileVersion) {
    return Error{
        Code::unsupported,
        fmt::format("[ngram_lm] not version {} (or cut off); train it again", kNgramFileVersion)};
  }
  Hash128 digest;
  std::memcpy(&digest.high, bytes.data() + end, sizeof digest.high);
  std::memcpy(&digest.low, bytes.data() + end + sizeof digest.high, sizeof digest.low);
  if (hash128(bytes.substr(0, end)) != digest) {
    return corrupt_ngrams("the digest is not that of the bytes before it");
  }
  if (footer_.order < 1 || footer_.order > kMaxNgramOrder || footer_.units > 2 ||
      footer_.precision > 1 || footer_.begin == kNoUnit || footer_.begin == footer_.end ||
      footer_.begin == footer_.unknown) {
    return corrupt_ngrams(fmt::format("order {}, units {}, precision {}, marks {}, {} and {}",
                                      footer_.order, footer_.units, footer_.precision,
                                      footer_.begin, footer_.end, footer_.unknown));
  }
  return Ok{};
}

template <class Entry>
Status NgramModel::place_table(std::string_view& rest, std::size_t level,
                               NgramTable<Entry>& table) const {
  const NgramTableInfo& info = footer_.tables[level];
  if (info.slots > rest.size() / sizeof(Entry) || info.places == 0 || info.places > info.slots ||
      info.ngrams >= info.slots || !is_grid(info.probability) || !is_grid(info.backoff)) {
    return corrupt_ngrams(fmt::format("order {}: {} n-grams, {} places, {} slots in {} bytes",
                                      level + 1, info.ngrams, info.places, info.slots,
                                      rest.size()));
  }
  table.slots = reinterpret_cast<const Entry*>(rest.data());
  table.info = info;
  if (!is_empty(table.slots[info.slots - 1])) {
    return corrupt_ngrams(fmt::format("order {}: the last slot is in use", level + 1));
  }
  rest.remove_prefix(info.slots * sizeof(Entry));
  return Ok{};
}

Status NgramModel::place_tables() {
  std::string_view rest = file_.bytes();
  rest.remove_prefix(kNgramHeaderBytes);
  rest.remove_suffix(sizeof footer_ + kNgramDigestBytes);
  ALUDEL_TRY(place_table(rest, 0, unigrams_));
  for (std::size_t level = 1; level < footer_.order; ++level) {
    ALUDEL_TRY(precision() == NgramPrecision::exact ? place_table(rest, level, exact_[level])
                                                    : place_table(rest, level, packed_[level]));
  }
  if (!rest.empty()) return corrupt_ngrams("bytes behind the last table");
  NgramValues begin;
  if (!unigrams_.find(footer_.begin, begin)) return corrupt_ngrams("no begin mark");
  if (footer_.unknown != kNoUnit && !unigrams_.find(footer_.unknown, unknown_)) {
    return corrupt_ngrams("no unknown unit");
  }
  return Ok{};
}

double NgramModel::largest_rounding() const {
  if (precision() == NgramPrecision::exact) return 0;
  double probability = 0;
  double backoffs = 0;  // of each order below the highest, one may be added
  for (std::size_t level = 1; level < footer_.order; ++level) {
    const NgramTableInfo& info = footer_.tables[level];
    probability = std::max(probability, static_cast<double>(info.probability.step) / 2);
    backoffs += static_cast<double>(info.backoff.step) / 2;
  }
  return probability + backoffs;
}

bool NgramModel::has_unit(std::uint64_t unit) const {
  NgramValues values;
  return unigrams_.find(unit, values);
}

NgramState NgramModel::begin_state() const {
  NgramState state;
  NgramValues values;
  if (order() == 1 || !unigrams_.find(footer_.begin, values)) return state;
  state.length = 1;
  state.units[0] = footer_.begin;
  state.backoffs[0] = values.backoff;
  return state;
}

bool NgramModel::find(int order, std::uint64_t key, NgramValues& values) const {
  if (order == 1) return unigrams_.find(key, values);
  const auto level = static_cast<std::size_t>(order - 1);
  return precision() == NgramPrecision::exact ? exact_[level].find(key, values)
                                              : packed_[level].find(key, values);
}

double NgramModel::log10_probability(NgramState& state, std::uint64_t unit) const {
  NgramValues values = unknown_;
  if (!find(1, unit, values)) unit = footer_.unknown;
  NgramState next;
  double log10 = static_cast<double>(values.probability);
  std::uint64_t key = unit;
  int matched = 1;  // units of the longest n-gram found, which ends in `unit`
  next.units[0] = unit;
  next.backoffs[0] = values.backoff;
  for (; matched < order() && matched <= state.length; ++matched) {
    const auto at = static_cast<std::size_t>(matched);
    key = extend_left(key, state.units[at - 1]);
    if (!find(matched + 1, key, values)) break;
    log10 = static_cast<double>(values.probability);
    if (at == next.units.size()) continue;
    next.units[at] = state.units[at - 1];
    next.backoffs[at] = values.backoff;
  }
  for (int length = matched; length <= state.length; ++length) {  // contexts that do not know unit
    log10 += static_cast<double>(state.backoffs[static_cast<std::size_t>(length - 1)]);
  }
  next.length = std::min(matched, order() - 1);
  state = next;
  return log10;
}

}  // namespace aludel::text
