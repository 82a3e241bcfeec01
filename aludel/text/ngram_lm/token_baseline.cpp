#include "aludel/text/ngram_lm/token_baseline.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "aludel/text/ngram_lm/kneser_ney.h"
#include "aludel/text/ngram_lm/ngram_model.h"
#include "aludel/text/ngram_lm/string_writer.h"

namespace aludel::text {
namespace {

constexpr std::uint64_t kMaxTokens = (std::uint64_t{1} << 31) - 1;
constexpr std::size_t kNoSpill = std::size_t{1} << 40;  // more than so many tokens take
constexpr std::uint32_t kMark = 0;                      // begins every document

/// Each document's ids behind a 0, the begin mark; an id is counted one higher.
std::vector<std::uint32_t> marked_documents(const io::TokenShard& shard, std::uint64_t max_tokens) {
  std::vector<std::uint32_t> words;
  std::uint64_t tokens = 0;
  for (std::uint64_t i = 0; i < shard.document_count(); ++i) {
    const std::vector<std::int32_t> ids = shard.document(i);
    tokens += ids.size();
    if (max_tokens != 0 && tokens > max_tokens) break;
    words.push_back(kMark);
    for (const std::int32_t id : ids) {
      words.push_back(static_cast<std::uint32_t>(id) + 1);
    }
  }
  return words;
}

std::uint32_t largest(const std::vector<std::uint32_t>& words) {
  return words.empty() ? 0 : *std::ranges::max_element(words);
}

/// A model of documents behind marks, in memory.
Result<NgramModel> train_on(std::span<const std::uint32_t> words, std::uint32_t vocab_size,
                            int order, Threads& threads) {
  const exec::SortPlace place = {nullptr, "", kNoSpill, &threads};
  NgramCounter counter(place, order, kMark);
  for (std::size_t begin = 0; begin < words.size();) {
    const auto next =
        std::find(words.begin() + static_cast<std::ptrdiff_t>(begin) + 1, words.end(), kMark);
    const auto end = static_cast<std::size_t>(next - words.begin());
    ALUDEL_TRY(counter.add_sequence(words.subspan(begin, end - begin)));
    begin = end;
  }
  std::vector<std::uint64_t> units;
  for (std::uint32_t id = 0; id < vocab_size; ++id) {
    units.push_back(unit_of_id(id));
  }
  NgramTableWriter writer(place, order, NgramPrecision::exact, units);
  ALUDEL_TRY(estimate_kneser_ney(ALUDEL_TRY(counter.finish(vocab_size)), kMark, place, writer));
  StringWriter bytes;
  NgramMarks marks;
  marks.begin = unit_of_id(kMark);
  ALUDEL_TRY(writer.finish(marks, bytes));
  return NgramModel::from_bytes(io::MappedFile(bytes.take()));
}

}  // namespace

double TokenBaseline::bits_per_token() const {
  return valid_tokens == 0 ? 0 : bits / static_cast<double>(valid_tokens);
}

double TokenBaseline::bits_per_byte(std::uint64_t bytes) const {
  return bytes == 0 ? 0 : bits / static_cast<double>(bytes);
}

Result<TokenBaseline> measure_token_baseline(const io::TokenShard& train,
                                             const io::TokenShard& valid, int order,
                                             std::uint64_t max_tokens, Threads& threads) {
  if (order < 1 || order > kMaxNgramOrder) {
    return Error{Code::invalid_argument,
                 fmt::format("[ngram_lm] order {}, expected 1 to {}", order, kMaxNgramOrder)};
  }
  if (train.total_tokens() > kMaxTokens || valid.total_tokens() > kMaxTokens) {
    return Error{Code::resource_exhausted, "[ngram_lm] more tokens than a baseline can hold"};
  }
  const std::vector<std::uint32_t> train_words = marked_documents(train, max_tokens);
  const std::vector<std::uint32_t> valid_words = marked_documents(valid, 0);
  const std::uint32_t vocab_size = std::max({largest(train_words), largest(valid_words), 1U}) + 1;
  const NgramModel model = ALUDEL_TRY(train_on(train_words, vocab_size, order, threads));

  TokenBaseline baseline;
  baseline.order = order;
  const auto marks = std::ranges::count(train_words, kMark);
  baseline.train_tokens = train_words.size() - static_cast<std::uint64_t>(marks);
  baseline.valid_tokens = valid.total_tokens();
  std::vector<std::uint64_t> units;
  units.reserve(valid_words.size());
  for (const std::uint32_t word : valid_words) {
    units.push_back(unit_of_id(word));
  }
  const double log10 = model.score(units).log10;
  baseline.bits = -log10 * std::log2(10.0);
  return baseline;
}

}  // namespace aludel::text
