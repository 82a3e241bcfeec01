#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/text/ngram_lm/ngram_model.h"

// Language models of text: what the perplexity layer trains and asks.
namespace aludel::text {

/// Calls visit(hashes) for every line of the text that has units. Units are words without case
/// (their digits count as 0, so that numbers of a length are one word), code points of scripts
/// without spaces, and symbols.
void for_each_line_of_units(std::string_view text,
                            const std::function<void(std::span<const std::uint64_t>)>& visit);

/// Collects texts in memory, then estimates a model of them. One caller at a time. The model
/// depends on the texts and their order alone.
class TextLmTrainer {
 public:
  void add_text(std::string_view text);

  /// Units seen, the end of each line included.
  std::uint64_t units() const { return words_.size() - lines_; }

  /// Every line is a sequence with its end. Orders 1 to 5 are useful; a 5-gram model takes about
  /// 30 bytes a unit of varied text. Errors: invalid_argument for an order outside of 1 to
  /// kMaxNgramOrder.
  Result<NgramModel> train(int order, Threads& threads) const;

 private:
  std::vector<std::uint32_t> words_;
  std::unordered_map<std::uint64_t, std::uint32_t> ids_;
  std::uint64_t lines_ = 0;
};

/// Whether a unit's probability is asked after those before it, or alone: the frequency it has.
enum class NgramContext : std::uint8_t { history, none };

/// The text's lines as sequences with their ends. Of a model of NgramUnits::tokens (ARPA), units
/// are what white space separates. REQUIRES: model.units() != NgramUnits::ids. Concurrent calls:
/// yes.
NgramScore score_text(const NgramModel& model, std::string_view text,
                      NgramContext context = NgramContext::history);

}  // namespace aludel::text
