#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace aludel::curate {

struct TextScan;

/// What counts as a word.
enum class WordRule : std::uint8_t {
  runs,         // runs of letters, marks and numbers; each CJK letter alone: Aludel's own
  white_space,  // what white space parts, as Python's str.split()
  spacy,        // spaCy's English tokenizer
  uax29         // Unicode's default word boundaries
};

/// A scan of a document's text that one layer leaves for the next. It knows the text it was made
/// of by its hash, so that an edit in between is noticed. A copy is empty. One user at a time.
class ScanSlot {
 public:
  ScanSlot();
  ~ScanSlot();
  ScanSlot(const ScanSlot& other);
  ScanSlot& operator=(const ScanSlot& other);
  ScanSlot(ScanSlot&& other) noexcept;
  ScanSlot& operator=(ScanSlot&& other) noexcept;

  /// The scan of `text` by `rule`, made now unless it is here already. Valid until the next call.
  const TextScan& of(std::string_view text, WordRule rule);

  void clear();

 private:
  struct Held;
  std::unique_ptr<Held> held_;
};

}  // namespace aludel::curate
