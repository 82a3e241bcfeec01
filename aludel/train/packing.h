#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "aludel/train/batch.h"

namespace aludel::train {

/// Documents of token ids, each with its end-of-document id last: a token shard, or a test's
/// vectors.
class TokenDocuments {
 public:
  virtual ~TokenDocuments() = default;
  virtual std::size_t count() const = 0;
  virtual std::size_t length(std::size_t document) const = 0;
  /// Copies ids [first, first + out.size()). REQUIRES: they lie inside the document.
  virtual void copy(std::size_t document, std::size_t first, std::span<std::int32_t> out) const = 0;
};

/// Rows of training data, numbered without end: row r of a run is always the same.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// Appends row `row` to the batch.
  virtual void append(std::uint64_t row, Batch& batch) = 0;
  /// Rows that hold all of the data once; of ExampleRows in the first epoch, since later ones pack
  /// a little differently.
  virtual std::uint64_t rows_per_epoch() = 0;
};

enum class DocumentOrder : std::uint8_t { stored, shuffled };

/// Cuts documents, one after the other, into rows of T tokens. A document d1 … dn, whose last id is
/// the end id e, is read as e d1 … d(n-1) with labels d1 … dn: every id is predicted exactly once,
/// the first from e alone. A document goes on in the next row as a piece of its own, without
/// context. The last row of an epoch is filled with e, without labels.
/// Shuffled, each epoch has its own order of documents, by keys of (seed + epoch, document), and
/// the rows that it is cut into come in an order of their own (permuted), so that a long document
/// is spread over the whole epoch and does not fill one step after the other. Memory: 24 bytes a
/// document, none a row.
class PackedRows final : public RowSource {
 public:
  /// REQUIRES: at least one document, none empty; row_tokens > 0.
  PackedRows(const TokenDocuments& documents, std::size_t row_tokens, std::int32_t end_id,
             DocumentOrder order, std::uint64_t seed);

  std::uint64_t rows_per_epoch() override;

  std::uint64_t tokens_per_epoch() const { return tokens_; }

  void append(std::uint64_t row, Batch& batch) override;

 private:
  void start_epoch(std::uint64_t epoch);

  const TokenDocuments& documents_;
  std::size_t row_tokens_;
  std::int32_t end_id_;
  DocumentOrder order_;
  std::uint64_t seed_;
  std::uint64_t tokens_ = 0;
  std::uint64_t epoch_ = UINT64_MAX;   // the one that sequence_ and starts_ describe
  std::vector<std::size_t> sequence_;  // documents in this epoch's order
  std::vector<std::uint64_t> starts_;  // of each, in the epoch's stream
};

/// One example of supervised fine-tuning: ids, and for each whether the reply must predict it.
struct Example {
  std::vector<std::int32_t> ids;
  std::vector<bool> is_reply;  // true: this id is a target
};

/// What row_tokens does to examples.
struct ExampleFit {
  std::size_t cut = 0;                // lost their end, and still have a target
  std::size_t without_target = 0;     // lost every target
  std::size_t fewest_row_tokens = 0;  // at which the first example has one
};

/// Removes the examples that have no target within a row.
ExampleFit fit_examples(std::vector<Example>& examples, std::size_t row_tokens);

/// The place of `index` in a random order of 0 … count-1, without a table of them.
/// REQUIRES: index < count. Sources: Luby & Rackoff 1988 (a network of rounds is a permutation);
/// Black & Rogaway 2002 (walking the cycle until it is back below count).
std::uint64_t permuted(std::uint64_t index, std::uint64_t count, std::uint64_t key);

/// Packs whole examples into rows, each a piece of its own; what does not fill a row is end ids
/// without labels. An example longer than a row is cut at the row's length. REQUIRES: each example
/// has a target within a row (fit_examples).
class ExampleRows final : public RowSource {
 public:
  /// REQUIRES: at least one example, each of two or more ids; row_tokens > 1.
  ExampleRows(std::span<const Example> examples, std::size_t row_tokens, std::int32_t end_id,
              std::uint64_t seed);

  void append(std::uint64_t row, Batch& batch) override;

  std::uint64_t rows_per_epoch() override;

 private:
  void pack_epoch();

  std::span<const Example> examples_;
  std::size_t row_tokens_;
  std::int32_t end_id_;
  std::uint64_t seed_;
  std::uint64_t epochs_packed_ = 0;
  std::vector<std::vector<std::size_t>> rows_;  // of all epochs packed so far
};

}  // namespace aludel::train
