#include <algorithm>
#include <numbers>

#include <fmt/format.h>

#include "aludel/base/progress.h"
#include "aludel/base/stop.h"
#include "aludel/eval/document_score.h"
#include "aludel/eval/suite.h"
#include "aludel/eval/xz.h"
#include "aludel/io/formats/token_shard.h"
#include "aludel/text/tokenizer/shard_vocabulary.h"

namespace aludel::eval {
namespace {

Result<Json> run(const SuiteInput& input) {
  if (input.data.empty()) {
    return Error{Code::invalid_argument,
                 "[eval] bits_per_byte: give --data, the prefix of a token shard"};
  }
  const auto shard = ALUDEL_TRY(io::TokenShard::open(input.files, input.data));
  const text::Tokenizer& tokenizer = *input.model.tokenizer;
  const auto end = tokenizer.end_id();
  if (!end) return Error{Code::unsupported, "[eval] the tokenizer has no end-of-text id"};
  ALUDEL_TRY(text::check_shard_vocabulary(input.files, input.data, tokenizer,
                                          "the model's own tokenizer"));
  double nats = 0;
  std::string text;
  Progress progress("bits_per_byte", shard.document_count(), "documents");
  for (std::uint64_t i = 0; i < shard.document_count(); ++i) {
    if (stop_requested()) return Error{Code::cancelled, "[eval] stopped"};
    const auto ids = shard.document(i);
    if (!ids.empty() && (*std::ranges::max_element(ids) >= tokenizer.vocab_size() ||
                         *std::ranges::min_element(ids) < 0)) {
      return Error{Code::corrupt_data,
                   fmt::format("[eval] {}: ids outside of the tokenizer's vocabulary of {}",
                               input.data, tokenizer.vocab_size())};
    }
    nats += ALUDEL_TRY(document_nats(*input.model.engine, ids, *end));
    text += tokenizer.decode(ids);
    progress.advance(1);
  }
  if (text.empty()) return Error{Code::invalid_argument, "[eval] " + input.data + " has no text"};
  const auto bytes = static_cast<double>(text.size());
  Json result = Json::object();
  result["documents"] = shard.document_count();
  result["tokens"] = shard.total_tokens();
  result["bytes"] = std::uint64_t{text.size()};
  result["bits_per_token"] = nats / std::numbers::ln2 / static_cast<double>(shard.total_tokens());
  result["bits_per_byte"] = nats / std::numbers::ln2 / bytes;
  result["xz"]["bits_per_byte"] = 8 * static_cast<double>(ALUDEL_TRY(xz_size(text))) / bytes;
  return result;
}

}  // namespace

extern constinit const SuiteSpec suite_bits_per_byte = {
    .name = "bits_per_byte",
    .summary = "Bits per byte of the documents in a token shard (data: its prefix), beside xz -9.",
    .source = "Gao et al. 2020, arXiv:2101.00027, section 3.1",
    .run = run,
};

}  // namespace aludel::eval
