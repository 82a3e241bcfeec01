#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace aludel::curate {

struct TextScan;

/// The rule that splits a text into words.
enum class WordRule : std::uint8_t {
  runs,         // Aludel's own: runs of letters, marks and numbers; each CJK letter alone
  white_space,  // at white space, as Python's str.split()
  spacy,        // spaCy's English tokenizer
  uax29         // Unicode's default word boundaries
};

/// A scan of a document's text that one layer leaves for the next. It holds the hash of the scanned
/// text, so that it notices an edit. A copy is empty. One caller at a time.
class ScanSlot {
 public:
  ScanSlot();
  ~ScanSlot();
  ScanSlot(const ScanSlot& other);
  ScanSlot& operator=(const ScanSlot& other);
  ScanSlot(ScanSlot&& other) noexcept;
  ScanSlot& operator=(ScanSlot&& other) noexcept;

  /// Returns the scan of `text` by `rule`, and makes it unless it is here already. The reference is
  /// valid until the next call.
  const TextScan& of(std::string_view text, WordRule rule);

  void clear();

 private:
  struct Held;
  std::unique_ptr<Held> held_;
};

}  // namespace aludel::curate
