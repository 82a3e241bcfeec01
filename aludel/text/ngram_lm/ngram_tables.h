#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aludel/base/result.h"

namespace aludel::text {

inline constexpr int kMaxNgramOrder = 6;
inline constexpr std::uint32_t kNoNgramId = 0xFFFFFFFF;

/// How a text becomes the units that a model counts. Values as in the file.
enum class NgramUnits : std::uint32_t {
  ids = 0,    // numbers of a vocabulary, such as token ids
  words = 1,  // words of spaced scripts, code points of others, symbols (text_units.h)
  tokens = 2  // what white space separates, as in ARPA files
};

/// The n-grams of one order, sorted by their words from the last to the first: a trie whose root
/// branches by the last word. Entry i's children, one word longer to the left, are the entries
/// [first_child[i], first_child[i + 1]) of the next order.
struct NgramLevel {
  std::vector<std::uint32_t> word;  // the leftmost; not used for unigrams, where it is i
  std::vector<float> probability;   // log10 of the last word after the others
  std::vector<float> backoff;       // log10 of what the n-gram leaves to shorter contexts
  std::vector<std::uint32_t>
      first_child;  // entries + 1; neither this nor backoff in the last order
};

/// A whole model before it is laid out in bytes.
struct NgramTables {
  NgramUnits units = NgramUnits::ids;
  std::uint32_t begin_id = kNoNgramId;  // stands before every sequence, is never predicted
  std::uint32_t end_id = kNoNgramId;    // ends a sequence of words or tokens
  std::uint32_t unknown_id = kNoNgramId;
  std::vector<NgramLevel> levels;  // by order; unigrams for every id
  /// Ids by hash of their unit, sorted by hash; empty for NgramUnits::ids.
  std::vector<std::uint64_t> unit_hashes;
  std::vector<std::uint32_t> unit_ids;
};

/// The bytes of a model file. Docs: docs/formats/ngram_lm.md.
std::string write_ngram_tables(const NgramTables& tables);

}  // namespace aludel::text
