#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "aludel/base/json.h"
#include "aludel/base/progress.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/io/file_system.h"
#include "aludel/text/corpus_reader.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::text {

enum class TokenOrder : std::uint8_t { read, shuffled };

struct TokenizeConfig {
  double holdout = 0.02;
  double max_seen = 0.5;  // of a held-out document's runs of 13 words, in those of train; 1: any
  std::int64_t seed = 1;
  TokenOrder order = TokenOrder::shuffled;
  std::string scratch = {};    // folder for the files of the shuffle; empty: OUT
  std::string tokenizer = {};  // what the tokenizer is called in tokens.json
};

struct TokenTotals {
  std::uint64_t documents = 0;
  std::uint64_t tokens = 0;
  std::uint64_t bytes = 0;  // of text

  void add(const TokenTotals& other);
};

struct TokenizeReport {
  TokenTotals train;
  TokenTotals valid;
  std::map<std::string, TokenTotals> sources;  // by name, both splits together
  std::uint64_t moved = 0;                     // documents that were to be held out, and were seen
  Json made_with;                              // tokenizer and settings

  /// What tokens.json holds. Docs: docs/formats/token_shard.md.
  Json to_json() const;
};

/// What the shards depend on beside the documents: the tokenizer's name and vocabulary, and the
/// settings of the split and the order.
Json made_with(const Tokenizer& tokenizer, const TokenizeConfig& config);

/// Looks into OUT before any work. Errors: invalid_argument where finished shards were made with
/// another tokenizer or other settings, naming each.
Status check_finished_tokens(io::FileSystem& files, const Tokenizer& tokenizer,
                             const std::string& out, const TokenizeConfig& config);

/// Writes OUT/train.{bin,idx}, OUT/valid.{bin,idx} and, last, OUT/tokens.json: each document is its
/// ids as a model reads a text (Tokenizer::encode_for_model) and the end id, in the order of the
/// reader or in a random one over all documents of its split, by the seed (io::TokenShuffle, in
/// bounded memory). A cluster of near-duplicates goes to `valid` as a whole, with probability
/// `holdout`, by a hash of its name and the seed; of these a document that stands in those of train
/// by more than `max_seen` goes to train, too (HeldOut). For that the corpus is read twice.
/// The same files for any number of threads. Errors: unsupported for
/// a tokenizer without an end piece; cancelled.
Result<TokenizeReport> tokenize_corpus(io::FileSystem& files, const Tokenizer& tokenizer,
                                       CorpusReader& reader, const std::string& out,
                                       const TokenizeConfig& config, Threads& threads);

}  // namespace aludel::text
