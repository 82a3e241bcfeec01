#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/text/corpus_reader.h"

namespace aludel::text {

/// How much of each document that is to be held out stands in those that are learnt: runs of 13
/// words, of which one in a power of two is kept where there are many, so that memory has a bound.
/// Clusters of near-duplicates do not see a fortune inside a book, or copies in another dump.
/// Source of the run's length: GPT-3, arXiv:2005.14165 appendix C.
class HeldOut {
 public:
  /// Adds the next one.
  void add(std::string_view text);

  /// To be called behind the last add(), before the first see().
  void finish();

  /// Notes what a document that is learnt has of them. Concurrent calls: yes.
  void see(std::string_view text);

  std::size_t documents() const { return documents_; }

  /// The share of a document's runs that was seen, in the order of add(); 0 of one that has none.
  double seen(std::size_t document) const;

 private:
  struct Run {
    std::uint64_t hash;
    std::uint32_t document;
  };

  bool is_kept(std::uint64_t hash) const { return (hash & mask_) == 0; }

  void thin_out();
  std::size_t slot_of(std::uint64_t hash) const;

  std::uint64_t mask_ = 0;  // bits that are 0 in the hashes that are kept
  std::size_t documents_ = 0;
  std::vector<Run> runs_;                   // by hash, then document, once finished
  std::vector<std::uint32_t> slots_;        // open addressing: 1 + the first run of a hash; 0: free
  std::vector<std::uint8_t> is_seen_;       // by that run
  std::vector<std::size_t> first_of_;       // place in of_document_ of each document, and the end
  std::vector<std::uint32_t> of_document_;  // the first run of each of its hashes
};

}  // namespace aludel::text
