#include "aludel/text/ngram_lm/token_baseline.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "aludel/text/ngram_lm/kneser_ney.h"
#include "aludel/text/ngram_lm/ngram_model.h"

namespace aludel::text {
namespace {

constexpr std::uint64_t kMaxTokens = kNoNgramId / 2;

/// Each document's ids behind a 0, the begin mark; an id is counted one higher.
std::vector<std::uint32_t> marked_documents(const io::TokenShard& shard, std::uint64_t max_tokens) {
  std::vector<std::uint32_t> words;
  std::uint64_t tokens = 0;
  for (std::uint64_t i = 0; i < shard.document_count(); ++i) {
    const std::vector<std::int32_t> ids = shard.document(i);
    tokens += ids.size();
    if (max_tokens != 0 && tokens > max_tokens) break;
    words.push_back(0);
    for (const std::int32_t id : ids) {
      words.push_back(static_cast<std::uint32_t>(id) + 1);
    }
  }
  return words;
}

std::uint32_t largest(const std::vector<std::uint32_t>& words) {
  return words.empty() ? 0 : *std::ranges::max_element(words);
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
  NgramTables tables;
  tables.begin_id = 0;
  const std::uint32_t vocab_size = std::max({largest(train_words), largest(valid_words), 1U}) + 1;
  tables.levels = estimate_kneser_ney({train_words, vocab_size, 0}, order, threads);
  const NgramModel model =
      ALUDEL_TRY(NgramModel::from_bytes(io::MappedFile(write_ngram_tables(tables))));

  TokenBaseline baseline;
  baseline.order = order;
  const auto marks = std::ranges::count(train_words, 0U);
  baseline.train_tokens = train_words.size() - static_cast<std::uint64_t>(marks);
  baseline.valid_tokens = valid.total_tokens();
  NgramState state;
  double log10 = 0;
  for (const std::uint32_t word : valid_words) {
    if (word == 0) {
      state = model.begin_state();
    } else {
      log10 += model.log10_probability(state, word);
    }
  }
  baseline.bits = -log10 * std::log2(10.0);
  return baseline;
}

}  // namespace aludel::text
